//! Writing the changes of an import, with what each of them brings along: signs, audit rows, and what an undo puts back.

use super::plan::differences;
use super::record::{Entry, Listed as _, Record};
use crate::actions::{Actor, Progress, Result, Service, issue_first_signs};
use crate::domain::search_text::search_text;
use crate::domain::sign::UnitKind;
use crate::storage::audit::AuditRow;
use crate::storage::imports::Entered;
use crate::storage::{Tx, batches, enterprises, imports, registries, registry_activity, registry_updates};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// How many changes are written at once, and kept for an undo in one row.
const TOGETHER: usize = 100;

/// An object that is new or changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// The row that says so; 0 for what is not in the file.
    pub row: u32,
    /// As it is stored; `None` if it is new.
    pub before: Option<Entry>,
    /// As it will be.
    pub after: Entry,
}

/// A change as it is kept for an undo.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// The row of the file; 0 for what was not in it.
    pub row: u32,
    /// What the object is known by.
    pub key: String,
    /// Its facts before; `None` if it was new.
    pub before: Option<Value>,
    /// Its facts after.
    pub after: Value,
}

/// What writing needs.
#[derive(Debug)]
pub struct Writer<'a> {
    tx: &'a mut Tx,
    service: &'a Service,
    now: DateTime<Utc>,
    actor: &'a Actor,
    /// The import, in audit rows and for the undo.
    import: Uuid,
    audit: Vec<AuditRow>,
    /// `None` for an undo, which is not undone.
    kept: Option<i64>,
}

impl<'a> Writer<'a> {
    /// A writer for an import, whose changes are kept for an undo.
    pub const fn new(tx: &'a mut Tx, service: &'a Service, now: DateTime<Utc>, actor: &'a Actor, import: Uuid) -> Self {
        Self { tx, service, now, actor, import, audit: Vec::new(), kept: Some(0) }
    }

    /// The same for an undo.
    pub const fn undoing(
        tx: &'a mut Tx,
        service: &'a Service,
        now: DateTime<Utc>,
        actor: &'a Actor,
        import: Uuid,
    ) -> Self {
        Self { tx, service, now, actor, import, audit: Vec::new(), kept: None }
    }

