//! What agencies answered, with attachments. Nothing is overwritten: each round has its versions.

use crate::domain::cases::{AnswerChoice, RequestState};
use crate::domain::id::{RequestId, UserId};
use crate::storage::param::params;
use crate::storage::row::Row;
use crate::storage::statements::statements;
use crate::storage::{Result, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Identity.
    pub id: Uuid,
    /// The request.
    pub request: RequestId,
    /// The round of the request that it answers.
    pub round: i64,
    /// 1, and one more for each correction before a supervisor looked.
    pub version: i64,
    /// The local day on which that round was asked.
    pub asked_on: NaiveDate,
    /// The last local day of that round.
    pub due_on: NaiveDate,
    /// In one word.
    pub choice: AnswerChoice,
    /// In many.
    pub words: String,
    /// Number of a document; may be empty.
    pub document: String,
    /// When.
    pub answered_at: DateTime<Utc>,
    /// Who.
    pub answered_by: UserId,
    /// `accepted` or `returned`, once a supervisor has looked.
    pub verdict: Option<RequestState>,
    /// The reason of a return.
    pub verdict_words: String,
    /// When.
    pub verdict_at: Option<DateTime<Utc>>,
    /// Who.
    pub verdict_by: Option<UserId>,
}

/// An attachment of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerFile {
    /// Identity.
    pub id: Uuid,
    /// The answer.
    pub answer: Uuid,
    /// Its place, from 1.
    pub position: i64,
    /// Where the bytes are.
    pub file: Uuid,
    /// Its name.
    pub name: String,
    /// `image/jpeg`, `image/png` or `application/pdf`.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
}

statements! {
    INSERT = "INSERT INTO request_answers (
            id, request_id, round, version, asked_on, due_on, choice, words, document, answered_at, answered_by, verdict,
            verdict_words, verdict_at, verdict_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, '', NULL, NULL)";
    OF_REQUEST = "SELECT * FROM request_answers WHERE request_id = $1 ORDER BY round, version";
    JUDGE = "UPDATE request_answers SET verdict = $2, verdict_words = $3, verdict_at = $4, verdict_by = $5
        WHERE id = $1 AND verdict IS NULL";
    INSERT_FILE = "INSERT INTO answer_files (id, answer_id, position, file_id, name, media_type, size)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    FILES = "SELECT f.* FROM answer_files f
        JOIN request_answers a ON a.id = f.answer_id
        WHERE a.request_id = $1
        ORDER BY a.round, a.version, f.position";
    FILE = "SELECT f.* FROM answer_files f
        JOIN request_answers a ON a.id = f.answer_id
        WHERE a.request_id = $1 AND f.id = $2";
}

/// Stores an answer.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, a: &Answer) -> Result<()> {
    let values = params![
        a.id,
        a.request,
        a.round,
        a.version,
        a.asked_on,
        a.due_on,
        a.choice.as_str(),
        &a.words,
        &a.document,
        a.answered_at,
        a.answered_by,
    ];
    tx.execute_one("answer", INSERT, values).await
}

/// The answers to a request, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_request(tx: &mut Tx, id: RequestId) -> Result<Vec<Answer>> {
    tx.fetch_all(OF_REQUEST, params![id]).await?.iter().map(from_row).collect()
}

/// Stores what a supervisor made of an answer.
///
/// # Errors
/// [`crate::storage::StorageError::Stale`] when somebody has judged it before; otherwise when the store fails.
pub async fn judge(
    tx: &mut Tx,
    id: Uuid,
    verdict: RequestState,
    words: &str,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<()> {
    tx.execute_one("answer", JUDGE, params![id, verdict.as_str(), words, now, by]).await
}

/// Stores an attachment; its bytes are kept already.
///
/// # Errors
/// When the store fails.
pub async fn insert_file(tx: &mut Tx, f: &AnswerFile) -> Result<()> {
    let values = params![f.id, f.answer, f.position, f.file, &f.name, &f.media_type, f.size];
    tx.execute_one("attachment", INSERT_FILE, values).await
}

/// The attachments of all answers to a request.
///
/// # Errors
/// When the store fails.
pub async fn files(tx: &mut Tx, id: RequestId) -> Result<Vec<AnswerFile>> {
    tx.fetch_all(FILES, params![id]).await?.iter().map(file_from_row).collect()
}

/// One attachment of a request.
///
/// # Errors
/// When the store fails.
pub async fn file(tx: &mut Tx, request: RequestId, id: Uuid) -> Result<Option<AnswerFile>> {
    tx.fetch_optional(FILE, params![request, id]).await?.as_ref().map(file_from_row).transpose()
}

fn from_row(row: &Row) -> Result<Answer> {
    Ok(Answer {
        id: row.get("id")?,
        request: row.id("request_id")?,
        round: row.get("round")?,
        version: row.get("version")?,
        asked_on: row.get("asked_on")?,
        due_on: row.get("due_on")?,
        choice: row.code("choice", AnswerChoice::parse)?,
        words: row.get("words")?,
        document: row.get("document")?,
        answered_at: row.get("answered_at")?,
        answered_by: row.id("answered_by")?,
        verdict: row.code_opt("verdict", RequestState::parse)?,
        verdict_words: row.get("verdict_words")?,
        verdict_at: row.get("verdict_at")?,
        verdict_by: row.id_opt("verdict_by")?,
    })
}

fn file_from_row(row: &Row) -> Result<AnswerFile> {
    Ok(AnswerFile {
        id: row.get("id")?,
        answer: row.get("answer_id")?,
        position: row.get("position")?,
        file: row.get("file_id")?,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        size: row.get("size")?,
    })
}
