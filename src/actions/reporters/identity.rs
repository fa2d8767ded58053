//! How far a reporter lets it be known who they are (身份公开程度): their own decision, and only upward.

use crate::actions::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::id::ReportId;
use crate::domain::reporter::Identity;
use crate::storage::{Tx, conversations, reports};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Raises it to `wanted`; the same again changes nothing.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] for a withdrawn report; [`ActionError::Malformed`] for less than it is now;
/// [`ActionError::Stale`] when it changed in between; otherwise when the store fails.
pub async fn raise_identity(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    id: ReportId,
    wanted: Identity,
) -> Result<()> {
    let record = reports::get(tx, id).await?.ok_or(ActionError::NotFound("report"))?;
    if record.report.withdrawn {
        return Err(ActionError::State("withdrawn"));
    }
    if wanted == record.identity {
        return Ok(());
    }
    if wanted < record.identity {
        return Err(FieldError::new("identity", "only_upward").into());
    }
    if !conversations::set_identity(tx, id, wanted, record.identity).await? {
        return Err(ActionError::Stale("report"));
    }
    let detail = json!({ "identity": [record.identity, wanted] });
    audit::record(tx, service, now, &Actor::Reporter, "report.identity", ("report", id.0), detail).await
}
