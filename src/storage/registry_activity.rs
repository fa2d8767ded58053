//! What is active in the registries that rules look up: nothing in them is ever deleted. Whoever changes it calls
//! [`super::registries::bump`], too.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::holidays::Holiday;
use crate::domain::id::{AgencyId, InspectorId, MatterId};
use chrono::{DateTime, Utc};
use std::collections::HashSet;
use uuid::Uuid;

statements! {
    LOCK = "UPDATE registry_state SET version = version WHERE id = 1";
    INACTIVE_AGENCIES = "SELECT id FROM agencies WHERE NOT active";
    INACTIVE_MATTERS = "SELECT id FROM matters WHERE NOT active";
    INACTIVE_INSPECTORS = "SELECT id FROM inspectors WHERE NOT active";
    SET_AGENCY = "UPDATE agencies SET active = $2 WHERE id = $1";
    SET_MATTER = "UPDATE matters SET active = $2 WHERE id = $1";
    SET_INSPECTOR = "UPDATE inspectors SET active = $2 WHERE id = $1";
    PUT_HOLIDAY = "INSERT INTO holidays (day, kind, name, active)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name, active = excluded.active";
    COUNT_HOLIDAYS = "SELECT COUNT(*) AS n FROM holidays";
    IN_USE = "SELECT (SELECT COUNT(*) FROM matters WHERE agency_id = $1 AND active)
            + (SELECT COUNT(*) FROM inspectors WHERE agency_id = $1 AND active)
            + (SELECT COUNT(*) FROM agencies WHERE parent_id = $1 AND active) AS n";
    USED_SINCE = "SELECT enterprise_id AS id FROM filings WHERE filed_at >= $1
        UNION SELECT agency_id AS id FROM filings WHERE filed_at >= $1
        UNION SELECT enterprise_id AS id FROM reports WHERE filed_at >= $1
        UNION SELECT enterprise_id AS id FROM sites WHERE created_at >= $1
        UNION SELECT merged_into AS id FROM enterprises WHERE merged_into IS NOT NULL
        UNION SELECT id FROM inspectors WHERE enrolled_at >= $1
        UNION SELECT agency_id AS id FROM users WHERE created_at >= $1 AND agency_id IS NOT NULL
        UNION SELECT unit_id AS id FROM signs
        WHERE unit_id IS NOT NULL
            AND (printed_at >= $1 OR issued_at >= $1 OR last_scanned_at >= $1 OR (bound_at > $1 AND state <> 'generated'))";
}

/// Makes every other import wait until this transaction has ended.
///
/// # Errors
/// When the store fails.
pub async fn lock(tx: &mut Tx) -> Result<()> {
    tx.known.registries = None;
    tx.execute_one("registry state", LOCK, params![]).await
}

/// The agencies, matters and inspectors that are not active.
///
/// # Errors
/// When the store fails.
pub async fn inactive(tx: &mut Tx) -> Result<HashSet<Uuid>> {
    let mut all = HashSet::new();
    for statement in [INACTIVE_AGENCIES, INACTIVE_MATTERS, INACTIVE_INSPECTORS] {
        for row in tx.fetch_all(statement, params![]).await? {
            all.insert(row.get("id")?);
        }
    }
    Ok(all)
}

/// Activates or deactivates an agency.
///
/// # Errors
/// When the store fails or there is no such agency.
pub async fn set_agency(tx: &mut Tx, id: AgencyId, active: bool) -> Result<()> {
    tx.execute_one("agency", SET_AGENCY, params![id, active]).await
}

/// Activates or deactivates a matter.
///
/// # Errors
/// When the store fails or there is no such matter.
pub async fn set_matter(tx: &mut Tx, id: MatterId, active: bool) -> Result<()> {
    tx.execute_one("matter", SET_MATTER, params![id, active]).await
}

/// Activates or deactivates an inspector.
///
/// # Errors
/// When the store fails or there is no such inspector.
pub async fn set_inspector(tx: &mut Tx, id: InspectorId, active: bool) -> Result<()> {
    tx.execute_one("inspector", SET_INSPECTOR, params![id, active]).await
}

/// Enters or changes a day of the table of holidays; one that is not active counts for nothing.
///
/// # Errors
/// When the store fails.
pub async fn put_holiday(tx: &mut Tx, h: &Holiday, active: bool) -> Result<()> {
    tx.execute_one("holiday", PUT_HOLIDAY, params![h.date, h.kind.as_str(), &h.name, active]).await
}

/// Whether the table of holidays is empty, so that the one that comes with the program is in force.
///
/// # Errors
/// When the store fails.
pub async fn has_no_holidays(tx: &mut Tx) -> Result<bool> {
    Ok(tx.fetch_one(COUNT_HOLIDAYS, params![]).await?.get::<i64>("n")? == 0)
}

/// Whether an agency has active matters, inspectors or agencies below it.
///
/// # Errors
/// When the store fails.
pub async fn agency_in_use(tx: &mut Tx, id: AgencyId) -> Result<bool> {
    Ok(tx.fetch_one(IN_USE, params![id]).await?.get::<i64>("n")? > 0)
}

/// Units and inspectors that somebody has relied on since an instant: filed at or by, reported at, scanned, with a sign printed, handed out or
/// hung up, merged into, with a site, a person or a device of their own.
///
/// # Errors
/// When the store fails.
pub async fn used_since(tx: &mut Tx, since: DateTime<Utc>) -> Result<HashSet<Uuid>> {
    tx.fetch_all(USED_SINCE, params![since]).await?.iter().map(|row| row.get("id")).collect()
}
