//! Tokens of API clients. Only the hash of a secret is stored.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, StorageError, Tx};
use crate::domain::api_token::Holder;
use crate::domain::user::Office;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Identity: how the audit names the client.
    pub id: Uuid,
    /// What people call the client.
    pub name: String,
    /// For whom it acts.
    pub holder: Holder,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO api_tokens (id, token_hash, name, role, office, agency_id, created_at, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)";
    VALID = "SELECT * FROM api_tokens WHERE token_hash = $1 AND revoked_at IS NULL";
    LIST = "SELECT * FROM api_tokens ORDER BY created_at, id";
    REVOKE = "UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
}

/// Enters a token; `hash` is that of its secret.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, token: &ApiToken, hash: &[u8]) -> Result<()> {
    let (role, office, agency) = match token.holder {
        Holder::Agency(agency) => ("agency", None, Some(agency)),
        Holder::Supervisor(office) => ("supervisor", office.map(Office::as_str), None),
    };
    let bound = params![token.id, hash, &token.name, role, office, agency, token.created_at];
    tx.execute_one("api token", INSERT, bound).await
}

/// The token whose secret has this hash, unless it is revoked.
///
/// # Errors
/// When the store fails.
pub async fn valid(tx: &mut Tx, hash: &[u8]) -> Result<Option<ApiToken>> {
    tx.fetch_optional(VALID, params![hash]).await?.as_ref().map(from_row).transpose()
}

/// All tokens, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<ApiToken>> {
    tx.fetch_all(LIST, params![]).await?.iter().map(from_row).collect()
}

/// Revokes a token; whether it was valid before.
///
/// # Errors
/// When the store fails.
pub async fn revoke(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(REVOKE, params![id, now]).await? == 1)
}

fn from_row(row: &Row) -> Result<ApiToken> {
    let role: String = row.get("role")?;
    let holder = match (role.as_str(), row.id_opt("agency_id")?) {
        ("agency", Some(agency)) => Holder::Agency(agency),
        ("supervisor", None) => Holder::Supervisor(row.code_opt("office", Office::parse)?),
        _ => return Err(StorageError::Unreadable { what: "role of a token", value: role }),
    };
    Ok(ApiToken {
        id: row.get("id")?,
        name: row.get("name")?,
        holder,
        created_at: row.get("created_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}
