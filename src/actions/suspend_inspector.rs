//! Suspending an inspector from enforcement (暂扣), and taking that back.

use super::{ActionError, Actor, Result, Service, audit};
use crate::domain::id::{AgencyId, InspectorId};
use crate::storage::{Tx, inspector_lists, registries};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Suspends an inspector of `own` (of any agency if `None`), or takes that back. Judged from now on: what was decided stays.
///
/// # Errors
/// [`ActionError::NotFound`] outside the own agency, [`ActionError::State`] when it stands so already; otherwise when the store fails.
pub async fn suspend_inspector(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    own: Option<AgencyId>,
    id: InspectorId,
    suspended: bool,
) -> Result<()> {
    inspector_lists::get(tx, id, own).await?.ok_or(ActionError::NotFound("inspector"))?;
    if !inspector_lists::set_suspended(tx, id, suspended).await? {
        return Err(ActionError::State(if suspended { "suspended" } else { "valid" }));
    }
    registries::bump(tx).await?;
    let action = if suspended { "inspector.suspended" } else { "inspector.reinstated" };
    audit::record(tx, service, now, actor, action, ("inspector", id.0), json!({})).await
}
