//! What changes about a person who signs in: whether they may, what they want to hear of, and their password.

use super::sign_in::{GUESSES, STEP_GUESSES};
use super::{ActionError, Actor, Result, Service, attempts, audit, first_password, known_browsers};
use crate::domain::id::UserId;
use crate::domain::user::{AlertChoice, Role, User};
use crate::i18n::Lang;
use crate::storage::{Tx, sessions, users};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Lets a user sign in, or no longer: open sessions end at once.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when somebody would lock themselves out; otherwise when the store fails.
pub async fn set_user_active(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: UserId,
    id: UserId,
    active: bool,
) -> Result<()> {
    if by == id {
        return Err(ActionError::State("self"));
    }
    users::by_id(tx, id).await?.ok_or(ActionError::NotFound("user"))?;
    users::set_active(tx, id, active).await?;
    if !active {
        sessions::end_others(tx, id, &[], now).await?;
    }
    let action = if active { "user.activated" } else { "user.deactivated" };
    audit::record(tx, service, now, &Actor::User(by), action, ("user", id.0), json!({})).await
}

/// Marks a supervisor or liaison as lead, or no longer: the lead hears of agencies that do not answer, an agency's head of missed deadlines.
///
/// # Errors
/// [`ActionError::NotFound`] also for somebody of another role; otherwise when the store fails.
pub async fn set_user_lead(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: UserId,
    id: UserId,
    lead: bool,
) -> Result<()> {
    let user = users::by_id(tx, id).await?.ok_or(ActionError::NotFound("user"))?;
    if !matches!(user.role, Role::Supervisor | Role::Liaison) {
        return Err(ActionError::NotFound("user"));
    }
    users::set_lead(tx, id, lead).await?;
    audit::record(tx, service, now, &Actor::User(by), "user.lead", ("user", id.0), json!({ "lead": lead })).await
}

/// Stores when and in which language a user hears of violations.
///
/// # Errors
/// [`ActionError::NotFound`]; otherwise when the store fails.
pub async fn set_user_preferences(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: UserId,
    id: UserId,
    alerts: AlertChoice,
    lang: Lang,
) -> Result<()> {
    let before = users::by_id(tx, id).await?.ok_or(ActionError::NotFound("user"))?;
    users::set_preferences(tx, id, alerts, lang.tag()).await?;
    let detail = json!({ "alerts": [before.alerts, alerts], "lang": [before.lang, lang.tag()] });
    audit::record(tx, service, now, &Actor::User(by), "user.preferences", ("user", id.0), detail).await
}

/// Stores the hash of a new password for somebody who forgot theirs, who has to choose another when they sign in with it; all their sessions
/// end. Nobody resets their own: that asks for the old one.
///
/// # Errors
/// [`ActionError::NotFound`], also for who may not sign in; [`ActionError::State`] for one's own; otherwise when the store fails.
pub async fn reset_password(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: &Actor,
    id: UserId,
    password_hash: &str,
) -> Result<User> {
    if matches!(by, Actor::User(own) if *own == id) {
        return Err(ActionError::State("self"));
    }
    let user = users::by_id(tx, id).await?.filter(|user| user.active).ok_or(ActionError::NotFound("user"))?;
    users::set_password(tx, id, password_hash).await?;
    first_password::was_given(tx, now, id).await?;
    sessions::end_others(tx, id, &[], now).await?;
    // Who tried until they had to wait may use the new one at once, and so may who is kept waiting by others.
    attempts::forget(tx, GUESSES, &user.email).await?;
    attempts::forget(tx, STEP_GUESSES, &id.to_string()).await?;
    known_browsers::forget(tx, id.0, None).await?;
    audit::record(tx, service, now, by, "user.password_reset", ("user", id.0), json!({})).await?;
    Ok(user)
}

/// Stores the hash of a user's new password; every other session of theirs ends, and no other browser than that of `this_session`, whose cookie has
/// the hash `browser`, is known any more.
///
/// # Errors
/// When the store fails.
pub async fn change_password(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: &User,
    password_hash: &str,
    (this_session, browser): (&[u8], Option<&[u8]>),
) -> Result<()> {
    users::set_password(tx, user.id, password_hash).await?;
    known_browsers::forget(tx, user.id.0, browser).await?;
    first_password::was_chosen(tx, user.id).await?;
    sessions::end_others(tx, user.id, this_session, now).await?;
    audit::record(tx, service, now, &Actor::User(user.id), "user.password", ("user", user.id.0), json!({})).await
}
