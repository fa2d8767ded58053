//! What several commands look up by the names that people type.

use super::output::CliError;
use crate::actions::{ActionError, FieldError};
use crate::domain::agency::Agency;
use crate::domain::day::Zone;
use crate::domain::dossier::Registries;
use crate::storage::{Tx, registries};

/// The registries as they are stored.
///
/// # Errors
/// When the store fails.
pub async fn stored(tx: &mut Tx, zone: Zone) -> Result<Registries, CliError> {
    Ok(registries::load(tx, zone).await?)
}

/// The agency with this full name, or the only one with this short name.
///
/// # Errors
/// When there is none; the message names those that there are.
pub fn agency<'r>(registries: &'r Registries, name: &str) -> Result<&'r Agency, CliError> {
    let exact = registries.agencies.values().find(|agency| agency.name == name);
    let mut short = registries.agencies.values().filter(|agency| agency.short_name == name);
    if let Some(agency) = exact.or_else(|| short.next().filter(|_| short.next().is_none())) {
        return Ok(agency);
    }
    let mut names: Vec<&str> = registries.agencies.values().map(|agency| agency.name.as_str()).collect();
    names.sort_unstable();
    Err(CliError::Input(if names.is_empty() {
        format!("there is no agency {name:?}: take over the agencies first (`mashang import agencies FILE`)")
    } else {
        format!("there is no agency {name:?}; there are {}", names.join("、"))
    }))
}

/// The words of an action's answer to what was typed.
pub fn refused(error: ActionError) -> CliError {
    match error {
        ActionError::Malformed(fields) => {
            CliError::Input(fields.iter().map(field).collect::<Vec<_>>().join("\nmashang: "))
        }
        other => other.into(),
    }
}

fn field(error: &FieldError) -> String {
    let limit = error.hint.as_deref().unwrap_or_default();
    match (error.field, error.code) {
        ("email", "invalid") => "--email is not an address such as name@example.gov.cn".to_owned(),
        ("email", "taken") => "there is a user with this address already; `mashang user list` shows them".to_owned(),
        ("office", "only_supervisors") => "--office is for supervisors only".to_owned(),
        ("agency", "unchosen") => "a liaison belongs to an agency: name it with --agency".to_owned(),
        ("agency", "only_liaisons") => "--agency is for liaisons only".to_owned(),
        ("password", "required") => {
            "the password is empty: type it, send it to standard input, or name a file with --password-file".to_owned()
        }
        ("password", "too_short") => format!("the password is too short: at least {limit} characters"),
        ("password", "common") => {
            "the password is one of the commonest, which are tried first: choose another".to_owned()
        }
        ("password", "known_words") => {
            "the password is little more than a role, a name or the name of this program: choose another".to_owned()
        }
        ("password", "too_long") => format!("the password is too long: at most {limit} characters"),
        (name, code) => format!("{name}: {code}"),
    }
}
