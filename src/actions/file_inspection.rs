//! Filing an inspection (报备): accept, judge, flag; never refuse a truthful filing.

use super::assess_dossier::Occasion;
use super::submission::{self, Submission};
use super::unverified::SOURCE as UNVERIFIED;
use super::{
    ActionError, Actor, FieldError, Result, Service, assess_agency, assess_dossier, audit, quarantine, reporters,
};
use crate::domain::certificate;
use crate::domain::day::Span;
use crate::domain::dossier::Registries;
use crate::domain::exemption::{Exemption, ExemptionCode};
use crate::domain::filing::{Approval, Filing, Kind, SpecialPapers, span_of};
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, MatterId};
use crate::domain::open_form::OpenForm;
use crate::domain::text::{self, NAME_MAX, PURPOSE_MAX};
use crate::storage::dossiers::Touched;
use crate::storage::filings::{self, FilingRecord, Scope};
use crate::storage::{Tx, dossiers};
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;

/// More inspectors than this on one filing are a mistake of the program that sends it.
const MOST_INSPECTORS: usize = 100;

/// The longest planned span: longer ones are mistyped years.
const LONGEST_SPAN: TimeDelta = TimeDelta::days(366);

/// How far ahead of ours the clock of somebody who claims an instant may be.
const CLOCK_AHEAD: TimeDelta = TimeDelta::minutes(10);

/// What is filed.
#[derive(Clone, Debug, Serialize)]
pub struct FileInspection {
    /// The agency that files.
    pub agency: AgencyId,
    /// The enterprise visited.
    pub enterprise: EnterpriseId,
    /// Kind of inspection.
    pub kind: Kind,
    /// Matters inspected.
    pub matters: Vec<MatterId>,
    /// Certificate numbers of the inspectors.
    pub inspectors: Vec<String>,
    /// Start of the planned span.
    pub planned_start: DateTime<Utc>,
    /// End of the planned span.
    pub planned_end: DateTime<Utc>,
    /// Claimed exemption.
    pub exemption: Option<ExemptionCode>,
    /// Its reason; looked at only with `exemption`.
    pub exemption_reason: String,
    /// Its evidence; looked at only with `exemption`.
    pub evidence_ref: String,
    /// Joint group.
    pub joint_group: Option<String>,
    /// Claimed arrival of a back-filed visit, or the arrival itself when a check-in scan opens the filing.
    pub arrived_at: Option<DateTime<Utc>>,
    /// Claimed leaving of a back-filed visit.
    pub left_at: Option<DateTime<Utc>>,
    /// Assistants, approval, and the papers of a special inspection.
    #[serde(skip_serializing_if = "Accompanying::is_empty")]
    pub more: Accompanying,
    /// Free words.
    pub note: String,
    /// `web`, `api` or `replay`.
    pub source: &'static str,
}

/// What the second wave of rules asks for beside the filing itself. All of it may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Accompanying {
    /// Numbers of the work passes of assistants (辅助人员).
    pub assistants: Vec<String>,
    /// The approval by the unit's head.
    pub approval: Option<Approval>,
    /// The papers of a special inspection.
    pub special: SpecialPapers,
}

