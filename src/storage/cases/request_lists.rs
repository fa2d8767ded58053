//! Lists of requests: of one agency for its liaisons, of all for supervisors, and of those listed for circulation (通报).

use super::requests::{RequestRecord, from_row};
use crate::domain::id::AgencyId;
use crate::storage::param::params;
use crate::storage::statements::statements;
use crate::storage::{Result, Tx, newest_possible};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// The most that are listed for circulation; older ones are in the list of requests.
pub const MOST_LISTED: i64 = 200;

/// Which requests a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tab {
    /// Those that the agency must answer.
    Waiting,
    /// Those of them whose last day has passed.
    Overdue,
    /// Those that a supervisor must look at: answered, or an extension asked for.
    Replied,
    /// Those that are over.
    Over,
    /// All.
    All,
}

/// How many requests each tab holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TabCounts {
    /// See [`Tab::Waiting`].
    pub waiting: i64,
    /// See [`Tab::Overdue`].
    pub overdue: i64,
    /// See [`Tab::Replied`].
    pub replied: i64,
    /// See [`Tab::Over`].
    pub over: i64,
    /// See [`Tab::All`].
    pub all: i64,
}

statements! {
    PAGE = "SELECT * FROM explanation_requests
        WHERE (sent_at, id) < ($1, $2)
            AND (agency_id = $3 OR $3 IS NULL)
            AND ($4 = 'all'
                OR ($4 = 'waiting' AND state IN ('sent', 'seen', 'returned'))
                OR ($4 = 'overdue' AND state IN ('sent', 'seen', 'returned') AND due_on < $5)
                OR ($4 = 'replied' AND (state = 'replied' OR (extension = 'asked' AND state IN ('sent', 'seen', 'returned'))))
                OR ($4 = 'over' AND state IN ('accepted', 'closed')))
        ORDER BY sent_at DESC, id DESC
        LIMIT $6";
    COUNTS = "SELECT COUNT(*) AS whole,
            COALESCE(CAST(SUM(CASE WHEN state IN ('sent', 'seen', 'returned') THEN 1 ELSE 0 END) AS BIGINT), 0) AS waiting,
            COALESCE(CAST(SUM(CASE WHEN state IN ('sent', 'seen', 'returned') AND due_on < $2 THEN 1 ELSE 0 END) AS BIGINT), 0) AS overdue,
            COALESCE(CAST(SUM(CASE WHEN state = 'replied' OR (extension = 'asked' AND state IN ('sent', 'seen', 'returned')) THEN 1 ELSE 0 END) AS BIGINT), 0) AS replied,
            COALESCE(CAST(SUM(CASE WHEN state IN ('accepted', 'closed') THEN 1 ELSE 0 END) AS BIGINT), 0) AS finished
        FROM explanation_requests
        WHERE (agency_id = $1 OR $1 IS NULL)";
    REPLIED = "SELECT COUNT(*) AS n FROM explanation_requests
        WHERE state IN ('replied', 'sent', 'seen', 'returned') AND (state = 'replied' OR extension = 'asked')";
    LISTED = "SELECT * FROM explanation_requests WHERE listed_at IS NOT NULL ORDER BY listed_at DESC, id DESC LIMIT $1";
    AWAITED = "SELECT COUNT(*) AS n FROM explanation_requests WHERE agency_id = $1 AND state IN ('sent', 'seen', 'returned')";
    URGED = "SELECT COUNT(DISTINCT agency_id) AS n FROM explanation_requests WHERE sent_day >= $1 AND sent_day <= $2";
}

impl Tab {
    /// Its name in URLs and statements.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Overdue => "overdue",
            Self::Replied => "replied",
            Self::Over => "over",
            Self::All => "all",
        }
    }
}

/// At most `limit` requests after the one that `after` names, the latest sent first.
///
/// # Errors
/// When the store fails.
pub async fn page(
    tx: &mut Tx,
    agency: Option<AgencyId>,
    tab: Tab,
    today: NaiveDate,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<RequestRecord>> {
    let (at, id) = after.unwrap_or((newest_possible(), Uuid::max()));
    let rows = tx.fetch_all(PAGE, params![at, id, agency, tab.as_str(), today, limit]).await?;
    rows.iter().map(from_row).collect()
}

/// How many requests each tab holds.
///
/// # Errors
/// When the store fails.
pub async fn counts(tx: &mut Tx, agency: Option<AgencyId>, today: NaiveDate) -> Result<TabCounts> {
    let row = tx.fetch_one(COUNTS, params![agency, today]).await?;
    Ok(TabCounts {
        waiting: row.get("waiting")?,
        overdue: row.get("overdue")?,
        replied: row.get("replied")?,
        over: row.get("finished")?,
        all: row.get("whole")?,
    })
}

/// How many requests of all agencies wait for a supervisor.
///
/// # Errors
/// When the store fails.
pub async fn replied(tx: &mut Tx) -> Result<i64> {
    tx.fetch_one(REPLIED, params![]).await?.get("n")
}

/// The requests whose agencies are or were listed for circulation, the latest first.
///
/// # Errors
/// When the store fails.
pub async fn listed(tx: &mut Tx, limit: i64) -> Result<Vec<RequestRecord>> {
    tx.fetch_all(LISTED, params![limit]).await?.iter().map(from_row).collect()
}

/// How many requests an agency must answer.
///
/// # Errors
/// When the store fails.
pub async fn awaited(tx: &mut Tx, agency: AgencyId) -> Result<i64> {
    tx.fetch_one(AWAITED, params![agency]).await?.get("n")
}

/// How many agencies were asked to explain in a period (督促单位), both days inclusive.
///
/// # Errors
/// When the store fails.
pub async fn urged(tx: &mut Tx, from: NaiveDate, to: NaiveDate) -> Result<i64> {
    tx.fetch_one(URGED, params![from, to]).await?.get("n")
}
