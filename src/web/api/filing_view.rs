//! A filing as the API shows it: to its agency and to supervisors alike, from the filing and from filings alone.

use super::schemas::{Line, lines};
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Kind, VisitResult};
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, MatterId};
use crate::storage::filing_lists::state_of;
use crate::storage::filings::FilingRecord;
use crate::storage::sites::Site;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A branch or site of an enterprise.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Site)]
pub struct SiteView {
    /// Identity.
    pub id: Uuid,
    /// Name.
    #[schema(example = "二分厂")]
    pub name: String,
    /// Town or street office (镇街).
    pub town: String,
    /// Address.
    pub address: String,
}

impl From<Site> for SiteView {
    fn from(site: Site) -> Self {
        Self { id: site.id.0, name: site.name, town: site.town, address: site.address }
    }
}

/// A filing (报备). Instants are UTC.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Filing)]
pub struct FilingView {
    /// Identity.
    pub id: FilingId,
    /// Number that is told on the telephone.
    #[schema(example = "7K3M9PQRX")]
    pub number: String,
    /// The server's receipt time.
    pub filed_at: DateTime<Utc>,
    /// `registered` 已报备, `arrived` 已到达, `completed` 已完成 (left, or a result is there), `cancelled` 已取消, `overdue`: no arrival
    /// 24 hours after the planned end.
    #[schema(schema_with = super::filings::state_schema)]
    pub state: &'static str,
    /// Grows with each change; send it back to change exactly what you saw.
    #[schema(minimum = 1)]
    pub version: i64,
    /// The agency that files.
    pub agency: AgencyId,
    /// The enterprise visited.
    pub enterprise: EnterpriseId,
    /// Which of the enterprise's branches or sites (分支、经营场所), where one is named.
    pub site: Option<SiteView>,
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
    /// Its reason.
    pub exemption_reason: String,
    /// Its evidence.
    pub evidence_ref: String,
    /// Name of the joint group (联合检查).
    pub joint_group: Option<String>,
    /// Work passes of assistants (辅助人员) that come along.
    pub assistants: Vec<String>,
    /// Name of the unit's head who approved the visit; empty if nobody did.
    pub approver: String,
    /// Position of who approved.
    pub approver_position: String,
    /// Number of the document of approval.
    pub approval_document: String,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// Number of the document that approved a special inspection.
    pub special_document: String,
    /// Reference of its filing with the supervising authority.
    pub special_reference: String,
    /// Where it was published.
    pub special_link: String,
    /// Matters that were really inspected, as named with the result.
    pub matters_inspected: Vec<MatterId>,
    /// Free words of the filer.
    pub note: String,
    /// When the inspectors arrived.
    pub arrived_at: Option<DateTime<Utc>>,
    /// When they left.
    pub left_at: Option<DateTime<Utc>>,
    /// What came out of it.
    pub result: Option<VisitResult>,
    /// Receipt of the latest change of the planned span (改期).
    pub rescheduled_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why it was cancelled.
    pub cancel_reason: String,
    /// Filed after the visit, with claimed times (补报).
    pub backfiled: bool,
    /// What the enterprise scans to verify the visit.
    pub inspection_url: String,
    /// What the rules find, from filings alone.
    pub verdict: Vec<Line>,
}

impl FilingView {
    /// A stored filing, at the site that it names, as of `now`; `public_url` is what links begin with.
    #[must_use]
    pub fn new(record: FilingRecord, site: Option<Site>, now: DateTime<Utc>, public_url: &str) -> Self {
        let state = state_of(&record, now);
        let f = record.filing;
        let (exemption, exemption_reason, evidence_ref) = match f.exemption {
            Some(e) => (Some(e.code), e.reason, e.evidence_ref),
            None => (None, String::new(), String::new()),
        };
        let approved_at = f.approval.as_ref().map(|a| a.approved_at);
        let [approver, approver_position, approval_document] =
            f.approval.map_or_else(Default::default, |a| [a.approver, a.position, a.document]);
        Self {
            assistants: f.assistants,
            approver,
            approver_position,
            approval_document,
            approved_at,
            special_document: f.special.approval_document,
            special_reference: f.special.filing_reference,
            special_link: f.special.publication_link,
            matters_inspected: f.matters_inspected,
            id: f.id,
            number: record.number,
            filed_at: f.filed_at,
            state,
            version: record.version,
            agency: f.agency,
            enterprise: f.enterprise,
            site: site.map(SiteView::from),
            kind: f.kind,
            matters: f.matters,
            inspectors: f.inspectors,
            planned_start: f.planned.start(),
            planned_end: f.planned.end(),
            exemption,
            exemption_reason,
            evidence_ref,
            joint_group: f.joint_group,
            note: record.note,
            arrived_at: f.arrived_at,
            left_at: f.left_at,
            result: f.result,
            rescheduled_at: f.rescheduled_at,
            cancelled_at: f.cancelled_at,
            cancel_reason: record.cancel_reason,
            backfiled: record.backfiled,
            inspection_url: format!("{public_url}/i/{}", record.inspection_code),
            verdict: lines(record.verdict),
        }
    }
}
