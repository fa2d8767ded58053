//! A delay that grows with wrong attempts at a secret: a password, a PIN, a code.
//!
//! What can be guessed at from everywhere is counted twice ([`take_from`]): by where it comes from, and all together, so that guessing from many
//! networks is worth nothing. A browser that proved the secret before is counted by itself alone: so its owner is kept out by nobody.
//!
//! An attempt is counted before the secret is looked at ([`take`], committed), and forgotten if it was right ([`succeeded`]): so a hundred
//! guesses sent at once get no further than the same guesses one by one.

use super::turns::{Place, Turns};
use super::{FieldError, Result};
use crate::domain::audit_chain::hex;
use crate::storage::{Tx, attempts};
use chrono::{DateTime, TimeDelta, Utc};

/// Wrong attempts that cost nothing.
const FREE: i64 = 5;

/// The delay doubles with each wrong attempt from a minute up to this power of two of minutes.
const MOST_DOUBLINGS: i64 = 6;

/// Wrong attempts are forgotten after this long without another one.
pub const FORGET: TimeDelta = TimeDelta::hours(24);

/// Wrong attempts at one secret from everywhere together that cost nothing; those of browsers that proved it before do not count.
pub const FREE_OF_ALL: i64 = 20;

/// Wrong attempts from one network, whatever they were at, that cost nothing: a whole office may sit behind one.
const FREE_OF_NETWORK: i64 = 60;

/// Wrong attempts from a network are forgotten after this long without another one.
const FORGET_OF_NETWORK: TimeDelta = TimeDelta::hours(1);

/// Takes an attempt, or says until when none is taken. Commit before looking at the secret.
///
/// `scope` says what is attacked (`pin`, `password`), `subject` which one, or from where.
///
/// # Errors
/// When the store fails.
pub async fn take(tx: &mut Tx, now: DateTime<Utc>, scope: &str, subject: &str) -> Result<Option<DateTime<Utc>>> {
    let blocked = waits(tx, now, scope, subject, FREE).await?;
    if blocked.is_none() {
        attempts::failed(tx, scope, subject, now, now - FORGET).await?;
    }
    Ok(blocked)
}

async fn waits(
    tx: &mut Tx,
    now: DateTime<Utc>,
    scope: &str,
    subject: &str,
    free: i64,
) -> Result<Option<DateTime<Utc>>> {
    let until = |a: attempts::Attempts| delay(a.failures - free).map(|delay| a.last_at + delay);
    Ok(attempts::get(tx, scope, subject).await?.and_then(until).filter(|until| now < *until))
}

/// Where an attempt comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A network, in browsers that have not proved this secret before.
    Network(String),
    /// A browser that has, by the hash of its cookie.
    Known(Vec<u8>),
}

impl Origin {
    /// What attempts at the secret of `whose` from here are counted under.
    #[must_use]
    pub fn subject(&self, whose: &str) -> String {
        match self {
            Self::Network(network) => format!("{whose}|{network}"),
            Self::Known(hash) => format!("{whose}|browser:{}", hex(hash)),
        }
    }

    /// A place to wait for a hash, if there is one. The network is told as [`super::open_forms::masked`] does, whatever is tried: it has one share.
    #[must_use]
    pub fn place(&self, turns: &Turns, network: &str) -> Option<Place> {
        match self {
            Self::Network(_) => turns.place_of_stranger(network),
            Self::Known(_) => turns.place_of_known(),
        }
    }
}

/// Whether an attempt is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is: commit, then look at the secret.
    Taken,
    /// It is, and if it is wrong the next one from unknown browsers waits, wherever it comes from.
    Last,
    /// None is taken from here before this.
    Wait(DateTime<Utc>),
    /// None is taken before this from browsers that have not proved the secret: too many were wrong, from everywhere together.
    AllWait(DateTime<Utc>),
}

impl Turn {
    /// What is said at a field of somebody who has to wait, with the minutes as the hint: `wait`, or `wait_known` where another browser would not
    /// have to.
    #[must_use]
    pub fn refusal(self, field: &'static str, now: DateTime<Utc>) -> Option<FieldError> {
        match self {
            Self::Taken | Self::Last => None,
            Self::Wait(until) => Some(wait(field, now, until)),
            Self::AllWait(until) => Some(FieldError { code: "wait_known", ..wait(field, now, until) }),
        }
    }
}

