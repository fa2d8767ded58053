//! Whether a plan may still be written when its turn has come. It is made beside those who write; on SQLite nobody else can while it is written.

use super::apply::Change;
use super::planned::Planned;
use super::record::{Entry, Listed as _};
use crate::actions::Result;
use crate::storage::enterprises::EnterpriseRecord;
use crate::storage::{Tx, batches, registries};
use std::collections::HashMap;

/// How many enterprises are looked up at once.
const LOOKED_UP: usize = 1000;

/// What a plan rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// The version of the registries that rules look up, which each change of them raises.
    Registries(i64),
    /// The enterprises that it changes, as they were.
    Enterprises,
}

impl Basis {
    /// That of the registries at this moment: to be taken before they are read.
    pub(super) async fn registries(tx: &mut Tx) -> Result<Self> {
        Ok(Self::Registries(registries::version(tx).await?))
    }
}

impl Planned {
    /// Whether a plan made now would write the same. What it does not write may have changed: as if that had happened after the import.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn still_holds(&self, tx: &mut Tx) -> Result<bool> {
        match self.basis {
            Basis::Registries(version) => Ok(registries::version(tx).await? == version),
            Basis::Enterprises => {
                for some in self.changes.chunks(LOOKED_UP) {
                    if !as_planned(tx, some).await? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }
}

/// Whether enterprises that are to change are as they were, and new ones not there yet.
async fn as_planned(tx: &mut Tx, changes: &[Change]) -> Result<bool> {
    let keys: Vec<String> = changes.iter().map(|change| change.after.record.key()).collect();
    let codes: Vec<&str> = keys.iter().map(String::as_str).collect();
    let found = batches::enterprises_by_uscc(tx, &codes).await?;
    let mut found: HashMap<String, (EnterpriseRecord, bool)> =
        found.into_iter().map(|(e, merged)| (e.uscc.clone(), (e, merged))).collect();
    Ok(keys.iter().zip(changes).all(|(key, change)| match (found.remove(key), &change.before) {
        (None, None) => true,
        (Some((stored, false)), Some(before)) => {
            let active = stored.active;
            Entry { record: Box::new(stored).into(), active }.facts() == before.facts()
        }
        _ => false,
    }))
}
