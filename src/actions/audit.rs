//! Writing the audit: one call, so that no action forgets a part of it.

use super::{Actor, Result, Service};
use crate::storage::{Tx, audit};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;

/// How far the clock may be behind the newest row before it is doubted.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(10);

/// Records that `actor` did `action` to an object, in the transaction of the event.
///
/// # Errors
/// When the store fails.
pub async fn record(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    action: &str,
    object: (&str, Uuid),
    detail: Value,
) -> Result<()> {
    let row = audit::AuditRow {
        id: service.ids.uuid(now),
        at: now,
        actor_kind: actor.kind().to_owned(),
        actor: actor.name(),
        action: action.to_owned(),
        object_kind: object.0.to_owned(),
        object_id: Some(object.1),
        detail,
    };
    Ok(audit::append(tx, &row).await?)
}

/// Whether the clock is behind the newest row by so much that it must be wrong (时钟存疑): things are accepted then, but
/// nothing is raised.
///
/// # Errors
/// When the store fails.
pub async fn clock_doubtful(tx: &mut Tx, now: DateTime<Utc>) -> Result<bool> {
    Ok(audit::newest(tx).await?.is_some_and(|newest| now + CLOCK_TOLERANCE < newest))
}
