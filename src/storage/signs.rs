//! Signs (码牌): the codes of enterprises and agencies, and blank ones that are bound later. A token is never used again.

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
    /// The running number printed on the sheet, such as 2026-000123.
    pub serial: String,
    /// What the code carries.
    pub token: String,
    /// What a person can type.
    pub short_code: String,
    /// What it belongs to.
    pub unit_kind: UnitKind,
    /// Which enterprise or agency; `None` while it is blank.
    pub unit: Option<Uuid>,
    /// Which site of the enterprise, where it has several.
    pub site: Option<Uuid>,
    /// Where it hangs (大门, 前台 …); may be empty.
    pub place: String,
    /// Where it stands.
    pub state: SignState,
    /// The first sign at a place of a unit is edition 1.
    pub edition: i64,
    /// The sign that this one took the place of.
    pub replaces: Option<SignId>,
    /// The batch of blank signs that it was made in.
    pub blank_batch: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last put on a sheet.
    pub printed_at: Option<DateTime<Utc>>,
    /// The host that its code carried then; empty before.
    pub printed_host: String,
    /// When it was handed out to the unit.
    pub issued_at: Option<DateTime<Utc>>,
    /// Since when it belongs to its unit.
    pub bound_at: Option<DateTime<Utc>>,
    /// When it was first scanned.
    pub first_scanned_at: Option<DateTime<Utc>>,
    /// When it was last scanned.
    pub last_scanned_at: Option<DateTime<Utc>>,
    /// Until when a replaced sign still opens.
    pub grace_until: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why.
    pub revoked_reason: String,
}

/// A place for a sign: a unit, one of its sites, and where there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Enterprise or agency.
    pub kind: UnitKind,
    /// Which one.
    pub unit: Uuid,
    /// Which site of the enterprise, where it has several.
    pub site: Option<Uuid>,
    /// Gate, reception …; may be empty.
    pub place: String,
}

impl From<(UnitKind, Uuid)> for Spot {
    fn from((kind, unit): (UnitKind, Uuid)) -> Self {
        Self { kind, unit, site: None, place: String::new() }
    }
}

statements! {
    INSERT = "INSERT INTO signs (
            id, serial, token, short_code, unit_kind, unit_id, site_id, place, state, edition, replaces_id, blank_batch,
            created_at, printed_host, bound_at, revoked_reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, '')";
    NEXT_NUMBER = "INSERT INTO sign_serials (year, last_number)
        VALUES ($1, $2)
        ON CONFLICT (year) DO UPDATE SET last_number = sign_serials.last_number + excluded.last_number
        RETURNING last_number";
    BY_TOKEN = "SELECT * FROM signs WHERE token = $1";
    BY_SHORT_CODE = "SELECT * FROM signs WHERE short_code = $1";
    GET = "SELECT * FROM signs WHERE id = $1";
    OF_UNIT = "SELECT * FROM signs WHERE unit_id = $1 ORDER BY created_at DESC, serial DESC";
    LAST_EDITION = "SELECT MAX(edition) AS edition
        FROM signs
        WHERE unit_id = $1 AND place = $2 AND (site_id = $3 OR (site_id IS NULL AND $3 IS NULL))";
    SET_STATE = "UPDATE signs
        SET state = $2, grace_until = $3, revoked_at = $4, revoked_reason = $5, issued_at = $6
        WHERE id = $1 AND state = $7";
    SET_SPOT = "UPDATE signs
        SET state = $2, unit_id = $3, site_id = $4, place = $5, edition = $6, bound_at = $7
        WHERE id = $1 AND state = $8";
    NEXT_GRACE = "SELECT MIN(grace_until) AS at FROM signs WHERE state = 'replaced'";
    GRACE_OVER = "SELECT id FROM signs WHERE state = 'replaced' AND grace_until <= $1 ORDER BY grace_until, id LIMIT $2";
}

/// Takes `count` running numbers of a year; returns the last of them.
///
/// # Errors
/// When the store fails.
pub async fn take_numbers(tx: &mut Tx, year: i32, count: i64) -> Result<i64> {
    tx.fetch_one(NEXT_NUMBER, params![i64::from(year), count]).await?.get("last_number")
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
            &s.serial,
            &s.token,
            &s.short_code,
            s.unit_kind.as_str(),
            s.unit,
            s.site,
            &s.place,
            s.state.as_str(),
            s.edition,
            s.replaces,
            s.blank_batch,
            s.created_at,
            s.bound_at,
        ],
    )
    .await
}

/// Stores a sign's new state with its instants, if it is still in state `from`.
///
/// # Errors
/// [`super::StorageError::Stale`] when it is not; otherwise when the store fails.
pub async fn set_state(tx: &mut Tx, s: &SignRecord, from: SignState) -> Result<()> {
    tx.execute_one(
        "sign",
        SET_STATE,
        params![s.id, s.state.as_str(), s.grace_until, s.revoked_at, &s.revoked_reason, s.issued_at, from.as_str()],
    )
    .await
}

/// Stores where a sign belongs, if it is still in state `from`.
///
/// # Errors
/// [`super::StorageError::Stale`] when it is not; otherwise when the store fails.
pub async fn set_spot(tx: &mut Tx, s: &SignRecord, from: SignState) -> Result<()> {
    tx.execute_one(
        "sign",
        SET_SPOT,
        params![s.id, s.state.as_str(), s.unit, s.site, &s.place, s.edition, s.bound_at, from.as_str()],
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

/// The edition that a new sign at a spot has: one more than the newest that was ever there.
///
/// # Errors
/// When the store fails.
pub async fn next_edition(tx: &mut Tx, spot: &Spot) -> Result<i64> {
    let row = tx.fetch_one(LAST_EDITION, params![spot.unit, &spot.place, spot.site]).await?;
    Ok(row.get::<Option<i64>>("edition")?.unwrap_or(0) + 1)
}

/// When the next grace ends.
///
/// # Errors
/// When the store fails.
pub async fn next_grace(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(NEXT_GRACE, params![]).await?.get("at")
}

/// At most `limit` replaced signs whose grace is over, the longest over first.
///
/// # Errors
/// When the store fails.
pub async fn grace_over(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> Result<Vec<SignId>> {
    tx.fetch_all(GRACE_OVER, params![now, limit]).await?.iter().map(|row| row.id("id")).collect()
}

/// Reads a whole row of `signs`.
///
/// # Errors
/// When a column is missing or unreadable.
pub fn from_row(row: &Row) -> Result<SignRecord> {
    Ok(SignRecord {
        id: row.id("id")?,
        serial: row.get("serial")?,
        token: row.get("token")?,
        short_code: row.get("short_code")?,
        unit_kind: row.code("unit_kind", UnitKind::parse)?,
        unit: row.get("unit_id")?,
        site: row.get("site_id")?,
        place: row.get("place")?,
        state: row.code("state", SignState::parse)?,
        edition: row.get("edition")?,
        replaces: row.id_opt("replaces_id")?,
        blank_batch: row.get("blank_batch")?,
        created_at: row.get("created_at")?,
        printed_at: row.get("printed_at")?,
        printed_host: row.get("printed_host")?,
        issued_at: row.get("issued_at")?,
        bound_at: row.get("bound_at")?,
        first_scanned_at: row.get("first_scanned_at")?,
        last_scanned_at: row.get("last_scanned_at")?,
        grace_until: row.get("grace_until")?,
        revoked_at: row.get("revoked_at")?,
        revoked_reason: row.get("revoked_reason")?,
    })
}
