//! A supervisor's decision: only a person confirms (认定) or dismisses (排除) what a rule suspects.

use super::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::id::{UserId, ViolationId};
use crate::domain::text::{self, PURPOSE_MAX};
use crate::domain::violation::ViolationState;
use crate::storage::Tx;
use crate::storage::violations::{self, ViolationRecord};
use chrono::{DateTime, Utc};
use serde_json::json;

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// 认定
    Confirm,
    /// 排除
    Dismiss,
}

/// Decides a suspected violation. A reason is needed to dismiss, and may be given to confirm. `version` is what the supervisor saw.
///
/// # Errors
/// [`ActionError::NotFound`], [`ActionError::State`] when it is no longer suspected, [`ActionError::Stale`] when it changed since,
/// [`ActionError::Malformed`] for a missing reason; otherwise when the store fails.
#[expect(clippy::too_many_arguments, reason = "what every action takes, and what the supervisor saw and says")]
pub async fn decide_violation(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: ViolationId,
    version: Option<i64>,
    decision: Decision,
    reason: &str,
) -> Result<ViolationRecord> {
    let cleaned = match decision {
        Decision::Dismiss => text::paragraph(reason, PURPOSE_MAX),
        Decision::Confirm => text::optional_paragraph(reason, PURPOSE_MAX).map(Option::unwrap_or_default),
    };
    let reason = cleaned.map_err(|e| FieldError::new("reason", e.code()))?;
    let record = violations::get(tx, id).await?.ok_or(ActionError::NotFound("violation"))?;
    if version.is_some_and(|seen| seen != record.version) {
        return Err(ActionError::Stale("violation"));
    }
    if record.state != ViolationState::Suspected {
        return Err(ActionError::State(record.state.as_str()));
    }
    let (state, action) = match decision {
        Decision::Confirm => (ViolationState::Confirmed, "violation.confirmed"),
        Decision::Dismiss => (ViolationState::Dismissed, "violation.dismissed"),
    };
    let by: Option<UserId> = if let Actor::User(user) = actor { Some(*user) } else { None };
    violations::decide(tx, id, state, by, &reason, now, record.version).await?;
    let detail = json!({ "severity": record.severity.level(), "reason": reason });
    audit::record(tx, service, now, actor, action, ("violation", id.0), detail).await?;
    violations::get(tx, id).await?.ok_or(ActionError::NotFound("violation"))
}
