//! Scans of signs, from the counter in memory into the store: every few seconds, and once more before the process ends.

use crate::actions::{Result, record_scans};
use crate::app::App;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often scans are stored: so much is lost at most when a process is killed.
const PAUSE: Duration = Duration::from_secs(3);

/// How many signs are written in a transaction.
const BATCH: usize = 200;

/// Stores everything that was scanned so far. What cannot be stored now is kept for the next time.
///
/// # Errors
/// When the store fails.
pub async fn store_scans(app: &App) -> Result<()> {
    loop {
        let taken = app.service.scans.take(BATCH);
        if taken.is_empty() {
            return Ok(());
        }
        let stored = async {
            let mut tx = app.db.write_shared().await?;
            record_scans(&mut tx, &app.service, app.clock.now(), &taken).await?;
            Ok(tx.commit().await?)
        };
        if let Err(error) = stored.await {
            app.service.scans.give_back(taken);
            return Err(error);
        }
    }
}

/// Does so until `shutdown`.
pub(super) async fn watch_scans(app: &App, shutdown: &CancellationToken) {
    loop {
        let last = tokio::select! {
            () = shutdown.cancelled() => true,
            () = tokio::time::sleep(PAUSE) => false,
        };
        if let Err(error) = store_scans(app).await {
            tracing::error!(%error, "scans could not be stored; trying again");
        }
        if last {
            return;
        }
    }
}
