//! Sessions of the console. Of the token in the cookie only its hash is stored.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{AgencyId, UserId};
use crate::domain::user::{AlertChoice, Office, Role, User};
use chrono::{DateTime, Utc};

/// A session that was begun and not ended.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who signed in, as the registry has them now.
    pub user: User,
    /// When its owner last asked for something.
    pub seen_at: DateTime<Utc>,
    /// When it ends whatever happens.
    pub expires_at: DateTime<Utc>,
}

statements! {
    INSERT = "INSERT INTO sessions (token_hash, user_id, created_at, seen_at, expires_at, ended_at, waits)
        VALUES ($1, $2, $3, $3, $4, NULL, $5)";
    GET = "SELECT s.seen_at, s.expires_at, u.id, u.email, u.name, u.role, u.office, u.agency_id, u.alert_choice, u.lang,
            u.active
        FROM sessions s
        JOIN users u ON u.id = s.user_id
        WHERE s.token_hash = $1 AND s.waits = $2 AND s.ended_at IS NULL AND u.active";
    SEEN = "UPDATE sessions SET seen_at = $2 WHERE token_hash = $1 AND ended_at IS NULL";
    END = "UPDATE sessions SET ended_at = $2 WHERE token_hash = $1 AND ended_at IS NULL";
    END_OTHERS = "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND token_hash <> $3";
    DROP_EXPIRED = "DELETE FROM sessions WHERE expires_at < $1";
}

/// Begins a session; one that `waits` for the second step opens nothing.
///
/// # Errors
/// When the store fails.
pub async fn insert(
    tx: &mut Tx,
    token_hash: &[u8],
    user: UserId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    waits: bool,
) -> Result<()> {
    tx.execute_one("session", INSERT, params![token_hash, user, now, expires_at, waits]).await
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

/// Notes that its owner asked for something.
///
/// # Errors
/// When the store fails.
pub async fn seen(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<()> {
    tx.execute(SEEN, params![token_hash, now]).await.map(drop)
}

/// Ends a session.
///
/// # Errors
/// When the store fails.
pub async fn end(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<()> {
    tx.execute(END, params![token_hash, now]).await.map(drop)
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
    Ok(Session {
        user: User {
            id: row.id("id")?,
            email: row.get("email")?,
            name: row.get("name")?,
            role: row.code("role", Role::parse)?,
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
