//! Binding a blank sign on the spot, and moving a sign to another unit or place.

use super::issue::put;
use super::{fetch, fetch_in_use};
use crate::actions::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::id::{SignId, SiteId};
use crate::domain::sign::SignState;
use crate::storage::signs::{self, SignRecord, Spot};
use crate::storage::{Tx, sign_lists, sites};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Binds a blank sign: it is active from now on, since whoever binds it has just scanned it.
///
/// # Errors
/// [`ActionError::NotFound`], [`ActionError::State`] when it is bound or revoked already, [`ActionError::Malformed`] when there is no such unit
/// of its kind; otherwise when the store fails.
pub async fn bind_sign(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: SignId,
    spot: Spot,
) -> Result<SignRecord> {
    let mut sign = fetch(tx, id).await?;
    if sign.state != SignState::Blank {
        return Err(ActionError::State(sign.state.as_str()));
    }
    check(tx, &sign, &spot).await?;
    sign.edition = signs::next_edition(tx, &spot).await?;
    sign.state = SignState::Active;
    sign.bound_at = Some(now);
    put(&mut sign, spot);
    signs::set_spot(tx, &sign, SignState::Blank).await?;
    let detail = json!({ "unit": sign.unit, "site": sign.site, "place": sign.place, "edition": sign.edition });
    audit::record(tx, service, now, actor, "sign.bound", ("sign", id.0), detail).await?;
    Ok(sign)
}

/// Moves a sign to another unit, site or place. One that was scanned is moved to another unit only with `confirmed`: people have seen it as the
/// other unit's.
///
/// # Errors
/// [`ActionError::NotFound`], [`ActionError::State`] when it is not in use, [`ActionError::Malformed`] when there is no such unit of its kind, or
/// `confirm_move` when it was scanned and this is not confirmed; otherwise when the store fails.
pub async fn move_sign(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: SignId,
    spot: Spot,
    confirmed: bool,
) -> Result<SignRecord> {
    let mut sign = fetch_in_use(tx, id).await?;
    check(tx, &sign, &spot).await?;
    let other_unit = sign.unit != Some(spot.unit);
    if other_unit && sign.first_scanned_at.is_some() && !confirmed {
        return Err(FieldError::new("confirm_move", "required").into());
    }
    if !other_unit && sign.site == spot.site && sign.place == spot.place {
        return Ok(sign);
    }
    let from = json!({ "unit": sign.unit, "site": sign.site, "place": sign.place, "edition": sign.edition });
    sign.edition = signs::next_edition(tx, &spot).await?;
    if other_unit {
        sign.bound_at = Some(now);
    }
    put(&mut sign, spot);
    let state = sign.state;
    signs::set_spot(tx, &sign, state).await?;
    let to = json!({ "unit": sign.unit, "site": sign.site, "place": sign.place, "edition": sign.edition });
    let detail = json!({ "from": from, "to": to, "scanned": sign.first_scanned_at.is_some() });
    audit::record(tx, service, now, actor, "sign.moved", ("sign", id.0), detail).await?;
    Ok(sign)
}

/// The code carries what kind of unit it is for, so the unit must be of that kind.
async fn check(tx: &mut Tx, sign: &SignRecord, spot: &Spot) -> Result<()> {
    if spot.kind != sign.unit_kind || sign_lists::unit_name(tx, spot.kind, spot.unit).await?.is_none() {
        return Err(FieldError::new("sign_unit", "unknown").into());
    }
    check_site(tx, spot).await
}

/// A site must be one of the enterprise's, and not given up.
pub(super) async fn check_site(tx: &mut Tx, spot: &Spot) -> Result<()> {
    let Some(id) = spot.site else { return Ok(()) };
    let site = sites::get(tx, SiteId(id)).await?;
    if site.is_some_and(|site| site.active && site.enterprise.0 == spot.unit) {
        Ok(())
    } else {
        Err(FieldError::new("sign_unit", "unknown").into())
    }
}
