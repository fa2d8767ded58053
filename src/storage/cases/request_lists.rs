//! Lists of requests: of one agency for its liaisons, of all for supervisors, and of those listed for circulation (通报).

use super::requests::{RequestRecord, from_row};
use crate::domain::cases::{RequestState, UNDO};
use crate::domain::id::AgencyId;
use crate::storage::param::params;
use crate::storage::row::Row;
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
    // As `known`: while a decision that ended it can be taken back, a request stands before its agency as it did (`RequestRecord::known`).
    PAGE = "SELECT * FROM (
            SELECT r.*, CASE
                WHEN r.ended_at IS NULL OR r.ended_at <= $7
                    OR NOT EXISTS (SELECT 1 FROM request_items i WHERE i.request_id = r.id AND i.outcome_at > $8) THEN r.state
                WHEN EXISTS (SELECT 1 FROM request_answers a WHERE a.request_id = r.id AND a.round = r.round) THEN 'replied'
                WHEN r.round > 1 THEN 'returned'
                WHEN r.seen_at IS NULL THEN 'sent'
                ELSE 'seen' END AS known
            FROM explanation_requests r
        ) AS shown
        WHERE (sent_at, id) < ($1, $2)
            AND (agency_id = $3 OR $3 IS NULL)
            AND ($4 = 'all'
                OR ($4 = 'waiting' AND known IN ('sent', 'seen', 'returned'))
                OR ($4 = 'overdue' AND known IN ('sent', 'seen', 'returned') AND due_on < $5)
                OR ($4 = 'replied' AND (known = 'replied' OR (extension = 'asked' AND known IN ('sent', 'seen', 'returned'))))
                OR ($4 = 'over' AND known IN ('accepted', 'closed')))
        ORDER BY sent_at DESC, id DESC
        LIMIT $6";
    COUNTS = "SELECT COUNT(*) AS whole,
            COALESCE(CAST(SUM(CASE WHEN known IN ('sent', 'seen', 'returned') THEN 1 ELSE 0 END) AS BIGINT), 0) AS waiting,
            COALESCE(CAST(SUM(CASE WHEN known IN ('sent', 'seen', 'returned') AND due_on < $2 THEN 1 ELSE 0 END) AS BIGINT), 0) AS overdue,
            COALESCE(CAST(SUM(CASE WHEN known = 'replied' OR (extension = 'asked' AND known IN ('sent', 'seen', 'returned')) THEN 1 ELSE 0 END) AS BIGINT), 0) AS replied,
            COALESCE(CAST(SUM(CASE WHEN known IN ('accepted', 'closed') THEN 1 ELSE 0 END) AS BIGINT), 0) AS finished
        FROM (
            SELECT r.due_on, r.extension, CASE
                WHEN r.ended_at IS NULL OR r.ended_at <= $3
                    OR NOT EXISTS (SELECT 1 FROM request_items i WHERE i.request_id = r.id AND i.outcome_at > $4) THEN r.state
                WHEN EXISTS (SELECT 1 FROM request_answers a WHERE a.request_id = r.id AND a.round = r.round) THEN 'replied'
                WHEN r.round > 1 THEN 'returned'
                ELSE 'sent' END AS known
            FROM explanation_requests r
            WHERE (r.agency_id = $1 OR $1 IS NULL)
        ) AS shown";
    REPLIED = "SELECT COUNT(*) AS n FROM explanation_requests
        WHERE state IN ('replied', 'sent', 'seen', 'returned') AND (state = 'replied' OR extension = 'asked')";
    LISTED = "SELECT * FROM explanation_requests WHERE listed_at IS NOT NULL ORDER BY listed_at DESC, id DESC LIMIT $1";
    AWAITED = "SELECT COUNT(*) AS n FROM explanation_requests r
        WHERE agency_id = $1 AND (state IN ('sent', 'seen', 'returned')
            OR (ended_at > $2
                AND EXISTS (SELECT 1 FROM request_items i WHERE i.request_id = r.id AND i.outcome_at > $3)
                AND NOT EXISTS (SELECT 1 FROM request_answers a WHERE a.request_id = r.id AND a.round = r.round)))";
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

/// Whose requests are listed, and for a list that the agency itself reads, when: it does not know yet what can still be taken back.
pub type Whose = (Option<AgencyId>, Option<DateTime<Utc>>);

/// What ended after the first instant, by a decision that is known from after the second on, is not known.
fn unknown_since(known_at: Option<DateTime<Utc>>) -> (DateTime<Utc>, DateTime<Utc>) {
    known_at.map_or((newest_possible(), newest_possible()), |now| (now - UNDO, now))
}

/// At most `limit` requests after the one that `after` names, the latest sent first.
///
/// # Errors
/// When the store fails.
pub async fn page(
    tx: &mut Tx,
    (agency, known_at): Whose,
    tab: Tab,
    today: NaiveDate,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<RequestRecord>> {
    let (at, id) = after.unwrap_or((newest_possible(), Uuid::max()));
    let (since, known) = unknown_since(known_at);
    let rows = tx.fetch_all(PAGE, params![at, id, agency, tab.as_str(), today, limit, since, known]).await?;
    let read = |row: &Row| Ok(RequestRecord { state: row.code("known", RequestState::parse)?, ..from_row(row)? });
    rows.iter().map(read).collect()
}

/// How many requests each tab holds.
///
/// # Errors
/// When the store fails.
pub async fn counts(tx: &mut Tx, (agency, known_at): Whose, today: NaiveDate) -> Result<TabCounts> {
    let (since, known) = unknown_since(known_at);
    let row = tx.fetch_one(COUNTS, params![agency, today, since, known]).await?;
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

/// How many requests an agency must answer, as far as it knows at this instant.
///
/// # Errors
/// When the store fails.
pub async fn awaited(tx: &mut Tx, agency: AgencyId, now: DateTime<Utc>) -> Result<i64> {
    tx.fetch_one(AWAITED, params![agency, now - UNDO, now]).await?.get("n")
}

/// How many agencies were asked to explain in a period (督促单位), both days inclusive.
///
/// # Errors
/// When the store fails.
pub async fn urged(tx: &mut Tx, from: NaiveDate, to: NaiveDate) -> Result<i64> {
    tx.fetch_one(URGED, params![from, to]).await?.get("n")
}
