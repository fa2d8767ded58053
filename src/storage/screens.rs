//! Links to the large screen. Only the hash of a token is stored.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::UserId;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A link as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Identity.
    pub id: Uuid,
    /// Where it hangs.
    pub name: String,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO screens (id, token_hash, name, created_by, created_at, revoked_at) VALUES ($1, $2, $3, $4, $5, NULL)";
    VALID = "SELECT id FROM screens WHERE token_hash = $1 AND revoked_at IS NULL";
    LIST = "SELECT id, name, created_by, created_at, revoked_at FROM screens ORDER BY created_at DESC, id DESC";
    REVOKE = "UPDATE screens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
}

/// Stores a link; `hash` is that of its token.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, screen: &Screen, hash: &[u8]) -> Result<()> {
    let values = params![screen.id, hash, &screen.name, screen.created_by, screen.created_at];
    tx.execute_one("screen", INSERT, values).await
}

/// Whether a token with this hash opens the screen.
///
/// # Errors
/// When the store fails.
pub async fn valid(tx: &mut Tx, hash: &[u8]) -> Result<bool> {
    Ok(tx.fetch_optional(VALID, params![hash]).await?.is_some())
}

/// All links, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<Screen>> {
    let from_row = |row: &Row| {
        Ok(Screen {
            id: row.get("id")?,
            name: row.get("name")?,
            created_by: row.id_opt("created_by")?,
            created_at: row.get("created_at")?,
            revoked_at: row.get("revoked_at")?,
        })
    };
    tx.fetch_all(LIST, params![]).await?.iter().map(from_row).collect()
}

/// Revokes a link; whether it was valid before.
///
/// # Errors
/// When the store fails.
pub async fn revoke(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(REVOKE, params![id, now]).await? == 1)
}
