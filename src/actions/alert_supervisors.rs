//! Telling the supervisors of the jurisdiction about a violation, through the outbox, in the transaction of the event.

use super::error::Result;
use super::service::Service;
use crate::domain::id::{AgencyId, EnterpriseId, ViolationId};
use crate::domain::violation::{RuleCode, Severity, Subject};
use crate::storage::Tx;
use chrono::{DateTime, Utc};

/// A violation of severity 2 or more that has just appeared or risen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The violation.
    pub violation: ViolationId,
    /// The rule that raised it.
    pub rule: RuleCode,
    /// The severity that it has now.
    pub severity: Severity,
    /// The filing or report that carries it.
    pub subject: Subject,
    /// The agency concerned, if it is known.
    pub agency: Option<AgencyId>,
    /// The enterprise: never named in a mail.
    pub enterprise: EnterpriseId,
    /// When the visit is planned, or was.
    pub planned_or_arrived_at: DateTime<Utc>,
}

/// Tells whoever is to hear of these violations, at the time that each of them chose.
///
/// # Errors
/// When the store fails or a mail cannot be rendered; the event is to be rolled back then.
#[expect(clippy::unused_async, reason = "the body follows in the next commit")]
pub async fn alert_supervisors(
    _tx: &mut Tx,
    _service: &Service,
    _now: DateTime<Utc>,
    _alerts: &[Raised],
) -> Result<()> {
    Ok(())
}
