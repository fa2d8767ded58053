//! What supervisors decided of violations, each with the standing before it and what its agency could know. Append only but for the mark that one was taken back.

use super::items::Outcome;
use crate::domain::cases::{DecisionKind, Standing};
use crate::domain::id::{UserId, ViolationId};
use crate::storage::param::params;
use crate::storage::row::Row;
use crate::storage::statements::statements;
use crate::storage::{Result, Tx};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRecord {
    /// Identity.
    pub id: Uuid,
    /// The violation.
    pub violation: ViolationId,
    /// What was decided.
    pub kind: DecisionKind,
    /// Why.
    pub reason: String,
    /// How it stood before.
    pub before: Standing,
    /// What the agency could know before, in each request that asks for the violation.
    pub outcomes: Vec<Outcome>,
    /// The version of the violation that the decision made.
    pub after_version: i64,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// Who; `None` for a client of the API.
    pub decided_by: Option<UserId>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO decisions (
            id, violation_id, kind, reason, before, after_version, decided_at, decided_by, undone_at, outcomes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)";
    OF_VIOLATION = "SELECT * FROM decisions WHERE violation_id = $1 ORDER BY decided_at, id";
    LATEST = "SELECT * FROM decisions WHERE violation_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1";
    UNDO = "UPDATE decisions SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL";
}

/// Stores a decision.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, d: &DecisionRecord) -> Result<()> {
    let values = params![
        d.id,
        d.violation,
        d.kind.as_str(),
        &d.reason,
        json!(d.before),
        d.after_version,
        d.decided_at,
        d.decided_by,
        json!(d.outcomes),
    ];
    tx.execute_one("decision", INSERT, values).await
}

/// The decisions on a violation, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_violation(tx: &mut Tx, id: ViolationId) -> Result<Vec<DecisionRecord>> {
    tx.fetch_all(OF_VIOLATION, params![id]).await?.iter().map(from_row).collect()
}

/// The latest decision on a violation.
///
/// # Errors
/// When the store fails.
pub async fn latest(tx: &mut Tx, id: ViolationId) -> Result<Option<DecisionRecord>> {
    tx.fetch_optional(LATEST, params![id]).await?.as_ref().map(from_row).transpose()
}

/// Marks a decision as taken back.
///
/// # Errors
/// [`crate::storage::StorageError::Stale`] when it was before; otherwise when the store fails.
pub async fn undo(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("decision", UNDO, params![id, now]).await
}

fn from_row(row: &Row) -> Result<DecisionRecord> {
    Ok(DecisionRecord {
        id: row.get("id")?,
        violation: row.id("violation_id")?,
        kind: row.code("kind", DecisionKind::parse)?,
        reason: row.get("reason")?,
        before: row.json("before")?,
        outcomes: row.json("outcomes")?,
        after_version: row.get("after_version")?,
        decided_at: row.get("decided_at")?,
        decided_by: row.id_opt("decided_by")?,
        undone_at: row.get("undone_at")?,
    })
}
