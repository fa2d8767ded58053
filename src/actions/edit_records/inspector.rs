//! Entering and changing an inspector (执法人员).

use super::cleaned::Cleaner;
use super::{Editor, unchanged_since};
use crate::actions::{ActionError, Actor, Result, Service};
use crate::domain::certificate;
use crate::domain::dossier::Registries;
use crate::domain::id::{AgencyId, InspectorId};
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::domain::text::NAME_MAX;
use crate::storage::{Tx, registries, registry_updates};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

/// What a form says about an inspector.
#[derive(Clone, Debug, Default)]
pub struct InspectorFields {
    /// Name.
    pub name: String,
    /// Certificate number; of an inspector who is there it stays: filings name it.
    pub cert_no: String,
    /// The agency.
    pub agency: Option<AgencyId>,
    /// First day of validity.
    pub valid_from: Option<NaiveDate>,
    /// Last day of validity.
    pub valid_to: Option<NaiveDate>,
    /// Suspended from enforcement.
    pub suspended: bool,
    /// Officer or assistant; `None` leaves it, and is an officer of a new one.
    pub kind: Option<InspectorKind>,
}

impl InspectorFields {
    /// What is stored of an inspector that a form changes.
    #[must_use]
    pub fn facts(i: &Inspector) -> Value {
        json!({
            "name": i.name,
            "cert_no": i.cert_no,
            "agency": i.agency,
            "valid_from": i.valid_from,
            "valid_to": i.valid_to,
            "suspended": i.suspended,
            "kind": i.kind.as_str(),
        })
    }

    fn read(self, id: InspectorId, known: Option<&str>, stored: &Registries) -> Result<Inspector> {
        let mut cleaner = Cleaner::default();
        let agency = self.agency.filter(|id| stored.agencies.contains_key(id));
        if agency.is_none() {
            cleaner.fail("agency", "unchosen");
        }
        if self.valid_from.is_none() {
            cleaner.fail("valid_from", "required");
        }
        let from = self.valid_from.unwrap_or_default();
        if self.valid_to.is_some_and(|to| to < from) {
            cleaner.fail("valid_to", "date_order");
        }
        let cert_no = known.map_or_else(
            || certificate::plain(&cleaner.line("cert_no", &self.cert_no, certificate::MAX)),
            str::to_owned,
        );
        if known.is_none() && stored.inspectors.contains_key(&cert_no) {
            cleaner.fail("cert_no", "taken");
        }
        let before = stored.inspectors.get(&cert_no).map(|before| before.kind);
        let kind = self.kind.or(before).unwrap_or(InspectorKind::Officer);
        let inspector = Inspector {
            id,
            cert_no,
            name: cleaner.line("name", &self.name, NAME_MAX),
            agency: agency.unwrap_or(AgencyId(uuid::Uuid::nil())),
            valid_from: from,
            valid_to: self.valid_to,
            suspended: self.suspended,
            kind,
        };
        cleaner.finish()?;
        Ok(inspector)
    }
}

/// Enters an inspector.
///
/// # Errors
/// [`ActionError::Malformed`], also for a certificate number that is taken; otherwise when the store fails.
pub async fn enter_inspector(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    fields: InspectorFields,
) -> Result<Inspector> {
    let snapshot = service.snapshot(tx).await?;
    let inspector = fields.read(InspectorId(service.ids.uuid(now)), None, &snapshot.registries)?;
    registries::insert_inspector(tx, &inspector, now).await?;
    registries::bump(tx).await?;
    let facts = InspectorFields::facts(&inspector);
    Editor { tx, service, now, actor }.entered("inspector", inspector.id.0, facts).await?;
    Ok(inspector)
}

/// Changes an inspector.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::Stale`] when the record is not as it was `shown`; [`ActionError::Malformed`]; otherwise when the
/// store fails.
pub async fn change_inspector(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: InspectorId,
    shown: &str,
    fields: InspectorFields,
) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    let stored = of_id(&snapshot.registries, id)?;
    let before = InspectorFields::facts(stored);
    let inspector = fields.read(id, Some(&stored.cert_no), &snapshot.registries)?;
    unchanged_since("inspector", &before, shown)?;
    let after = InspectorFields::facts(&inspector);
    if before == after {
        return Ok(());
    }
    registry_updates::update_inspector(tx, &inspector).await?;
    registries::bump(tx).await?;
    Editor { tx, service, now, actor }.changed("inspector", id.0, &before, &after).await
}

fn of_id(registries: &Registries, id: InspectorId) -> Result<&Inspector> {
    registries.inspectors.values().find(|inspector| inspector.id == id).ok_or(ActionError::NotFound("inspector"))
}
