//! Ringing: messages to group robots, claimed by lease, tried again when they fail, each at least once.

use crate::actions::Result;
use crate::actions::bells::address;
use crate::app::App;
use crate::domain::bell::{RingState, pause_after};
use crate::domain::notice::is_daytime;
use crate::domain::violation::Severity;
use crate::mail::robot;
use crate::storage::backups;
use crate::storage::bells::{self, Bell, Ring};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a claimed message belongs to one process.
const LEASE: TimeDelta = TimeDelta::minutes(2);

/// Messages claimed at once: robots take about 20 a minute.
const BATCH: i64 = 10;

/// Works until `shutdown`.
pub(super) async fn watch(app: &App, shutdown: &CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            rung = ring_due(app) => if let Err(error) = rung {
                tracing::error!(%error, "bells could not be rung; trying again");
            },
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
        }
    }
}

/// Sends the messages that are due, a few at a time; returns how many the robots took. What waits for the daytime is left for it.
///
/// # Errors
/// When the store fails.
pub async fn ring_due(app: &App) -> Result<usize> {
    let mut tx = app.db.read().await?;
    let all = bells::list(&mut tx).await?;
    let held = !all.is_empty() && backups::held(&mut tx).await?.is_some();
    drop(tx);
    if all.is_empty() || held {
        return Ok(0);
    }
    let now = app.clock.now();
    let lease = now + LEASE;
    let mut tx = app.db.write().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let day = is_daytime(now, app.service.settings.zone, &snapshot.registries.holidays);
    let asleep = (!day).then_some(Severity::Warning);
    let claimed = bells::claim(&mut tx, now, lease, BATCH, asleep).await?;
    tx.commit().await?;
    let mut taken = 0;
    for ring in claimed {
        let Some(bell) = all.iter().find(|bell| bell.id == ring.bell) else { continue };
        taken += usize::from(send(app, bell, &ring, lease).await?);
    }
    Ok(taken)
}

/// Sends one; whether the robot took it.
async fn send(app: &App, bell: &Bell, ring: &Ring, lease: DateTime<Utc>) -> Result<bool> {
    let address = address(&app.service, bell)?;
    let result = match robot::post(bell.kind, &address.url, &address.secret, &ring.words, app.clock.now()) {
        Ok(post) => robot::send(&post).await,
        Err(error) => Err(error),
    };
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let taken = result.is_ok();
    match result {
        Ok(()) => bells::sent(&mut tx, ring.id, lease, now).await?,
        Err(error) => {
            tracing::warn!(bell = %bell.id, %error, "a bell did not ring");
            let (state, next) = match pause_after(ring.attempts + 1) {
                Some(pause) => (RingState::Retry, now + pause),
                None => (RingState::Stuck, now),
            };
            bells::failed(&mut tx, ring.id, lease, state, next, &error.to_string()).await?;
        }
    }
    tx.commit().await?;
    Ok(taken)
}
