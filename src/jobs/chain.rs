//! The audit joins its chain every few seconds; every hour a signed checkpoint says how far it is, in the database and as a file.

use crate::actions::{CheckpointKey, Result, Unchained, chain_entries, checkpoint_audit, unchained_entries};
use crate::app::App;
use crate::storage::leases;
use chrono::{DateTime, TimeDelta, Utc};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The lease under which one process chains.
const LEASE: &str = "audit-chain";

/// After this long without a sign of life, another process takes over.
const LEASE_MINUTES: i64 = 2;

/// Entries of one transaction: a millisecond or two, for which whoever files on SQLite waits.
const BATCH: usize = 200;

/// How often entries are chained.
const PAUSE: Duration = Duration::from_secs(5);

/// How many pauses lie between two looks for entries that came late: a minute.
const LATE_EVERY: u32 = 12;

/// How many pauses lie between two checkpoints: an hour.
const CHECKPOINT_EVERY: u32 = 720;

/// Where checkpoints go, and what signs them.
#[derive(Debug)]
pub struct Checkpoints {
    /// The key.
    pub key: CheckpointKey,
    /// The folder, made when the first is written. It should be copied off the machine.
    pub folder: PathBuf,
}

/// Works until `shutdown`.
pub async fn watch(app: App, points: Checkpoints, shutdown: CancellationToken) {
    let holder = app.service.ids.uuid(app.clock.now());
    let mut round = 0_u32;
    loop {
        let now = app.clock.now();
        let result = async {
            if hold(&app, holder, now).await? {
                let late = round.is_multiple_of(LATE_EVERY);
                chain_those(&app, if late { Unchained::All } else { Unchained::Recent }).await?;
                if round.is_multiple_of(CHECKPOINT_EVERY) {
                    checkpoint(&app, &points, now).await?;
                }
            }
            Ok::<_, crate::actions::ActionError>(())
        };
        if let Err(error) = result.await {
            tracing::error!(%error, "the audit could not be chained; trying again");
        }
        round = round.wrapping_add(1);
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Chains whatever is not chained yet, a few entries a transaction.
///
/// # Errors
/// When the store fails.
pub async fn chain(app: &App) -> Result<usize> {
    chain_those(app, Unchained::All).await
}

async fn chain_those(app: &App, first: Unchained<'_>) -> Result<usize> {
    let (mut all, mut last) = (0, None);
    loop {
        let mut tx = app.db.read().await?;
        let which = last.as_ref().map_or(first, Unchained::Behind);
        let mut rows = unchained_entries(&mut tx, app.clock.now(), which).await?;
        drop(tx);
        for some in rows.chunks(BATCH) {
            let mut tx = app.db.write_shared().await?;
            chain_entries(&mut tx, some).await?;
            tx.commit().await?;
        }
        all += rows.len();
        last = rows.pop();
        if last.is_none() {
            return Ok(all);
        }
    }
}

/// Makes a checkpoint, if the chain grew, and writes it as a file once it is stored.
///
/// # Errors
/// When the store fails. A file that cannot be written is logged: the checkpoint is in the database.
pub async fn checkpoint(app: &App, points: &Checkpoints, now: DateTime<Utc>) -> Result<()> {
    let mut tx = app.db.write().await?;
    let made = checkpoint_audit(&mut tx, now, &points.key).await?;
    tx.commit().await?;
    if let Some(made) = made
        && let Err(error) = write(&points.folder, &made)
    {
        tracing::error!(%error, folder = %points.folder.display(), "a checkpoint of the audit could not be written");
    }
    Ok(())
}

async fn hold(app: &App, holder: uuid::Uuid, now: DateTime<Utc>) -> Result<bool> {
    let mut tx = app.db.write_shared().await?;
    let held = leases::acquire(&mut tx, LEASE, holder, now, now + TimeDelta::minutes(LEASE_MINUTES)).await?;
    tx.commit().await?;
    Ok(held)
}

fn write(folder: &Path, point: &serde_json::Value) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let seq = point.get("seq").and_then(serde_json::Value::as_i64).unwrap_or_default();
    std::fs::write(folder.join(format!("{seq:012}.json")), format!("{point}\n"))
}
