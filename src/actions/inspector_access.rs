//! An inspector's way in: phones that are made unknown, invites that are withdrawn, and a new start for who forgot the PIN.
//!
//! Nobody sets or sees a PIN for somebody else: a reset makes a new invite, and the inspector chooses a PIN on the phone.

use super::enrol::invite_inspector;
use super::{ActionError, Actor, Result, Service, audit};
use crate::domain::id::{AgencyId, InspectorId, UserId};
use crate::storage::{Tx, devices, inspector_lists};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// Makes one phone of an inspector of `own` unknown.
///
/// # Errors
/// [`ActionError::NotFound`] outside the own agency, [`ActionError::State`] when it is no phone of theirs or unknown already; otherwise when the store
/// fails.
pub async fn revoke_device(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    own: Option<AgencyId>,
    (inspector, device): (InspectorId, Uuid),
) -> Result<()> {
    check(tx, own, inspector).await?;
    if !devices::revoke(tx, inspector, device, now).await? {
        return Err(ActionError::State("revoked"));
    }
    let detail = json!({ "device": device });
    audit::record(tx, service, now, actor, "inspector.device_revoked", ("inspector", inspector.0), detail).await
}

/// Withdraws the invites of an inspector of `own` that could still be used.
///
/// # Errors
/// [`ActionError::NotFound`] outside the own agency; otherwise when the store fails.
pub async fn withdraw_invites(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    own: Option<AgencyId>,
    inspector: InspectorId,
) -> Result<()> {
    check(tx, own, inspector).await?;
    let invites = devices::withdraw_invites(tx, inspector, now).await?;
    let detail = json!({ "invites": invites });
    audit::record(tx, service, now, actor, "inspector.invites_withdrawn", ("inspector", inspector.0), detail).await
}

/// For who forgot the PIN or lost the phone: all phones are unknown from now on, open invites are withdrawn, and a new invite is made. Returns its
/// secret.
///
/// # Errors
/// [`ActionError::NotFound`] outside the own agency; otherwise when the store fails.
pub async fn reset_access(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: UserId,
    own: Option<AgencyId>,
    inspector: InspectorId,
) -> Result<[u8; 32]> {
    check(tx, own, inspector).await?;
    let phones = devices::revoke_all(tx, inspector, now).await?;
    let invites = devices::withdraw_invites(tx, inspector, now).await?;
    let detail = json!({ "phones": phones, "invites": invites });
    let object = ("inspector", inspector.0);
    audit::record(tx, service, now, &Actor::User(by), "inspector.access_reset", object, detail).await?;
    invite_inspector(tx, service, now, Some(by), inspector).await
}

async fn check(tx: &mut Tx, own: Option<AgencyId>, inspector: InspectorId) -> Result<()> {
    inspector_lists::get(tx, inspector, own).await?.map(drop).ok_or(ActionError::NotFound("inspector"))
}
