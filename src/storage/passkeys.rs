//! Passkeys, and the challenges that browsers are asked. Of a passkey only the public key is known here.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::UserId;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A passkey.
#[derive(Clone, Debug)]
pub struct Passkey {
    /// Identity.
    pub id: Uuid,
    /// Whose.
    pub user: UserId,
    /// Its id, which the authenticator chose.
    pub credential: Vec<u8>,
    /// The public key, as COSE has it.
    pub key: Vec<u8>,
    /// How far the authenticator has counted.
    pub counter: i64,
    /// What its owner calls it.
    pub name: String,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When somebody last signed in with it.
    pub used_at: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO passkeys (id, user_id, credential_id, public_key, counter, name, created_at, used_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)";
    BY_CREDENTIAL = "SELECT * FROM passkeys WHERE credential_id = $1";
    LIST = "SELECT * FROM passkeys WHERE user_id = $1 ORDER BY created_at, id";
    OWNERS = "SELECT DISTINCT user_id FROM passkeys";
    USE = "UPDATE passkeys SET counter = $2, used_at = $3 WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0))";
    REMOVE = "DELETE FROM passkeys WHERE user_id = $1 AND id = $2";
    REMOVE_ALL = "DELETE FROM passkeys WHERE user_id = $1";
    ASK = "INSERT INTO passkey_challenges (binding, challenge, user_id, expires_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (binding) DO UPDATE SET challenge = $2, user_id = $3, expires_at = $4";
    TAKE = "DELETE FROM passkey_challenges WHERE binding = $1 RETURNING challenge, user_id, expires_at";
    DROP_EXPIRED = "DELETE FROM passkey_challenges WHERE expires_at < $1";
}

/// Stores a new passkey.
///
/// # Errors
/// When the store fails, or its id is registered already.
pub async fn insert(tx: &mut Tx, passkey: &Passkey) -> Result<()> {
    let p = passkey;
    let (credential, key) = (p.credential.as_slice(), p.key.as_slice());
    tx.execute_one("passkey", INSERT, params![p.id, p.user, credential, key, p.counter, &p.name, p.created_at]).await
}

/// The passkey with this id of the authenticator's.
///
/// # Errors
/// When the store fails.
pub async fn by_credential(tx: &mut Tx, credential: &[u8]) -> Result<Option<Passkey>> {
    tx.fetch_optional(BY_CREDENTIAL, params![credential]).await?.as_ref().map(from_row).transpose()
}

/// The passkeys of a user, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<Passkey>> {
    tx.fetch_all(LIST, params![user]).await?.iter().map(from_row).collect()
}

/// The users who have one.
///
/// # Errors
/// When the store fails.
pub async fn owners(tx: &mut Tx) -> Result<BTreeSet<UserId>> {
    tx.fetch_all(OWNERS, params![]).await?.iter().map(|row| row.id("user_id")).collect()
}

/// Whether a user has one.
///
/// # Errors
/// When the store fails.
pub async fn any(tx: &mut Tx, user: UserId) -> Result<bool> {
    Ok(!list(tx, user).await?.is_empty())
}

/// Notes that it was used, and how far its authenticator has counted; false if it has counted further meanwhile.
///
/// # Errors
/// When the store fails.
pub async fn note_use(tx: &mut Tx, id: Uuid, counter: i64, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(USE, params![id, counter, now]).await? == 1)
}

/// Removes one of this user's; false if they have none with this identity.
///
/// # Errors
/// When the store fails.
pub async fn remove(tx: &mut Tx, user: UserId, id: Uuid) -> Result<bool> {
    Ok(tx.execute(REMOVE, params![user, id]).await? == 1)
}

/// Removes all of a user's.
///
/// # Errors
/// When the store fails.
pub async fn remove_all(tx: &mut Tx, user: UserId) -> Result<u64> {
    tx.execute(REMOVE_ALL, params![user]).await
}

/// Notes what a browser is asked, in place of what it was asked before; and lets go what nobody answered in time.
///
/// # Errors
/// When the store fails.
pub async fn ask(
    tx: &mut Tx,
    binding: &[u8],
    challenge: &[u8],
    user: Option<UserId>,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<()> {
    tx.execute(DROP_EXPIRED, params![now]).await?;
    tx.execute_one("challenge", ASK, params![binding, challenge, user, until]).await
}

/// Lets go what nobody answered before an instant; returns how many.
///
/// # Errors
/// When the store fails.
pub async fn drop_expired(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.execute(DROP_EXPIRED, params![before]).await
}

/// What a browser was asked, and of which user; after this it was asked nothing. Nothing that ran out.
///
/// # Errors
/// When the store fails.
pub async fn take(tx: &mut Tx, binding: &[u8], now: DateTime<Utc>) -> Result<Option<(Vec<u8>, Option<UserId>)>> {
    let Some(row) = tx.fetch_optional(TAKE, params![binding]).await? else { return Ok(None) };
    let lasts = now < row.get::<DateTime<Utc>>("expires_at")?;
    let asked = (row.get("challenge")?, row.id_opt("user_id")?);
    Ok(lasts.then_some(asked))
}

fn from_row(row: &Row) -> Result<Passkey> {
    Ok(Passkey {
        id: row.get("id")?,
        user: row.id("user_id")?,
        credential: row.get("credential_id")?,
        key: row.get("public_key")?,
        counter: row.get("counter")?,
        name: row.get("name")?,
        created_at: row.get("created_at")?,
        used_at: row.get("used_at")?,
    })
}
