//! Enrolled inspectors: invites, PINs, and the phones that stay known. Of a secret only its hash is stored.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{InspectorId, UserId};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An invite that may still be used.
#[derive(Clone, Copy, Debug)]
pub struct Invite {
    /// Whom it is for.
    pub inspector: InspectorId,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// A phone that is known.
#[derive(Clone, Debug)]
pub struct Device {
    /// Identity.
    pub id: Uuid,
    /// Whose phone it is.
    pub inspector: InspectorId,
    /// Certificate number of its owner.
    pub cert_no: String,
    /// When its owner last proved to be there: by PIN, or by sending something.
    pub seen_at: DateTime<Utc>,
}

/// A phone in the list of an inspector's phones.
#[derive(Clone, Debug)]
pub struct KnownDevice {
    /// Identity.
    pub id: Uuid,
    /// When it was enrolled.
    pub enrolled_at: DateTime<Utc>,
    /// When its owner last proved to be there.
    pub seen_at: DateTime<Utc>,
    /// When it was made unknown.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// An invite in the list of an inspector's invites.
#[derive(Clone, Debug)]
pub struct SentInvite {
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

statements! {
    INSERT_INVITE = "INSERT INTO invites (token_hash, inspector_id, created_by, created_at, expires_at, used_at)
        VALUES ($1, $2, $3, $4, $5, NULL)";
    INVITE = "SELECT inspector_id, expires_at FROM invites WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2";
    USE_INVITE = "UPDATE invites SET used_at = $2
        WHERE token_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2";
    INVITES_OF = "SELECT created_at, expires_at, used_at, revoked_at
        FROM invites
        WHERE inspector_id = $1
        ORDER BY created_at DESC
        LIMIT $2";
    WITHDRAW_INVITES = "UPDATE invites SET revoked_at = $2
        WHERE inspector_id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2";
    DEVICES_OF = "SELECT id, created_at, seen_at, revoked_at
        FROM devices
        WHERE inspector_id = $1
        ORDER BY created_at DESC, id DESC
        LIMIT $2";
    REVOKE_ALL = "UPDATE devices SET revoked_at = $2 WHERE inspector_id = $1 AND revoked_at IS NULL";
    SET_PIN = "UPDATE inspectors
        SET pin_hash = $2, enrolled_at = COALESCE(enrolled_at, $3)
        WHERE id = $1";
    PIN_HASH = "SELECT pin_hash FROM inspectors WHERE id = $1";
    INSERT = "INSERT INTO devices (id, token_hash, inspector_id, created_at, seen_at, revoked_at)
        VALUES ($1, $2, $3, $4, $4, NULL)";
    BY_TOKEN = "SELECT d.id, d.inspector_id, i.cert_no, d.seen_at, r.version AS registries
        FROM devices d
        JOIN inspectors i ON i.id = d.inspector_id
        JOIN registry_state r ON r.id = 1
        WHERE d.token_hash = $1 AND d.revoked_at IS NULL";
    SEEN = "UPDATE devices SET seen_at = $2 WHERE id = $1";
    REVOKE = "UPDATE devices SET revoked_at = $3 WHERE id = $1 AND inspector_id = $2 AND revoked_at IS NULL";
}

/// Enters an invite.
///
/// # Errors
/// When the store fails.
pub async fn insert_invite(
    tx: &mut Tx,
    token_hash: &[u8],
    invite: Invite,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let bound = params![token_hash, invite.inspector, by, now, invite.expires_at];
    tx.execute_one("invite", INSERT_INVITE, bound).await
}

/// The invite of a token, if it may still be used.
///
/// # Errors
/// When the store fails.
pub async fn invite(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<Invite>> {
    let Some(row) = tx.fetch_optional(INVITE, params![token_hash, now]).await? else { return Ok(None) };
    Ok(Some(Invite { inspector: row.id("inspector_id")?, expires_at: row.get("expires_at")? }))
}

/// Uses an invite up; `false` if somebody else was faster or it has run out.
///
/// # Errors
/// When the store fails.
pub async fn use_invite(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(USE_INVITE, params![token_hash, now]).await? == 1)
}

/// Sets an inspector's PIN.
///
/// # Errors
/// When the store fails.
pub async fn set_pin(tx: &mut Tx, inspector: InspectorId, hash: &str, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("inspector", SET_PIN, params![inspector, hash, now]).await
}

/// The hash of an inspector's PIN; `None` before enrolment.
///
/// # Errors
/// When the store fails.
pub async fn pin_hash(tx: &mut Tx, inspector: InspectorId) -> Result<Option<String>> {
    match tx.fetch_optional(PIN_HASH, params![inspector]).await? {
        Some(row) => row.get("pin_hash"),
        None => Ok(None),
    }
}

/// Enters a phone.
///
/// # Errors
/// When the store fails.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    token_hash: &[u8],
    inspector: InspectorId,
    now: DateTime<Utc>,
) -> Result<()> {
    tx.execute_one("device", INSERT, params![id, token_hash, inspector, now]).await
}

/// The phone with this token. The version of the registries comes along: whoever asks looks its owner up in them.
///
/// # Errors
/// When the store fails.
pub async fn by_token(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<Device>> {
    let Some(row) = tx.fetch_optional(BY_TOKEN, params![token_hash]).await? else { return Ok(None) };
    tx.known.registries = Some(row.get("registries")?);
    Ok(Some(Device {
        id: row.get("id")?,
        inspector: row.id("inspector_id")?,
        cert_no: row.get("cert_no")?,
        seen_at: row.get("seen_at")?,
    }))
}

/// Notes that the owner of a phone proved to be there.
///
/// # Errors
/// When the store fails.
pub async fn seen(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.later("device", SEEN, params![id, now]).await
}

/// Makes an inspector's phone unknown; `false` if it is none of theirs, or unknown already.
///
/// # Errors
/// When the store fails.
pub async fn revoke(tx: &mut Tx, inspector: InspectorId, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(REVOKE, params![id, inspector, now]).await? == 1)
}

/// Makes all phones of an inspector unknown; returns how many.
///
/// # Errors
/// When the store fails.
pub async fn revoke_all(tx: &mut Tx, inspector: InspectorId, now: DateTime<Utc>) -> Result<u64> {
    tx.execute(REVOKE_ALL, params![inspector, now]).await
}

/// Withdraws the invites of an inspector that could still be used; returns how many.
///
/// # Errors
/// When the store fails.
pub async fn withdraw_invites(tx: &mut Tx, inspector: InspectorId, now: DateTime<Utc>) -> Result<u64> {
    tx.execute(WITHDRAW_INVITES, params![inspector, now]).await
}

/// The newest phones of an inspector.
///
/// # Errors
/// When the store fails.
pub async fn of_inspector(tx: &mut Tx, inspector: InspectorId, limit: i64) -> Result<Vec<KnownDevice>> {
    let rows = tx.fetch_all(DEVICES_OF, params![inspector, limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(KnownDevice {
                id: row.get("id")?,
                enrolled_at: row.get("created_at")?,
                seen_at: row.get("seen_at")?,
                revoked_at: row.get("revoked_at")?,
            })
        })
        .collect()
}

/// The newest invites of an inspector.
///
/// # Errors
/// When the store fails.
pub async fn invites_of(tx: &mut Tx, inspector: InspectorId, limit: i64) -> Result<Vec<SentInvite>> {
    let rows = tx.fetch_all(INVITES_OF, params![inspector, limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(SentInvite {
                made_at: row.get("created_at")?,
                expires_at: row.get("expires_at")?,
                used_at: row.get("used_at")?,
                withdrawn_at: row.get("revoked_at")?,
            })
        })
        .collect()
}
