//! What changes a filing: arrival, leaving, result, cancellation, correction.

use super::body::{self, Body, needed};
use super::call::{Begun, Call, Reply, Work};
use super::filing_draft::{MOST, accompanying};
use super::filing_view::FilingView;
use super::path::Id;
use crate::actions::{AmendFiling, Target, VisitOutcome, amend_filing, arrive, cancel_filing, leave, record_result};
use crate::app::App;
use crate::domain::certificate;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::VisitResult;
use crate::domain::id::{FilingId, MatterId};
use crate::domain::text::PURPOSE_MAX;
use crate::storage::filings::FilingRecord;
use crate::storage::sites;
use crate::web::error::AppError;
use crate::web::respond::Answer;
use axum::extract::State;
use chrono::{DateTime, Utc};
use utoipa::ToSchema;

/// What is done to an object as it was seen.
#[derive(Clone, Debug, ToSchema)]
#[schema(example = json!({}))]
pub struct Step {
    /// The version that you saw; if it is another one by now, nothing is done and the answer is 409.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: Option<u32>,
}

/// The result of a visit.
#[derive(Clone, Debug, ToSchema)]
#[schema(example = json!({ "result": "no_problem" }))]
pub struct ResultStep {
    /// What came out of the visit.
    pub result: VisitResult,
    /// Matters that were really inspected; left out, what was named before stays.
    #[schema(max_items = 100)]
    pub matters_inspected: Option<Vec<MatterId>>,
    /// The version that you saw.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: Option<u32>,
}

/// A cancellation.
#[derive(Clone, Debug, ToSchema)]
#[schema(example = json!({ "reason": "企业停产检修，改期另行报备" }))]
pub struct CancelStep {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// The version that you saw.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: Option<u32>,
}

/// What is to be corrected; a field that is left out stays as it is.
#[derive(Clone, Debug, ToSchema)]
#[schema(example = json!({ "planned_start": "2026-03-26T09:00:00+08:00", "planned_end": "2026-03-26T11:00:00+08:00" }))]
pub struct FilingChange {
    /// New start of the planned span; together with `planned_end`.
    pub planned_start: Option<DateTime<Utc>>,
    /// New end of the planned span; together with `planned_start`.
    pub planned_end: Option<DateTime<Utc>>,
    /// Another exemption, or `null` to claim none.
    pub exemption: Option<ExemptionCode>,
    /// Its reason.
    #[schema(max_length = 500)]
    pub exemption_reason: Option<String>,
    /// Its evidence.
    #[schema(max_length = 500)]
    pub evidence_ref: Option<String>,
    /// Other inspectors, by certificate number.
    #[schema(max_items = 100)]
    pub inspectors: Option<Vec<String>>,
    /// Other matters.
    #[schema(min_items = 1, max_items = 100)]
    pub matters: Option<Vec<MatterId>>,
    /// Other assistants, by work pass.
    #[schema(max_items = 100)]
    pub assistants: Option<Vec<String>>,
    /// Name of the unit's head who approved the visit. The four fields of the approval are changed together, also after the arrival.
    #[schema(max_length = 100)]
    pub approver: Option<String>,
    /// Position of who approved.
    #[schema(max_length = 100)]
    pub approver_position: Option<String>,
    /// Number of the document of approval.
    #[schema(max_length = 100)]
    pub approval_document: Option<String>,
    /// When it was approved; with `approver`.
    pub approved_at: Option<DateTime<Utc>>,
    /// Number of the document that approved a special inspection. The three papers are changed together.
    #[schema(max_length = 100)]
    pub special_document: Option<String>,
    /// Reference of its filing with the supervising authority.
    #[schema(max_length = 100)]
    pub special_reference: Option<String>,
    /// Where it was published.
    #[schema(max_length = 500)]
    pub special_link: Option<String>,
    /// The version that you saw.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: Option<u32>,
}

/// Record the arrival
///
/// The inspectors are there (我已到达). The time is the server's; a second arrival changes nothing.
#[utoipa::path(
    post, path = "/api/v1/filings/{id}/arrive", operation_id = "arrive", tag = "filings",
    params(("id" = uuid::Uuid, Path, description = "The filing.")), request_body = Option<Step>,
    responses((status = 200, description = "The filing.", body = FilingView))
)]
pub(super) async fn post_arrive(State(app): State<App>, Id(id): Id, call: Call) -> Answer {
    change(&app, id, call, Change::Arrive).await
}

/// Record the leaving
///
/// The inspectors have left. The time is the server's; a second leaving changes nothing.
#[utoipa::path(
    post, path = "/api/v1/filings/{id}/leave", operation_id = "leave", tag = "filings",
    params(("id" = uuid::Uuid, Path, description = "The filing.")), request_body = Option<Step>,
    responses((status = 200, description = "The filing.", body = FilingView))
)]
pub(super) async fn post_leave(State(app): State<App>, Id(id): Id, call: Call) -> Answer {
    change(&app, id, call, Change::Leave).await
}

