//! Sessions of the console. Of the token in the cookie only its hash is stored.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::first_duty::{FirstDuty, SignedInBy};
use crate::domain::id::{AgencyId, UserId};
use crate::domain::user::{AlertChoice, Office, Role, User};
use chrono::{DateTime, Utc};

/// A session that was begun and not ended.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who signed in, as the registry has them now.
    pub user: User,
    /// By what it was begun: `password`, `code`, `recovery_code`, `passkey`, or a provider's kind.
    pub begun_by: String,
    /// When it was begun.
    pub begun_at: DateTime<Utc>,
    /// When its owner last asked for something.
    pub seen_at: DateTime<Utc>,
    /// When it ends whatever happens.
    pub expires_at: DateTime<Utc>,
    /// What its owner has to do before anything else.
    pub first: Option<FirstDuty>,
}

/// A session in the list that its owner sees.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// The browser in short; empty if it is not known.
    pub device: String,
    /// When its owner signed in.
    pub created_at: DateTime<Utc>,
    /// When its owner last asked for something, to a few minutes.
    pub seen_at: DateTime<Utc>,
}

statements! {
    INSERT = "INSERT INTO sessions (token_hash, user_id, created_at, seen_at, expires_at, ended_at, waits, proof)
        VALUES ($1, $2, $3, $3, $4, NULL, $5, $6)";
    GET = "SELECT s.created_at, s.seen_at, s.expires_at, s.proof, u.id, u.email, u.name, u.role, u.office, u.agency_id, u.alert_choice,
            u.lang, u.active, u.password_given_at, r.second_step AS required, t.confirmed_at,
            EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.id) AS has_passkey
        FROM sessions s
        JOIN users u ON u.id = s.user_id
        CROSS JOIN sign_in_rules r
        LEFT JOIN second_steps t ON t.user_id = u.id
        WHERE s.token_hash = $1 AND s.waits = $2 AND s.ended_at IS NULL AND u.active";
    LIST = "SELECT token_hash, device, created_at, seen_at
        FROM sessions
        WHERE user_id = $1 AND waits = $2 AND ended_at IS NULL AND expires_at > $3 AND seen_at > $4
        ORDER BY seen_at DESC, created_at DESC, token_hash";
    SET_DEVICE = "UPDATE sessions SET device = $2 WHERE token_hash = $1";
    PROOF = "SELECT proof FROM sessions WHERE token_hash = $1";
    SEEN = "UPDATE sessions SET seen_at = $2 WHERE token_hash = $1 AND ended_at IS NULL";
    END = "UPDATE sessions SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL";
    END_OWN = "UPDATE sessions SET ended_at = $3 WHERE user_id = $1 AND token_hash = $2 AND ended_at IS NULL";
    END_OTHERS = "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND token_hash <> $3";
    DROP_EXPIRED = "DELETE FROM sessions WHERE expires_at < $1";
}

/// Begins a session that was opened by `proof`; one that `waits` for the second step opens nothing.
///
/// # Errors
/// When the store fails.
pub async fn insert(
    tx: &mut Tx,
    token_hash: &[u8],
    user: UserId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    (waits, proof): (bool, &str),
) -> Result<()> {
    tx.execute_one("session", INSERT, params![token_hash, user, now, expires_at, waits, proof]).await
}

/// The session of a token, if it was not ended and its owner may still sign in. Whether it has run out is for the caller.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<Session>> {
    tx.fetch_optional(GET, params![token_hash, false]).await?.as_ref().map(from_row).transpose()
}

/// The same of a session that has passed the password and waits for the second step.
///
/// # Errors
/// When the store fails.
pub async fn waiting(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<Session>> {
    tx.fetch_optional(GET, params![token_hash, true]).await?.as_ref().map(from_row).transpose()
}

/// By what a session was begun.
///
/// # Errors
/// When the store fails or there is no such session.
pub async fn proof(tx: &mut Tx, token_hash: &[u8]) -> Result<String> {
    tx.fetch_one(PROOF, params![token_hash]).await?.get("proof")
}

/// Notes with which browser it was begun.
///
/// # Errors
/// When the store fails or there is no such session.
pub async fn set_device(tx: &mut Tx, token_hash: &[u8], device: &str) -> Result<()> {
    tx.execute_one("session", SET_DEVICE, params![token_hash, device]).await
}

/// The sessions of a user that open pages now: not run out, and used since `idle`; the latest used first.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx, user: UserId, now: DateTime<Utc>, idle: DateTime<Utc>) -> Result<Vec<Listed>> {
    let listed = |row: &Row| {
        Ok(Listed {
            token_hash: row.get("token_hash")?,
            device: row.get("device")?,
            created_at: row.get("created_at")?,
            seen_at: row.get("seen_at")?,
        })
    };
    tx.fetch_all(LIST, params![user, false, now, idle]).await?.iter().map(listed).collect()
}

/// Ends a session of this user; false if they have none with this hash.
///
/// # Errors
/// When the store fails.
pub async fn end_own(tx: &mut Tx, user: UserId, token_hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(END_OWN, params![user, token_hash, now]).await? == 1)
}

/// Notes that its owner asked for something.
///
/// # Errors
/// When the store fails.
pub async fn seen(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<()> {
    tx.execute(SEEN, params![token_hash, now]).await.map(drop)
}

/// Ends a session; false if there is none, or it was ended before.
///
/// # Errors
/// When the store fails.
pub async fn end(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(END, params![token_hash, now]).await? == 1)
}

/// Ends all sessions of a user but the one with this hash; an empty hash ends all.
///
/// # Errors
/// When the store fails.
pub async fn end_others(tx: &mut Tx, user: UserId, but: &[u8], now: DateTime<Utc>) -> Result<()> {
    tx.execute(END_OTHERS, params![user, now, but]).await.map(drop)
}

/// Deletes those that expired before an instant, ended or not; returns how many.
///
/// # Errors
/// When the store fails.
pub async fn drop_expired(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.execute(DROP_EXPIRED, params![before]).await
}

fn from_row(row: &Row) -> Result<Session> {
    let role = row.code("role", Role::parse)?;
    let proof: String = row.get("proof")?;
    let by = SignedInBy {
        proof: &proof,
        role,
        given: row.get::<Option<DateTime<Utc>>>("password_given_at")?.is_some(),
        has_step: row.get::<Option<DateTime<Utc>>>("confirmed_at")?.is_some() || row.get("has_passkey")?,
    };
    Ok(Session {
        first: FirstDuty::of(by, row.get("required")?),
        begun_by: proof,
        begun_at: row.get("created_at")?,
        user: User {
            id: row.id("id")?,
            email: row.get("email")?,
            name: row.get("name")?,
            role,
            office: row.code_opt("office", Office::parse)?,
            agency: row.id_opt::<AgencyId>("agency_id")?,
            alerts: row.code("alert_choice", AlertChoice::parse)?,
            lang: row.get("lang")?,
            active: row.get("active")?,
        },
        seen_at: row.get("seen_at")?,
        expires_at: row.get("expires_at")?,
    })
}
