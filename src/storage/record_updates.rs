//! Small changes to records of the registries, and the pointers that a merge leaves.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{AgencyId, EnterpriseId};
use std::collections::HashSet;

/// A record that was merged into another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Identity.
    pub id: EnterpriseId,
    /// Name.
    pub name: String,
    /// Its credit code.
    pub uscc: String,
}

statements! {
    SET_USCC = "UPDATE enterprises SET uscc = $2 WHERE id = $1";
    SURVIVOR = "SELECT merged_into FROM enterprises WHERE id = $1 AND merged_into IS NOT NULL";
    SET_AGENCY_ACTIVE = "UPDATE agencies SET active = $2 WHERE id = $1 AND active <> $2";
    INACTIVE_AGENCIES = "SELECT id FROM agencies WHERE NOT active";
    MERGED = "SELECT id, name, uscc FROM enterprises WHERE merged_into = $1 ORDER BY name, id";
}

/// Stores a corrected credit code.
///
/// # Errors
/// When the store fails, or the code is taken.
pub async fn set_uscc(tx: &mut Tx, id: EnterpriseId, uscc: &str) -> Result<()> {
    tx.execute_one("enterprise", SET_USCC, params![id, uscc]).await
}

/// The record that this one was merged into.
///
/// # Errors
/// When the store fails.
pub async fn survivor(tx: &mut Tx, id: EnterpriseId) -> Result<Option<EnterpriseId>> {
    tx.fetch_optional(SURVIVOR, params![id]).await?.map(|row| row.id("merged_into")).transpose()
}

/// The records that were merged into this one.
///
/// # Errors
/// When the store fails.
pub async fn merged(tx: &mut Tx, id: EnterpriseId) -> Result<Vec<Merged>> {
    let rows = tx.fetch_all(MERGED, params![id]).await?;
    rows.iter().map(|row| Ok(Merged { id: row.id("id")?, name: row.get("name")?, uscc: row.get("uscc")? })).collect()
}

/// Activates or deactivates an agency; `false` if it stood so already. Whoever does so calls `registries::bump`, too.
///
/// # Errors
/// When the store fails.
pub async fn set_agency_active(tx: &mut Tx, id: AgencyId, active: bool) -> Result<bool> {
    Ok(tx.execute(SET_AGENCY_ACTIVE, params![id, active]).await? == 1)
}

/// The agencies that are not active.
///
/// # Errors
/// When the store fails.
pub async fn inactive_agencies(tx: &mut Tx) -> Result<HashSet<AgencyId>> {
    tx.fetch_all(INACTIVE_AGENCIES, params![]).await?.iter().map(|row| row.id("id")).collect()
}
