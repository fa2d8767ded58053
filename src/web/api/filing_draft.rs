//! `POST filings/check` and `POST filings`: a draft, its verdict, and the filing that is made of it.

use super::auth::Caller;
use super::body::{self, Body, needed};
use super::call::{Begun, Call, Reply, Work};
use super::filing_view::FilingView;
use super::problem::Refusal;
use super::schemas::{Line, lines};
use crate::actions::{Accompanying, ActionError, FieldError, FileInspection, check_filing, file_inspection};
use crate::app::App;
use crate::domain::api_token::Holder;
use crate::domain::certificate;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Kind, SpecialPapers};
use crate::domain::id::{AgencyId, EnterpriseId, MatterId};
use crate::domain::text::{NAME_MAX, PURPOSE_MAX};
use crate::storage::Tx;
use crate::web::error::AppError;
use crate::web::respond::Answer;
use axum::extract::State;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// The most matters or inspectors of a filing.
pub(super) const MOST: usize = 100;

/// A filing as it is sent. Fields that may be left out may also be `null`.
#[derive(Clone, Debug, ToSchema)]
#[schema(example = json!({
    "enterprise": "0197f3a2-5b1c-7d3e-8f40-1a2b3c4d5e6f", "kind": "daily",
    "matters": ["0197f3a2-5b1c-7d3e-8f40-1a2b3c4d5e70"], "inspectors": ["2011050023", "2011050031"],
    "planned_start": "2026-03-25T09:00:00+08:00", "planned_end": "2026-03-25T11:00:00+08:00"
}))]
pub struct FilingDraft {
    /// The agency that files: left out, or its own, for an agency's token; needed for a supervisor's.
    pub agency: Option<AgencyId>,
    /// The enterprise visited.
    pub enterprise: EnterpriseId,
    /// Kind of inspection.
    pub kind: Kind,
    /// Matters inspected.
    #[schema(min_items = 1, max_items = 100)]
    pub matters: Vec<MatterId>,
    /// Certificate numbers of the inspectors.
    #[schema(max_items = 100)]
    pub inspectors: Vec<String>,
    /// Start of the planned span, with offset.
    pub planned_start: DateTime<Utc>,
    /// End of the planned span, with offset.
    pub planned_end: DateTime<Utc>,
    /// Claimed exemption.
    pub exemption: Option<ExemptionCode>,
    /// Its reason.
    #[schema(max_length = 500)]
    pub exemption_reason: Option<String>,
    /// Its evidence: number of the document, case, complaint or event.
    #[schema(max_length = 500)]
    pub evidence_ref: Option<String>,
    /// Name of the joint group (联合检查).
    #[schema(min_length = 1, max_length = 100)]
    pub joint_group: Option<String>,
    /// When they arrived, for a visit that is filed afterwards (补报).
    pub arrived_at: Option<DateTime<Utc>>,
    /// When they left; only with `arrived_at`.
    pub left_at: Option<DateTime<Utc>>,
    /// Numbers of the work passes of assistants (辅助人员) that come along.
    #[schema(max_items = 100)]
    pub assistants: Option<Vec<String>>,
    /// Name of the unit's head who approved the visit; with `approved_at`.
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
    /// Number of the document that approved a special inspection (专项检查批准文号).
    #[schema(max_length = 100)]
    pub special_document: Option<String>,
    /// Reference of its filing with the supervising authority (备案号).
    #[schema(max_length = 100)]
    pub special_reference: Option<String>,
    /// Where it was published.
    #[schema(max_length = 500)]
    pub special_link: Option<String>,
    /// Free words.
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

/// The verdict of a draft.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DraftVerdict {
    /// What the rules would find if it were filed now, from filings alone.
    pub verdict: Vec<Line>,
    /// No-disturb days (无扰日) that the span touches, local dates.
    pub no_disturb_days: Vec<NaiveDate>,
    /// The next open working days.
    pub next_open_days: Vec<NaiveDate>,
}

/// Check a draft
///
/// Tells what the rules would find if the draft were filed now. Saves nothing.
#[utoipa::path(
    post, path = "/api/v1/filings/check", operation_id = "checkFiling", tag = "filings",
    request_body = FilingDraft,
    responses((status = 200, description = "The verdict.", body = DraftVerdict))
)]
pub(super) async fn check(State(app): State<App>, call: Call) -> Answer {
    let mut work = match call.begin_reading(&app).await? {
        Begun::New(work) => work,
        Begun::Kept(answer) => return Ok(answer),
    };
    let reply = checked(&mut work).await;
    work.end(reply).await
}

async fn checked(work: &mut Work) -> Result<Reply, AppError> {
    let draft = read(work.body()?, &work.caller)?;
    let mut faults = draft.faults(Some(work.now));
    let snapshot = work.app.service.snapshot(&mut work.tx).await?;
    if !snapshot.registries.agencies.contains_key(&draft.agency) {
        faults.push(FieldError::new("agency", "unknown"));
    }
    if draft.matters.iter().any(|matter| !snapshot.registries.matters.contains_key(matter)) {
        faults.push(FieldError::new("matters", "unknown"));
    }
    if !faults.is_empty() {
        return Err(ActionError::Malformed(faults).into());
    }
    let verdict = check_filing(&mut work.tx, &work.app.service, work.now, draft).await?;
    Reply::ok(&DraftVerdict {
        verdict: lines(verdict.lines),
        no_disturb_days: verdict.no_disturb_days,
        next_open_days: verdict.next_open_days,
    })
}