impl Accompanying {
    /// An approval from its parts as a form or a line has them: none if all are empty.
    ///
    /// # Errors
    /// The part that is missing beside the others.
    pub fn approval_of(
        approver: String,
        position: String,
        document: String,
        approved_at: Option<DateTime<Utc>>,
    ) -> std::result::Result<Option<Approval>, FieldError> {
        if approver.is_empty() && position.is_empty() && document.is_empty() && approved_at.is_none() {
            return Ok(None);
        }
        if approver.is_empty() {
            return Err(FieldError::new("approver", "required"));
        }
        let approved_at = approved_at.ok_or(FieldError::new("approved_at", "required"))?;
        Ok(Some(Approval { approver, position, document, approved_at, account: None }))
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same, cleaned; what cannot be cleaned is an error of its field.
    pub(super) fn cleaned(self, registries: &Registries, errors: &mut Vec<FieldError>) -> Self {
        errors.extend(check_inspectors(&self.assistants).map(|error| FieldError { field: "assistants", ..error }));
        let approval = self.approval.and_then(|approval| {
            if !plausible(approval.approved_at) {
                errors.push(FieldError::new("approved_at", "bad_date"));
            }
            let approver = cleaned("approver", &approval.approver, NAME_MAX, errors);
            let position = cleaned("approver_position", &approval.position, NAME_MAX, errors);
            let document = cleaned("approval_document", &approval.document, NAME_MAX, errors);
            if approver.is_empty() {
                errors.push(FieldError::new("approver", "required"));
                return None;
            }
            Some(Approval { approver, position, document, ..approval })
        });
        let special = SpecialPapers {
            approval_document: cleaned("special_document", &self.special.approval_document, NAME_MAX, errors),
            filing_reference: cleaned("special_reference", &self.special.filing_reference, NAME_MAX, errors),
            publication_link: cleaned("special_link", &self.special.publication_link, PURPOSE_MAX, errors),
        };
        Self { assistants: registries.certificates(&self.assistants), approval, special }
    }
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Filed {
    /// The stored filing.
    pub record: FilingRecord,
    /// The same submission had been accepted before; nothing was written now.
    pub again: bool,
}

impl FileInspection {
    /// The claimed exemption with its reason and evidence, cleaned.
    fn claimed_exemption(&self, errors: &mut Vec<FieldError>) -> Option<Exemption> {
        let code = self.exemption?;
        let reason = cleaned("exemption_reason", &self.exemption_reason, PURPOSE_MAX, errors);
        let evidence_ref = cleaned("evidence_ref", &self.evidence_ref, PURPOSE_MAX, errors);
        Some(Exemption { code, reason, evidence_ref })
    }

    /// What is malformed about the shape of the command, never what a rule would flag. Nobody has arrived or left after `now`; `None` for a
    /// history, which may claim what it likes.
    #[must_use]
    pub fn faults(&self, now: Option<DateTime<Utc>>) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.matters.is_empty() {
            errors.push(FieldError::new("matters", "required"));
        }
        errors.extend(check_inspectors(&self.inspectors));
        errors.extend(check_span(self.planned_start, self.planned_end));
        match (self.arrived_at, self.left_at) {
            (None, Some(_)) => errors.push(FieldError::new("arrived_at", "required")),
            (Some(arrived), Some(left)) if left <= arrived => {
                errors.push(FieldError::new("left_at", "end_before_start"));
            }
            (Some(arrived), _) if !plausible(arrived) => errors.push(FieldError::new("arrived_at", "bad_date")),
            _ => {}
        }
        if let Some(now) = now {
            errors.extend(check_past("arrived_at", self.arrived_at, now));
            errors.extend(check_past("left_at", self.left_at, now));
        }
        errors
    }
}

/// Accepts a filing, judges its enterprise, raises what the rules find.
///
/// # Errors
/// [`ActionError::Malformed`] for malformed input, [`ActionError::OtherContent`] for a submission id that stands for
/// something else; otherwise when the store fails.
pub async fn file_inspection(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    submission: Option<&Submission>,
    command: FileInspection,
) -> Result<Filed> {
    receive(tx, service, now, actor, submission, command, false).await
}

/// The same; one that is `held` came in a flood: it is stored like any other, and judged when it is released.
pub(super) async fn receive(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    submission: Option<&Submission>,
    command: FileInspection,
    held: bool,
) -> Result<Filed> {
    let mut errors = command.faults((!actor.tells_history()).then_some(now));
    let exemption = command.claimed_exemption(&mut errors);
    let note = cleaned("note", &command.note, PURPOSE_MAX, &mut errors);
    let joint_group = joint_group(command.joint_group.as_deref(), &mut errors);
    let zone = service.settings.zone;
    let planned = Span::new(command.planned_start, command.planned_end);
    let first = planned.map(|planned| span_of(planned, command.arrived_at, command.left_at).first(zone));
    let looked = match first {
        Some(first) if errors.is_empty() => assess_dossier::look(tx, service, now, command.enterprise, first).await?,
        _ => None,
    };
    let snapshot = service.snapshot(tx).await?;
    let more = command.more.clone().cleaned(&snapshot.registries, &mut errors);
    if !snapshot.registries.agencies.contains_key(&command.agency) {
        errors.push(FieldError::new("agency", "unknown"));
    }
    if command.matters.iter().any(|matter| !snapshot.registries.matters.contains_key(matter)) {
        errors.push(FieldError::new("matters", "unknown"));
    }
    let (true, Some(planned)) = (errors.is_empty(), planned) else {
        return Err(ActionError::Malformed(errors));
    };
    let id = FilingId(service.ids.uuid(now));
    if let Some(earlier) = submission::claim(tx, now, submission, &command, id.0).await? {
        let record = filings::get(tx, FilingId(earlier), Scope::All).await?.ok_or(ActionError::NotFound("filing"))?;
        return Ok(Filed { record, again: true });
    }
    let Some(Touched { seq, enterprise, filings: kept }) = dossiers::touch(tx, command.enterprise, looked).await?
    else {
        return Err(FieldError::new("enterprise", "unknown").into());
    };
    let filing = Filing {
        id,
        seq,
        agency: command.agency,
        enterprise: enterprise.id,
        kind: command.kind,
        matters: without_repeats(command.matters),
        exemption,
        planned,
        inspectors: snapshot.registries.certificates(&command.inspectors),
        joint_group,
        filed_at: now,
        rescheduled_at: None,
        arrived_at: command.arrived_at,
        left_at: command.left_at,
        result: None,
        cancelled_at: None,
        assistants: more.assistants,
        approval: more.approval,
        special: more.special,
        matters_inspected: Vec::new(),
        presence_confirmed: false,
        unconfirmed: command.source == UNVERIFIED,
    };
    let days = (filing.first_day(zone), filing.last_day(zone));
    let mut record = FilingRecord {
        number: service.ids.short_code().as_str().to_owned(),
        note,
        source: command.source.to_owned(),
        filed_by: match actor {
            Actor::Inspector { cert_no, .. } => Some(cert_no.clone()),
            _ => None,
        },
        backfiled: filing.arrived_at.is_some_and(|arrived| arrived < now),
        clock_doubtful: audit::clock_doubtful(tx, now).await?,
        result_at: None,
        cancel_reason: String::new(),
        inspection_code: service.ids.inspection_code().as_str().to_owned(),
        arrival_pin: service.ids.four_digits(),
        presence_confirmed_at: None,
        verdict: Vec::new(),
        version: 1,
        filing,
    };
    let judged = if held {
        None
    } else {
        let filing = Some(&record.filing);
        Some(assess_dossier::judge(tx, service, now, (enterprise, kept), Some(days.0), filing).await?)
    };
    record.verdict = judged.as_ref().map(|judged| judged.verdict(id)).unwrap_or_default();
    filings::insert(tx, &record, days).await?;
    let detail = json!({ "number": record.number, "source": record.source, "clock_doubtful": record.clock_doubtful });
    audit::record(tx, service, now, actor, "filing.accepted", ("filing", id.0), detail).await?;
    let Some(judged) = judged else {
        quarantine::hold(tx, service, now, actor, OpenForm::Urgent, id.0).await?;
        return Ok(Filed { record, again: false });
    };
    reporters::plan_first_invitation(tx, service, &record.filing).await?;
    assess_dossier::settle(tx, service, now, &judged, Occasion::Filing).await?;
    assess_agency::after_change(tx, service, now, None, &record.filing, &judged).await?;
    Ok(Filed { record, again: false })
}

/// What is malformed about a planned span.
pub(super) fn check_span(start: DateTime<Utc>, end: DateTime<Utc>) -> Option<FieldError> {
    if !plausible(start) {
        return Some(FieldError::new("planned_start", "bad_date"));
    }
    if end <= start {
        return Some(FieldError::new("planned_end", "end_before_start"));
    }
    (end - start > LONGEST_SPAN).then_some(FieldError::new("planned_end", "bad_date"))
}

/// What is wrong with a claimed instant: nobody has arrived or left in the future. A clock may be some minutes ahead of ours.
pub(super) fn check_past(
    field: &'static str,
    claimed: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<FieldError> {
    claimed.filter(|at| *at > now + CLOCK_AHEAD).map(|_| FieldError::new(field, "future"))
}

/// What is malformed about a list of certificate numbers.
pub(super) fn check_inspectors(inspectors: &[String]) -> Option<FieldError> {
    let bad =
        inspectors.len() > MOST_INSPECTORS || inspectors.iter().any(|cert| text::line(cert, certificate::MAX).is_err());
    bad.then_some(FieldError::new("inspectors", "invalid"))
}

/// Cleans optional words; what cannot be cleaned is an error of its field.
pub(super) fn cleaned(field: &'static str, words: &str, max: usize, errors: &mut Vec<FieldError>) -> String {
    match text::optional_paragraph(words, max) {
        Ok(words) => words.unwrap_or_default(),
        Err(error) => {
            errors.push(FieldError { field, code: error.code(), hint: None });
            String::new()
        }
    }
}

/// The name of a joint group as it was typed; of nothing but white space none.
fn joint_group(typed: Option<&str>, errors: &mut Vec<FieldError>) -> Option<String> {
    text::optional_line(typed.unwrap_or_default(), NAME_MAX).unwrap_or_else(|error| {
        errors.push(FieldError::new("joint_group", error.code()));
        None
    })
}

/// Whether an instant is in a year in which people live.
pub(super) fn plausible(instant: DateTime<Utc>) -> bool {
    (2000..2100).contains(&instant.year())
}

/// The list without repeated entries, in its order.
pub(super) fn without_repeats<T: PartialEq>(list: Vec<T>) -> Vec<T> {
    let mut kept = Vec::with_capacity(list.len());
    for entry in list {
        if !kept.contains(&entry) {
            kept.push(entry);
        }
    }
    kept
}
