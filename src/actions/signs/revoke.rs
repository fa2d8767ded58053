//! Revoking a sign that is lost or leaked.

use super::fetch;
use crate::actions::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::id::SignId;
use crate::domain::sign::SignState;
use crate::domain::text::{self, PURPOSE_MAX};
use crate::storage::{Tx, signs};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Revokes a lost or leaked sign at once, a blank one too.
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
    let mut sign = fetch(tx, id).await?;
    if matches!(sign.state, SignState::Revoked | SignState::Retired) {
        return Err(ActionError::State(sign.state.as_str()));
    }
    let from = sign.state;
    sign.state = SignState::Revoked;
    sign.grace_until = None;
    sign.revoked_at = Some(now);
    sign.revoked_reason.clone_from(&reason);
    signs::set_state(tx, &sign, from).await?;
    let detail = json!({ "reason": reason, "from": from });
    audit::record(tx, service, now, actor, "sign.revoked", ("sign", id.0), detail).await
}
