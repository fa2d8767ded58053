//! `POST visit-reports`: what an enterprise told the office, by telephone for example, entered with a supervisor's token. Never with an
//! agency's: an agency learns nothing of reports, not even what it would send itself.

use super::body::{self, Body, needed};
use super::call::{Begun, Call, Reply, Work};
use super::filing_draft::MOST;
use crate::actions::{ReportVisit, report_visit};
use crate::app::App;
use crate::domain::id::{AgencyId, EnterpriseId, MatterId};
use crate::domain::text::{NAME_MAX, REPORT_MAX};
use crate::domain::visit_report::{Answer as Reported, ArrivalKnown};
use crate::web::error::AppError;
use crate::web::respond::Answer;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A visit as the enterprise told it.
#[derive(Clone, Debug, ToSchema)]
#[schema(example = json!({
    "enterprise": "0197f3a2-5b1c-7d3e-8f40-1a2b3c4d5e6f", "agency": "0197f3a2-5b1c-7d3e-8f40-1a2b3c4d5e71",
    "arrived_at": "2026-03-25T09:10:00+08:00", "verified": true, "visitors": 2, "shown_certificate": "no"
}))]
pub struct VisitReport {
    /// The enterprise that reports.
    pub enterprise: EnterpriseId,
    /// The agency that came, if it is known.
    pub agency: Option<AgencyId>,
    /// The agency in the reporter's words, if it is not.
    #[schema(max_length = 100)]
    pub agency_text: Option<String>,
    /// When they came, with offset.
    pub arrived_at: DateTime<Utc>,
    /// The enterprise proved itself to whoever took the report.
    pub verified: bool,
    /// Number of visitors.
    #[schema(minimum = 0, maximum = 1000)]
    pub visitors: Option<u32>,
    /// 是否亮证
    pub shown_certificate: Option<Reported>,
    /// 是否出示检查通知书
    pub shown_notice: Option<Reported>,
    /// 要求提供资料
    pub documents_demanded: Option<bool>,
    /// 查看生产经营场所
    pub premises_inspected: Option<bool>,
    /// 要求整改
    pub rectification_asked: Option<bool>,
    /// 签字
    pub form_signed: Option<bool>,
    /// Which of the eight 不得, 1–8.
    #[schema(max_items = 8, value_type = Option<Vec<Prohibited>>)]
    pub prohibited: Option<Vec<u8>>,
    /// The enterprise itself calls it a service visit.
    pub service: Option<bool>,
    /// Matters that they inspected, as far as the enterprise names them.
    #[schema(max_items = 100)]
    pub matters: Option<Vec<MatterId>>,
    /// What happened, in the reporter's words.
    #[schema(max_length = 2000)]
    pub words: Option<String>,
    /// How the reporter may be reached; stored encrypted, apart, never shown again here.
    #[schema(max_length = 100)]
    pub contact: Option<String>,
}

/// One of the eight 不得.
#[derive(Clone, Debug, ToSchema)]
#[schema(minimum = 1, maximum = 8)]
pub struct Prohibited(pub u8);

/// The receipt of a report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportReceipt {
    /// Identity: `subject` of the violations that it carries.
    #[schema(value_type = uuid::Uuid)]
    pub id: Uuid,
    /// The sixteen digits by which the reporter looks it up; tell them to nobody else.
    pub receipt: String,
    /// The server's receipt time.
    pub filed_at: DateTime<Utc>,
}

/// Report a visit
///
/// Enters what an enterprise told the office. With a supervisor's token only.
#[utoipa::path(
    post, path = "/api/v1/visit-reports", operation_id = "reportVisit", tag = "visit reports",
    request_body = VisitReport,
    responses((status = 201, description = "Received.", body = ReportReceipt))
)]
pub(super) async fn post(State(app): State<App>, call: Call) -> Answer {
    call.client.supervisor()?;
    let mut work = match call.begin(&app).await? {
        Begun::New(work) => work,
        Begun::Kept(answer) => return Ok(answer),
    };
    let reply = reported(&mut work).await;
    work.end(reply).await
}

async fn reported(work: &mut Work) -> Result<Reply, AppError> {
    let command = read(work.body()?)?;
    let actor = work.actor();
    let reported = report_visit(&mut work.tx, &work.app.service, work.now, &actor, None, command).await?;
    let record = reported.record;
    Reply::created(&ReportReceipt { id: record.report.id.0, receipt: record.receipt, filed_at: record.report.filed_at })
}

fn read(mut body: Body) -> Result<ReportVisit, AppError> {
    let enterprise = body.required("enterprise", body::id(EnterpriseId));
    let arrived_at = body.required("arrived_at", body::time);
    let verified = body.required("verified", body::boolean);
    let prohibited = body.optional("prohibited", |value| {
        body::list(value, 8, |one| body::number(one, 1..=8).and_then(|n| u8::try_from(n).map_err(|_| "range")))
    });
    let optional = (
        body.optional("agency", body::id(AgencyId)),
        body.optional("visitors", |value| body::number(value, 0..=1000)),
        body.optional("shown_certificate", body::code(Reported::parse)),
        body.optional("shown_notice", body::code(Reported::parse)),
    );
    let ticks = ["documents_demanded", "premises_inspected", "rectification_asked", "form_signed", "service"];
    let [documents_demanded, premises_inspected, rectification_asked, form_signed, service] =
        ticks.map(|name| body.tick(name));
    let matters = body.optional("matters", |value| body::list(value, MOST, body::id(MatterId)));
    let agency_text = body.words("agency_text", NAME_MAX);
    let words = body.words("words", REPORT_MAX);
    let contact = body.words("contact", NAME_MAX);
    body.end()?;
    let (agency, visitors, shown_certificate, shown_notice) = optional;
    Ok(ReportVisit {
        enterprise: needed(enterprise)?,
        agency,
        agency_text,
        arrived_at: needed(arrived_at)?,
        arrival_known: ArrivalKnown::Time,
        verified: needed(verified)?,
        visitors,
        shown_certificate,
        shown_notice,
        documents_demanded,
        premises_inspected,
        rectification_asked,
        form_signed,
        prohibited: prohibited.unwrap_or_default(),
        service,
        matters: matters.unwrap_or_default(),
        words,
        contact,
        held: false,
    })
}
