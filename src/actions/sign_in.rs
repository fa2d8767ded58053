//! Signing in to the console, out of it, and how long a session lasts.
//!
//! Signing in takes two transactions with the slow check of the password between them: [`begin`] counts the attempt, [`finish`] forgets it and
//! begins the session. Who has a second step gets a session that waits for it: [`pass`] begins the one that opens pages. Passkeys, which need no
//! password, are in [`super::passkeys`].

use super::attempts::{Origin, Turn};
use super::enrol::secret_digest;
use super::second_step::{Typed, pass_second_step};
use super::turns::Place;
use super::{
    ActionError, Actor, FieldError, Result, Service, address, attempts, audit, first_password, known_browsers,
    open_forms, password,
};
use crate::domain::first_duty::{FirstDuty, needs_step};
use crate::domain::user::User;
use crate::storage::sessions::{self, Session};
use crate::storage::{Tx, passkeys, second_steps, sign_in_rules, users};
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

/// For so long after a sign-in through a provider it stands for the password, where that would be asked for once more.
pub const FRESH: TimeDelta = TimeDelta::minutes(10);

/// What a session that a password has begun is noted as.
const PASSWORD: &str = "password";

/// What counts wrong passwords.
pub(super) const GUESSES: &str = "password";

/// What counts wrong second steps.
pub(super) const STEP_GUESSES: &str = "second-step";

/// What counts all wrong passwords from a network.
pub(super) const NETWORK: &str = "password-network";

/// A session that was begun.
#[derive(Debug)]
pub struct Signed {
    /// Whose.
    pub user: User,
    /// The secret for the cookie.
    pub secret: [u8; 32],
    /// Whether it opens nothing yet, for want of the second step.
    pub waits: bool,
    /// What its owner has to do before anything else.
    pub first: Option<FirstDuty>,
}

/// An attempt that was taken.
#[derive(Debug)]
pub struct Attempt {
    user: Option<User>,
    hash: Option<String>,
    origin: Origin,
    network: String,
    /// Where it waits for the check; gone when that is done.
    place: Option<Place>,
}

/// Whether an attempt is taken.
#[derive(Debug)]
pub enum Begun {
    /// It is: commit, then check the password.
    Taken(Attempt),
    /// Too many wrong ones: what is said.
    Wait(FieldError),
    /// As many wait for the check as there is room for. It does not count: roll back.
    Busy,
}

/// Takes an attempt at the password of `email` from `network`, in the browser whose cookie has the hash `browser`. Attempts count by address and
/// network, so that a guesser elsewhere is not the owner's neighbour; by the network alone, so that a few guesses at each of many addresses end
/// too; and by the address alone, so that guesses from many networks do. A browser where the owner signed in before counts by itself: the owner
/// comes in there, whatever others do. Commit before [`check`].
///
/// # Errors
/// When the store fails.
pub async fn begin(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    email: &str,
    network: &str,
    browser: Option<&[u8]>,
) -> Result<Begun> {
    let (user, hash) = address::user_of(tx, email).await?.unzip();
    // However it is written, the attempts at one address count together.
    let email = &user.as_ref().map_or_else(|| address::plain(email), |user| user.email.clone());
    let origin = match &user {
        Some(user) => known_browsers::origin(tx, now, user.id.0, (network, browser)).await?,
        None => Origin::Network(network.to_owned()),
    };
    let masked = open_forms::masked(service, network);
    let Some(place) = origin.place(&service.turns, &masked) else { return Ok(Begun::Busy) };
    // After many wrong ones from a network each address has one try there, so that guessing on is worth nothing and the others come in.
    let tried = matches!(origin, Origin::Network(_)) && attempts::tried(tx, GUESSES, &origin.subject(email)).await?;
    if let Some(until) = attempts::network_waits(tx, now, NETWORK, network).await?.filter(|_| tried) {
        return Ok(Begun::Wait(attempts::wait("password", now, until)));
    }
    let turn = attempts::take_from(tx, now, GUESSES, email, &origin).await?;
    if let Some(wait) = turn.refusal("password", now) {
        return Ok(Begun::Wait(wait));
    }
    if let (Turn::Last, Some(user)) = (turn, &user) {
        note_guesses(tx, service, now, user).await?;
    }
    Ok(Begun::Taken(Attempt {
        user: user.filter(|user| user.active),
        hash,
        origin,
        network: network.to_owned(),
        place: Some(place),
    }))
}

/// Notes that somebody guesses at an account from many networks: once, before they wait.
async fn note_guesses(tx: &mut Tx, service: &Service, now: DateTime<Utc>, user: &User) -> Result<()> {
    audit::record(tx, service, now, &Actor::System, "user.guessed_at", ("user", user.id.0), json!({})).await
}

