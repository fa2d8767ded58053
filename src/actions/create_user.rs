//! Entering a person who may sign in to the console.

use super::{Actor, FieldError, Result, Service, address, audit};
use crate::domain::id::{AgencyId, UserId};
use crate::domain::text::{self, Email, NAME_MAX};
use crate::domain::user::{AlertChoice, Office, Role, User};
use crate::i18n::Lang;
use crate::storage::{Tx, users};
use chrono::{DateTime, Utc};
use serde_json::json;

/// A person to enter, as typed.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Mail address: how the person signs in.
    pub email: String,
    /// Name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The office of a supervisor.
    pub office: Option<Office>,
    /// The agency of a liaison.
    pub agency: Option<AgencyId>,
    /// When a supervisor hears of violations of severity 2.
    pub alerts: AlertChoice,
    /// Language of mails.
    pub lang: Lang,
}

/// Each field of a person that is wrong, as [`create_user`] refuses it: for a form that tells everything at once, before a password is hashed.
///
/// # Errors
/// When the store fails.
pub async fn check_new_user(tx: &mut Tx, new: &NewUser) -> Result<Vec<FieldError>> {
    Ok(checked(tx, new).await?.err().unwrap_or_default())
}

/// The address and the name, or what is wrong.
async fn checked(tx: &mut Tx, new: &NewUser) -> Result<std::result::Result<(Email, String), Vec<FieldError>>> {
    let mut wrong = Vec::new();
    let email = Email::parse(&new.email);
    let name = text::line(&new.name, NAME_MAX);
    match &email {
        Err(_) => wrong.push(FieldError::new("email", "invalid")),
        Ok(email) if address::is_taken(tx, email.as_str()).await? => {
            wrong.push(FieldError::new("email", "taken"));
        }
        Ok(_) => {}
    }
    if let Err(error) = &name {
        wrong.push(FieldError::new("name", error.code()));
    }
    if new.office.is_some() && new.role != Role::Supervisor {
        wrong.push(FieldError::new("office", "only_supervisors"));
    }
    match (new.role, new.agency) {
        (Role::Liaison, None) => wrong.push(FieldError::new("agency", "unchosen")),
        (Role::Supervisor | Role::Operator | Role::Administrator, Some(_)) => {
            wrong.push(FieldError::new("agency", "only_liaisons"));
        }
        _ => {}
    }
    Ok(match (email, name, wrong.is_empty()) {
        (Ok(email), Ok(name), true) => Ok((email, name)),
        _ => Err(wrong),
    })
}

/// Enters a user. The password is hashed before the transaction is opened ([`super::password`]), since that takes its time. It is taken as the
/// person's own; where it is not, [`super::first_password::was_given`] follows in the same transaction.
///
/// # Errors
/// [`super::ActionError::Malformed`] with each field that is wrong: `email` (`invalid`, `taken`), `name`, `office` (`only_supervisors`),
/// `agency` (`unchosen`, `only_liaisons`); otherwise when the store fails.
pub async fn create_user(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    new: &NewUser,
    password_hash: &str,
) -> Result<User> {
    let (email, name) = checked(tx, new).await?.map_err(super::ActionError::Malformed)?;
    let user = User {
        id: UserId(service.ids.uuid(now)),
        email: address::plain(email.as_str()),
        name,
        role: new.role,
        office: new.office,
        agency: new.agency,
        alerts: new.alerts,
        lang: new.lang.tag().to_owned(),
        active: true,
    };
    users::insert(tx, &user, password_hash, now).await?;
    let detail = json!({ "role": user.role, "office": user.office, "agency": user.agency });
    audit::record(tx, service, now, actor, "user.created", ("user", user.id.0), detail).await?;
    Ok(user)
}
