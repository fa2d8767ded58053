//! Requests that waited for their batch leave: all of a batch at one instant, in random order, each in a transaction of its own.

use crate::actions::reporters::{due_in_random_order, release_held, return_held};
use crate::actions::{ActionError, Result};
use crate::app::App;
use chrono::{DateTime, Utc};

/// Sends the batch that leaves. What changed since it was held goes back to its supervisor; what fails otherwise is tried again.
///
/// # Errors
/// When the store fails as a whole.
pub(super) async fn release(app: &App, now: DateTime<Utc>) -> Result<()> {
    let mut tx = app.db.read().await?;
    let due = due_in_random_order(&mut tx, &app.service, now).await?;
    drop(tx);
    for id in due {
        let mut tx = app.db.write().await?;
        match release_held(&mut tx, &app.service, now, id).await {
            Ok(()) => tx.commit().await?,
            Err(ActionError::Stale(_) | ActionError::State(_) | ActionError::NotFound(_)) => {
                tx.rollback().await?;
                let mut tx = app.db.write().await?;
                return_held(&mut tx, &app.service, now, id).await?;
                tx.commit().await?;
            }
            Err(error) => tracing::error!(%error, "a request could not leave with its batch; trying again"),
        }
    }
    Ok(())
}
