//! Signing in to the console, out of it, and how long a session lasts.
//!
//! Signing in takes two transactions with the slow check of the password between them: [`begin`] counts the attempt, [`finish`] forgets it and
//! begins the session.

use super::enrol::secret_digest;
use super::{Actor, Result, Service, attempts, audit, password};
use crate::domain::user::User;
use crate::storage::sessions::{self, Session};
use crate::storage::{Tx, users};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

/// A session ends after this long, whatever its owner does.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);

/// A session ends when its owner has asked for nothing for this long.
pub const IDLE: TimeDelta = TimeDelta::hours(2);

/// How exactly it is known when its owner last asked for something: a read is not made a write more often than this.
pub const SEEN_STEP: TimeDelta = TimeDelta::minutes(5);

/// An attempt that was taken.
#[derive(Debug)]
pub struct Attempt {
    user: Option<User>,
    hash: Option<String>,
    subject: String,
}

/// Whether an attempt is taken.
#[derive(Debug)]
pub enum Begun {
    /// It is: commit, then check the password.
    Taken(Attempt),
    /// Too many wrong ones: none is taken before this.
    Wait(DateTime<Utc>),
}

/// Takes an attempt at the password of `email` from `network`. Attempts count by both, so that guessing from elsewhere never keeps the owner
/// out. Commit before [`check`].
///
/// # Errors
/// When the store fails.
pub async fn begin(tx: &mut Tx, now: DateTime<Utc>, email: &str, network: &str) -> Result<Begun> {
    let subject = format!("{email}|{network}");
    if let Some(until) = attempts::take(tx, now, "password", &subject).await? {
        return Ok(Begun::Wait(until));
    }
    let (user, hash) = users::by_email(tx, email).await?.unzip();
    Ok(Begun::Taken(Attempt { user: user.filter(|user| user.active), hash, subject }))
}

/// Checks the password; takes as long for an address that nobody has.
///
/// # Errors
/// When the hash cannot be computed.
pub async fn check(attempt: &Attempt, typed: &str) -> Result<bool> {
    let right = password::verify(typed, attempt.hash.as_deref()).await?;
    Ok(right && attempt.user.is_some())
}

/// Begins the session after a right password; returns the user and the secret for the cookie.
///
/// # Errors
/// When the store fails.
pub async fn finish(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    attempt: &Attempt,
) -> Result<Option<(User, [u8; 32])>> {
    let Some(user) = attempt.user.clone() else { return Ok(None) };
    attempts::succeeded(tx, "password", &attempt.subject).await?;
    let secret = service.ids.secret();
    sessions::insert(tx, &secret_digest(&secret), user.id, now, now + LONGEST).await?;
    audit::record(tx, service, now, &Actor::User(user.id), "user.signed_in", ("user", user.id.0), json!({})).await?;
    Ok(Some((user, secret)))
}

/// Whether a session still lasts.
#[must_use]
pub fn lasts(session: &Session, now: DateTime<Utc>) -> bool {
    now < session.expires_at && now < session.seen_at + IDLE
}

/// Ends the session of a token.
///
/// # Errors
/// When the store fails.
pub async fn sign_out(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: &User,
    token_hash: &[u8],
) -> Result<()> {
    sessions::end(tx, token_hash, now).await?;
    audit::record(tx, service, now, &Actor::User(user.id), "user.signed_out", ("user", user.id.0), json!({})).await
}
