//! Passwords that somebody else gave: they hold for a week, and their owner chooses another before anything else.

use super::{ActionError, FieldError, Result};
use crate::domain::id::UserId;
use crate::storage::{Tx, users};
use chrono::{DateTime, TimeDelta, Utc};

/// How long a password that somebody else gave may be used.
pub const HOLDS: TimeDelta = TimeDelta::days(7);

/// Notes that somebody else gave a user the password: in the transaction that stores it.
///
/// # Errors
/// When the store fails or there is no such user.
pub async fn was_given(tx: &mut Tx, now: DateTime<Utc>, user: UserId) -> Result<()> {
    Ok(users::set_password_given(tx, user, Some(now)).await?)
}

/// Notes that its owner chose the password.
///
/// # Errors
/// When the store fails or there is no such user.
pub async fn was_chosen(tx: &mut Tx, user: UserId) -> Result<()> {
    Ok(users::set_password_given(tx, user, None).await?)
}

/// Refuses a right password that somebody else gave too long ago.
///
/// # Errors
/// A [`FieldError`] `expired` at `password`, with the days as the hint; otherwise when the store fails.
pub async fn still_holds(tx: &mut Tx, now: DateTime<Utc>, user: UserId) -> Result<()> {
    let given = users::password_given(tx, user).await?;
    if given.is_some_and(|given| now - given > HOLDS) {
        let hint = Some(HOLDS.num_days().to_string());
        return Err(ActionError::Malformed(vec![FieldError { field: "password", code: "expired", hint }]));
    }
    Ok(())
}
