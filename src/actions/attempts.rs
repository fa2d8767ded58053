//! A delay that grows with wrong attempts at a secret: a password, a PIN, a receipt number.
//!
//! An attempt is counted before the secret is looked at ([`take`], committed), and forgotten if it was right ([`succeeded`]): so a hundred
//! guesses sent at once get no further than the same guesses one by one.

use super::{FieldError, Result};
use crate::storage::{Tx, attempts};
use chrono::{DateTime, TimeDelta, Utc};

/// Wrong attempts that cost nothing.
const FREE: i64 = 5;

/// The delay doubles with each wrong attempt from a minute up to this power of two of minutes.
const MOST_DOUBLINGS: i64 = 6;

/// Wrong attempts are forgotten after this long without another one.
pub const FORGET: TimeDelta = TimeDelta::hours(24);

/// Wrong attempts from one network, whatever they were at, that cost nothing: a whole office may sit behind one.
const FREE_OF_NETWORK: i64 = 60;

/// Wrong attempts from a network are forgotten after this long without another one.
const FORGET_OF_NETWORK: TimeDelta = TimeDelta::hours(1);

/// Takes an attempt, or says until when none is taken. Commit before looking at the secret.
///
/// `scope` says what is attacked (`pin`, `password`, `receipt`), `subject` which one, or from where.
///
/// # Errors
/// When the store fails.
pub async fn take(tx: &mut Tx, now: DateTime<Utc>, scope: &str, subject: &str) -> Result<Option<DateTime<Utc>>> {
    let before = attempts::get(tx, scope, subject).await?;
    let until = |a: attempts::Attempts| delay(a.failures - FREE).map(|delay| a.last_at + delay);
    let blocked = before.and_then(until).filter(|until| now < *until);
    if blocked.is_none() {
        attempts::failed(tx, scope, subject, now, now - FORGET).await?;
    }
    Ok(blocked)
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
