//! Those who sign in to the console. Whatever of them a [`User`] tells is part of the registries: each change marks their snapshots as stale.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx, registries};
use crate::domain::id::{AgencyId, UserId};
use crate::domain::user::{AlertChoice, Office, Role, User};
use chrono::{DateTime, Utc};

statements! {
    INSERT = "INSERT INTO users (
            id, email, name, role, office, agency_id, password_hash, alert_choice, lang, active, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    BY_ID = "SELECT * FROM users WHERE id = $1";
    BY_EMAIL = "SELECT * FROM users WHERE email = $1";
    LIST = "SELECT * FROM users ORDER BY role, email";
    SUPERVISORS = "SELECT * FROM users WHERE role = 'supervisor' AND active ORDER BY email";
    LIAISONS = "SELECT * FROM users WHERE role = 'liaison' AND agency_id = $1 AND active ORDER BY email";
    LEADS = "SELECT * FROM users WHERE role = $1 AND lead AND active ORDER BY email";
    SET_LEAD = "UPDATE users SET lead = $2 WHERE id = $1";
    SET_PASSWORD = "UPDATE users SET password_hash = $2 WHERE id = $1";
    GIVEN = "SELECT password_given_at FROM users WHERE id = $1";
    SET_GIVEN = "UPDATE users SET password_given_at = $2 WHERE id = $1";
    SET_ACTIVE = "UPDATE users SET active = $2 WHERE id = $1";
    STILL = "UPDATE users SET active = active WHERE id = $1 AND active AND (password_hash = $2 OR $2 IS NULL)";
    SET_PREFERENCES = "UPDATE users SET alert_choice = $2, lang = $3 WHERE id = $1";
}

/// Enters a user. The caller has looked that the address is free.
///
/// # Errors
/// When the store fails, or the address is taken.
pub async fn insert(tx: &mut Tx, u: &User, password_hash: &str, now: DateTime<Utc>) -> Result<()> {
    registries::bump(tx).await?;
    tx.execute_one(
        "user",
        INSERT,
        params![
            u.id,
            &u.email,
            &u.name,
            u.role.as_str(),
            u.office.map(Office::as_str),
            u.agency,
            password_hash,
            u.alerts.as_str(),
            &u.lang,
            u.active,
            now,
        ],
    )
    .await
}

/// One user.
///
/// # Errors
/// When the store fails.
pub async fn by_id(tx: &mut Tx, id: UserId) -> Result<Option<User>> {
    tx.fetch_optional(BY_ID, params![id]).await?.as_ref().map(from_row).transpose()
}

/// The user with this address (in the normal form of [`crate::domain::text::Email`]), with the hash of the password.
///
/// # Errors
/// When the store fails.
pub async fn by_email(tx: &mut Tx, email: &str) -> Result<Option<(User, String)>> {
    let Some(row) = tx.fetch_optional(BY_EMAIL, params![email]).await? else { return Ok(None) };
    Ok(Some((from_row(&row)?, row.get("password_hash")?)))
}

/// Whether a user may still sign in, with the password of this hash where one is given. It holds the user until the end of the transaction: whoever
/// changes the password meanwhile comes after it, and ends the session that it begins.
///
/// # Errors
/// When the store fails.
pub async fn still(tx: &mut Tx, id: UserId, password_hash: Option<&str>) -> Result<bool> {
    Ok(tx.execute(STILL, params![id, password_hash]).await? == 1)
}

/// All users, by role and address.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<User>> {
    tx.fetch_all(LIST, params![]).await?.iter().map(from_row).collect()
}

/// The supervisors who may sign in: those who are told of violations.
///
/// # Errors
/// When the store fails.
pub async fn supervisors(tx: &mut Tx) -> Result<Vec<User>> {
    tx.fetch_all(SUPERVISORS, params![]).await?.iter().map(from_row).collect()
}

/// The liaisons of an agency who may sign in.
///
/// # Errors
/// When the store fails.
pub async fn liaisons(tx: &mut Tx, agency: AgencyId) -> Result<Vec<User>> {
    tx.fetch_all(LIAISONS, params![agency]).await?.iter().map(from_row).collect()
}

/// Those of a role who are marked as lead and may sign in: heads of agencies, or the supervisors' lead.
///
/// # Errors
/// When the store fails.
pub async fn leads(tx: &mut Tx, role: Role) -> Result<Vec<User>> {
    tx.fetch_all(LEADS, params![role.as_str()]).await?.iter().map(from_row).collect()
}

/// Marks a user as lead, or no longer.
///
/// # Errors
/// When the store fails or there is no such user.
pub async fn set_lead(tx: &mut Tx, id: UserId, lead: bool) -> Result<()> {
    tx.execute_one("user", SET_LEAD, params![id, lead]).await
}

/// Stores the hash of a new password.
///
/// # Errors
/// When the store fails or there is no such user.
pub async fn set_password(tx: &mut Tx, id: UserId, password_hash: &str) -> Result<()> {
    tx.execute_one("user", SET_PASSWORD, params![id, password_hash]).await
}

/// When somebody else gave a user the password; `None` for one that its owner chose.
///
/// # Errors
/// When the store fails or there is no such user.
pub async fn password_given(tx: &mut Tx, user: UserId) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(GIVEN, params![user]).await?.get("password_given_at")
}

/// Notes that somebody else gave the password, or with `None` that its owner chose it.
///
/// # Errors
/// When the store fails or there is no such user.
pub async fn set_password_given(tx: &mut Tx, user: UserId, at: Option<DateTime<Utc>>) -> Result<()> {
    tx.execute_one("user", SET_GIVEN, params![user, at]).await
}

/// Lets a user sign in, or no longer.
///
/// # Errors
/// When the store fails or there is no such user.
pub async fn set_active(tx: &mut Tx, id: UserId, active: bool) -> Result<()> {
    registries::bump(tx).await?;
    tx.execute_one("user", SET_ACTIVE, params![id, active]).await
}

/// Stores when and in which language (`zh-CN`, `en`) a user hears of violations.
///
/// # Errors
/// When the store fails or there is no such user.
pub async fn set_preferences(tx: &mut Tx, id: UserId, alerts: AlertChoice, lang: &str) -> Result<()> {
    registries::bump(tx).await?;
    tx.execute_one("user", SET_PREFERENCES, params![id, alerts.as_str(), lang]).await
}

fn from_row(row: &Row) -> Result<User> {
    Ok(User {
        id: row.id("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        role: row.code("role", Role::parse)?,
        office: row.code_opt("office", Office::parse)?,
        agency: row.id_opt::<AgencyId>("agency_id")?,
        alerts: row.code("alert_choice", AlertChoice::parse)?,
        lang: row.get("lang")?,
        active: row.get("active")?,
    })
}
