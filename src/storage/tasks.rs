//! Work in the background: queued in the transaction of the request, claimed by lease, one process each.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::UserId;
use crate::domain::task::{TaskKind, TaskState};
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

/// A stored task.
#[derive(Clone, Debug)]
pub struct TaskRecord {
    /// Identity.
    pub id: Uuid,
    /// What is done.
    pub kind: TaskKind,
    /// Where it stands.
    pub state: TaskState,
    /// What to do it with.
    pub params: Value,
    /// What came of it, once done.
    pub result: Value,
    /// Key of the words that say why it failed, or bare words; empty if it did not.
    pub trouble: String,
    /// The document that it made.
    pub file: Option<Uuid>,
    /// How much is done, of `total`.
    pub done: i64,
    /// How much there is to do; 0 while nobody knows.
    pub total: i64,
    /// How often it was begun.
    pub attempts: i64,
    /// Who asked for it.
    pub created_by: Option<UserId>,
    /// The language of whoever asked for it.
    pub lang: String,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was last begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The lease of whoever works on it.
    pub leased_until: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO tasks (
            id, kind, state, params, result, trouble, file_id, done, total, attempts, created_by, lang, created_at,
            started_at, ended_at, leased_until)
        VALUES ($1, $2, 'queued', $3, $4, '', NULL, 0, 0, 0, $5, $6, $7, NULL, NULL, NULL)";
    NEXT = "SELECT id FROM tasks
        WHERE state = 'queued' OR (state = 'running' AND leased_until < $1)
        ORDER BY created_at, id
        LIMIT 1";
    CLAIM = "UPDATE tasks SET state = 'running', attempts = attempts + 1, started_at = $2, leased_until = $3
        WHERE id = $1 AND (state = 'queued' OR (state = 'running' AND leased_until < $2))";
    PROLONG = "UPDATE tasks SET leased_until = $3, done = $4, total = $5
        WHERE id = $1 AND state = 'running' AND attempts = $2";
    END = "UPDATE tasks
        SET state = $3, result = $4, trouble = $5, file_id = $6, ended_at = $7, done = $8, total = $9, leased_until = NULL
        WHERE id = $1 AND state = 'running' AND attempts = $2";
    CANCEL = "UPDATE tasks SET state = 'cancelled', ended_at = $2, leased_until = NULL
        WHERE id = $1 AND state IN ('queued', 'running')";
    GET = "SELECT id, kind, state, params, result, trouble, file_id, done, total, attempts, created_by, lang, created_at,
            started_at, ended_at, leased_until
        FROM tasks WHERE id = $1";
    OF_OWNER = "SELECT id, kind, state, params, result, trouble, file_id, done, total, attempts, created_by, lang,
            created_at, started_at, ended_at, leased_until
        FROM tasks WHERE created_by = $1 AND kind = $2
        ORDER BY created_at DESC, id DESC
        LIMIT $3";
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// Identity.
    pub id: Uuid,
    /// What to do.
    pub kind: TaskKind,
    /// With what.
    pub params: Value,
    /// Who asks.
    pub created_by: Option<UserId>,
    /// The language of whoever asks.
    pub lang: String,
}

/// How a task ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// `Done`, `Failed` or `Cancelled`.
    pub state: TaskState,
    /// What came of it.
    pub result: Value,
    /// Why it failed.
    pub trouble: String,
    /// The document that it made.
    pub file: Option<Uuid>,
    /// How far it came: done and total.
    pub progress: (i64, i64),
}

/// Queues a task.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, task: &NewTask, now: DateTime<Utc>) -> Result<()> {
    let values = params![
        task.id,
        task.kind.as_str(),
        task.params.clone(),
        Value::Null,
        task.created_by,
        task.lang.as_str(),
        now
    ];
    tx.execute_one("task", INSERT, values).await
}

/// The task that has waited longest; also one whose worker gave no sign of life until its lease ended.
///
/// # Errors
/// When the store fails.
pub async fn next(tx: &mut Tx, now: DateTime<Utc>) -> Result<Option<Uuid>> {
    tx.fetch_optional(NEXT, params![now]).await?.map(|row| row.get("id")).transpose()
}

/// Takes a task until `until`; `None` if somebody else was faster.
///
/// # Errors
/// When the store fails.
pub async fn claim(tx: &mut Tx, id: Uuid, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Option<TaskRecord>> {
    if tx.execute(CLAIM, params![id, now, until]).await? == 1 { get(tx, id).await } else { Ok(None) }
}

/// Keeps a task, and notes how far it is; `false` if it is no longer the caller's: cancelled, or taken over.
///
/// # Errors
/// When the store fails.
pub async fn prolong(tx: &mut Tx, task: &TaskRecord, until: DateTime<Utc>, (done, total): (i64, i64)) -> Result<bool> {
    Ok(tx.execute(PROLONG, params![task.id, task.attempts, until, done, total]).await? == 1)
}

/// Ends a task that is the caller's; `false` if it no longer is.
///
/// # Errors
/// When the store fails.
pub async fn end(tx: &mut Tx, task: &TaskRecord, ending: &Ending, now: DateTime<Utc>) -> Result<bool> {
    let values = params![
        task.id,
        task.attempts,
        ending.state.as_str(),
        ending.result.clone(),
        ending.trouble.as_str(),
        ending.file,
        now,
        ending.progress.0,
        ending.progress.1
    ];
    Ok(tx.execute(END, values).await? == 1)
}

/// Cancels a task that has not ended; `false` if it has.
///
/// # Errors
/// When the store fails.
pub async fn cancel(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(CANCEL, params![id, now]).await? == 1)
}

/// One task.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<TaskRecord>> {
    tx.fetch_optional(GET, params![id]).await?.as_ref().map(from_row).transpose()
}

/// The newest tasks of a kind that somebody asked for.
///
/// # Errors
/// When the store fails.
pub async fn of_owner(tx: &mut Tx, owner: UserId, kind: TaskKind, limit: i64) -> Result<Vec<TaskRecord>> {
    tx.fetch_all(OF_OWNER, params![owner, kind.as_str(), limit]).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<TaskRecord> {
    Ok(TaskRecord {
        id: row.get("id")?,
        kind: row.code("kind", TaskKind::parse)?,
        state: row.code("state", TaskState::parse)?,
        params: row.json("params")?,
        result: row.json("result")?,
        trouble: row.get("trouble")?,
        file: row.get("file_id")?,
        done: row.get("done")?,
        total: row.get("total")?,
        attempts: row.get("attempts")?,
        created_by: row.id_opt("created_by")?,
        lang: row.get("lang")?,
        created_at: row.get("created_at")?,
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
        leased_until: row.get("leased_until")?,
    })
}