/// Takes an attempt at the secret of `whose` that comes from `origin`, or says until when none is taken. Commit before looking at the secret.
///
/// # Errors
/// When the store fails.
pub async fn take_from(tx: &mut Tx, now: DateTime<Utc>, scope: &str, whose: &str, origin: &Origin) -> Result<Turn> {
    let all = of_all(scope);
    let known = matches!(origin, Origin::Known(_));
    if !known && let Some(until) = waits(tx, now, &all, whose, FREE_OF_ALL).await? {
        return Ok(Turn::AllWait(until));
    }
    if let Some(until) = take(tx, now, scope, &origin.subject(whose)).await? {
        return Ok(Turn::Wait(until));
    }
    if known {
        return Ok(Turn::Taken);
    }
    attempts::failed(tx, &all, whose, now, now - FORGET).await?;
    let last = attempts::get(tx, &all, whose).await?.is_some_and(|all| all.failures == FREE_OF_ALL);
    Ok(if last { Turn::Last } else { Turn::Taken })
}

/// Forgets wrong attempts after a right one from `origin`. One of a browser that proved it before tells nothing of the others' guesses.
///
/// # Errors
/// When the store fails.
pub async fn succeeded_from(tx: &mut Tx, scope: &str, whose: &str, origin: &Origin) -> Result<()> {
    attempts::clear(tx, scope, &origin.subject(whose)).await?;
    if matches!(origin, Origin::Network(_)) {
        attempts::clear(tx, &of_all(scope), whose).await?;
    }
    Ok(())
}

/// Forgets wrong attempts at a secret that is another now, wherever they came from.
///
/// # Errors
/// When the store fails.
pub async fn forget(tx: &mut Tx, scope: &str, whose: &str) -> Result<()> {
    attempts::clear_of(tx, scope, &format!("{whose}|")).await?;
    Ok(attempts::clear(tx, &of_all(scope), whose).await?)
}

/// What all attempts at a secret are counted under.
fn of_all(scope: &str) -> String {
    format!("{scope}-all")
}

/// Until when a network that sent many wrong attempts waits, if it does. Only wrong ones count ([`wrong_from`]): who is right neither waits
/// longer for others nor holds them up.
///
/// # Errors
/// When the store fails.
pub async fn network_waits(
    tx: &mut Tx,
    now: DateTime<Utc>,
    scope: &str,
    network: &str,
) -> Result<Option<DateTime<Utc>>> {
    let before = attempts::get(tx, scope, network).await?.filter(|before| now - before.last_at <= FORGET_OF_NETWORK);
    let until = before.and_then(|a| delay(a.failures - FREE_OF_NETWORK).map(|delay| a.last_at + delay));
    Ok(until.filter(|until| now < *until))
}

/// Counts a wrong attempt from a network.
///
/// # Errors
/// When the store fails.
pub async fn wrong_from(tx: &mut Tx, now: DateTime<Utc>, scope: &str, network: &str) -> Result<()> {
    Ok(attempts::failed(tx, scope, network, now, now - FORGET_OF_NETWORK).await?)
}

/// Whether somebody has been wrong about this before, and nobody has been right since.
///
/// # Errors
/// When the store fails.
pub async fn tried(tx: &mut Tx, scope: &str, subject: &str) -> Result<bool> {
    Ok(attempts::get(tx, scope, subject).await?.is_some_and(|a| a.failures > 0))
}

/// What is said at a field of somebody who has to wait: `wait`, with the minutes as the hint.
#[must_use]
pub fn wait(field: &'static str, now: DateTime<Utc>, until: DateTime<Utc>) -> FieldError {
    let minutes = ((until - now).num_seconds() + 59) / 60;
    FieldError { field, code: "wait", hint: Some(minutes.max(1).to_string()) }
}

/// Forgets wrong attempts after a right one.
///
/// # Errors
/// When the store fails.
pub async fn succeeded(tx: &mut Tx, scope: &str, subject: &str) -> Result<()> {
    Ok(attempts::clear(tx, scope, subject).await?)
}

/// 1, 2, 4 … 64 minutes, from the first wrong attempt beyond those that are free on.
fn delay(beyond: i64) -> Option<TimeDelta> {
    let doublings = beyond.min(MOST_DOUBLINGS);
    (doublings >= 0).then(|| TimeDelta::minutes(1_i64 << doublings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_from_the_fifth_wrong_attempt_on_up_to_an_hour() {
        assert_eq!(delay(4 - FREE), None);
        assert_eq!(delay(5 - FREE), Some(TimeDelta::minutes(1)));
        assert_eq!(delay(7 - FREE), Some(TimeDelta::minutes(4)));
        assert_eq!(delay(1000), Some(TimeDelta::minutes(64)));
    }
}
