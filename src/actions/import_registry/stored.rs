//! What is stored in the registries that rules look up, as an import compares with it.

use crate::actions::Result;
use crate::domain::day::Zone;
use crate::domain::dossier::Registries;
use crate::domain::id::AgencyId;
use crate::storage::{Tx, registries, registry_activity};
use std::collections::HashSet;
use uuid::Uuid;

/// Agencies, matters, inspectors and holidays, with what of them is not active.
#[derive(Debug)]
pub struct Stored {
    /// All of them.
    pub registries: Registries,
    inactive: HashSet<Uuid>,
}

impl Stored {
    /// Reads everything.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn load(tx: &mut Tx, zone: Zone) -> Result<Self> {
        let registries = registries::load(tx, zone).await?;
        Ok(Self { registries, inactive: registry_activity::inactive(tx).await? })
    }

    /// Whether an object is active.
    #[must_use]
    pub fn is_active(&self, id: Uuid) -> bool {
        !self.inactive.contains(&id)
    }

    /// The name of an agency, for a page; empty if there is none.
    #[must_use]
    pub fn agency_name(&self, id: AgencyId) -> &str {
        self.registries.agencies.get(&id).map_or("", |agency| agency.name.as_str())
    }
}
