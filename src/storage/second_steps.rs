//! Who has a second step for signing in, and their recovery codes. Secrets come sealed, codes as hashes.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::UserId;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// A second step.
#[derive(Clone, Debug)]
pub struct SecondStep {
    /// The sealed secret.
    pub secret: Vec<u8>,
    /// When its owner proved to have it; `None` while it is being set up, when it is not asked for.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The newest 30-second step whose code was used.
    pub last_step: i64,
}

statements! {
    GET = "SELECT secret, confirmed_at, last_step FROM second_steps WHERE user_id = $1";
    BEGIN = "INSERT INTO second_steps (user_id, secret, begun_at, confirmed_at, last_step)
        VALUES ($1, $2, $3, NULL, 0)
        ON CONFLICT (user_id) DO UPDATE SET secret = $2, begun_at = $3, confirmed_at = NULL, last_step = 0";
    CONFIRM = "UPDATE second_steps SET confirmed_at = $2 WHERE user_id = $1";
    USE_STEP = "UPDATE second_steps SET last_step = $2 WHERE user_id = $1 AND last_step < $2";
    REMOVE = "DELETE FROM second_steps WHERE user_id = $1";
    OWNERS = "SELECT user_id FROM second_steps WHERE confirmed_at IS NOT NULL";
    ADD_CODE = "INSERT INTO recovery_codes (user_id, code_hash, used_at) VALUES ($1, $2, NULL)";
    USE_CODE = "UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL";
    LEFT = "SELECT COUNT(*) AS n FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL";
    DROP_CODES = "DELETE FROM recovery_codes WHERE user_id = $1";
}

/// The second step of a user, also one that is not confirmed.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, user: UserId) -> Result<Option<SecondStep>> {
    let Some(row) = tx.fetch_optional(GET, params![user]).await? else { return Ok(None) };
    Ok(Some(SecondStep {
        secret: row.get("secret")?,
        confirmed_at: row.get("confirmed_at")?,
        last_step: row.get("last_step")?,
    }))
}

/// Stores a new secret, unconfirmed, in place of any other.
///
/// # Errors
/// When the store fails.
pub async fn begin(tx: &mut Tx, user: UserId, secret: &[u8], now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("second step", BEGIN, params![user, secret, now]).await
}

/// From now on it is asked for.
///
/// # Errors
/// When the store fails or there is none.
pub async fn confirm(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("second step", CONFIRM, params![user, now]).await
}

/// Notes that the code of a step was used; false if it or a newer one was before.
///
/// # Errors
/// When the store fails.
pub async fn use_step(tx: &mut Tx, user: UserId, step: i64) -> Result<bool> {
    Ok(tx.execute(USE_STEP, params![user, step]).await? == 1)
}

/// Takes away second step and recovery codes.
///
/// # Errors
/// When the store fails.
pub async fn remove(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.execute(DROP_CODES, params![user]).await?;
    tx.execute(REMOVE, params![user]).await.map(drop)
}

/// The users who have one.
///
/// # Errors
/// When the store fails.
pub async fn owners(tx: &mut Tx) -> Result<BTreeSet<UserId>> {
    tx.fetch_all(OWNERS, params![]).await?.iter().map(|row| row.id("user_id")).collect()
}

/// Stores new recovery codes in place of all others.
///
/// # Errors
/// When the store fails.
pub async fn replace_codes(tx: &mut Tx, user: UserId, hashes: &[Vec<u8>]) -> Result<()> {
    tx.execute(DROP_CODES, params![user]).await?;
    for hash in hashes {
        tx.execute_one("recovery code", ADD_CODE, params![user, hash.as_slice()]).await?;
    }
    Ok(())
}

/// Uses a recovery code up; false if there is none of this hash, or it was used.
///
/// # Errors
/// When the store fails.
pub async fn use_code(tx: &mut Tx, user: UserId, hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(USE_CODE, params![user, hash, now]).await? == 1)
}

/// How many recovery codes are left.
///
/// # Errors
/// When the store fails.
pub async fn codes_left(tx: &mut Tx, user: UserId) -> Result<i64> {
    tx.fetch_one(LEFT, params![user]).await?.get("n")
}
