//! Violations, for supervisors: list, read, confirm, dismiss. Severity 4 is there for the discipline office alone.

use super::auth::{Caller, Reader};
use super::body::{self, needed};
use super::call::{Begun, Call, Reply, Work};
use super::path::Id;
use super::query::{Paged, Query, read_time_cursor, time_cursor};
use crate::actions::{Decision, decide_violation};
use crate::app::App;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, PolicyId, ViolationId};
use crate::domain::rules::Inputs;
use crate::domain::violation::{RuleCode, Severity, ViolationState};
use crate::storage::violation_lists::{self, ViolationFilter};
use crate::storage::violations::ViolationRecord;
use crate::web::error::AppError;
use crate::web::respond::Answer;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A violation: suspected by a rule, or decided by a supervisor. Instants are UTC.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Violation)]
pub struct ViolationView {
    /// Identity.
    pub id: ViolationId,
    /// The rule.
    pub rule: RuleCode,
    /// 1 关注 notice, 2 预警 warning, 3 违规 violation, 4 线索 referral.
    #[schema(minimum = 1, maximum = 4)]
    pub severity: u8,
    /// Where it stands.
    pub state: ViolationState,
    /// The filing, report, explanation request or earlier violation that carries it.
    #[schema(value_type = uuid::Uuid)]
    pub subject: Uuid,
    /// What that is: `filing`, `report`, `request` or `violation`.
    #[schema(pattern = "^(filing|report|request|violation)$")]
    pub subject_kind: &'static str,
    /// The agency concerned, if it is known.
    pub agency: Option<AgencyId>,
    /// The enterprise visited.
    pub enterprise: EnterpriseId,
    /// The conflicting filings that it rests on, in order of acceptance.
    pub evidence: Vec<FilingId>,
    /// The facts that the rule used; their names depend on the rule. Instants are UTC, dates are local.
    #[schema(value_type = Object)]
    pub inputs: Inputs,
    /// The policy version that produced it.
    pub policy: PolicyId,
    /// When it was first raised.
    pub raised_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When a supervisor decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// The reason of the decision.
    pub decision_reason: String,
    /// Grows with each change; send it back to decide exactly what you saw.
    #[schema(minimum = 1)]
    pub version: i64,
}

impl From<ViolationRecord> for ViolationView {
    fn from(r: ViolationRecord) -> Self {
        Self {
            id: r.id,
            rule: r.rule,
            severity: r.severity.level(),
            state: r.state,
            subject: r.subject.uuid(),
            subject_kind: r.subject.kind(),
            agency: r.agency,
            enterprise: r.enterprise,
            evidence: r.evidence,
            inputs: r.inputs,
            policy: r.policy,
            raised_at: r.raised_at,
            updated_at: r.updated_at,
            decided_at: r.decided_at,
            decision_reason: r.decision_reason,
            version: r.version,
        }
    }
}

/// Which violations to list.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ViolationParams {
    /// Those in this state.
    #[param(inline)]
    pub state: Option<ViolationState>,
    /// Those of this rule.
    #[param(inline)]
    pub rule: Option<RuleCode>,
    /// Those at least this grave.
    #[param(minimum = 1, maximum = 4)]
    pub min_severity: Option<u32>,
    /// Those of this agency.
    #[param(value_type = Option<uuid::Uuid>)]
    pub agency: Option<AgencyId>,
    /// Those at this enterprise.
    #[param(value_type = Option<uuid::Uuid>)]
    pub enterprise: Option<EnterpriseId>,
    /// Those that this filing or report carries.
    #[param(value_type = Option<uuid::Uuid>)]
    pub subject: Option<Uuid>,
    /// Those raised on this local day or later.
    pub from: Option<NaiveDate>,
    /// Those raised on this local day or earlier.
    pub to: Option<NaiveDate>,
    /// `next_cursor` of the page before; without it the list begins with the newest.
    #[param(pattern = "^[A-Za-z0-9_-]{22,}$")]
    pub cursor: Option<String>,
    /// The most entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
}

/// A decision as it was seen; a reason may be given.
#[derive(Clone, Debug, ToSchema)]
#[schema(example = json!({ "reason": "经核实属实" }))]
pub struct Confirmation {
    /// Why.
    #[schema(max_length = 500)]
    pub reason: Option<String>,
    /// The version that you saw; if it is another one by now, nothing is done and the answer is 409.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: Option<u32>,
}

/// A dismissal; a reason is needed.
#[derive(Clone, Debug, ToSchema)]
#[schema(example = json!({ "reason": "企业书面申请的现场指导" }))]
pub struct Dismissal {
    /// Why.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// The version that you saw; if it is another one by now, nothing is done and the answer is 409.
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: Option<u32>,
}