/// Record the result
///
/// What came out of a visit that took place (409 before the arrival); it may be corrected by sending it again.
#[utoipa::path(
    post, path = "/api/v1/filings/{id}/result", operation_id = "recordResult", tag = "filings",
    params(("id" = uuid::Uuid, Path, description = "The filing.")), request_body = ResultStep,
    responses((status = 200, description = "The filing.", body = FilingView))
)]
pub(super) async fn post_result(State(app): State<App>, Id(id): Id, call: Call) -> Answer {
    change(&app, id, call, Change::Result).await
}

/// Cancel a filing
///
/// What it was suspected of, and what others were because of it, is cleared. A visit that took place cannot be cancelled (409).
#[utoipa::path(
    post, path = "/api/v1/filings/{id}/cancel", operation_id = "cancelFiling", tag = "filings",
    params(("id" = uuid::Uuid, Path, description = "The filing.")), request_body = CancelStep,
    responses((status = 200, description = "The filing.", body = FilingView))
)]
pub(super) async fn post_cancel(State(app): State<App>, Id(id): Id, call: Call) -> Answer {
    change(&app, id, call, Change::Cancel).await
}

/// Correct a filing
///
/// Corrects (更正) or reschedules (改期) a filing; it is judged again. A moved span counts as planned now. Once the inspectors are
/// there, neither the plan nor the claim of an exemption can be changed (409). Without a body nothing changes.
#[utoipa::path(
    patch, path = "/api/v1/filings/{id}", operation_id = "amendFiling", tag = "filings",
    params(("id" = uuid::Uuid, Path, description = "The filing.")), request_body = Option<FilingChange>,
    responses((status = 200, description = "The filing.", body = FilingView))
)]
pub(super) async fn patch(State(app): State<App>, Id(id): Id, call: Call) -> Answer {
    change(&app, id, call, Change::Amend).await
}

/// What is done to a filing.
#[derive(Clone, Copy, Debug)]
enum Change {
    Arrive,
    Leave,
    Result,
    Cancel,
    Amend,
}

async fn change(app: &App, id: uuid::Uuid, call: Call, change: Change) -> Answer {
    let mut work = match call.begin(app).await? {
        Begun::New(work) => work,
        Begun::Kept(answer) => return Ok(answer),
    };
    let reply = match changed(&mut work, FilingId(id), change).await {
        Ok(record) => {
            let site = sites::of_filing(&mut work.tx, record.filing.id).await?;
            Reply::ok(&FilingView::new(record, site, work.now, &app.service.settings.public_url))
        }
        Err(error) => Err(error),
    };
    work.end(reply).await
}

async fn changed(work: &mut Work, id: FilingId, change: Change) -> Result<FilingRecord, AppError> {
    let mut body = work.body()?;
    let version = body.version();
    let actor = work.actor();
    let target = Target { id, scope: work.scope(), version, actor: &actor };
    let (now, service) = (work.now, work.app.service.clone());
    let tx = &mut work.tx;
    let record = match change {
        Change::Arrive => {
            body.end()?;
            arrive(tx, &service, now, target).await?
        }
        Change::Leave => {
            body.end()?;
            leave(tx, &service, now, target).await?
        }
        Change::Result => {
            let result = body.required("result", body::code(VisitResult::parse));
            let inspected = |value: &serde_json::Value| body::list(value, MOST, body::id(MatterId));
            let matters = body.optional("matters_inspected", inspected);
            body.end()?;
            let outcome = VisitOutcome { matters, ..needed(result)?.into() };
            record_result(tx, &service, now, target, outcome).await?
        }
        Change::Cancel => {
            let reason = body.required("reason", |value| body::string(value).map(str::to_owned));
            body.end()?;
            cancel_filing(tx, &service, now, target, &needed(reason)?).await?
        }
        Change::Amend => {
            let command = amendment(body)?;
            amend_filing(tx, &service, now, target, command).await?
        }
    };
    Ok(record)
}

/// The fields of a correction.
fn amendment(mut body: Body) -> Result<AmendFiling, AppError> {
    let start = body.optional("planned_start", body::time);
    let end = body.optional("planned_end", body::time);
    if start.is_some() != end.is_some() {
        body.fail(if start.is_some() { "planned_end" } else { "planned_start" }, "both_or_neither");
    }
    let names_exemption = body.has("exemption");
    let named = |body: &Body, names: &[&str]| names.iter().any(|name| body.has(name));
    let names_assistants = body.has("assistants");
    let names_approval = named(&body, &["approver", "approver_position", "approval_document", "approved_at"]);
    let names_special = named(&body, &["special_document", "special_reference", "special_link"]);
    let more = accompanying(&mut body);
    let exemption = body.optional("exemption", body::code(ExemptionCode::parse));
    let command = AmendFiling {
        planned: start.zip(end),
        exemption: names_exemption.then_some(exemption),
        exemption_reason: body.optional("exemption_reason", |value| body::words(value, PURPOSE_MAX)),
        evidence_ref: body.optional("evidence_ref", |value| body::words(value, PURPOSE_MAX)),
        inspectors: body
            .optional("inspectors", |value| body::list(value, MOST, |cert| body::line(cert, certificate::MAX))),
        matters: body.optional("matters", |value| body::list(value, MOST, body::id(MatterId))),
        assistants: names_assistants.then_some(more.assistants),
        approval: names_approval.then_some(more.approval),
        special: names_special.then_some(more.special),
        reason: String::new(),
    };
    body.end()?;
    Ok(command)
}
