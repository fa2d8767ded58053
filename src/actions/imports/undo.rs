//! Putting back what an import changed, for a day: what was new is deactivated, what changed is as it was. What somebody changed since, and
//! what somebody relies on since, is left alone and named: a code on a wall goes on leading to its enterprise.

use super::super::import_registry::{
    Change, Entry, Kept, Line, Listed as _, PAGE_LINES, Problem, Record, Registry, Rejection, Stored, Writer,
    audit_detail, user,
};
use super::super::{ActionError, Actor, Progress, Result, Service, audit};
use super::{get_import, registry_of};
use crate::domain::import::{ImportState, LineKind, undo_until};
use crate::storage::imports::{self, ImportRecord};
use crate::storage::{Db, Tx, batches, registries, registry_activity};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Undoes an import. One that was undone already stays as it is.
///
/// # Errors
/// [`ActionError::State`] before it was applied and later than a day after; [`ActionError::NotFound`]; otherwise when the store fails, and
/// nothing was put back.
pub async fn undo_import(
    db: &Db,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: Uuid,
    progress: &Progress,
) -> Result<ImportRecord> {
    let mut tx = db.write_many().await?;
    registry_activity::lock(&mut tx).await?;
    let mut record = get_import(&mut tx, id).await?;
    if record.state == ImportState::Undone {
        return Ok(record);
    }
    let Some(applied) = record.applied_at.filter(|at| record.state == ImportState::Applied && now < undo_until(*at))
    else {
        return Err(ActionError::State("too-late"));
    };
    let registry = registry_of(&record)?;
    let today = service.settings.zone.local_date(now);
    let used = registry_activity::used_since(&mut tx, applied).await?;
    let mut undo = Undo { registry, today, stored: None, used, left: Vec::new() };
    if registry != Registry::Enterprises {
        undo.stored = Some(Stored::load(&mut tx, service.settings.zone).await?);
    }
    let mut restored = 0;
    let pieces = imports::count_changes(&mut tx, id).await?;
    // The last first: what lies below an agency goes before it.
    for ordinal in (0..pieces).rev() {
        progress.set(pieces - ordinal, pieces);
        if progress.stopped() {
            return Err(ActionError::State("stopped"));
        }
        let kept = imports::changes(&mut tx, id, ordinal).await?.unwrap_or_default();
        let kept: Vec<Kept> = serde_json::from_value(kept).map_err(|e| ActionError::Internal(e.to_string()))?;
        restored += undo.put_back(&mut tx, service, now, actor, id, kept).await?;
    }
    if registry != Registry::Enterprises {
        registries::bump(&mut tx).await?;
    }
    for (page, lines) in (0..).zip(undo.left.chunks(PAGE_LINES)) {
        imports::put_page(&mut tx, id, LineKind::Kept, page, json!(lines)).await?;
    }
    record.state = ImportState::Undone;
    record.undone_by = user(actor);
    record.undone_at = Some(now);
    record.counts.restored = restored;
    record.counts.kept = u64::try_from(undo.left.len()).unwrap_or(u64::MAX);
    imports::update(&mut tx, &mut record).await?;
    let mut detail = audit_detail(&record, record.counts);
    detail["restored"] = json!(record.counts.restored);
    detail["kept"] = json!(record.counts.kept);
    audit::record(&mut tx, service, now, actor, "registry.import_undone", ("import", id), detail).await?;
    tx.commit().await?;
    Ok(record)
}

struct Undo {
    registry: Registry,
    today: NaiveDate,
    stored: Option<Stored>,
    /// What somebody has relied on since.
    used: HashSet<Uuid>,
    /// What was left alone.
    left: Vec<Line>,
}

