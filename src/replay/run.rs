//! Running the events of a history through the actions, with the clock set to each event's instant and all deadlines in between passing.

use super::ReplayFailure;
use super::event::{AmendLine, Event, FileLine, ReplayError, ReportLine};
use super::registry::{Names, resolve, wrong};
use crate::actions::{
    Accompanying, ActionError, Actor, AmendFiling, FileInspection, Marks, ReportVisit, Service, Target, VisitOutcome,
    amend_filing, arrive, cancel_filing, confirm_presence, file_inspection, leave, rate_visit, record_result,
    report_visit,
};
use crate::domain::filing::{Approval, SpecialPapers};
use crate::domain::id::{FilingId, MatterId};
use crate::domain::visit_report::ArrivalKnown;
use crate::storage::Tx;
use crate::storage::filings::Scope;
use chrono::{DateTime, Utc};

/// Runs one event in an open transaction.
pub(super) async fn run(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    names: &mut Names,
    line: usize,
    event: &Event,
) -> Result<(), ReplayFailure> {
    let actor = Actor::Replay;
    let target = |id: FilingId| Target { id, scope: Scope::All, version: None, actor: &actor };
    let filing = |names: &Names, name: &str| resolve(&names.filings, name, line, "ref").map(target);
    let done = match event {
        Event::File(l) => {
            names.free(&l.r#ref, line)?;
            let command = file_command(names, line, l)?;
            match file_inspection(tx, service, now, &actor, None, command).await {
                Ok(filed) => {
                    names.filings.insert(l.r#ref.clone(), filed.record.filing.id);
                    Ok(())
                }
                Err(error) => Err(error),
            }
        }
        Event::Report(l) => {
            names.free(&l.r#ref, line)?;
            let command = report_command(names, line, l)?;
            match report_visit(tx, service, now, &actor, None, command).await {
                Ok(reported) => {
                    names.reports.insert(l.r#ref.clone(), reported.record.report.id);
                    Ok(())
                }
                Err(error) => Err(error),
            }
        }
        Event::Amend(l) => {
            let command = amend_command(names, line, l)?;
            amend_filing(tx, service, now, filing(names, &l.r#ref)?, command).await.map(drop)
        }
        Event::Cancel(l) => cancel_filing(tx, service, now, filing(names, &l.r#ref)?, &l.reason).await.map(drop),
        Event::Arrive(l) => arrive(tx, service, now, filing(names, &l.r#ref)?).await.map(drop),
        Event::Leave(l) => leave(tx, service, now, filing(names, &l.r#ref)?).await.map(drop),
        Event::Result(l) => {
            let inspected = l
                .matters_inspected
                .as_ref()
                .map(|refs| resolved(names, line, "matters_inspected", refs))
                .transpose()?;
            let outcome = VisitOutcome { matters: inspected, ..l.result.into() };
            record_result(tx, service, now, filing(names, &l.r#ref)?, outcome).await.map(drop)
        }
        Event::Rate(l) => {
            let marks = Marks { closeness: l.closeness, integrity: l.integrity, satisfaction: l.satisfaction };
            rate_visit(tx, service, now, filing(names, &l.r#ref)?.id, marks).await
        }
        Event::Confirm(l) => confirm_presence(tx, service, now, filing(names, &l.r#ref)?).await.map(drop),
        Event::Clock => Ok(()),
    };
    done.map_err(|error| refused(line, error))
}

/// What an action refused is the line's fault; what failed is not.
fn refused(line: usize, error: ActionError) -> ReplayFailure {
    match error {
        ActionError::Malformed(fields) => {
            let (field, code) = fields.first().map_or(("(line)", "malformed"), |e| (e.field, e.code));
            wrong(line, field, code.replace('_', " ")).into()
        }
        ActionError::State(state) => wrong(line, "ref", format!("not possible, it is {state}")).into(),
        other => ReplayFailure::Action(other),
    }
}

fn matters(names: &Names, line: usize, refs: &[String]) -> Result<Vec<MatterId>, ReplayError> {
    resolved(names, line, "matters", refs)
}

fn resolved(names: &Names, line: usize, field: &'static str, refs: &[String]) -> Result<Vec<MatterId>, ReplayError> {
    refs.iter().map(|name| resolve(&names.matters, name, line, field)).collect()
}

fn file_command(names: &Names, line: usize, l: &FileLine) -> Result<FileInspection, ReplayError> {
    Ok(FileInspection {
        agency: resolve(&names.agencies, &l.agency, line, "agency")?,
        enterprise: resolve(&names.enterprises, &l.enterprise, line, "enterprise")?,
        kind: l.kind,
        matters: matters(names, line, &l.matters)?,
        inspectors: l.inspectors.clone(),
        planned_start: l.planned_start,
        planned_end: l.planned_end,
        exemption: l.exemption,
        exemption_reason: l.exemption_reason.clone().unwrap_or_default(),
        evidence_ref: l.evidence_ref.clone().unwrap_or_default(),
        joint_group: l.joint_group.clone(),
        more: Accompanying {
            assistants: l.assistants.clone(),
            approval: approval(line, &l.approver, &l.approver_position, &l.approval_document, l.approved_at)?,
            special: special(&l.special_document, &l.special_reference, &l.special_link),
        },
        arrived_at: l.arrived_at,
        left_at: l.left_at,
        note: String::new(),
        source: "replay",
    })
}

fn amend_command(names: &Names, line: usize, l: &AmendLine) -> Result<AmendFiling, ReplayError> {
    let planned = match (l.planned_start, l.planned_end) {
        (Some(start), Some(end)) => Some((start, end)),
        (None, None) => None,
        (Some(_), None) => return Err(wrong(line, "planned_end", "missing beside `planned_start`")),
        (None, Some(_)) => return Err(wrong(line, "planned_start", "missing beside `planned_end`")),
    };
    Ok(AmendFiling {
        planned,
        exemption: l.exemption,
        exemption_reason: l.exemption_reason.clone(),
        evidence_ref: l.evidence_ref.clone(),
        inspectors: l.inspectors.clone(),
        matters: l.matters.as_ref().map(|refs| matters(names, line, refs)).transpose()?,
        assistants: l.assistants.clone(),
        approval: approval(line, &l.approver, &l.approver_position, &l.approval_document, l.approved_at)?.map(Some),
        special: Some(special(&l.special_document, &l.special_reference, &l.special_link))
            .filter(|papers| *papers != SpecialPapers::default()),
        reason: String::new(),
    })
}

fn approval(
    line: usize,
    approver: &str,
    position: &str,
    document: &str,
    at: Option<DateTime<Utc>>,
) -> Result<Option<Approval>, ReplayError> {
    let of = Accompanying::approval_of(approver.to_owned(), position.to_owned(), document.to_owned(), at);
    of.map_err(|error| wrong(line, error.field, "missing beside the other fields of the approval"))
}

fn special(document: &str, reference: &str, link: &str) -> SpecialPapers {
    SpecialPapers {
        approval_document: document.to_owned(),
        filing_reference: reference.to_owned(),
        publication_link: link.to_owned(),
    }
}

fn report_command(names: &Names, line: usize, l: &ReportLine) -> Result<ReportVisit, ReplayError> {
    Ok(ReportVisit {
        enterprise: resolve(&names.enterprises, &l.enterprise, line, "enterprise")?,
        agency: l.agency.as_ref().map(|name| resolve(&names.agencies, name, line, "agency")).transpose()?,
        agency_text: String::new(),
        arrived_at: l.arrived_at,
        arrival_known: ArrivalKnown::Time,
        verified: l.verified,
        visitors: l.visitors,
        shown_certificate: l.shown_certificate,
        shown_notice: l.shown_notice,
        documents_demanded: l.documents_demanded,
        premises_inspected: l.premises_inspected,
        rectification_asked: l.rectification_asked,
        form_signed: l.form_signed,
        prohibited: l.prohibited.clone(),
        service: l.service,
        matters: matters(names, line, &l.matters)?,
        words: String::new(),
        contact: String::new(),
        held: false,
    })
}
