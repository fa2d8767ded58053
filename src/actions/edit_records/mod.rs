//! Editing single records of the registries: entering, changing, deactivating and reactivating; one kind a file.
//!
//! Each change is recorded with every field that it changes, old and new, so that a record's page can say who changed what when. A form says
//! what it showed (see [`seen`]); if somebody has changed the record since, nothing is overwritten.

mod agency;
mod cleaned;
mod enterprise;
mod inspector;
mod matter;
mod site;

pub use agency::{AgencyFields, change_agency, enter_agency, set_agency_active};
pub use enterprise::{EnterpriseFields, change_enterprise, enter_enterprise, set_enterprise_active};
pub use inspector::{InspectorFields, change_inspector, enter_inspector};
pub use matter::{MatterFields, change_matter, enter_matter, set_matter_active};
pub use site::{SiteFields, change_site, enter_site, note_site, set_site_active};

use super::{ActionError, Actor, Result, Service, audit};
use crate::storage::Tx;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use uuid::Uuid;

/// What a form showed of a record: a short text that differs as soon as any field does.
#[must_use]
pub fn seen(facts: &Value) -> String {
    Sha256::digest(facts.to_string()).iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whom and when a change is recorded for.
struct Editor<'a> {
    tx: &'a mut Tx,
    service: &'a Service,
    now: DateTime<Utc>,
    actor: &'a Actor,
}

impl Editor<'_> {
    async fn entered(&mut self, kind: &'static str, id: Uuid, facts: Value) -> Result<()> {
        let detail = json!({ "facts": facts });
        audit::record(self.tx, self.service, self.now, self.actor, &format!("{kind}.entered"), (kind, id), detail).await
    }

    async fn changed(&mut self, kind: &'static str, id: Uuid, before: &Value, after: &Value) -> Result<()> {
        let detail = json!({ "changed": differences(before, after) });
        audit::record(self.tx, self.service, self.now, self.actor, &format!("{kind}.changed"), (kind, id), detail).await
    }

    async fn activity(&mut self, kind: &'static str, id: Uuid, active: bool) -> Result<()> {
        let action = if active { "reactivated" } else { "deactivated" };
        let detail = json!({ "changed": { "active": [!active, active] } });
        audit::record(self.tx, self.service, self.now, self.actor, &format!("{kind}.{action}"), (kind, id), detail)
            .await
    }
}

/// Each field that differs, with what it was and what it is.
fn differences(before: &Value, after: &Value) -> Value {
    let (Value::Object(before), Value::Object(after)) = (before, after) else { return Value::Null };
    let mut changed = Map::new();
    for (name, now) in after {
        let was = before.get(name).unwrap_or(&Value::Null);
        if was != now {
            changed.insert(name.clone(), json!([was, now]));
        }
    }
    Value::Object(changed)
}

/// Refuses a form that was made from another version of the record.
fn unchanged_since(what: &'static str, before: &Value, shown: &str) -> Result<()> {
    if seen(before) == shown { Ok(()) } else { Err(ActionError::Stale(what)) }
}

#[cfg(test)]
mod tests {
    use super::{differences, seen, unchanged_since};
    use serde_json::json;

    #[test]
    fn only_what_differs_is_recorded_old_and_new() {
        let (before, after) = (json!({ "name": "a", "town": "t" }), json!({ "name": "b", "town": "t", "tags": ["x"] }));
        assert_eq!(differences(&before, &after), json!({ "name": ["a", "b"], "tags": [null, ["x"]] }));
    }

    #[test]
    fn a_form_made_from_another_version_is_refused() {
        let shown = seen(&json!({ "name": "a" }));
        assert!(unchanged_since("site", &json!({ "name": "a" }), &shown).is_ok());
        assert!(unchanged_since("site", &json!({ "name": "b" }), &shown).is_err());
    }
}