    /// Enters the table of holidays that came with the program, if none is stored, before the first change to it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn enter_built_in_holidays(&mut self) -> Result<()> {
        if registry_activity::has_no_holidays(self.tx).await? {
            for holiday in crate::domain::holidays::Holidays::official().rows() {
                registry_activity::put_holiday(self.tx, &holiday, true).await?;
            }
        }
        Ok(())
    }

    /// Writes changes in their order.
    ///
    /// # Errors
    /// [`crate::actions::ActionError::State`] `stopped` when nobody wants it any more; otherwise when the store fails.
    pub async fn write(&mut self, changes: Vec<Change>, progress: &Progress) -> Result<()> {
        let total = changes.len();
        let mut changes = changes.into_iter().peekable();
        let mut done = 0;
        while changes.peek().is_some() {
            progress.step(done, total);
            if progress.stopped() {
                return Err(crate::actions::ActionError::State("stopped"));
            }
            let some: Vec<Change> = changes.by_ref().take(TOGETHER).collect();
            done += some.len();
            self.keep(&some).await?;
            self.write_some(some).await?;
            // On SQLite all of it was done on this thread.
            tokio::task::yield_now().await;
        }
        progress.step(done, total);
        Ok(())
    }

    async fn keep(&mut self, changes: &[Change]) -> Result<()> {
        let Some(ordinal) = self.kept else { return Ok(()) };
        let kept: Vec<Kept> = changes
            .iter()
            .map(|change| Kept {
                row: change.row,
                key: change.after.record.key(),
                before: change.before.as_ref().map(Entry::facts),
                after: change.after.facts(),
            })
            .collect();
        imports::put_changes(self.tx, self.import, ordinal, json!(kept)).await?;
        self.kept = Some(ordinal + 1);
        Ok(())
    }

    async fn write_some(&mut self, changes: Vec<Change>) -> Result<()> {
        let (mut new_enterprises, mut new_agencies) = (Vec::new(), Vec::new());
        for change in changes {
            if let Some(before) = &change.before {
                self.update(before, &change.after).await?;
                continue;
            }
            match change.after.record {
                Record::Enterprise(mut e) => {
                    e.search = search_text(&e.name, &e.address, &e.uscc);
                    new_enterprises.push(*e);
                }
                Record::Agency(agency) => {
                    registries::insert_agency(self.tx, &agency, self.now).await?;
                    imports::note_entered(self.tx, self.import, Entered::Agency(agency.id)).await?;
                    new_agencies.push(agency.id.0);
                }
                Record::Matter(matter) => {
                    registries::insert_matter(self.tx, &matter, self.now).await?;
                    imports::note_entered(self.tx, self.import, Entered::Matter(matter.id)).await?;
                }
                Record::Inspector(inspector) => {
                    registries::insert_inspector(self.tx, &inspector, self.now).await?;
                    imports::note_entered(self.tx, self.import, Entered::Inspector(inspector.id)).await?;
                }
                Record::Holiday(holiday) => registry_activity::put_holiday(self.tx, &holiday, true).await?,
            }
        }
        batches::insert_enterprises(self.tx, self.import, &new_enterprises).await?;
        let units: Vec<Uuid> = new_enterprises.iter().map(|e| e.id.0).collect();
        for (kind, units) in [(UnitKind::Enterprise, units), (UnitKind::Agency, new_agencies)] {
            issue_first_signs(self.tx, self.service, self.now, self.actor, kind, &units).await?;
        }
        batches::append_audit(self.tx, &std::mem::take(&mut self.audit)).await?;
        Ok(())
    }

    /// Stores a changed object, and records what changed. An enterprise whose credit class changed is judged again.
    async fn update(&mut self, before: &Entry, after: &Entry) -> Result<()> {
        let turned = before.active != after.active;
        let (kind, id) = match &after.record {
            Record::Agency(agency) => {
                registry_updates::update_agency(self.tx, agency).await?;
                if turned {
                    registry_activity::set_agency(self.tx, agency.id, after.active).await?;
                }
                ("agency", agency.id.0)
            }
            Record::Matter(matter) => {
                registry_updates::update_matter(self.tx, matter).await?;
                if turned {
                    registry_activity::set_matter(self.tx, matter.id, after.active).await?;
                }
                ("matter", matter.id.0)
            }
            Record::Inspector(inspector) => {
                registry_updates::update_inspector(self.tx, inspector).await?;
                if turned {
                    registry_activity::set_inspector(self.tx, inspector.id, after.active).await?;
                }
                ("inspector", inspector.id.0)
            }
            Record::Enterprise(e) => {
                let mut stored = e.clone();
                stored.search = search_text(&e.name, &e.address, &e.uscc);
                stored.active = after.active;
                enterprises::update(self.tx, &stored).await?;
                if let Record::Enterprise(old) = &before.record
                    && old.credit_class != e.credit_class
                {
                    enterprises::set_next_change(self.tx, e.id, Some(self.now), Some(self.now)).await?;
                }
                ("enterprise", e.id.0)
            }
            Record::Holiday(holiday) => {
                return Ok(registry_activity::put_holiday(self.tx, holiday, after.active).await?);
            }
        };
        let changed = differences(&before.facts(), &after.facts());
        let mut detail = json!({ "import": self.import, "changed": changed });
        if self.kept.is_none() {
            detail["undone"] = json!(true);
        }
        self.audit.push(AuditRow {
            id: self.service.ids.uuid(self.now),
            at: self.now,
            actor_kind: self.actor.kind().to_owned(),
            actor: self.actor.name(),
            action: format!("{kind}.changed"),
            object_kind: kind.to_owned(),
            object_id: Some(id),
            detail,
        });
        Ok(())
    }
}
