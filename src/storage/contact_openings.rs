//! The opening of sealed contacts: who asked, who agreed, until when it can be read. No agency role ever reads this table.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{ReportId, UserId};
use crate::domain::reporter::{OpeningReason, OpeningState};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// One opening.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Identity.
    pub id: Uuid,
    /// The report whose contact it is.
    pub report: ReportId,
    /// Where it stands.
    pub state: OpeningState,
    /// Why, in general words.
    pub reason: OpeningReason,
    /// Why, in the words that the second person reads.
    pub words: String,
    /// Who asked.
    pub asked_by: UserId,
    /// Their name.
    pub asker: String,
    /// When they asked.
    pub asked_at: DateTime<Utc>,
    /// Who agreed or refused.
    pub decided_by: Option<UserId>,
    /// Their name.
    pub decider: Option<String>,
    /// When they did.
    pub decided_at: Option<DateTime<Utc>>,
    /// When it was first opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// Until when it can be read.
    pub open_until: Option<DateTime<Utc>>,
}

/// An opening that waits for a second person.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The report.
    pub report: ReportId,
    /// The enterprise.
    pub enterprise: String,
    /// Who asked.
    pub asker: String,
    /// When.
    pub asked_at: DateTime<Utc>,
}

statements! {
    INSERT = "INSERT INTO contact_openings (id, report_id, state, reason, words, asked_by, asked_at)
        VALUES ($1, $2, 'asked', $3, $4, $5, $6)";
    OF_REPORT = "SELECT o.*, a.name AS asker, d.name AS decider
        FROM contact_openings o
        JOIN users a ON a.id = o.asked_by
        LEFT JOIN users d ON d.id = o.decided_by
        WHERE o.report_id = $1
        ORDER BY o.asked_at, o.id";
    DECIDE = "UPDATE contact_openings SET state = $2, decided_by = $3, decided_at = $4
        WHERE id = $1 AND state = 'asked' AND asked_by <> $3";
    OPEN = "UPDATE contact_openings SET state = 'opened', opened_at = $2, open_until = $3
        WHERE id = $1 AND state = 'approved'";
    /// Those that somebody else asked for; with `$2` also of reports whose words are for the discipline office alone.
    WAITING = "SELECT o.report_id, e.name AS enterprise, u.name AS asker, o.asked_at
        FROM contact_openings o
        JOIN reports r ON r.id = o.report_id
        JOIN enterprises e ON e.id = r.enterprise_id
        JOIN users u ON u.id = o.asked_by
        WHERE o.state = 'asked' AND o.asked_by <> $1 AND (CAST(r.prohibited AS TEXT) = '[]' OR $2)
        ORDER BY o.asked_at, o.id
        LIMIT 20";
    WAITING_COUNT = "SELECT COUNT(DISTINCT o.report_id) AS n
        FROM contact_openings o
        JOIN reports r ON r.id = o.report_id
        WHERE o.state = 'asked' AND o.asked_by <> $1 AND (CAST(r.prohibited AS TEXT) = '[]' OR $2)";
}

/// Asks for an opening.
///
/// # Errors
/// When the store fails.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    report: ReportId,
    (reason, words): (OpeningReason, &str),
    asked_by: UserId,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.execute_one("contact opening", INSERT, params![id, report, reason.as_str(), words, asked_by, now]).await
}

/// All openings of a report's contact, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_report(tx: &mut Tx, report: ReportId) -> Result<Vec<Opening>> {
    tx.fetch_all(OF_REPORT, params![report]).await?.iter().map(from_row).collect()
}

/// A second person agrees or refuses; returns whether it was still asked, by somebody else.
///
/// # Errors
/// When the store fails.
pub async fn decide(tx: &mut Tx, id: Uuid, state: OpeningState, by: UserId, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(DECIDE, params![id, state.as_str(), by, now]).await? == 1)
}

/// Opens it until `until`; returns whether it was agreed to and not opened before.
///
/// # Errors
/// When the store fails.
pub async fn open(tx: &mut Tx, id: Uuid, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(OPEN, params![id, now, until]).await? == 1)
}

/// The openings that wait for a person other than `reader`, oldest first, at most twenty.
///
/// # Errors
/// When the store fails.
pub async fn waiting(tx: &mut Tx, reader: UserId, all: bool) -> Result<Vec<Waiting>> {
    let rows = tx.fetch_all(WAITING, params![reader, all]).await?;
    rows.iter()
        .map(|row| {
            Ok(Waiting {
                report: row.id("report_id")?,
                enterprise: row.get("enterprise")?,
                asker: row.get("asker")?,
                asked_at: row.get("asked_at")?,
            })
        })
        .collect()
}

/// How many reports have an opening that waits for this person.
///
/// # Errors
/// When the store fails.
pub async fn waiting_count(tx: &mut Tx, me: UserId, discipline: bool) -> Result<i64> {
    tx.fetch_one(WAITING_COUNT, params![me, discipline]).await?.get("n")
}

fn from_row(row: &Row) -> Result<Opening> {
    Ok(Opening {
        id: row.get("id")?,
        report: row.id("report_id")?,
        state: row.code("state", OpeningState::parse)?,
        reason: row.code("reason", OpeningReason::parse)?,
        words: row.get("words")?,
        asked_by: row.id("asked_by")?,
        asker: row.get("asker")?,
        asked_at: row.get("asked_at")?,
        decided_by: row.id_opt("decided_by")?,
        decider: row.get("decider")?,
        decided_at: row.get("decided_at")?,
        opened_at: row.get("opened_at")?,
        open_until: row.get("open_until")?,
    })
}
