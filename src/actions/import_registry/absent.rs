//! What is stored and active, but not in a file. It is deactivated only on a separate wish, and never deleted.

use super::plan::Same;
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

/// The active objects that a file does not have, in a fixed order. While rows are rejected nobody knows which those are, and there are none.
pub async fn list(tx: &mut Tx, registry: Registry, planned: &Planned, today: NaiveDate) -> Result<Vec<Same>> {
    if !offered(registry) || !planned.rejected.is_empty() {
        return Ok(Vec::new());
    }
    if registry != Registry::Enterprises {
        let all = planned.stored.as_ref().map(|stored| entries(registry, stored, &planned.keys(), today));
        let same = |entry: Entry| same(entry.record.name(), entry.record.key());
        return Ok(all.unwrap_or_default().into_iter().map(same).collect());
    }
    let before = planned.changes.iter().filter_map(|change| change.before.as_ref());
    let found = planned.unchanged.len() + before.filter(|before| before.active).count();
    let all = usize::try_from(enterprise_lists::count(tx).await?).unwrap_or_default();
    if all == found {
        return Ok(Vec::new());
    }
    let present = planned.keys();
    let (mut left, mut after) = (Vec::with_capacity(all.saturating_sub(found)), String::new());
    loop {
        let some = batches::active_names(tx, &after).await?;
        let Some((last, _)) = some.last() else { return Ok(left) };
        after.clone_from(last);
        left.extend(some.into_iter().filter(|(code, _)| !present.contains(code)).map(|(code, name)| same(name, code)));
    }
}

fn same(name: impl Into<String>, key: String) -> Same {
    Same { row: 0, name: name.into(), key }
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

    /// Whether they are those that a preview showed.
    #[must_use]
    pub fn are(&self, shown: &[Same]) -> bool {
        self.0.iter().map(|change| change.after.record.key()).eq(shown.iter().map(|same| same.key.clone()))
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
