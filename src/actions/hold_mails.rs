//! After a restore nothing is sent until a person says so: the month since the backup would be mailed a second time.

use super::{ActionError, Actor, Result, Service, audit};
use crate::storage::backups::{self, Hold};
use crate::storage::{Tx, alerts, bells, mails};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Why a mail was set aside.
const SET_ASIDE: &str = "set aside after a restore";

/// Holds all mails of a database that was restored from a backup of an instant.
///
/// # Errors
/// When the store fails.
pub async fn hold_mails(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    backup_at: DateTime<Utc>,
    file: &str,
) -> Result<()> {
    let id = service.ids.uuid(now);
    backups::hold(tx, Hold { id, since: now, backup_at }).await?;
    let detail = json!({ "backup_at": backup_at, "file": file });
    audit::record(tx, service, now, &Actor::System, "backup.restored", ("backup", id), detail).await
}

/// Lets mails go again from now on. What waits at this moment is set aside: it is of before the restore, or was made to catch up with it.
/// Returns how many mails that were.
///
/// # Errors
/// [`ActionError::State`] `released` when nothing is held; otherwise when the store fails.
pub async fn release_mails(tx: &mut Tx, service: &Service, now: DateTime<Utc>, actor: &Actor) -> Result<u64> {
    let hold = backups::held(tx).await?.ok_or(ActionError::State("released"))?;
    let set_aside = mails::set_aside(tx, SET_ASIDE).await?;
    let digests = alerts::drop_waiting(tx).await?;
    let rings = bells::drop_waiting(tx).await?;
    backups::release(tx, now).await?;
    let detail = json!({ "set_aside": set_aside, "alerts": digests, "rings": rings });
    audit::record(tx, service, now, actor, "mails.released", ("backup", hold.id), detail).await?;
    Ok(set_aside)
}
