//! Small changes to records of the registries, and the pointers that a merge leaves.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::EnterpriseId;

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
