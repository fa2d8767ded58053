//! Signing in to the console, out of it, and how long a session lasts.
//!
//! Signing in takes two transactions with the slow check of the password between them: [`begin`] counts the attempt, [`finish`] forgets it and
//! begins the session. Who has a second step gets a session that waits for it: [`pass`] begins the one that opens pages.

use super::enrol::secret_digest;
use super::second_step::{Typed, pass_second_step};
use super::{Actor, Result, Service, attempts, audit, password};
use crate::domain::user::User;
use crate::storage::sessions::{self, Session};
use crate::storage::{Tx, second_steps, users};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

/// A session ends after this long, whatever its owner does.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);

/// A session ends when its owner has asked for nothing for this long.
pub const IDLE: TimeDelta = TimeDelta::hours(2);

/// How exactly it is known when its owner last asked for something: a read is not made a write more often than this.
pub const SEEN_STEP: TimeDelta = TimeDelta::minutes(5);

/// How long the second step may take.
pub const STEP_TIME: TimeDelta = TimeDelta::minutes(10);

/// What counts all wrong passwords from a network.
const NETWORK: &str = "password-network";

/// A session that was begun.
#[derive(Debug)]
pub struct Signed {
    /// Whose.
    pub user: User,
    /// The secret for the cookie.
    pub secret: [u8; 32],
    /// Whether it opens nothing yet, for want of the second step.
    pub waits: bool,
}

/// An attempt that was taken.
#[derive(Debug)]
pub struct Attempt {
    user: Option<User>,
    hash: Option<String>,
    subject: String,
    network: String,
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
/// out; and by the network alone, so that a few guesses at each of many addresses end too. Commit before [`check`].
///
/// # Errors
/// When the store fails.
pub async fn begin(tx: &mut Tx, now: DateTime<Utc>, email: &str, network: &str) -> Result<Begun> {
    let subject = format!("{email}|{network}");
    // After many wrong ones from a network each address has one try there, so that guessing on is worth nothing and the others come in.
    let tried = attempts::tried(tx, "password", &subject).await?;
    if let Some(until) = attempts::network_waits(tx, now, NETWORK, network).await?.filter(|_| tried) {
        return Ok(Begun::Wait(until));
    }
    if let Some(until) = attempts::take(tx, now, "password", &subject).await? {
        return Ok(Begun::Wait(until));
    }
    let (user, hash) = users::by_email(tx, email).await?.unzip();
    Ok(Begun::Taken(Attempt { user: user.filter(|user| user.active), hash, subject, network: network.to_owned() }))
}

/// Checks the password; takes as long for an address that nobody has.
///
/// # Errors
/// When the hash cannot be computed.
pub async fn check(attempt: &Attempt, typed: &str) -> Result<bool> {
    let right = password::verify(typed, attempt.hash.as_deref()).await?;
    Ok(right && attempt.user.is_some())
}

/// Notes a wrong password. What was typed as an address that nobody has is not kept: it may be a password. It takes as long for those.
///
/// # Errors
/// When the store fails.
pub async fn failed(tx: &mut Tx, service: &Service, now: DateTime<Utc>, attempt: &Attempt) -> Result<()> {
    attempts::wrong_from(tx, now, NETWORK, &attempt.network).await?;
    let user = attempt.user.as_ref().map_or(Uuid::nil(), |user| user.id.0);
    let detail = json!({ "network": attempt.network });
    audit::record(tx, service, now, &Actor::System, "user.sign_in_failed", ("user", user), detail).await
}

/// Begins the session after a right password. `before` is the session that this browser had: it ends.
///
/// # Errors
/// When the store fails.
pub async fn finish(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    attempt: &Attempt,
    before: Option<&[u8]>,
) -> Result<Option<Signed>> {
    let Some(user) = attempt.user.clone() else { return Ok(None) };
    attempts::succeeded(tx, "password", &attempt.subject).await?;
    if let Some(before) = before {
        sessions::end(tx, before, now).await?;
    }
    if second_steps::get(tx, user.id).await?.is_some_and(|step| step.confirmed_at.is_some()) {
        let secret = service.ids.secret();
        sessions::insert(tx, &secret_digest(&secret), user.id, now, now + STEP_TIME, true).await?;
        return Ok(Some(Signed { user, secret, waits: true }));
    }
    open(tx, service, now, user, "password").await.map(Some)
}

/// Takes an attempt at the second step of a waiting session from `network`; says until when none is taken. Commit before [`pass`].
///
/// # Errors
/// When the store fails.
pub async fn try_step(tx: &mut Tx, now: DateTime<Utc>, user: &User, network: &str) -> Result<Option<DateTime<Utc>>> {
    attempts::take(tx, now, "second-step", &format!("{}|{network}", user.id)).await
}

/// Ends a waiting session and begins the one that opens pages, if what was typed is right.
///
/// # Errors
/// When the store fails.
pub async fn pass(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (user, network): (&User, &str),
    typed: Typed<'_>,
    waiting: &[u8],
) -> Result<Option<Signed>> {
    if !pass_second_step(tx, service, now, user.id, typed).await? {
        return Ok(None);
    }
    attempts::succeeded(tx, "second-step", &format!("{}|{network}", user.id)).await?;
    sessions::end(tx, waiting, now).await?;
    let by = if matches!(typed, Typed::Code(_)) { "code" } else { "recovery_code" };
    open(tx, service, now, user.clone(), by).await.map(Some)
}

async fn open(tx: &mut Tx, service: &Service, now: DateTime<Utc>, user: User, by: &str) -> Result<Signed> {
    let secret = service.ids.secret();
    sessions::insert(tx, &secret_digest(&secret), user.id, now, now + LONGEST, false).await?;
    let detail = json!({ "by": by });
    audit::record(tx, service, now, &Actor::User(user.id), "user.signed_in", ("user", user.id.0), detail).await?;
    Ok(Signed { user, secret, waits: false })
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
