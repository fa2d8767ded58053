//! Accounts at providers that sign a user in, and the sign-ins that came back from there.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::UserId;
use crate::domain::sign_in_provider::ProviderKind;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An account, linked or no longer.
#[derive(Clone, Debug)]
pub struct ExternalIdentity {
    /// Identity of the row.
    pub id: Uuid,
    /// The kind of provider.
    pub provider: ProviderKind,
    /// Whose numbers they are.
    pub issuer: String,
    /// The account's number there.
    pub subject: String,
    /// Whose it is, or was.
    pub user: UserId,
    /// When it was linked.
    pub linked_at: DateTime<Utc>,
    /// When it signed its user in last.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was taken off.
    pub unlinked_at: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO external_identities (id, provider, issuer, subject, user_id, linked_at, used_at, unlinked_at)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL)
        ON CONFLICT DO NOTHING";
    GET = "SELECT * FROM external_identities WHERE issuer = $1 AND subject = $2";
    OF_USER = "SELECT * FROM external_identities WHERE user_id = $1 ORDER BY linked_at, id";
    LINK_AGAIN = "UPDATE external_identities
        SET user_id = $2, linked_at = $3, used_at = NULL, unlinked_at = NULL
        WHERE id = $1 AND unlinked_at IS NOT NULL";
    USED = "UPDATE external_identities SET used_at = $2 WHERE id = $1 AND unlinked_at IS NULL";
    UNLINK = "UPDATE external_identities SET unlinked_at = $3 WHERE id = $1 AND user_id = $2 AND unlinked_at IS NULL";
    RETURNED = "INSERT INTO returned_sign_ins (state_hash, returned_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    DROP_RETURNED = "DELETE FROM returned_sign_ins WHERE returned_at < $1";
}

/// Enters an account; false if it is there already, or its user has another one of this issuer.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, new: &ExternalIdentity) -> Result<bool> {
    let params = params![new.id, new.provider.as_str(), &new.issuer, &new.subject, new.user, new.linked_at];
    Ok(tx.execute(INSERT, params).await? == 1)
}

/// An account by its number, linked or no longer.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, issuer: &str, subject: &str) -> Result<Option<ExternalIdentity>> {
    tx.fetch_optional(GET, params![issuer, subject]).await?.as_ref().map(from_row).transpose()
}

/// The accounts that a user has or had.
///
/// # Errors
/// When the store fails.
pub async fn of_user(tx: &mut Tx, user: UserId) -> Result<Vec<ExternalIdentity>> {
    tx.fetch_all(OF_USER, params![user]).await?.iter().map(from_row).collect()
}

/// Links an account that was taken off to a user; false if it is linked.
///
/// # Errors
/// When the store fails.
pub async fn link_again(tx: &mut Tx, id: Uuid, user: UserId, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(LINK_AGAIN, params![id, user, now]).await? == 1)
}

/// Notes that it signed its user in.
///
/// # Errors
/// When the store fails, or it is linked no longer.
pub async fn used(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("external identity", USED, params![id, now]).await
}

/// Takes an account off its user; false if it is none of theirs.
///
/// # Errors
/// When the store fails.
pub async fn unlink(tx: &mut Tx, id: Uuid, user: UserId, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(UNLINK, params![id, user, now]).await? == 1)
}

/// Notes that a sign-in came back; false if it did before.
///
/// # Errors
/// When the store fails.
pub async fn returned(tx: &mut Tx, state_hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(RETURNED, params![state_hash, now]).await? == 1)
}

/// Deletes the notes of sign-ins that came back before an instant.
///
/// # Errors
/// When the store fails.
pub async fn drop_returned(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.execute(DROP_RETURNED, params![before]).await
}

fn from_row(row: &Row) -> Result<ExternalIdentity> {
    Ok(ExternalIdentity {
        id: row.get("id")?,
        provider: row.code("provider", ProviderKind::parse)?,
        issuer: row.get("issuer")?,
        subject: row.get("subject")?,
        user: row.id("user_id")?,
        linked_at: row.get("linked_at")?,
        used_at: row.get("used_at")?,
        unlinked_at: row.get("unlinked_at")?,
    })
}
