//! Browsers that proved a secret before, by the hash of what their cookie carries. The owner is a user or an enterprise.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

statements! {
    GET = "SELECT used_at FROM known_browsers WHERE secret_hash = $1 AND owner_id = $2 AND used_at >= $3";
    MOVE = "UPDATE known_browsers SET secret_hash = $2 WHERE secret_hash = $1";
    NOTE = "INSERT INTO known_browsers (secret_hash, owner_id, since, used_at)
        VALUES ($1, $2, $3, $3)
        ON CONFLICT (secret_hash, owner_id) DO UPDATE SET used_at = $3";
    FORGET = "DELETE FROM known_browsers WHERE owner_id = $1 AND secret_hash <> $2";
    DROP_OLD = "DELETE FROM known_browsers WHERE used_at < $1";
}

/// Whether the browser with this secret has proved this owner's since an instant.
///
/// # Errors
/// When the store fails.
pub async fn knows(tx: &mut Tx, secret_hash: &[u8], owner: Uuid, since: DateTime<Utc>) -> Result<bool> {
    Ok(tx.fetch_optional(GET, params![secret_hash, owner, since]).await?.is_some())
}

/// Gives a browser another secret; it stays known to whom it was known.
///
/// # Errors
/// When the store fails.
pub async fn change_secret(tx: &mut Tx, old_hash: &[u8], new_hash: &[u8]) -> Result<()> {
    tx.execute(MOVE, params![old_hash, new_hash]).await.map(drop)
}

/// Notes that the browser with this secret proved this owner's now.
///
/// # Errors
/// When the store fails.
pub async fn note(tx: &mut Tx, secret_hash: &[u8], owner: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("known browser", NOTE, params![secret_hash, owner, now]).await
}

/// Forgets the browsers of an owner but the one with this secret; an empty hash forgets all.
///
/// # Errors
/// When the store fails.
pub async fn forget(tx: &mut Tx, owner: Uuid, but: &[u8]) -> Result<()> {
    tx.execute(FORGET, params![owner, but]).await.map(drop)
}

/// Forgets those that proved nothing since an instant; returns how many.
///
/// # Errors
/// When the store fails.
pub async fn drop_old(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.execute(DROP_OLD, params![before]).await
}
