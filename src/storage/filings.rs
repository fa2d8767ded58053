//! Filings: inserting, reading one, reading an enterprise's dossier, updating.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, StorageError, Tx, figure_days};
use crate::domain::day::Span;
use crate::domain::exemption::{Exemption, ExemptionCode};
use crate::domain::filing::{Filing, Kind, VisitResult};
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, SiteId};
use crate::domain::violation::VerdictLine;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

/// A filing as it is stored: what the rules see, and what pages need beside it.
#[derive(Clone, Debug)]
pub struct FilingRecord {
    /// What the rules see.
    pub filing: Filing,
    /// Number that is told on the telephone, with a check character; unique.
    pub number: String,
    /// Free words of the filer; may be empty.
    pub note: String,
    /// Where it came from: `web`, `api`, `replay`.
    pub source: String,
    /// Certificate number of the inspector who filed, if an inspector did.
    pub filed_by: Option<String>,
    /// Filed after the visit with claimed times (补报).
    pub backfiled: bool,
    /// The server's clock was behind the newest row when it was received (时钟存疑).
    pub clock_doubtful: bool,
    /// When the result was uploaded.
    pub result_at: Option<DateTime<Utc>>,
    /// Why it was cancelled; empty if it was not.
    pub cancel_reason: String,
    /// Code that the enterprise scans to verify the visit, `/i/CODE`.
    pub inspection_code: String,
    /// Four digits that the inspector tells at the door.
    pub arrival_pin: String,
    /// When the enterprise confirmed that the inspectors are there.
    pub presence_confirmed_at: Option<DateTime<Utc>>,
    /// The assessment from filings alone: all that the agency may see.
    pub verdict: Vec<VerdictLine>,
    /// Grows with each change.
    pub version: i64,
}

/// Whose filings may be seen. Fetching is by id and scope in one query; what is outside is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Scope {
    /// All of the jurisdiction.
    All,
    /// Those of one agency.
    Agency(AgencyId),
}

impl Scope {
    /// The agency, if it is limited to one.
    #[must_use]
    pub const fn agency(self) -> Option<AgencyId> {
        match self {
            Self::All => None,
            Self::Agency(id) => Some(id),
        }
    }
}

statements! {
    INSERT = "INSERT INTO filings (
            id, number, enterprise_id, agency_id, seq, kind, matters, inspectors, exemption, exemption_reason, evidence_ref,
            planned_start, planned_end, joint_group, note, source, filed_by, backfiled, clock_doubtful, filed_at,
            rescheduled_at, arrived_at, left_at, result, result_at, cancelled_at, cancel_reason, inspection_code,
            arrival_pin, presence_confirmed_at, first_day, last_day, verdict, assistants, approval, special,
            unconfirmed, version, site_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, 1, $38)";
    GET = "SELECT * FROM filings WHERE id = $1 AND (agency_id = $2 OR $2 IS NULL)";
    BY_CODE = "SELECT * FROM filings WHERE inspection_code = $1";
    ENTERPRISE_OF = "SELECT enterprise_id FROM filings WHERE id = $1 AND (agency_id = $2 OR $2 IS NULL)";
    DOSSIER = "SELECT * FROM filings WHERE enterprise_id = $1 AND first_day >= $2 AND NOT held ORDER BY filed_at, seq";
    UPDATE = "UPDATE filings
        SET matters = $2, inspectors = $3, exemption = $4, exemption_reason = $5, evidence_ref = $6, planned_start = $7,
            planned_end = $8, rescheduled_at = $9, arrived_at = $10, left_at = $11, result = $12, result_at = $13,
            cancelled_at = $14, cancel_reason = $15, presence_confirmed_at = $16, first_day = $17, last_day = $18,
            note = $19, assistants = $21, approval = $22, special = $23, matters_inspected = $24, unconfirmed = $25,
            version = version + 1
        WHERE id = $1 AND version = $20";
    SET_VERDICT = "UPDATE filings SET verdict = $2 WHERE id = $1";
}

/// Stores a new filing; `days` are the first and last local date of its span.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, r: &FilingRecord, days: (NaiveDate, NaiveDate)) -> Result<()> {
    let f = &r.filing;
    let (code, reason, evidence) = exemption_columns(f);
    tx.later(
        "filing",
        INSERT,
        params![
            f.id,
            &r.number,
            f.enterprise,
            f.agency,
            f.seq,
            f.kind.as_str(),
            json!(f.matters),
            json!(f.inspectors),
            code,
            reason,
            evidence,
            f.planned.start(),
            f.planned.end(),
            f.joint_group.clone(),
            &r.note,
            &r.source,
            r.filed_by.clone(),
            r.backfiled,
            r.clock_doubtful,
            f.filed_at,
            f.rescheduled_at,
            f.arrived_at,
            f.left_at,
            f.result.map(VisitResult::as_str),
            r.result_at,
            f.cancelled_at,
            &r.cancel_reason,
            &r.inspection_code,
            &r.arrival_pin,
            r.presence_confirmed_at,
            days.0,
            days.1,
            json!(r.verdict),
            json!(f.assistants),
            json!(f.approval),
            json!(f.special),
            f.unconfirmed,
            None::<SiteId>,
        ],
    )
    .await?;
    figure_days::mark_new(tx, f, (r.backfiled, r.clock_doubtful), days.0).await
}

/// Notes the site of a filing whose row a plan has yet to write; whether there was one.
pub(super) fn put_off_with_site(tx: &mut Tx, filing: FilingId, site: SiteId) -> bool {
    let insert = tx.put_off(INSERT, params![filing]);
    insert.map(|insert| insert.end_with(params![site])).is_some()
}

