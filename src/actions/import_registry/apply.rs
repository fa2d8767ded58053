//! Writing the changes of an import, with what each of them brings along: signs and audit rows.

use super::plan::differences;
use crate::actions::{Actor, Result, Service, audit, issue_sign};
use crate::domain::sign::UnitKind;
use crate::storage::Tx;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// What writing needs.
#[derive(Debug)]
pub struct Writer<'a> {
    /// The open transaction.
    pub tx: &'a mut Tx,
    /// Ids and settings.
    pub service: &'a Service,
    /// The instant of the import.
    pub now: DateTime<Utc>,
    /// Who imports.
    pub actor: &'a Actor,
    /// Identity of this import, in its audit rows.
    pub import: Uuid,
}

impl Writer<'_> {
    /// Makes the first sign of a new unit.
    pub async fn issue_sign(&mut self, kind: UnitKind, unit: Uuid) -> Result<()> {
        issue_sign(self.tx, self.service, self.now, self.actor, (kind, unit)).await.map(drop)
    }

    /// Records what changed on an object that was there.
    pub async fn record_change(&mut self, kind: &str, id: Uuid, before: Option<Value>, after: Value) -> Result<()> {
        let changed = differences(&before.unwrap_or_default(), &after);
        let detail = json!({ "import": self.import, "changed": changed });
        let action = format!("{kind}.changed");
        audit::record(self.tx, self.service, self.now, self.actor, &action, (kind, id), detail).await
    }
}
