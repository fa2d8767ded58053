//! Submission ids and idempotency keys: the same key gives the same answer, however often it is sent.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The key is new and now belongs to this transaction.
    New,
    /// It was used with the same content; the object that was saved and the answer that was given.
    Same(Stored),
    /// It was used with other content.
    Other(Stored),
}

/// What a key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The object that was saved.
    pub object: Option<Uuid>,
    /// Status of the answer (API).
    pub status: Option<i64>,
    /// Body of the answer (API).
    pub answer: Option<String>,
}

statements! {
    CLAIM = "INSERT INTO submissions (scope, key, digest, object_id, created_at, status, answer)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (scope, key) DO NOTHING";
    GET = "SELECT digest, object_id, status, answer FROM submissions WHERE scope = $1 AND key = $2";
    ANSWER = "UPDATE submissions SET status = $3, answer = $4 WHERE scope = $1 AND key = $2";
}

/// Takes a key for `object`, or tells what it already stands for. A concurrent transaction with the same key is waited for.
///
/// # Errors
/// When the store fails.
pub async fn claim(
    tx: &mut Tx,
    scope: &str,
    key: &str,
    digest: &[u8],
    object: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<Claim> {
    let unanswered = params![scope, key, digest, object, now, None::<i64>, None::<&str>];
    let row = if tx.plans() {
        let row = tx.fetch_optional(GET, params![scope, key]).await?;
        if row.is_none() {
            // Another that is faster with the same key has the plan done anew.
            tx.later("submission", CLAIM, unanswered).await?;
        }
        row
    } else if tx.execute(CLAIM, unanswered).await? == 1 {
        None
    } else {
        Some(tx.fetch_one(GET, params![scope, key]).await?)
    };
    let Some(row) = row else { return Ok(Claim::New) };
    let stored = Stored { object: row.get("object_id")?, status: row.get("status")?, answer: row.get("answer")? };
    let same = row.get::<Vec<u8>>("digest")? == digest;
    Ok(if same { Claim::Same(stored) } else { Claim::Other(stored) })
}

/// The object that a key stands for, if it was used.
///
/// # Errors
/// When the store fails.
pub async fn object(tx: &mut Tx, scope: &str, key: &str) -> Result<Option<Uuid>> {
    let row = tx.fetch_optional(GET, params![scope, key]).await?;
    row.map_or(Ok(None), |row| row.get("object_id"))
}

/// Keeps the answer that was given for a key.
///
/// # Errors
/// When the store fails.
pub async fn keep_answer(tx: &mut Tx, scope: &str, key: &str, status: i64, answer: &str) -> Result<()> {
    if let Some(claim) = tx.put_off(CLAIM, params![scope, key]) {
        claim.end_with(params![status, answer]);
        return Ok(());
    }
    tx.later("submission", ANSWER, params![scope, key, status, answer]).await
}