/// Stores the changed parts of a filing; `record.version` is the version that was read.
///
/// # Errors
/// [`StorageError::Stale`] when somebody else changed it since; otherwise when the store fails.
pub async fn update(tx: &mut Tx, r: &FilingRecord, days: (NaiveDate, NaiveDate)) -> Result<()> {
    let f = &r.filing;
    figure_days::mark_before(tx, f.id, r.version).await?;
    let (code, reason, evidence) = exemption_columns(f);
    tx.execute_one(
        "filing",
        UPDATE,
        params![
            f.id,
            json!(f.matters),
            json!(f.inspectors),
            code,
            reason,
            evidence,
            f.planned.start(),
            f.planned.end(),
            f.rescheduled_at,
            f.arrived_at,
            f.left_at,
            f.result.map(VisitResult::as_str),
            r.result_at,
            f.cancelled_at,
            &r.cancel_reason,
            r.presence_confirmed_at,
            days.0,
            days.1,
            &r.note,
            r.version,
            json!(f.assistants),
            json!(f.approval),
            json!(f.special),
            json!(f.matters_inspected),
            f.unconfirmed,
        ],
    )
    .await?;
    figure_days::mark(tx, f.id).await
}

/// Stores what the agency may see of the verdict. It is derived, so it changes no version.
///
/// # Errors
/// When the store fails.
pub async fn set_verdict(tx: &mut Tx, id: FilingId, verdict: &[VerdictLine]) -> Result<()> {
    tx.later("filing", SET_VERDICT, params![id, json!(verdict)]).await
}

/// One filing, if it is there and in scope.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: FilingId, scope: Scope) -> Result<Option<FilingRecord>> {
    tx.fetch_optional(GET, params![id, scope.agency()]).await?.as_ref().map(from_row).transpose()
}

/// One filing by its inspection code.
///
/// # Errors
/// When the store fails.
pub async fn by_inspection_code(tx: &mut Tx, code: &str) -> Result<Option<FilingRecord>> {
    tx.fetch_optional(BY_CODE, params![code]).await?.as_ref().map(from_row).transpose()
}

/// The enterprise of a filing, if the filing is there and in scope.
///
/// # Errors
/// When the store fails.
pub async fn enterprise_of(tx: &mut Tx, id: FilingId, scope: Scope) -> Result<Option<EnterpriseId>> {
    let row = tx.fetch_optional(ENTERPRISE_OF, params![id, scope.agency()]).await?;
    row.map(|row| row.id("enterprise_id")).transpose()
}

/// An enterprise's filings whose first day is `from` or later, in order of acceptance, without those that are held.
///
/// # Errors
/// When the store fails.
pub async fn dossier(tx: &mut Tx, enterprise: EnterpriseId, from: NaiveDate) -> Result<Vec<FilingRecord>> {
    tx.fetch_all(DOSSIER, params![enterprise, from]).await?.iter().map(from_row).collect()
}

fn exemption_columns(f: &Filing) -> (Option<&'static str>, String, String) {
    f.exemption.as_ref().map_or((None, String::new(), String::new()), |e| {
        (Some(e.code.as_str()), e.reason.clone(), e.evidence_ref.clone())
    })
}

/// Reads a whole row of `filings`.
///
/// # Errors
/// When a column is missing or unreadable.
pub fn from_row(row: &Row) -> Result<FilingRecord> {
    Ok(FilingRecord {
        filing: filing(row)?,
        number: row.get("number")?,
        note: row.get("note")?,
        source: row.get("source")?,
        filed_by: row.get("filed_by")?,
        backfiled: row.get("backfiled")?,
        clock_doubtful: row.get("clock_doubtful")?,
        result_at: row.get("result_at")?,
        cancel_reason: row.get("cancel_reason")?,
        inspection_code: row.get("inspection_code")?,
        arrival_pin: row.get("arrival_pin")?,
        presence_confirmed_at: row.get("presence_confirmed_at")?,
        verdict: row.json("verdict")?,
        version: row.get("version")?,
    })
}

/// What the rules see of a row of `filings`.
///
/// # Errors
/// As [`from_row`].
pub(super) fn filing(row: &Row) -> Result<Filing> {
    let exemption = match row.code_opt("exemption", ExemptionCode::parse)? {
        Some(code) => {
            Some(Exemption { code, reason: row.get("exemption_reason")?, evidence_ref: row.get("evidence_ref")? })
        }
        None => None,
    };
    let (start, end): (DateTime<Utc>, DateTime<Utc>) = (row.get("planned_start")?, row.get("planned_end")?);
    let planned = Span::new(start, end)
        .ok_or_else(|| StorageError::Unreadable { what: "planned span", value: format!("{start} to {end}") })?;
    Ok(Filing {
        id: row.id("id")?,
        seq: row.get("seq")?,
        agency: row.id("agency_id")?,
        enterprise: row.id("enterprise_id")?,
        kind: row.code("kind", Kind::parse)?,
        matters: row.json("matters")?,
        exemption,
        planned,
        inspectors: row.json("inspectors")?,
        joint_group: row.get("joint_group")?,
        filed_at: row.get("filed_at")?,
        rescheduled_at: row.get("rescheduled_at")?,
        arrived_at: row.get("arrived_at")?,
        left_at: row.get("left_at")?,
        result: row.code_opt("result", VisitResult::parse)?,
        cancelled_at: row.get("cancelled_at")?,
        assistants: row.json("assistants")?,
        approval: row.json("approval")?,
        special: row.json("special")?,
        matters_inspected: row.json("matters_inspected")?,
        presence_confirmed: row.get::<Option<DateTime<Utc>>>("presence_confirmed_at")?.is_some(),
        unconfirmed: row.get("unconfirmed")?,
    })
}