/// Checks the password; takes as long for an address that nobody has.
///
/// # Errors
/// When it was checked before, or the hash cannot be computed.
pub async fn check(attempt: &mut Attempt, typed: &str) -> Result<bool> {
    let place = attempt.place.take().ok_or(ActionError::State("checked"))?;
    let right = password::verify_at(place, typed, attempt.hash.as_deref()).await?;
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

/// Begins the session after a right password, unless it was changed while it was checked, or its owner may no longer sign in: then it is wrong.
/// `before` is the session that this browser had: it ends.
///
/// # Errors
/// [`super::FieldError`] at `password`: `expired` for one that somebody else gave too long ago, `passkey` where it does not suffice; otherwise
/// when the store fails.
pub async fn finish(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    attempt: &Attempt,
    before: Option<&[u8]>,
) -> Result<Option<Signed>> {
    let Some(user) = attempt.user.clone() else { return Ok(None) };
    if !users::still(tx, user.id, attempt.hash.as_deref()).await? {
        return Ok(None);
    }
    first_password::still_holds(tx, now, user.id).await?;
    attempts::succeeded_from(tx, GUESSES, &user.email, &attempt.origin).await?;
    admit(tx, service, now, user, PASSWORD, before).await.map(Some)
}

/// Begins the session of somebody whom the password or a provider (`by`) has let in. `before` is the session that this browser had: it ends.
///
/// # Errors
/// [`super::FieldError`] at `password`: `passkey` where the password alone does not suffice; otherwise when the store fails.
pub(super) async fn admit(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: User,
    by: &str,
    before: Option<&[u8]>,
) -> Result<Signed> {
    if let Some(before) = before {
        sessions::end(tx, before, now).await?;
    }
    if second_steps::get(tx, user.id).await?.is_some_and(|step| step.confirmed_at.is_some()) {
        let secret = service.ids.secret();
        sessions::insert(tx, &secret_digest(&secret), user.id, now, now + STEP_TIME, (true, by)).await?;
        return Ok(Signed { user, secret, waits: true, first: None });
    }
    // The second step that this person has is the passkey: with the password alone, somebody else could set up another.
    let alone = by == PASSWORD && needs_step(user.role);
    if alone && sign_in_rules::step_required(tx).await? && passkeys::any(tx, user.id).await? {
        return Err(ActionError::Malformed(vec![FieldError::new("password", "passkey")]));
    }
    open(tx, service, now, user, by).await
}

/// Takes an attempt at the second step of a waiting session from `network`, counted as passwords are; says where it comes from, or why none is
/// taken, at `field`. Commit before [`pass`].
///
/// # Errors
/// When the store fails.
pub async fn try_step(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: &User,
    (network, browser): (&str, Option<&[u8]>),
    field: &'static str,
) -> Result<std::result::Result<Origin, FieldError>> {
    let origin = known_browsers::origin(tx, now, user.id.0, (network, browser)).await?;
    let turn = attempts::take_from(tx, now, STEP_GUESSES, &user.id.to_string(), &origin).await?;
    if turn == Turn::Last {
        note_guesses(tx, service, now, user).await?;
    }
    Ok(turn.refusal(field, now).map_or(Ok(origin), Err))
}

/// Ends a waiting session and begins the one that opens pages, if what was typed is right and nobody has ended the waiting one meanwhile. Roll
/// back otherwise.
///
/// # Errors
/// When the store fails.
pub async fn pass(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (user, origin): (&User, &Origin),
    typed: Typed<'_>,
    waiting: &[u8],
) -> Result<Option<Signed>> {
    let goes_on = users::still(tx, user.id, None).await? && sessions::end(tx, waiting, now).await?;
    if !goes_on || !pass_second_step(tx, service, now, user.id, typed).await? {
        return Ok(None);
    }
    attempts::succeeded_from(tx, STEP_GUESSES, &user.id.to_string(), origin).await?;
    // A provider that let somebody in before stays the one who did: the password was not used, and what is owed for it is not owed.
    let first = sessions::proof(tx, waiting).await?;
    let by = match typed {
        _ if first != PASSWORD => first.as_str(),
        Typed::Code(_) => "code",
        Typed::Recovery(_) => "recovery_code",
    };
    open(tx, service, now, user.clone(), by).await.map(Some)
}

/// Begins a session that opens pages, for who proved who they are by something.
pub(super) async fn open(tx: &mut Tx, service: &Service, now: DateTime<Utc>, user: User, by: &str) -> Result<Signed> {
    let secret = service.ids.secret();
    let hash = secret_digest(&secret);
    sessions::insert(tx, &hash, user.id, now, now + LONGEST, (false, by)).await?;
    let detail = json!({ "by": by });
    audit::record(tx, service, now, &Actor::User(user.id), "user.signed_in", ("user", user.id.0), detail).await?;
    let first = sessions::get(tx, &hash).await?.and_then(|session| session.first);
    Ok(Signed { user, secret, waits: false, first })
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
