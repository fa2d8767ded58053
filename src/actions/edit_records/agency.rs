//! Entering and changing an agency (单位).

use super::cleaned::Cleaner;
use super::{Editor, unchanged_since};
use crate::actions::{ActionError, Actor, Result, Service, issue_sign};
use crate::domain::agency::Agency;
use crate::domain::id::AgencyId;
use crate::domain::sign::UnitKind;
use crate::domain::text::{Email, NAME_MAX};
use crate::storage::{Tx, record_updates, registries, registry_updates};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What a form says about an agency.
#[derive(Clone, Debug, Default)]
pub struct AgencyFields {
    /// Full official name.
    pub name: String,
    /// Usual short name.
    pub short_name: String,
    /// The agency that it belongs to.
    pub parent: Option<AgencyId>,
    /// Mail addresses, with signs between.
    pub emails: String,
    /// The towns that it may inspect in, with signs between; empty for the whole district.
    pub areas: String,
}

impl AgencyFields {
    /// What is stored of an agency that a form changes.
    #[must_use]
    pub fn facts(a: &Agency) -> Value {
        json!({ "name": a.name, "short_name": a.short_name, "parent": a.parent, "emails": a.emails, "areas": a.areas })
    }

    fn put(self, agency: &mut Agency, all: &HashMap<AgencyId, Agency>) -> Result<()> {
        let mut cleaner = Cleaner::default();
        agency.name = cleaner.line("name", &self.name, NAME_MAX);
        agency.short_name = cleaner.optional_line("short_name", &self.short_name, NAME_MAX);
        agency.emails = cleaner.list("emails", &[self.emails], NAME_MAX);
        if agency.emails.iter().any(|email| Email::parse(email).is_err()) {
            cleaner.fail("emails", "email");
        }
        agency.areas = cleaner.list("areas", &[self.areas], NAME_MAX);
        agency.parent = self.parent;
        if self.parent.is_some_and(|parent| !all.contains_key(&parent)) {
            cleaner.fail("parent", "unknown");
        } else if is_above_itself(agency, all) {
            cleaner.fail("parent", "above_itself");
        }
        if all.values().any(|other| other.id != agency.id && other.name == agency.name) {
            cleaner.fail("name", "taken");
        }
        cleaner.finish()
    }
}

fn is_above_itself(agency: &Agency, all: &HashMap<AgencyId, Agency>) -> bool {
    let (mut above, mut steps) = (agency.parent, 0);
    while let Some(id) = above {
        if id == agency.id || steps > all.len() {
            return true;
        }
        (above, steps) = (all.get(&id).and_then(|agency| agency.parent), steps + 1);
    }
    false
}

/// Enters an agency with its first sign.
///
/// # Errors
/// [`ActionError::Malformed`], also for a name that is taken; otherwise when the store fails.
pub async fn enter_agency(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    fields: AgencyFields,
) -> Result<Agency> {
    let snapshot = service.snapshot(tx).await?;
    let mut agency = Agency {
        id: AgencyId(service.ids.uuid(now)),
        name: String::new(),
        short_name: String::new(),
        parent: None,
        emails: Vec::new(),
        areas: Vec::new(),
    };
    fields.put(&mut agency, &snapshot.registries.agencies)?;
    registries::insert_agency(tx, &agency, now).await?;
    registries::bump(tx).await?;
    let facts = AgencyFields::facts(&agency);
    Editor { tx, service, now, actor }.entered("agency", agency.id.0, facts).await?;
    issue_sign(tx, service, now, actor, (UnitKind::Agency, agency.id.0)).await?;
    Ok(agency)
}

/// Changes an agency.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::Stale`] when it is not as it was `shown`; [`ActionError::Malformed`]; otherwise when the store fails.
pub async fn change_agency(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: AgencyId,
    shown: &str,
    fields: AgencyFields,
) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    let all = &snapshot.registries.agencies;
    let mut agency = all.get(&id).cloned().ok_or(ActionError::NotFound("agency"))?;
    let before = AgencyFields::facts(&agency);
    fields.put(&mut agency, all)?;
    unchanged_since("agency", &before, shown)?;
    let after = AgencyFields::facts(&agency);
    if before == after {
        return Ok(());
    }
    registry_updates::update_agency(tx, &agency).await?;
    registries::bump(tx).await?;
    Editor { tx, service, now, actor }.changed("agency", id.0, &before, &after).await
}

/// Deactivates an agency: no list offers it any more and its code opens nothing; or takes that back.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when it stands so already; otherwise when the store fails.
pub async fn set_agency_active(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: AgencyId,
    active: bool,
) -> Result<()> {
    if !service.snapshot(tx).await?.registries.agencies.contains_key(&id) {
        return Err(ActionError::NotFound("agency"));
    }
    if !record_updates::set_agency_active(tx, id, active).await? {
        return Err(ActionError::State(if active { "active" } else { "inactive" }));
    }
    registries::bump(tx).await?;
    Editor { tx, service, now, actor }.activity("agency", id.0, active).await
}
