//! Replaced signs whose grace is over are retired, so that lists say what scanning them says already.

use crate::actions::{Result, Service, retire_sign};
use crate::app::App;
use crate::storage::{Tx, signs};
use chrono::{DateTime, Utc};

/// How many signs are retired in a transaction.
const BATCH: i64 = 200;

/// Retires what is due, in small transactions.
///
/// # Errors
/// When the store fails.
pub(super) async fn retire_due(app: &App, now: DateTime<Utc>) -> Result<()> {
    loop {
        let mut tx = app.db.write().await?;
        let retired = retire_some(&mut tx, &app.service, now, BATCH).await?;
        tx.commit().await?;
        if retired < BATCH {
            return Ok(());
        }
    }
}

/// Retires at most `most` signs within a transaction; returns how many.
///
/// # Errors
/// When the store fails.
pub(super) async fn retire_some(tx: &mut Tx, service: &Service, now: DateTime<Utc>, most: i64) -> Result<i64> {
    let mut retired = 0;
    for id in signs::grace_over(tx, now, most).await? {
        retire_sign(tx, service, now, id).await?;
        retired += 1;
    }
    Ok(retired)
}
