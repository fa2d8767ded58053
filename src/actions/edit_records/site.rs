//! Branches and sites (分支、经营场所): entering, changing, closing, and noting which one a filing or report is about.

use super::cleaned::Cleaner;
use super::{Editor, unchanged_since};
use crate::actions::{ActionError, Actor, Result, Service};
use crate::domain::id::{EnterpriseId, SiteId};
use crate::domain::text::NAME_MAX;
use crate::domain::violation::Subject;
use crate::storage::sites::{self, Site};
use crate::storage::{Tx, enterprises, record_updates};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// The most characters of an address.
const ADDRESS_MAX: usize = 200;

/// What a form says about a site.
#[derive(Clone, Debug, Default)]
pub struct SiteFields {
    /// Name.
    pub name: String,
    /// Town or street office.
    pub town: String,
    /// Address.
    pub address: String,
}

impl SiteFields {
    /// What is stored of a site that a form changes.
    #[must_use]
    pub fn facts(site: &Site) -> Value {
        json!({ "name": site.name, "town": site.town, "address": site.address })
    }

    fn put(self, site: &mut Site) -> Result<()> {
        let mut cleaner = Cleaner::default();
        site.name = cleaner.line("name", &self.name, NAME_MAX);
        site.town = cleaner.optional_line("town", &self.town, NAME_MAX);
        site.address = cleaner.line("address", &self.address, ADDRESS_MAX);
        cleaner.finish()
    }
}

/// Enters a site of an enterprise.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] for an enterprise that was merged; [`ActionError::Malformed`]; otherwise when the
/// store fails.
pub async fn enter_site(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    enterprise: EnterpriseId,
    fields: SiteFields,
) -> Result<Site> {
    enterprises::get(tx, enterprise).await?.ok_or(ActionError::NotFound("enterprise"))?;
    if record_updates::survivor(tx, enterprise).await?.is_some() {
        return Err(ActionError::State("merged"));
    }
    let mut site = Site {
        id: SiteId(service.ids.uuid(now)),
        enterprise,
        name: String::new(),
        town: String::new(),
        address: String::new(),
        active: true,
        created_at: now,
    };
    fields.put(&mut site)?;
    sites::insert(tx, &site).await?;
    Editor { tx, service, now, actor }.entered("site", site.id.0, SiteFields::facts(&site)).await?;
    Ok(site)
}

/// Changes a site.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::Stale`] when it is not as it was `shown`; [`ActionError::Malformed`]; otherwise when the store fails.
pub async fn change_site(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: SiteId,
    shown: &str,
    fields: SiteFields,
) -> Result<Site> {
    let mut site = sites::get(tx, id).await?.ok_or(ActionError::NotFound("site"))?;
    let before = SiteFields::facts(&site);
    fields.put(&mut site)?;
    unchanged_since("site", &before, shown)?;
    let after = SiteFields::facts(&site);
    if before != after {
        sites::update(tx, &site).await?;
        Editor { tx, service, now, actor }.changed("site", id.0, &before, &after).await?;
    }
    Ok(site)
}

/// Closes a site, or opens it again.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when it stands so already; otherwise when the store fails.
pub async fn set_site_active(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: SiteId,
    active: bool,
) -> Result<Site> {
    let mut site = sites::get(tx, id).await?.ok_or(ActionError::NotFound("site"))?;
    if site.active == active {
        return Err(ActionError::State(if active { "active" } else { "inactive" }));
    }
    site.active = active;
    sites::update(tx, &site).await?;
    Editor { tx, service, now, actor }.activity("site", id.0, active).await?;
    Ok(site)
}

/// Notes which site of its enterprise a filing or report is about: that of the code that was scanned. Of one that is noted already
/// nothing changes.
///
/// # Errors
/// When the store fails.
pub async fn note_site(tx: &mut Tx, subject: Subject, site: Option<SiteId>) -> Result<()> {
    if let Some(site) = site {
        match subject {
            Subject::Filing(id) => sites::set_on_filing(tx, id, site).await?,
            Subject::Report(id) => sites::set_on_report(tx, id, site).await?,
            Subject::Request(_) | Subject::Violation(_) => false,
        };
    }
    Ok(())
}
