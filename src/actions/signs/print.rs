//! Noting that signs were put on a sheet.

use crate::actions::{Actor, Result, Service, audit};
use crate::domain::id::SignId;
use crate::storage::{Tx, sign_prints};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Notes that these signs were put on a sheet: `batch` is the print job, `host` what their codes carry. Those just made are printed now, the
/// others keep their state. Telling the same batch twice changes nothing more.
///
/// Returns the signs that were replaced or revoked in between: they are not marked, and whoever hands the sheet out has to take them out.
///
/// # Errors
/// When the store fails.
pub async fn mark_printed(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    ids: &[SignId],
    batch: Uuid,
    host: &str,
) -> Result<Vec<SignId>> {
    sign_prints::mark(tx, ids, batch, host, now).await?;
    let marked: HashSet<SignId> = sign_prints::in_batch(tx, batch).await?.into_iter().collect();
    let left_out: Vec<SignId> = ids.iter().copied().filter(|id| !marked.contains(id)).collect();
    let detail = json!({ "signs": marked.len(), "left_out": left_out, "host": host });
    audit::record(tx, service, now, actor, "signs.printed", ("sign_batch", batch), detail).await?;
    Ok(left_out)
}
