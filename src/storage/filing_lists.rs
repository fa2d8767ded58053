//! Lists of filings: newest first, page by page (keyset), and the figures of a period.

use super::filings::{FilingRecord, Scope, from_row};
use super::param::params;
use super::statements::statements;
use super::{Result, Tx, newest_possible};
use crate::domain::id::EnterpriseId;
use crate::domain::violation::VerdictLine;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How long after its planned end a filing without arrival is overdue.
const OVERDUE_AFTER: TimeDelta = TimeDelta::hours(24);

/// Which filings a list shows. Days are local dates of the first day of the visit, both ends inclusive.
#[derive(Clone, Debug)]
pub struct FilingFilter {
    /// Whose filings.
    pub scope: Scope,
    /// At which enterprise.
    pub enterprise: Option<EnterpriseId>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// State by its code: `registered`, `arrived`, `completed`, `overdue`, `cancelled`.
    pub state: Option<&'static str>,
}

/// The state of a filing, as [`state_of`] names it; what ends before that parameter is overdue without an arrival.
macro_rules! state {
    ($overdue:literal) => {
        concat!(
            "CASE
                WHEN cancelled_at IS NOT NULL THEN 'cancelled'
                WHEN left_at IS NOT NULL OR result IS NOT NULL THEN 'completed'
                WHEN arrived_at IS NOT NULL THEN 'arrived'
                WHEN planned_end <= ",
            $overdue,
            " THEN 'overdue'
                ELSE 'registered' END"
        )
    };
}

/// A page of filings. The cursor is always bound, the newest possible one for the first page, so that both databases walk the index by time.
macro_rules! list {
    ($whose:literal) => {
        concat!(
            "SELECT * FROM filings
        WHERE ",
            $whose,
            "(filed_at, id) < ($1, $2)
            AND (enterprise_id = $3 OR $3 IS NULL)
            AND (first_day >= $4 OR $4 IS NULL)
            AND (first_day <= $5 OR $5 IS NULL)
            AND ($6 = ",
            state!("$7"),
            " OR $6 IS NULL)
        ORDER BY filed_at DESC, id DESC
        LIMIT $8"
        )
    };
}

statements! {
    ANY = "SELECT id FROM filings LIMIT 1";
    LIST_ALL = list!("");
    LIST_OF_AGENCY = list!("agency_id = $9 AND ");
    LIST_OF_ENTERPRISE = list!("enterprise_id = $3 AND (agency_id = $9 OR $9 IS NULL) AND ");
    COUNT = concat!("SELECT COUNT(*) AS n, ", state!("$3"), " AS state
        FROM filings
        WHERE first_day >= $1 AND first_day <= $2 AND (agency_id = $4 OR $4 IS NULL)
        GROUP BY 2");
    VERDICTS = "SELECT verdict FROM filings
        WHERE first_day >= $1 AND first_day <= $2 AND agency_id = $3 AND cancelled_at IS NULL AND NOT unconfirmed";
}

/// The state of a filing as of `now`, as lists filter by it; from the filing's own times, never from a report.
#[must_use]
pub fn state_of(record: &FilingRecord, now: DateTime<Utc>) -> &'static str {
    let filing = &record.filing;
    if filing.cancelled_at.is_some() {
        "cancelled"
    } else if filing.left_at.is_some() || filing.result.is_some() {
        "completed"
    } else if filing.arrived_at.is_some() {
        "arrived"
    } else if filing.planned.end() <= now - OVERDUE_AFTER {
        "overdue"
    } else {
        "registered"
    }
}

/// At most `limit` filings after the one that `after` names, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    filter: &FilingFilter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<FilingRecord>> {
    let (time, id) = after.unwrap_or((newest_possible(), Uuid::max()));
    let overdue = now - OVERDUE_AFTER;
    let f = filter;
    let mut bound = params![time, id, f.enterprise, f.from, f.to, f.state, overdue, limit].to_vec();
    let sql = match f.scope {
        _ if f.enterprise.is_some() => LIST_OF_ENTERPRISE,
        Scope::Agency(_) => LIST_OF_AGENCY,
        Scope::All => LIST_ALL,
    };
    if sql != LIST_ALL {
        bound.push(f.scope.agency().into());
    }
    let rows = tx.fetch_all(sql, &bound).await?;
    rows.iter().map(from_row).collect()
}

/// How many filings of a period are in which state.
///
/// # Errors
/// When the store fails.
pub async fn count_by_state(
    tx: &mut Tx,
    period: (NaiveDate, NaiveDate),
    scope: Scope,
    now: DateTime<Utc>,
) -> Result<BTreeMap<String, i64>> {
    let rows = tx.fetch_all(COUNT, params![period.0, period.1, now - OVERDUE_AFTER, scope.agency()]).await?;
    rows.iter().map(|row| Ok((row.get("state")?, row.get("n")?))).collect()
}

/// The verdicts, from filings alone, of an agency's live filings of a period.
///
/// # Errors
/// When the store fails.
pub async fn verdicts(
    tx: &mut Tx,
    period: (NaiveDate, NaiveDate),
    agency: crate::domain::id::AgencyId,
) -> Result<Vec<Vec<VerdictLine>>> {
    let rows = tx.fetch_all(VERDICTS, params![period.0, period.1, agency]).await?;
    rows.iter().map(|row| row.json("verdict")).collect()
}

/// Whether anything was filed.
///
/// # Errors
/// When the store fails.
pub async fn any(tx: &mut Tx) -> Result<bool> {
    Ok(tx.fetch_optional(ANY, params![]).await?.is_some())
}