impl Undo {
    /// Puts some of the changes back, the last first; returns how many.
    async fn put_back(
        &mut self,
        tx: &mut Tx,
        service: &Service,
        now: DateTime<Utc>,
        actor: &Actor,
        import: Uuid,
        kept: Vec<Kept>,
    ) -> Result<u64> {
        let current = self.current(tx, &kept).await?;
        let mut restored = 0;
        let mut changes = Vec::new();
        for kept in kept.into_iter().rev() {
            let Some(entry) = current.get(&kept.key) else {
                self.leave(&kept, None, Problem::new("undo-changed"));
                continue;
            };
            if entry.facts() != kept.after {
                self.leave(&kept, Some(entry), Problem::new("undo-changed"));
                continue;
            }
            let after = match &kept.before {
                Some(before) => entry.with_facts(before),
                None => Some(entry.deactivated(self.today)),
            };
            let Some(after) = after else {
                return Err(ActionError::Internal(format!("the facts of {} are not of its kind", kept.key)));
            };
            let ends = entry.active && !after.active;
            if ends && entry.id().is_some_and(|id| self.used.contains(&id)) {
                self.leave(&kept, Some(entry), Problem::new(used_code(&entry.record)));
                continue;
            }
            if let (Record::Agency(agency), false) = (&after.record, after.active) {
                // What lies below it was put back just now, or it is in use.
                Writer::undoing(tx, service, now, actor, import)
                    .write(std::mem::take(&mut changes), &Progress::default())
                    .await?;
                if registry_activity::agency_in_use(tx, agency.id).await? {
                    self.leave(&kept, Some(entry), Problem::new("undo-in-use"));
                    continue;
                }
            }
            restored += 1;
            changes.push(Change { row: kept.row, before: Some(entry.clone()), after });
        }
        Writer::undoing(tx, service, now, actor, import).write(changes, &Progress::default()).await?;
        Ok(restored)
    }

    /// The objects as they are now, by what they are known by.
    async fn current(&self, tx: &mut Tx, kept: &[Kept]) -> Result<HashMap<String, Entry>> {
        let Some(stored) = &self.stored else {
            let codes: Vec<&str> = kept.iter().map(|kept| kept.key.as_str()).collect();
            let found = batches::enterprises_by_uscc(tx, &codes).await?;
            let mine = found.into_iter().filter(|(_, merged)| !merged).map(|(e, _)| {
                let active = e.active;
                (e.uscc.clone(), Entry { record: Record::from(Box::new(e)), active })
            });
            return Ok(mine.collect());
        };
        let all = &stored.registries;
        let entry = |record: Record, id: Uuid| Entry { record, active: stored.is_active(id) };
        let entries: Vec<Entry> = match self.registry {
            Registry::Agencies => all.agencies.values().map(|a| entry(a.clone().into(), a.id.0)).collect(),
            Registry::Matters => all.matters.values().map(|m| entry(m.clone().into(), m.id.0)).collect(),
            Registry::Inspectors => all.inspectors.values().map(|i| entry(i.clone().into(), i.id.0)).collect(),
            Registry::Holidays => all.holidays.rows().map(Entry::active).collect(),
            Registry::Enterprises => Vec::new(),
        };
        Ok(entries.into_iter().map(|entry| (entry.record.key(), entry)).collect())
    }

    fn leave(&mut self, kept: &Kept, entry: Option<&Entry>, problem: Problem) {
        let was = kept.after.get("name").and_then(serde_json::Value::as_str).unwrap_or_default();
        let name = entry.map_or(was, |entry| entry.record.name()).to_owned();
        let rejection = Rejection { row: kept.row, column: String::new(), value: String::new(), problem };
        let key = if Uuid::try_parse(&kept.key).is_ok() { String::new() } else { kept.key.clone() };
        self.left.push(Line { row: kept.row, name, key, faults: vec![(&rejection).into()], ..Line::default() });
    }
}

/// The words that say how somebody relies on an object.
const fn used_code(record: &Record) -> &'static str {
    match record {
        Record::Enterprise(_) => "undo-used-enterprise",
        Record::Inspector(_) => "undo-used-inspector",
        Record::Agency(_) | Record::Matter(_) | Record::Holiday(_) => "undo-used-agency",
    }
}
