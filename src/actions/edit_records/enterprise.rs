//! Entering and changing an enterprise (企业).

use super::cleaned::Cleaner;
use super::{Editor, unchanged_since};
use crate::actions::{ActionError, Actor, FieldError, Result, Service, issue_sign};
use crate::domain::credit_code::CreditCode;
use crate::domain::enterprise::{CreditClass, tags};
use crate::domain::id::EnterpriseId;
use crate::domain::search_text::search_text;
use crate::domain::sign::UnitKind;
use crate::domain::text::{NAME_MAX, half_width};
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::{Tx, record_updates};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// The most characters of an address.
const ADDRESS_MAX: usize = 200;

/// What a form says about an enterprise.
#[derive(Clone, Debug, Default)]
pub struct EnterpriseFields {
    /// Registered name.
    pub name: String,
    /// Unified social credit code.
    pub uscc: String,
    /// Town or street office.
    pub town: String,
    /// Address.
    pub address: String,
    /// Industry code.
    pub industry: String,
    /// Credit class.
    pub credit_class: Option<CreditClass>,
    /// Tags; each may hold several with signs between.
    pub tags: Vec<String>,
    /// Where it is reached by mail.
    pub email: String,
}

impl EnterpriseFields {
    /// What is stored of an enterprise that a form changes.
    #[must_use]
    pub fn facts(e: &EnterpriseRecord) -> Value {
        json!({
            "name": e.name,
            "uscc": e.uscc,
            "town": e.town,
            "address": e.address,
            "industry": e.industry,
            "credit_class": e.credit_class,
            "tags": e.tags,
            "email": e.email,
        })
    }

    /// Puts the cleaned fields into a record.
    fn put(self, e: &mut EnterpriseRecord) -> Result<()> {
        let mut cleaner = Cleaner::default();
        e.name = cleaner.line("name", &self.name, NAME_MAX);
        match CreditCode::parse(&self.uscc) {
            Ok(code) => code.as_str().clone_into(&mut e.uscc),
            Err(_) if self.uscc.trim().is_empty() => cleaner.fail("uscc", "required"),
            Err(error) => match error.suggestion() {
                Some(code) => cleaner.fail_with("uscc", "meant", Some(code.as_str().to_owned())),
                None => cleaner.fail("uscc", "credit_code"),
            },
        }
        e.town = cleaner.optional_line("town", &self.town, NAME_MAX);
        e.address = cleaner.optional_line("address", &self.address, ADDRESS_MAX);
        e.industry = half_width(&cleaner.optional_line("industry", &self.industry, NAME_MAX)).to_uppercase();
        e.credit_class = self.credit_class;
        e.tags = tags(cleaner.list("tags", &self.tags, NAME_MAX));
        e.email = cleaner.email("email", &self.email);
        e.search = search_text(&e.name, &e.address, &e.uscc);
        cleaner.finish()
    }
}

/// Enters an enterprise with its first sign.
///
/// # Errors
/// [`ActionError::Malformed`], also for a credit code that is taken; otherwise when the store fails.
pub async fn enter_enterprise(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    fields: EnterpriseFields,
) -> Result<EnterpriseRecord> {
    let mut record = EnterpriseRecord {
        id: EnterpriseId(service.ids.uuid(now)),
        uscc: String::new(),
        name: String::new(),
        town: String::new(),
        address: String::new(),
        industry: String::new(),
        credit_class: None,
        tags: Vec::new(),
        email: String::new(),
        search: String::new(),
        pin_hash: None,
        active: true,
        created_at: now,
    };
    fields.put(&mut record)?;
    free(tx, &record).await?;
    enterprises::insert(tx, &record).await?;
    let facts = EnterpriseFields::facts(&record);
    Editor { tx, service, now, actor }.entered("enterprise", record.id.0, facts).await?;
    issue_sign(tx, service, now, actor, (UnitKind::Enterprise, record.id.0)).await?;
    Ok(record)
}

/// Changes an enterprise. One whose credit class changes is judged again.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] for a record that was merged; [`ActionError::Stale`] when it is not as it was `shown`;
/// [`ActionError::Malformed`]; otherwise when the store fails.
pub async fn change_enterprise(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: EnterpriseId,
    shown: &str,
    fields: EnterpriseFields,
) -> Result<EnterpriseRecord> {
    let before = unmerged(tx, id).await?;
    let facts = EnterpriseFields::facts(&before);
    let mut record = before.clone();
    fields.put(&mut record)?;
    unchanged_since("enterprise", &facts, shown)?;
    if EnterpriseFields::facts(&record) == facts {
        return Ok(record);
    }
    free(tx, &record).await?;
    enterprises::update(tx, &record).await?;
    if record.uscc != before.uscc {
        record_updates::set_uscc(tx, id, &record.uscc).await?;
    }
    if record.credit_class != before.credit_class {
        enterprises::set_next_change(tx, id, Some(now), Some(now)).await?;
    }
    let after = EnterpriseFields::facts(&record);
    Editor { tx, service, now, actor }.changed("enterprise", id.0, &facts, &after).await?;
    Ok(record)
}

/// Deactivates an enterprise: its codes open nothing and no search finds it; or takes that back. Nothing is deleted.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when it stands so already or was merged; otherwise when the store fails.
pub async fn set_enterprise_active(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: EnterpriseId,
    active: bool,
) -> Result<()> {
    let mut record = unmerged(tx, id).await?;
    if record.active == active {
        return Err(ActionError::State(if active { "active" } else { "inactive" }));
    }
    record.active = active;
    enterprises::update(tx, &record).await?;
    Editor { tx, service, now, actor }.activity("enterprise", id.0, active).await
}

async fn unmerged(tx: &mut Tx, id: EnterpriseId) -> Result<EnterpriseRecord> {
    let record = enterprises::get(tx, id).await?.ok_or(ActionError::NotFound("enterprise"))?;
    if record_updates::survivor(tx, id).await?.is_some() {
        return Err(ActionError::State("merged"));
    }
    Ok(record)
}

async fn free(tx: &mut Tx, record: &EnterpriseRecord) -> Result<()> {
    match enterprises::by_uscc(tx, &record.uscc).await? {
        Some(other) if other.id != record.id => {
            Err(ActionError::Malformed(vec![FieldError { field: "uscc", code: "taken", hint: Some(other.name) }]))
        }
        _ => Ok(()),
    }
}
