//! A supervisor's decision: only a person confirms (认定) or dismisses (排除) what a rule suspects.

use super::cases::{CaseDecision, decide_case};
use super::{Actor, Result, Service};
use crate::domain::cases::DecisionKind;
use crate::domain::id::ViolationId;
use crate::storage::Tx;
use crate::storage::violations::ViolationRecord;
use chrono::{DateTime, Utc};

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
/// As [`decide_case`].
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
    let kind = match decision {
        Decision::Confirm => DecisionKind::Confirm,
        Decision::Dismiss => DecisionKind::Dismiss,
    };
    decide_case(tx, service, now, actor, id, version, &CaseDecision::new(kind, reason)).await
}
