//! What is stored and active, but not in a file. It is deactivated only on a separate wish, and never deleted.

use super::planned::Planned;
use super::record::{Entry, Listed as _, Record};
use super::stored::Stored;
use super::{Change, Registry};
use crate::actions::Result;
use crate::storage::{Tx, batches, enterprise_lists};
use chrono::NaiveDate;
use std::collections::HashSet;

/// Whether the absent may be deactivated: by a file with all holidays of one year the other years would go.
#[must_use]
pub const fn offered(registry: Registry) -> bool {
    !matches!(registry, Registry::Holidays)
}

/// How many active objects a file does not have.
pub async fn count(tx: &mut Tx, registry: Registry, planned: &Planned, today: NaiveDate) -> Result<u64> {
    if !offered(registry) {
        return Ok(0);
    }
    if registry == Registry::Enterprises {
        let before = planned.changes.iter().filter_map(|change| change.before.as_ref());
        let found = planned.unchanged.len() + before.filter(|before| before.active).count();
        let all = usize::try_from(enterprise_lists::count(tx).await?).unwrap_or_default();
        return Ok(u64::try_from(all.saturating_sub(found)).unwrap_or_default());
    }
    let all = planned.stored.as_ref().map(|stored| entries(registry, stored, &planned.keys(), today));
    Ok(u64::try_from(all.map_or(0, |all| all.len())).unwrap_or_default())
}

/// What a file does not have, as it is to be deactivated.
#[derive(Debug)]
pub struct Absent(pub Vec<Change>);

impl Absent {
    /// Finds it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find(tx: &mut Tx, registry: Registry, planned: &Planned, today: NaiveDate) -> Result<Self> {
        let present = planned.keys();
        let mut all = Vec::new();
        if registry == Registry::Enterprises {
            let mut after = String::new();
            loop {
                let some = batches::active_enterprises(tx, &after).await?;
                let Some(last) = some.last() else { break };
                after.clone_from(&last.uscc);
                all.extend(some.into_iter().filter(|e| !present.contains(&e.uscc)).map(|mut e| {
                    e.search = String::new();
                    Entry::active(Box::new(e))
                }));
            }
        } else if let Some(stored) = &planned.stored {
            all = entries(registry, stored, &present, today);
        }
        let change = |entry: Entry| Change { row: 0, after: entry.deactivated(today), before: Some(entry) };
        Ok(Self(all.into_iter().map(change).collect()))
    }
}

fn entries(registry: Registry, stored: &Stored, present: &HashSet<String>, today: NaiveDate) -> Vec<Entry> {
    let all = &stored.registries;
    let records: Vec<Record> = match registry {
        Registry::Agencies => all
            .agencies
            .values()
            .filter(|agency| stored.is_active(agency.id.0))
            .map(|agency| agency.clone().into())
            .collect(),
        Registry::Matters => all
            .matters
            .values()
            .filter(|matter| stored.is_active(matter.id.0) && matter.published_to.is_none_or(|to| to >= today))
            .map(|matter| matter.clone().into())
            .collect(),
        Registry::Inspectors => all
            .inspectors
            .values()
            .filter(|inspector| stored.is_active(inspector.id.0) && !inspector.suspended)
            .map(|inspector| inspector.clone().into())
            .collect(),
        Registry::Enterprises | Registry::Holidays => Vec::new(),
    };
    let mut left: Vec<Record> = records.into_iter().filter(|record| !present.contains(&record.key())).collect();
    left.sort_by_key(super::record::Listed::key);
    left.into_iter().map(Entry::active).collect()
}
