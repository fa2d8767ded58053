//! The supervisors' list of visit reports, newest first, page by page (keyset). No agency role ever reads this.

use super::enterprise_lists::containing;
use super::param::params;
use super::reports::{ReportRecord, from_row};
use super::statements::statements;
use super::{Result, Tx, newest_possible};
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, UserId};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// Which reports a list shows. Days are local dates of the reported arrival, both ends inclusive.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct ReportSearch {
    /// About one agency.
    pub agency: Option<AgencyId>,
    /// Of one enterprise.
    pub enterprise: Option<EnterpriseId>,
    /// `matched`, `unmatched`, `unknown` (no agency), `withdrawn`.
    pub state: Option<String>,
    /// Only those with additions that nobody has read.
    pub unread: bool,
    /// Only those whose contact somebody else wants to open: for whom they wait, and whether that is the discipline office.
    pub contact_for: Option<(UserId, bool)>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Words in the enterprise's name, initials, address or credit code.
    pub words: Option<String>,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct FoundReport {
    /// The report.
    pub record: ReportRecord,
    /// The name of the enterprise.
    pub enterprise: String,
    /// The reporter added something that no supervisor has read.
    pub unread: bool,
}

/// A page of reports, newest first, of those that a condition narrows it to: the one that an index serves, which no condition does that may be off.
macro_rules! newest_of {
    ($narrow:literal) => {
        concat!(
            "SELECT r.*, e.name AS enterprise_name,
            EXISTS (SELECT 1 FROM report_notes n WHERE n.report_id = r.id AND n.read_at IS NULL) AS unread
        FROM reports r
        JOIN enterprises e ON e.id = r.enterprise_id
        WHERE ",
            $narrow,
            " AND (r.filed_at, r.id) < ($1, $2)
            AND NOT r.held
            AND (r.agency_id = $3 OR $3 IS NULL)
            AND (r.enterprise_id = $4 OR $4 IS NULL)
            AND ($5 = CASE
                WHEN r.withdrawn_at IS NOT NULL THEN 'withdrawn'
                WHEN r.matched_filing IS NOT NULL THEN 'matched'
                WHEN r.agency_id IS NULL THEN 'unknown'
                ELSE 'unmatched' END OR $5 IS NULL)
            AND (r.arrived_day >= $6 OR $6 IS NULL)
            AND (r.arrived_day <= $7 OR $7 IS NULL)
            AND (e.search LIKE $8 ESCAPE '\\' OR $8 IS NULL)
            AND (NOT $10 OR EXISTS (SELECT 1 FROM report_notes n WHERE n.report_id = r.id AND n.read_at IS NULL))
            AND ((CAST(r.prohibited AS TEXT) = '[]' OR $12) AND EXISTS (
                SELECT 1 FROM contact_openings o
                WHERE o.report_id = r.id AND o.state = 'asked' AND o.asked_by <> $11)
                OR $11 IS NULL)
        ORDER BY r.filed_at DESC, r.id DESC
        LIMIT $9"
        )
    };
}

statements! {
    OF_ALL = newest_of!("TRUE");
    OF_ENTERPRISE = newest_of!("r.enterprise_id = $4");
    OF_AGENCY = newest_of!("r.agency_id = $3");
    OF_FILING = "SELECT r.*, e.name AS enterprise_name, FALSE AS unread
        FROM reports r
        JOIN enterprises e ON e.id = r.enterprise_id
        WHERE r.enterprise_id = $1 AND r.matched_filing = $2
        ORDER BY r.filed_at, r.id";
}

/// The state of a report, as lists filter by it.
#[must_use]
pub const fn state_of(record: &ReportRecord) -> &'static str {
    if record.withdrawn_at.is_some() {
        "withdrawn"
    } else if record.matched_filing.is_some() {
        "matched"
    } else if record.report.agency.is_none() {
        "unknown"
    } else {
        "unmatched"
    }
}

/// At most `limit` reports after the one that `after` names, newest first.
///
/// # Errors
/// When the store fails.
pub async fn search(
    tx: &mut Tx,
    s: &ReportSearch,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<FoundReport>> {
    let (time, id) = after.unwrap_or((newest_possible(), Uuid::max()));
    let words = s.words.as_deref().map(containing);
    let (waits_for, discipline) = s.contact_for.map_or((None, false), |(user, discipline)| (Some(user), discipline));
    let state = s.state.clone();
    let bound =
        params![time, id, s.agency, s.enterprise, state, s.from, s.to, words, limit, s.unread, waits_for, discipline,];
    let sql = match s {
        ReportSearch { enterprise: Some(_), .. } => OF_ENTERPRISE,
        ReportSearch { agency: Some(_), .. } => OF_AGENCY,
        _ => OF_ALL,
    };
    tx.fetch_all(sql, bound).await?.iter().map(found).collect()
}

/// The reports that match a filing.
///
/// # Errors
/// When the store fails.
pub async fn of_filing(tx: &mut Tx, enterprise: EnterpriseId, filing: FilingId) -> Result<Vec<FoundReport>> {
    tx.fetch_all(OF_FILING, params![enterprise, filing]).await?.iter().map(found).collect()
}

fn found(row: &super::row::Row) -> Result<FoundReport> {
    Ok(FoundReport { record: from_row(row)?, enterprise: row.get("enterprise_name")?, unread: row.get("unread")? })
}