/// File an inspection
///
/// Accepts a filing (报备) and judges it. A rule that fires is told in `verdict`; it never refuses a filing.
#[utoipa::path(
    post, path = "/api/v1/filings", operation_id = "fileInspection", tag = "filings",
    request_body = FilingDraft,
    responses((
        status = 201, description = "Filed.", body = FilingView,
        headers(("Location" = String, description = "Where the filing is."))
    ))
)]
pub(super) async fn post(State(app): State<App>, call: Call) -> Answer {
    // Before others have to wait for this one.
    let draft = call.body().and_then(|body| read(body, &call.client));
    match file(call.clone(), &app, app.db.plan().await?, draft.clone()).await {
        Err(AppError::InTurn) => file(call, &app, app.db.write_shared().await?, draft).await,
        done => done,
    }
}

async fn file(call: Call, app: &App, tx: Tx, draft: Result<FileInspection, AppError>) -> Answer {
    let mut work = match call.begin_in(app, tx).await? {
        Begun::New(work) => work,
        Begun::Kept(answer) => return Ok(answer),
    };
    let reply = filed(&mut work, draft).await;
    work.end(reply).await
}

async fn filed(work: &mut Work, draft: Result<FileInspection, AppError>) -> Result<Reply, AppError> {
    let actor = work.actor();
    let filed = file_inspection(&mut work.tx, &work.app.service, work.now, &actor, None, draft?).await?;
    // A new filing names no site.
    Reply::created(&FilingView::new(filed.record, None, work.now, &work.app.service.settings.public_url))
}

/// The draft in the body, as a command.
fn read(mut body: Body, caller: &Caller) -> Result<FileInspection, AppError> {
    let agency = match caller.holder {
        Holder::Agency(own) => Some(body.optional("agency", body::id(AgencyId)).unwrap_or(own)),
        Holder::Supervisor(_) => body.required("agency", body::id(AgencyId)),
    };
    let enterprise = body.required("enterprise", body::id(EnterpriseId));
    let kind = body.required("kind", body::code(Kind::parse));
    let matters = body.required("matters", |value| body::list(value, MOST, body::id(MatterId)));
    let inspectors =
        body.required("inspectors", |value| body::list(value, MOST, |cert| body::line(cert, certificate::MAX)));
    let planned_start = body.required("planned_start", body::time);
    let planned_end = body.required("planned_end", body::time);
    let exemption = body.optional("exemption", body::code(ExemptionCode::parse));
    let exemption_reason = body.words("exemption_reason", PURPOSE_MAX);
    let evidence_ref = body.words("evidence_ref", PURPOSE_MAX);
    let joint_group = body.optional("joint_group", |value| body::line(value, NAME_MAX));
    let arrived_at = body.optional("arrived_at", body::time);
    let left_at = body.optional("left_at", body::time);
    let note = body.words("note", PURPOSE_MAX);
    let more = accompanying(&mut body);
    body.end()?;
    let agency = needed(agency)?;
    own(caller, agency)?;
    Ok(FileInspection {
        agency,
        enterprise: needed(enterprise)?,
        kind: needed(kind)?,
        matters: needed(matters)?,
        inspectors: needed(inspectors)?,
        planned_start: needed(planned_start)?,
        planned_end: needed(planned_end)?,
        exemption,
        exemption_reason,
        evidence_ref,
        joint_group,
        more,
        arrived_at,
        left_at,
        note,
        source: "api",
    })
}

/// Assistants, approval and papers, all of which may be left out.
pub(super) fn accompanying(body: &mut Body) -> Accompanying {
    let assistants =
        body.optional("assistants", |value| body::list(value, MOST, |pass| body::line(pass, certificate::MAX)));
    let [approver, position, document] =
        ["approver", "approver_position", "approval_document"].map(|name| body.words(name, NAME_MAX));
    let approved_at = body.optional("approved_at", body::time);
    let approval = Accompanying::approval_of(approver, position, document, approved_at).unwrap_or_else(|error| {
        body.fail(error.field, error.code);
        None
    });
    let [approval_document, filing_reference] =
        ["special_document", "special_reference"].map(|name| body.words(name, NAME_MAX));
    let publication_link = body.words("special_link", PURPOSE_MAX);
    let special = SpecialPapers { approval_document, filing_reference, publication_link };
    Accompanying { assistants: assistants.unwrap_or_default(), approval, special }
}

/// Refuses an agency's token that names another agency.
pub(super) fn own(caller: &Caller, agency: AgencyId) -> Result<(), AppError> {
    match caller.agency() {
        Some(own) if own != agency => Err(Refusal::Role("An agency's token acts for its own agency only.").into()),
        _ => Ok(()),
    }
}
