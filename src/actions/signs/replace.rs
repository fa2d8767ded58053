//! Replacing a sign, and retiring the old one when its grace is over.

use super::issue::issue;
use super::{fetch, fetch_in_use};
use crate::actions::{ActionError, Actor, Result, Service, audit};
use crate::domain::id::SignId;
use crate::domain::sign::{GRACE, SignState};
use crate::storage::Tx;
use crate::storage::signs::{self, SignRecord, Spot};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Replaces a sign by a new one for the same place; the old one still opens for 30 days, with a notice.
///
/// # Errors
/// [`ActionError::NotFound`], [`ActionError::State`] when it is not in use; otherwise when the store fails.
pub async fn rotate_sign(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: SignId,
) -> Result<SignRecord> {
    let mut old = fetch_in_use(tx, id).await?;
    let unit = old.unit.ok_or(ActionError::State(SignState::Blank.as_str()))?;
    let from = old.state;
    old.state = SignState::Replaced;
    old.grace_until = Some(now + GRACE);
    signs::set_state(tx, &old, from).await?;
    let spot = Spot { kind: old.unit_kind, unit, site: old.site, place: old.place };
    let new = issue(tx, service, now, actor, spot, Some(id)).await?;
    let detail = json!({ "by": new.id, "serial": new.serial, "grace_until": old.grace_until });
    audit::record(tx, service, now, actor, "sign.replaced", ("sign", id.0), detail).await?;
    Ok(new)
}

/// Retires a replaced sign whose grace is over; any other one stays as it is.
///
/// # Errors
/// When the store fails.
pub async fn retire_sign(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: SignId) -> Result<()> {
    let mut sign = fetch(tx, id).await?;
    if sign.state != SignState::Replaced || sign.grace_until.is_none_or(|until| now < until) {
        return Ok(());
    }
    sign.state = SignState::Retired;
    signs::set_state(tx, &sign, SignState::Replaced).await?;
    audit::record(tx, service, now, &Actor::System, "sign.retired", ("sign", id.0), json!({})).await
}
