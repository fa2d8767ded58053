//! Signs (码牌): the codes of enterprises and agencies. A token is never used again.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::SignId;
use crate::domain::sign::{SignState, UnitKind};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A sign as it is stored.
#[derive(Clone, Debug)]
pub struct SignRecord {
    /// Identity.
    pub id: SignId,
    /// What the code carries.
    pub token: String,
    /// What a person can type.
    pub short_code: String,
    /// What it belongs to.
    pub unit_kind: UnitKind,
    /// Which enterprise or agency.
    pub unit: Uuid,
    /// Where it stands.
    pub state: SignState,
    /// The first sign of a unit is edition 1.
    pub edition: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when a replaced sign still opens.
    pub grace_until: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why.
    pub revoked_reason: String,
}

statements! {
    INSERT = "INSERT INTO signs (
            id, token, short_code, unit_kind, unit_id, state, edition, created_at, grace_until, revoked_at, revoked_reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, '')";
    BY_TOKEN = "SELECT * FROM signs WHERE token = $1";
    BY_SHORT_CODE = "SELECT * FROM signs WHERE short_code = $1";
    GET = "SELECT * FROM signs WHERE id = $1";
    OF_UNIT = "SELECT * FROM signs WHERE unit_id = $1 ORDER BY edition DESC";
    SET_STATE = "UPDATE signs
        SET state = $2, grace_until = $3, revoked_at = $4, revoked_reason = $5
        WHERE id = $1 AND state = $6";
}

/// Stores a new sign.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, s: &SignRecord) -> Result<()> {
    tx.execute_one(
        "sign",
        INSERT,
        params![
            s.id,
            &s.token,
            &s.short_code,
            s.unit_kind.as_str(),
            s.unit,
            s.state.as_str(),
            s.edition,
            s.created_at,
        ],
    )
    .await
}

/// Stores a sign's new state, if it is still in state `from`.
///
/// # Errors
/// [`super::StorageError::Stale`] when it is not; otherwise when the store fails.
pub async fn set_state(tx: &mut Tx, s: &SignRecord, from: SignState) -> Result<()> {
    tx.execute_one(
        "sign",
        SET_STATE,
        params![s.id, s.state.as_str(), s.grace_until, s.revoked_at, &s.revoked_reason, from.as_str()],
    )
    .await
}

/// The sign with this token.
///
/// # Errors
/// When the store fails.
pub async fn by_token(tx: &mut Tx, token: &str) -> Result<Option<SignRecord>> {
    tx.fetch_optional(BY_TOKEN, params![token]).await?.as_ref().map(from_row).transpose()
}

/// The sign with this short code.
///
/// # Errors
/// When the store fails.
pub async fn by_short_code(tx: &mut Tx, code: &str) -> Result<Option<SignRecord>> {
    tx.fetch_optional(BY_SHORT_CODE, params![code]).await?.as_ref().map(from_row).transpose()
}

/// The sign with this id.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: SignId) -> Result<Option<SignRecord>> {
    tx.fetch_optional(GET, params![id]).await?.as_ref().map(from_row).transpose()
}

/// All signs of an enterprise or agency, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn of_unit(tx: &mut Tx, unit: Uuid) -> Result<Vec<SignRecord>> {
    tx.fetch_all(OF_UNIT, params![unit]).await?.iter().map(from_row).collect()
}

/// Reads a whole row of `signs`.
///
/// # Errors
/// When a column is missing or unreadable.
pub fn from_row(row: &Row) -> Result<SignRecord> {
    Ok(SignRecord {
        id: row.id("id")?,
        token: row.get("token")?,
        short_code: row.get("short_code")?,
        unit_kind: row.code("unit_kind", UnitKind::parse)?,
        unit: row.get("unit_id")?,
        state: row.code("state", SignState::parse)?,
        edition: row.get("edition")?,
        created_at: row.get("created_at")?,
        grace_until: row.get("grace_until")?,
        revoked_at: row.get("revoked_at")?,
        revoked_reason: row.get("revoked_reason")?,
    })
}
