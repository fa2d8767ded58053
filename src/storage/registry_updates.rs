//! Changes to the registries that rules look up. Whoever makes one calls [`super::registries::bump`], too.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::agency::{Agency, Matter};
use crate::domain::inspector::Inspector;
use serde_json::json;

statements! {
    UPDATE_AGENCY = "UPDATE agencies SET name = $2, short_name = $3, parent_id = $4, emails = $5, areas = $6 WHERE id = $1";
    UPDATE_MATTER = "UPDATE matters
        SET name = $2, matter_group = $3, legal_basis = $4, published_from = $5, published_to = $6
        WHERE id = $1";
    UPDATE_INSPECTOR = "UPDATE inspectors
        SET name = $2, agency_id = $3, valid_from = $4, valid_to = $5, suspended = $6, kind = $7
        WHERE id = $1";
    COUNT_HOLIDAYS = "SELECT COUNT(*) AS n FROM holidays";
}

/// Stores an agency's changed name, parent and addresses.
///
/// # Errors
/// When the store fails or there is no such agency.
pub async fn update_agency(tx: &mut Tx, a: &Agency) -> Result<()> {
    let bound = params![a.id, &a.name, &a.short_name, a.parent, json!(a.emails), json!(a.areas)];
    tx.execute_one("agency", UPDATE_AGENCY, bound).await
}

/// Stores a matter's changed name, group, basis and dates; it stays on its agency's list.
///
/// # Errors
/// When the store fails or there is no such matter.
pub async fn update_matter(tx: &mut Tx, m: &Matter) -> Result<()> {
    let bound = params![m.id, &m.name, &m.group, &m.legal_basis, m.published_from, m.published_to];
    tx.execute_one("matter", UPDATE_MATTER, bound).await
}

/// Stores an inspector's changed name, agency and validity.
///
/// # Errors
/// When the store fails or there is no such inspector.
pub async fn update_inspector(tx: &mut Tx, i: &Inspector) -> Result<()> {
    let bound = params![i.id, &i.name, i.agency, i.valid_from, i.valid_to, i.suspended, i.kind.as_str()];
    tx.execute_one("inspector", UPDATE_INSPECTOR, bound).await
}

/// Whether the table of holidays is empty, so that the one that comes with the program is in force.
///
/// # Errors
/// When the store fails.
pub async fn has_no_holidays(tx: &mut Tx) -> Result<bool> {
    Ok(tx.fetch_one(COUNT_HOLIDAYS, params![]).await?.get::<i64>("n")? == 0)
}
