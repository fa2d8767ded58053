//! The steps of deadlines that walk by themselves. A step is unique, so that it is done once.

use crate::domain::cases::{Rung, Step, StepState};
use crate::domain::violation::Subject;
use crate::storage::param::params;
use crate::storage::row::Row;
use crate::storage::statements::statements;
use crate::storage::{Result, StorageError, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// A step that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueStep {
    /// Identity.
    pub id: Uuid,
    /// The request or violation.
    pub subject: Subject,
    /// What to do.
    pub step: Step,
    /// The last day of the deadline that it belongs to.
    pub due_on: NaiveDate,
    /// When it was due.
    pub at: DateTime<Utc>,
}

/// A step as the timeline shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// What it is.
    pub step: Step,
    /// When it is or was due.
    pub at: DateTime<Utc>,
    /// Where it stands.
    pub state: StepState,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO case_steps (id, subject_kind, subject_id, step, due_on, at, state, done_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'pending', NULL)
        ON CONFLICT (subject_id, step, due_on) DO UPDATE SET state = 'pending', at = excluded.at, done_at = NULL
        WHERE case_steps.state = 'cancelled'";
    NEXT_DUE = "SELECT MIN(at) AS at FROM case_steps WHERE state = 'pending'";
    DUE = "SELECT * FROM case_steps WHERE state = 'pending' AND at <= $1 ORDER BY at, id LIMIT $2";
    DONE = "UPDATE case_steps SET state = 'done', done_at = $2 WHERE id = $1 AND state = 'pending'";
    POSTPONE = "UPDATE case_steps SET at = $2 WHERE id = $1 AND state = 'pending'";
    CANCEL = "UPDATE case_steps SET state = 'cancelled', done_at = $2 WHERE subject_id = $1 AND state = 'pending'";
    REVIVE = "UPDATE case_steps SET state = 'pending', done_at = NULL
        WHERE subject_id = $1 AND state = 'cancelled' AND done_at = $2";
    OF_SUBJECT = "SELECT * FROM case_steps WHERE subject_id = $1 ORDER BY at, id";
}

/// Plans a step. One of the same deadline that was cancelled is due again; one that is pending or done stays as it is.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, id: Uuid, subject: Subject, due_on: NaiveDate, rung: Rung) -> Result<()> {
    let values = params![id, subject.kind(), subject.uuid(), rung.step.as_str(), due_on, rung.at];
    tx.execute(INSERT, values).await.map(drop)
}

/// When the next step is due.
///
/// # Errors
/// When the store fails.
pub async fn next_due(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(NEXT_DUE, params![]).await?.get("at")
}

/// The steps that are due, the longest due first.
///
/// # Errors
/// When the store fails.
pub async fn due(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> Result<Vec<DueStep>> {
    let read = |row: &Row| {
        Ok(DueStep {
            id: row.get("id")?,
            subject: subject(row)?,
            step: row.code("step", Step::parse)?,
            due_on: row.get("due_on")?,
            at: row.get("at")?,
        })
    };
    tx.fetch_all(DUE, params![now, limit]).await?.iter().map(read).collect()
}

/// Marks a step as done; `false` if somebody else did it, or it was cancelled.
///
/// # Errors
/// When the store fails.
pub async fn done(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(DONE, params![id, now]).await? == 1)
}

/// Puts a step off.
///
/// # Errors
/// When the store fails.
pub async fn postpone(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    tx.execute(POSTPONE, params![id, at]).await.map(drop)
}

/// Cancels what is still to come of a request or violation.
///
/// # Errors
/// When the store fails.
pub async fn cancel(tx: &mut Tx, subject: Subject, now: DateTime<Utc>) -> Result<()> {
    tx.execute(CANCEL, params![subject.uuid(), now]).await.map(drop)
}

/// Brings back what was cancelled at an instant: what cancelled it was taken back.
///
/// # Errors
/// When the store fails.
pub async fn revive(tx: &mut Tx, subject: Subject, cancelled_at: DateTime<Utc>) -> Result<()> {
    tx.execute(REVIVE, params![subject.uuid(), cancelled_at]).await.map(drop)
}

/// All steps of a request or violation, in the order of time.
///
/// # Errors
/// When the store fails.
pub async fn of_subject(tx: &mut Tx, subject: Subject) -> Result<Vec<StepRecord>> {
    let read = |row: &Row| {
        Ok(StepRecord {
            step: row.code("step", Step::parse)?,
            at: row.get("at")?,
            state: row.code("state", StepState::parse)?,
            done_at: row.get("done_at")?,
        })
    };
    tx.fetch_all(OF_SUBJECT, params![subject.uuid()]).await?.iter().map(read).collect()
}

fn subject(row: &Row) -> Result<Subject> {
    let kind: String = row.get("subject_kind")?;
    Subject::from_parts(&kind, row.get("subject_id")?)
        .ok_or(StorageError::Unreadable { what: "subject_kind", value: kind })
}
