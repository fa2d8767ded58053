//! The registries that rules look up, read whole, and the number that tells whether a snapshot of them is stale.

use super::known::Newest;
use super::param::params;
use super::statements::statements;
use super::{Result, Tx, known};
use crate::domain::agency::{Agency, Matter};
use crate::domain::day::Zone;
use crate::domain::dossier::Registries;
use crate::domain::holidays::{Holiday, HolidayKind, Holidays};
use crate::domain::id::UserId;
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::domain::policy::{Policies, PolicyVersion};
use chrono::{DateTime, Utc};
use serde_json::json;

statements! {
    ENTERED = "SELECT COUNT(*) AS n FROM (
            SELECT id FROM agencies UNION ALL SELECT id FROM enterprises UNION ALL SELECT id FROM policies
            UNION ALL SELECT id FROM users) entered";
    VERSION = "SELECT version FROM registry_state WHERE id = 1";
    BUMP = "UPDATE registry_state SET version = version + 1 WHERE id = 1";
    AGENCIES = "SELECT id, name, short_name, parent_id, emails, areas FROM agencies";
    MATTERS = "SELECT id, agency_id, name, matter_group, legal_basis, published_from, published_to FROM matters";
    INSPECTORS = "SELECT id, cert_no, name, agency_id, valid_from, valid_to, suspended, kind FROM inspectors";
    HOLIDAYS = "SELECT day, kind, name FROM holidays WHERE active";
    POLICIES = "SELECT id, effective_from, content FROM policies ORDER BY ordinal";
    INSERT_AGENCY = "INSERT INTO agencies (id, name, short_name, parent_id, emails, areas, active, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7)";
    INSERT_MATTER = "INSERT INTO matters (
            id, agency_id, name, matter_group, legal_basis, published_from, published_to, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    INSERT_INSPECTOR = "INSERT INTO inspectors (
            id, cert_no, name, agency_id, valid_from, valid_to, suspended, kind, pin_hash, enrolled_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, $9)";
    INSERT_POLICY = "INSERT INTO policies (id, ordinal, effective_from, content, note, created_by, created_at)
        SELECT $1, COALESCE(MAX(ordinal), 0) + 1, $2, $3, $4, $5, $6 FROM policies";
}

/// Whether nobody has entered anything yet: no agency, enterprise, policy or user.
///
/// # Errors
/// When the store fails.
pub async fn is_fresh(tx: &mut Tx) -> Result<bool> {
    Ok(tx.fetch_one(ENTERED, params![]).await?.get::<i64>("n")? == 0)
}

/// Enters an agency; its parent must be there.
///
/// # Errors
/// When the store fails, or the name is taken.
pub async fn insert_agency(tx: &mut Tx, a: &Agency, now: DateTime<Utc>) -> Result<()> {
    let bound = params![a.id, &a.name, &a.short_name, a.parent, json!(a.emails), json!(a.areas), now];
    tx.execute_one("agency", INSERT_AGENCY, bound).await
}

/// Enters a matter on its agency's list.
///
/// # Errors
/// When the store fails, or the agency's list has it from the same day on.
pub async fn insert_matter(tx: &mut Tx, m: &Matter, now: DateTime<Utc>) -> Result<()> {
    let bound = params![m.id, m.agency, &m.name, &m.group, &m.legal_basis, m.published_from, m.published_to, now];
    tx.execute_one("matter", INSERT_MATTER, bound).await
}

/// Enters an inspector.
///
/// # Errors
/// When the store fails, or the certificate number is taken.
pub async fn insert_inspector(tx: &mut Tx, i: &Inspector, now: DateTime<Utc>) -> Result<()> {
    let kind = i.kind.as_str();
    let bound = params![i.id, &i.cert_no, &i.name, i.agency, i.valid_from, i.valid_to, i.suspended, kind, now];
    tx.execute_one("inspector", INSERT_INSPECTOR, bound).await
}

