//! Reporting a visit (企业上报): kept, weighed and marked, whether or not the enterprise proved itself.

use super::assess_agency;
use super::assess_dossier::{Occasion, assess_dossier};
use super::file_inspection::{check_past, cleaned, plausible, without_repeats};
use super::submission::{self, Submission};
use super::{ActionError, Actor, FieldError, Result, Service, audit, quarantine, seal};
use crate::domain::id::{AgencyId, EnterpriseId, MatterId, ReportId};
use crate::domain::open_form::OpenForm;
use crate::domain::reporter::Identity;
use crate::domain::text::{NAME_MAX, REPORT_MAX};
use crate::domain::visit_report::{Answer, ArrivalKnown, Report};
use crate::storage::reports::{self, ReportRecord};
use crate::storage::{Tx, enterprises};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;

/// More visitors than this are a mistyped number.
const MOST_VISITORS: u32 = 1000;

/// What is reported.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a tick on the form")]
pub struct ReportVisit {
    /// The enterprise that reports.
    pub enterprise: EnterpriseId,
    /// The agency that came, if known.
    pub agency: Option<AgencyId>,
    /// The agency in the reporter's words, when it is not known.
    pub agency_text: String,
    /// When they came.
    pub arrived_at: DateTime<Utc>,
    /// How much of that the reporter knows.
    #[serde(skip_serializing_if = "ArrivalKnown::is_whole")]
    pub arrival_known: ArrivalKnown,
    /// The enterprise proved itself by its PIN, or the caller vouches for it.
    pub verified: bool,
    /// Number of visitors.
    pub visitors: Option<u32>,
    /// 是否亮证
    pub shown_certificate: Option<Answer>,
    /// 是否出示检查通知书
    pub shown_notice: Option<Answer>,
    /// 要求提供资料
    pub documents_demanded: bool,
    /// 查看生产经营场所
    pub premises_inspected: bool,
    /// 要求整改
    pub rectification_asked: bool,
    /// 签字
    pub form_signed: bool,
    /// Which of the eight 不得, 1–8.
    pub prohibited: Vec<u8>,
    /// The enterprise itself calls it a service visit.
    pub service: bool,
    /// Matters that they inspected, as far as they are named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<MatterId>,
    /// What happened, in the reporter's words.
    pub words: String,
    /// How the reporter may be reached; stored encrypted, apart.
    pub contact: String,
    /// Came in a flood: stored and receipted like any other, judged when a supervisor releases it. Not part of what is reported.
    #[serde(skip)]
    pub held: bool,
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The stored report.
    pub record: ReportRecord,
    /// The same submission had been accepted before; nothing was written now.
    pub again: bool,
}

