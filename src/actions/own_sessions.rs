//! A user's own sessions: on which browsers, and ending them.

use super::enrol::secret_digest;
use super::sign_in::{IDLE, Signed};
use super::{ActionError, Actor, Result, Service, audit};
use crate::domain::browser_name::browser_name;
use crate::domain::id::UserId;
use crate::domain::user::User;
use crate::storage::Tx;
use crate::storage::sessions::{self, Listed};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Notes with which browser a session was begun, from what it says of itself. Of that only the name is kept.
///
/// # Errors
/// When the store fails.
pub async fn note_browser(tx: &mut Tx, signed: &Signed, user_agent: &str) -> Result<()> {
    Ok(sessions::set_device(tx, &secret_digest(&signed.secret), &browser_name(user_agent)).await?)
}

/// The sessions of a user that open pages now, the latest used first.
///
/// # Errors
/// When the store fails.
pub async fn own_sessions(tx: &mut Tx, now: DateTime<Utc>, user: UserId) -> Result<Vec<Listed>> {
    Ok(sessions::list(tx, user, now, now - IDLE).await?)
}

/// Ends a session of one's own, chosen by the hash of its token.
///
/// # Errors
/// [`ActionError::NotFound`] for one that has ended or is of somebody else; otherwise when the store fails.
pub async fn end_session(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: &User,
    token_hash: &[u8],
) -> Result<()> {
    if !sessions::end_own(tx, user.id, token_hash, now).await? {
        return Err(ActionError::NotFound("session"));
    }
    audit::record(tx, service, now, &Actor::User(user.id), "user.session_ended", ("user", user.id.0), json!({})).await
}

/// Ends all sessions of one's own but this.
///
/// # Errors
/// When the store fails.
pub async fn end_other_sessions(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: &User,
    this_session: &[u8],
) -> Result<()> {
    sessions::end_others(tx, user.id, this_session, now).await?;
    audit::record(tx, service, now, &Actor::User(user.id), "user.sessions_ended", ("user", user.id.0), json!({})).await
}
