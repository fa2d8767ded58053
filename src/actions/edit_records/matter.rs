//! Entering and changing a published matter (检查事项).

use super::cleaned::Cleaner;
use super::{Editor, unchanged_since};
use crate::actions::{ActionError, Actor, Result, Service};
use crate::domain::agency::Matter;
use crate::domain::dossier::Registries;
use crate::domain::id::{AgencyId, MatterId};
use crate::domain::text::{NAME_MAX, PURPOSE_MAX};
use crate::storage::{Tx, registries, registry_updates};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

/// What a form says about a matter.
#[derive(Clone, Debug, Default)]
pub struct MatterFields {
    /// The agency whose list it is on; of a matter that is there it stays.
    pub agency: Option<AgencyId>,
    /// Name.
    pub name: String,
    /// Cross-agency group.
    pub group: String,
    /// Law and article.
    pub legal_basis: String,
    /// First day on the list.
    pub published_from: Option<NaiveDate>,
    /// Last day on the list.
    pub published_to: Option<NaiveDate>,
}

impl MatterFields {
    /// What is stored of a matter that a form changes.
    #[must_use]
    pub fn facts(m: &Matter) -> Value {
        json!({
            "agency": m.agency,
            "name": m.name,
            "group": m.group,
            "legal_basis": m.legal_basis,
            "published_from": m.published_from,
            "published_to": m.published_to,
        })
    }

    fn read(self, id: MatterId, known: Option<AgencyId>, stored: &Registries) -> Result<Matter> {
        let mut cleaner = Cleaner::default();
        let agency = known.or(self.agency.filter(|id| stored.agencies.contains_key(id)));
        if agency.is_none() {
            cleaner.fail("agency", "unchosen");
        }
        if self.published_from.is_none() {
            cleaner.fail("published_from", "required");
        }
        let from = self.published_from.unwrap_or_default();
        if self.published_to.is_some_and(|to| to < from) {
            cleaner.fail("published_to", "date_order");
        }
        let matter = Matter {
            id,
            agency: agency.unwrap_or(AgencyId(uuid::Uuid::nil())),
            name: cleaner.line("name", &self.name, NAME_MAX),
            group: cleaner.optional_line("group", &self.group, NAME_MAX),
            legal_basis: cleaner.optional_line("legal_basis", &self.legal_basis, PURPOSE_MAX),
            published_from: from,
            published_to: self.published_to,
        };
        let same = |other: &Matter| {
            (other.agency, &other.name, other.published_from) == (matter.agency, &matter.name, matter.published_from)
        };
        if stored.matters.values().any(|other| other.id != id && same(other)) {
            cleaner.fail("name", "taken");
        }
        cleaner.finish()?;
        Ok(matter)
    }
}

/// Enters a matter on its agency's list.
///
/// # Errors
/// [`ActionError::Malformed`], also for one that the list has from the same day on; otherwise when the store fails.
pub async fn enter_matter(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    fields: MatterFields,
) -> Result<Matter> {
    let snapshot = service.snapshot(tx).await?;
    let matter = fields.read(MatterId(service.ids.uuid(now)), None, &snapshot.registries)?;
    registries::insert_matter(tx, &matter, now).await?;
    registries::bump(tx).await?;
    let facts = MatterFields::facts(&matter);
    Editor { tx, service, now, actor }.entered("matter", matter.id.0, facts).await?;
    Ok(matter)
}

/// Changes a matter. What was filed on it is judged by what is in force when it is judged next.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::Stale`] when it is not as it was `shown`; [`ActionError::Malformed`]; otherwise when the store fails.
pub async fn change_matter(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: MatterId,
    shown: &str,
    fields: MatterFields,
) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    let stored = snapshot.registries.matters.get(&id).ok_or(ActionError::NotFound("matter"))?;
    let before = MatterFields::facts(stored);
    let matter = fields.read(id, Some(stored.agency), &snapshot.registries)?;
    unchanged_since("matter", &before, shown)?;
    let after = MatterFields::facts(&matter);
    if before == after {
        return Ok(());
    }
    registry_updates::update_matter(tx, &matter).await?;
    registries::bump(tx).await?;
    Editor { tx, service, now, actor }.changed("matter", id.0, &before, &after).await
}

/// Takes a matter off the list from tomorrow on, or puts it back on without an end.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when it stands so already; otherwise when the store fails.
pub async fn set_matter_active(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: MatterId,
    active: bool,
) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    let mut matter = snapshot.registries.matters.get(&id).cloned().ok_or(ActionError::NotFound("matter"))?;
    let before = MatterFields::facts(&matter);
    let today = service.settings.zone.local_date(now);
    let ends = matter.published_to.is_some_and(|to| to <= today);
    if ends != active {
        return Err(ActionError::State(if active { "active" } else { "inactive" }));
    }
    // One that is not published yet never will be.
    matter.published_to = if active { None } else { Some(today.max(matter.published_from)) };
    registry_updates::update_matter(tx, &matter).await?;
    registries::bump(tx).await?;
    Editor { tx, service, now, actor }.changed("matter", id.0, &before, &MatterFields::facts(&matter)).await
}