/// Adds a policy version; of two with one date the later added is in force.
///
/// # Errors
/// When the store fails.
pub async fn insert_policy(
    tx: &mut Tx,
    version: &PolicyVersion,
    note: &str,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<()> {
    let bound = params![version.id, version.effective_from, json!(version.policy), note, by, now];
    tx.execute_one("policy", INSERT_POLICY, bound).await
}

/// The version of the registries.
///
/// # Errors
/// When the store fails.
pub async fn version(tx: &mut Tx) -> Result<i64> {
    if let Some(version) = tx.known.registries {
        return Ok(version);
    }
    if tx.writes() && matches!(tx.known.newest_audit, Newest::Unread) {
        return Ok(known::read(tx).await?.0);
    }
    let version = tx.fetch_one(VERSION, params![]).await?.get("version")?;
    tx.known.registries = Some(version);
    Ok(version)
}

/// Marks every snapshot as stale. Call it with each change of an agency, matter, inspector, holiday, policy, user or bell.
///
/// # Errors
/// When the store fails.
pub async fn bump(tx: &mut Tx) -> Result<()> {
    tx.known.registries = None;
    tx.execute_one("registry state", BUMP, params![]).await
}

/// All registries. An empty table of holidays means the official one that comes with the program.
///
/// # Errors
/// When the store fails or holds something unreadable.
pub async fn load(tx: &mut Tx, zone: Zone) -> Result<Registries> {
    let mut registries = Registries {
        zone,
        holidays: holidays(tx).await?,
        agencies: std::collections::HashMap::new(),
        matters: std::collections::HashMap::new(),
        inspectors: std::collections::HashMap::new(),
    };
    for row in tx.fetch_all(AGENCIES, params![]).await? {
        let agency = Agency {
            id: row.id("id")?,
            name: row.get("name")?,
            short_name: row.get("short_name")?,
            parent: row.id_opt("parent_id")?,
            emails: row.json("emails")?,
            areas: row.json("areas")?,
        };
        registries.agencies.insert(agency.id, agency);
    }
    for row in tx.fetch_all(MATTERS, params![]).await? {
        let matter = Matter {
            id: row.id("id")?,
            agency: row.id("agency_id")?,
            name: row.get("name")?,
            group: row.get("matter_group")?,
            legal_basis: row.get("legal_basis")?,
            published_from: row.get("published_from")?,
            published_to: row.get("published_to")?,
        };
        registries.matters.insert(matter.id, matter);
    }
    for row in tx.fetch_all(INSPECTORS, params![]).await? {
        let inspector = Inspector {
            id: row.id("id")?,
            cert_no: row.get("cert_no")?,
            name: row.get("name")?,
            agency: row.id("agency_id")?,
            valid_from: row.get("valid_from")?,
            valid_to: row.get("valid_to")?,
            suspended: row.get("suspended")?,
            kind: row.code("kind", InspectorKind::parse)?,
        };
        registries.inspectors.insert(inspector.cert_no.clone(), inspector);
    }
    Ok(registries)
}

async fn holidays(tx: &mut Tx) -> Result<Holidays> {
    let rows = tx.fetch_all(HOLIDAYS, params![]).await?;
    if rows.is_empty() {
        return Ok(Holidays::official());
    }
    let mut holidays = Vec::with_capacity(rows.len());
    for row in rows {
        holidays.push(Holiday {
            date: row.get("day")?,
            kind: row.code("kind", HolidayKind::parse)?,
            name: row.get("name")?,
        });
    }
    Ok(Holidays::new(holidays))
}

/// All policy versions.
///
/// # Errors
/// When the store fails or holds something unreadable.
pub async fn policies(tx: &mut Tx) -> Result<Policies> {
    let mut versions = Vec::new();
    for row in tx.fetch_all(POLICIES, params![]).await? {
        versions.push(PolicyVersion::new(row.id("id")?, row.get("effective_from")?, row.json("content")?));
    }
    Ok(Policies::new(versions))
}