/// List violations
///
/// Newest first. With a supervisor's token only; severity 4 is listed for the discipline office alone.
#[utoipa::path(
    get, path = "/api/v1/violations", operation_id = "listViolations", tag = "violations", params(ViolationParams),
    responses((status = 200, description = "A page of violations.", body = Paged<ViolationView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    Reader { caller, place: _place }: Reader,
    mut query: Query,
) -> Result<Json<Paged<ViolationView>>, AppError> {
    let ceiling = caller.supervisor()?;
    let filter = ViolationFilter {
        ceiling,
        floor: query.optional("min_severity", |text| severity(text).ok_or("range")),
        state: query.code("state", ViolationState::parse),
        rule: query.code("rule", RuleCode::parse),
        agency: query.id("agency", AgencyId),
        enterprise: query.id("enterprise", EnterpriseId),
        subject: query.id("subject", |id| id),
        stage: None,
        from: query.date("from"),
        to: query.date("to"),
    };
    let after = query.cursor(read_time_cursor);
    let limit = query.limit();
    query.end()?;
    let mut tx = app.db.read().await?;
    let rows = violation_lists::list(&mut tx, &filter, after, i64::from(limit) + 1).await?;
    Ok(Json(Paged::new(rows, limit, |row| time_cursor(row.raised_at, row.id.0), ViolationView::from)))
}

fn severity(text: &str) -> Option<Severity> {
    Severity::from_level(text.parse().ok().filter(|_| text.len() == 1)?)
}

/// Read a violation
///
/// What the token may not see is not there: 404.
#[utoipa::path(
    get, path = "/api/v1/violations/{id}", operation_id = "readViolation", tag = "violations",
    params(("id" = uuid::Uuid, Path, description = "The violation.")),
    responses((status = 200, description = "The violation.", body = ViolationView))
)]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    query: Query,
) -> Result<Json<ViolationView>, AppError> {
    query.end()?;
    let ceiling = caller.ceiling().ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    let record = violation_lists::get_visible(&mut tx, ViolationId(id), ceiling).await?.ok_or(AppError::NotFound)?;
    Ok(Json(record.into()))
}

/// Confirm a violation
///
/// A supervisor says that it is one (认定). Only what is suspected can be confirmed.
#[utoipa::path(
    post, path = "/api/v1/violations/{id}/confirm", operation_id = "confirmViolation", tag = "violations",
    params(("id" = uuid::Uuid, Path, description = "The violation.")), request_body = Option<Confirmation>,
    responses((status = 200, description = "The violation.", body = ViolationView))
)]
pub(super) async fn confirm(State(app): State<App>, Id(id): Id, call: Call) -> Answer {
    decide(&app, id, call, Decision::Confirm).await
}

/// Dismiss a violation
///
/// A supervisor says that it is none (排除), and why. Only what is suspected can be dismissed.
#[utoipa::path(
    post, path = "/api/v1/violations/{id}/dismiss", operation_id = "dismissViolation", tag = "violations",
    params(("id" = uuid::Uuid, Path, description = "The violation.")), request_body = Dismissal,
    responses((status = 200, description = "The violation.", body = ViolationView))
)]
pub(super) async fn dismiss(State(app): State<App>, Id(id): Id, call: Call) -> Answer {
    decide(&app, id, call, Decision::Dismiss).await
}

async fn decide(app: &App, id: Uuid, call: Call, decision: Decision) -> Answer {
    let ceiling = call.client.ceiling().ok_or(AppError::NotFound)?;
    let mut work = match call.begin(app).await? {
        Begun::New(work) => work,
        Begun::Kept(answer) => return Ok(answer),
    };
    let reply = decided(&mut work, ViolationId(id), ceiling, decision).await;
    work.end(reply).await
}

async fn decided(work: &mut Work, id: ViolationId, ceiling: Severity, decision: Decision) -> Result<Reply, AppError> {
    violation_lists::get_visible(&mut work.tx, id, ceiling).await?.ok_or(AppError::NotFound)?;
    let mut body = work.body()?;
    let version = body.version();
    let text = |value: &serde_json::Value| body::string(value).map(str::to_owned);
    let reason = match decision {
        Decision::Confirm => Some(body.optional("reason", text).unwrap_or_default()),
        Decision::Dismiss => body.required("reason", text),
    };
    body.end()?;
    let (actor, reason) = (work.actor(), needed(reason)?);
    let (service, now) = (&work.app.service, work.now);
    let record = decide_violation(&mut work.tx, service, now, &actor, id, version, decision, &reason).await?;
    Reply::ok(&ViolationView::from(record))
}
