//! The conversation between a supervisor and a reporter. No agency role ever reads these tables.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{ReportId, UserId};
use crate::domain::reporter::{Identity, Phrase};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What a supervisor wrote.
#[derive(Clone, Debug)]
pub struct Message {
    /// Identity.
    pub id: Uuid,
    /// The supervisor's name: shown to supervisors alone.
    pub author: String,
    /// A fixed phrase.
    pub phrase: Option<Phrase>,
    /// Own words, empty if there are none.
    pub words: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When the receipt page first showed it.
    pub seen_at: Option<DateTime<Utc>>,
}

/// What a reporter added, as supervisors see it.
#[derive(Clone, Debug)]
pub struct Note {
    /// The words.
    pub words: String,
    /// The server's receipt time.
    pub created_at: DateTime<Utc>,
    /// When a supervisor read it.
    pub read_at: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO report_messages (id, report_id, author, phrase, words, created_at, seen_at)
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    MESSAGES = "SELECT m.id, u.name AS author, m.phrase, m.words, m.created_at, m.seen_at
        FROM report_messages m
        JOIN users u ON u.id = m.author
        WHERE m.report_id = $1
        ORDER BY m.created_at, m.id";
    SEEN = "UPDATE report_messages SET seen_at = $2 WHERE report_id = $1 AND seen_at IS NULL";
    NOTES = "SELECT words, created_at, read_at FROM report_notes WHERE report_id = $1 ORDER BY created_at, id";
    READ = "UPDATE report_notes SET read_at = $2, read_by = $3 WHERE report_id = $1 AND read_at IS NULL";
    SET_IDENTITY = "UPDATE reports SET identity = $2, version = version + 1 WHERE id = $1 AND identity = $3";
    /// With `$1` without those whose words are for the discipline office alone.
    UNREAD = "SELECT COUNT(DISTINCT n.report_id) AS n
        FROM report_notes n
        JOIN reports r ON r.id = n.report_id
        WHERE n.read_at IS NULL AND NOT r.held AND (CAST(r.prohibited AS TEXT) = '[]' OR $1)";
}

/// Keeps a supervisor's message.
///
/// # Errors
/// When the store fails.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    report: ReportId,
    author: UserId,
    phrase: Option<Phrase>,
    words: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let bound = params![id, report, author, phrase.map(Phrase::as_str), words, now];
    tx.execute_one("report message", INSERT, bound).await
}

/// What supervisors wrote, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn messages(tx: &mut Tx, report: ReportId) -> Result<Vec<Message>> {
    let rows = tx.fetch_all(MESSAGES, params![report]).await?;
    rows.iter()
        .map(|row| {
            Ok(Message {
                id: row.get("id")?,
                author: row.get("author")?,
                phrase: row.code_opt("phrase", Phrase::parse)?,
                words: row.get("words")?,
                created_at: row.get("created_at")?,
                seen_at: row.get("seen_at")?,
            })
        })
        .collect()
}

/// The receipt page showed the messages; returns how many it had not shown before.
///
/// # Errors
/// When the store fails.
pub async fn seen(tx: &mut Tx, report: ReportId, now: DateTime<Utc>) -> Result<u64> {
    tx.execute(SEEN, params![report, now]).await
}

/// What the reporter added, oldest first, with whether it was read.
///
/// # Errors
/// When the store fails.
pub async fn notes(tx: &mut Tx, report: ReportId) -> Result<Vec<Note>> {
    let rows = tx.fetch_all(NOTES, params![report]).await?;
    rows.iter()
        .map(|row| {
            Ok(Note { words: row.get("words")?, created_at: row.get("created_at")?, read_at: row.get("read_at")? })
        })
        .collect()
}

/// A supervisor has read what was added; returns how much of it was new.
///
/// # Errors
/// When the store fails.
pub async fn read(tx: &mut Tx, report: ReportId, reader: UserId, now: DateTime<Utc>) -> Result<u64> {
    tx.execute(READ, params![report, now, reader]).await
}

/// How many reports have additions that nobody has read; `all` counts those whose words are for the discipline office alone.
///
/// # Errors
/// When the store fails.
pub async fn unread(tx: &mut Tx, all: bool) -> Result<i64> {
    tx.fetch_one(UNREAD, params![all]).await?.get("n")
}

/// Changes how far the reporter may be named; returns whether it was still `before`.
///
/// # Errors
/// When the store fails.
pub async fn set_identity(tx: &mut Tx, report: ReportId, identity: Identity, before: Identity) -> Result<bool> {
    Ok(tx.execute(SET_IDENTITY, params![report, identity.as_str(), before.as_str()]).await? == 1)
}