/// Accepts a report; judges its enterprise and raises what the rules find, unless it is held.
///
/// # Errors
/// [`ActionError::Malformed`] for malformed input, [`ActionError::OtherContent`] for a submission id that stands for
/// something else; otherwise when the store fails.
pub async fn report_visit(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    submission: Option<&Submission>,
    command: ReportVisit,
) -> Result<Reported> {
    let mut errors = Vec::new();
    let words = cleaned("words", &command.words, REPORT_MAX, &mut errors);
    let agency_text = cleaned("agency_text", &command.agency_text, NAME_MAX, &mut errors);
    let contact = cleaned("contact", &command.contact, NAME_MAX, &mut errors);
    errors.extend(check(&command));
    if !actor.tells_history() {
        errors.extend(check_past("arrived_at", Some(command.arrived_at), now));
    }
    let snapshot = service.snapshot(tx).await?;
    if command.agency.is_some_and(|agency| !snapshot.registries.agencies.contains_key(&agency)) {
        errors.push(FieldError::new("agency", "unknown"));
    }
    if command.matters.iter().any(|matter| !snapshot.registries.matters.contains_key(matter)) {
        errors.push(FieldError::new("matters", "unknown"));
    }
    if !errors.is_empty() {
        return Err(ActionError::Malformed(errors));
    }
    let id = ReportId(service.ids.uuid(now));
    if let Some(earlier) = submission::claim(tx, now, submission, &command, id.0).await? {
        let record = reports::get(tx, ReportId(earlier)).await?.ok_or(ActionError::NotFound("report"))?;
        return Ok(Reported { record, again: true });
    }
    let Some((seq, enterprise)) = enterprises::touch(tx, command.enterprise).await? else {
        return Err(FieldError::new("enterprise", "unknown").into());
    };
    let mut prohibited = command.prohibited;
    prohibited.sort_unstable();
    prohibited.dedup();
    let report = Report {
        id,
        seq,
        enterprise: enterprise.id,
        agency: command.agency,
        arrived_at: command.arrived_at,
        arrival_known: command.arrival_known,
        filed_at: now,
        verified: command.verified,
        visitors: command.visitors,
        shown_certificate: command.shown_certificate,
        shown_notice: command.shown_notice,
        documents_demanded: command.documents_demanded,
        premises_inspected: command.premises_inspected,
        rectification_asked: command.rectification_asked,
        form_signed: command.form_signed,
        prohibited,
        service: command.service,
        matters: without_repeats(command.matters),
        linked_filing: None,
        withdrawn: false,
    };
    let arrived_day = snapshot.registries.zone.local_date(report.arrived_at);
    let record = ReportRecord {
        receipt: service.ids.receipt_number().as_str().to_owned(),
        agency_text,
        words,
        clock_doubtful: audit::clock_doubtful(tx, now).await?,
        identity: Identity::Hidden,
        matched_filing: None,
        withdrawn_at: None,
        version: 1,
        report,
    };
    reports::insert(tx, &record, arrived_day).await?;
    if !contact.is_empty() {
        let sealed = seal::seal(service, &contact)?;
        reports::add_contact(tx, id, sealed, now).await?;
    }
    // The audit tells that there is a report, not who or what: its readers are more than the report's.
    let detail = json!({ "verified": record.report.verified });
    let actor = if matches!(actor, Actor::Enterprise(_)) { &Actor::Reporter } else { actor };
    audit::record(tx, service, now, actor, "report.accepted", ("report", id.0), detail).await?;
    if command.held {
        quarantine::hold(tx, service, now, actor, OpenForm::Report, id.0).await?;
        return Ok(Reported { record, again: false });
    }
    let judged = assess_dossier(tx, service, now, enterprise, Some(arrived_day), Occasion::Telling).await?;
    assess_agency::after_sweep(tx, service, now, &judged).await?;
    let record = reports::get(tx, id).await?.ok_or(ActionError::NotFound("report"))?;
    Ok(Reported { record, again: false })
}

/// What is malformed about a report, never what a rule would flag.
fn check(command: &ReportVisit) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if !plausible(command.arrived_at) {
        errors.push(FieldError::new("arrived_at", "bad_date"));
    }
    if command.visitors.is_some_and(|n| n > MOST_VISITORS) {
        errors.push(FieldError::new("visitors", "too_many"));
    }
    if command.prohibited.iter().any(|n| !(1..=8).contains(n)) {
        errors.push(FieldError::new("prohibited", "unknown"));
    }
    errors
}

/// Takes a report back at the reporter's wish: no rule looks at it any more; it stays on record.
///
/// # Errors
/// [`ActionError::NotFound`], [`ActionError::State`] when it was withdrawn before; otherwise when the store fails.
pub async fn withdraw_report(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: ReportId) -> Result<()> {
    let record = reports::get(tx, id).await?.ok_or(ActionError::NotFound("report"))?;
    let at = record.report.enterprise;
    let (_, enterprise) = enterprises::touch(tx, at).await?.ok_or(ActionError::NotFound("enterprise"))?;
    if !reports::withdraw(tx, id, now).await? {
        return Err(ActionError::State("withdrawn"));
    }
    audit::record(tx, service, now, &Actor::Reporter, "report.withdrawn", ("report", id.0), json!({})).await?;
    let day = service.settings.zone.local_date(record.report.arrived_at);
    let judged = assess_dossier(tx, service, now, enterprise, Some(day), Occasion::Telling).await?;
    assess_agency::after_sweep(tx, service, now, &judged).await
}

/// Adds words to a report that was sent before.
///
/// # Errors
/// [`ActionError::Malformed`] when there are none; otherwise when the store fails.
pub async fn add_to_report(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    id: ReportId,
    words: &str,
) -> Result<()> {
    let words = crate::domain::text::paragraph(words, REPORT_MAX).map_err(|e| FieldError::new("words", e.code()))?;
    reports::get(tx, id).await?.ok_or(ActionError::NotFound("report"))?;
    reports::add_note(tx, service.ids.uuid(now), id, &words, now).await?;
    audit::record(tx, service, now, &Actor::Reporter, "report.added_to", ("report", id.0), json!({})).await
}
