//! Failed attempts at a secret, by what was attacked and which one.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use chrono::{DateTime, Utc};

/// Failed attempts at one secret.
#[derive(Clone, Copy, Debug)]
pub struct Attempts {
    /// How many in a row.
    pub failures: i64,
    /// The latest.
    pub last_at: DateTime<Utc>,
}

statements! {
    GET = "SELECT failures, last_at FROM attempts WHERE scope = $1 AND subject = $2";
    FAILED = "INSERT INTO attempts (scope, subject, failures, last_at)
        VALUES ($1, $2, 1, $3)
        ON CONFLICT (scope, subject) DO UPDATE
        SET failures = CASE WHEN attempts.last_at < $4 THEN 1 ELSE attempts.failures + 1 END, last_at = $3";
    CLEAR_OF = "DELETE FROM attempts WHERE scope = $1 AND substr(subject, 1, length($2)) = $2";
    CLEAR = "DELETE FROM attempts WHERE scope = $1 AND subject = $2";
    DROP_OLD = "DELETE FROM attempts WHERE last_at < $1";
}

/// Failed attempts so far.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, scope: &str, subject: &str) -> Result<Option<Attempts>> {
    let Some(row) = tx.fetch_optional(GET, params![scope, subject]).await? else { return Ok(None) };
    Ok(Some(Attempts { failures: row.get("failures")?, last_at: row.get("last_at")? }))
}

/// Counts a failed attempt; those before `forget` no longer count.
///
/// # Errors
/// When the store fails.
pub async fn failed(tx: &mut Tx, scope: &str, subject: &str, now: DateTime<Utc>, forget: DateTime<Utc>) -> Result<()> {
    tx.execute_one("attempt", FAILED, params![scope, subject, now, forget]).await
}

/// Forgets failed attempts at everything whose name begins so.
///
/// # Errors
/// When the store fails.
pub async fn clear_of(tx: &mut Tx, scope: &str, beginning: &str) -> Result<()> {
    tx.execute(CLEAR_OF, params![scope, beginning]).await.map(drop)
}

/// Forgets failed attempts.
///
/// # Errors
/// When the store fails.
pub async fn clear(tx: &mut Tx, scope: &str, subject: &str) -> Result<()> {
    tx.execute(CLEAR, params![scope, subject]).await.map(drop)
}

/// Forgets those whose latest attempt was before an instant; returns how many.
///
/// # Errors
/// When the store fails.
pub async fn drop_old(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.execute(DROP_OLD, params![before]).await
}
