//! The PIN by which an enterprise proves itself (企业 PIN): made here, shown once, kept as a hash.

use super::{ActionError, Actor, Result, Service, audit, password};
use crate::domain::id::EnterpriseId;
use crate::storage::{Tx, enterprises};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Digits of a PIN.
pub const PIN_DIGITS: usize = 6;

/// Gives an enterprise a new PIN and returns it: it can be shown now and never again. An earlier one no longer counts.
///
/// # Errors
/// [`ActionError::NotFound`]; otherwise when it cannot be hashed or the store fails.
pub async fn set_enterprise_pin(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: EnterpriseId,
) -> Result<String> {
    enterprises::get(tx, id).await?.ok_or(ActionError::NotFound("enterprise"))?;
    let pin = format!("{:0width$}", service.ids.number() % 1_000_000, width = PIN_DIGITS);
    let hash = password::hash(&service.ids, &pin).await?;
    enterprises::set_pin(tx, id, Some(&hash)).await?;
    audit::record(tx, service, now, actor, "enterprise.pin_set", ("enterprise", id.0), json!({})).await?;
    Ok(pin)
}
