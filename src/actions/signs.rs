//! Making, replacing and revoking the signs (码牌) of enterprises and agencies.

use super::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::id::SignId;
use crate::domain::sign::{GRACE, SignState, UnitKind};
use crate::domain::text::{self, PURPOSE_MAX};
use crate::storage::Tx;
use crate::storage::signs::{self, SignRecord};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// Makes a new sign for an enterprise or agency.
///
/// # Errors
/// When the store fails.
pub async fn issue_sign(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    unit: (UnitKind, Uuid),
) -> Result<SignRecord> {
    let edition = signs::of_unit(tx, unit.1).await?.first().map_or(1, |newest| newest.edition + 1);
    let sign = SignRecord {
        id: SignId(service.ids.uuid(now)),
        token: service.ids.sign_token().as_str().to_owned(),
        short_code: service.ids.short_code().as_str().to_owned(),
        unit_kind: unit.0,
        unit: unit.1,
        state: SignState::Generated,
        edition,
        created_at: now,
        grace_until: None,
        revoked_at: None,
        revoked_reason: String::new(),
    };
    signs::insert(tx, &sign).await?;
    let detail = json!({ "unit": unit.1, "edition": edition });
    audit::record(tx, service, now, actor, "sign.issued", ("sign", sign.id.0), detail).await?;
    Ok(sign)
}

/// Replaces a sign by a new one; the old one still opens for 30 days, with a notice.
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
    let mut old = in_use(tx, id).await?;
    let from = old.state;
    old.state = SignState::Replaced;
    old.grace_until = Some(now + GRACE);
    signs::set_state(tx, &old, from).await?;
    audit::record(tx, service, now, actor, "sign.replaced", ("sign", id.0), json!({})).await?;
    issue_sign(tx, service, now, actor, (old.unit_kind, old.unit)).await
}

/// Revokes a lost or leaked sign at once.
///
/// # Errors
/// [`ActionError::NotFound`], [`ActionError::State`] when it is revoked or retired, [`ActionError::Malformed`] without a reason;
/// otherwise when the store fails.
pub async fn revoke_sign(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: SignId,
    reason: &str,
) -> Result<()> {
    let reason = text::line(reason, PURPOSE_MAX).map_err(|e| FieldError::new("reason", e.code()))?;
    let mut sign = signs::get(tx, id).await?.ok_or(ActionError::NotFound("sign"))?;
    if matches!(sign.state, SignState::Revoked | SignState::Retired) {
        return Err(ActionError::State(sign.state.as_str()));
    }
    let from = sign.state;
    sign.state = SignState::Revoked;
    sign.grace_until = None;
    sign.revoked_at = Some(now);
    sign.revoked_reason.clone_from(&reason);
    signs::set_state(tx, &sign, from).await?;
    audit::record(tx, service, now, actor, "sign.revoked", ("sign", id.0), json!({ "reason": reason })).await
}

async fn in_use(tx: &mut Tx, id: SignId) -> Result<SignRecord> {
    let sign = signs::get(tx, id).await?.ok_or(ActionError::NotFound("sign"))?;
    match sign.state {
        SignState::Generated | SignState::Printed | SignState::Active => Ok(sign),
        other => Err(ActionError::State(other.as_str())),
    }
}
