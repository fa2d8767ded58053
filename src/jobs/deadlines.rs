//! Deadlines that pass and digests that fall due, in small transactions, by the process that holds the lease.

use super::{release_requests, retire_signs};
use crate::actions::{self, ActionError, Result, Service};
use crate::app::App;
use crate::domain::id::AgencyId;
use crate::storage::cases::steps;
use crate::storage::{Tx, alerts, enterprises, held_requests, invitations, leases, signs};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// The lease under which deadlines and digests are worked on.
const LEASE: &str = "deadlines";

/// After this long without a sign of life, another process takes over.
const LEASE_MINUTES: i64 = 2;

/// How many enterprises are judged before the lease is prolonged.
const BATCH: i64 = 200;

/// The earliest instant at which a deadline passes or a digest is due; `None` if nothing is ahead.
///
/// # Errors
/// When the store fails.
pub async fn next_due(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    let deadline = enterprises::next_due(tx).await?;
    let digest = alerts::next_due(tx).await?;
    let grace = signs::next_grace(tx).await?;
    let step = steps::next_due(tx).await?;
    Ok([deadline, digest, grace, step].into_iter().flatten().min())
}

/// Judges the enterprises whose deadlines have passed and makes the digests that are due, as of `now`. Sends nothing.
///
/// Returns whether there was anything to do. Does nothing while another process holds the lease, and nothing more once another has taken it
/// over. What fails for one enterprise or reader is logged and does not hold up the others.
///
/// # Errors
/// When the store fails as a whole.
pub async fn run_due(app: &App, now: DateTime<Utc>) -> Result<bool> {
    let mut tx = app.db.read().await?;
    let due = next_due(&mut tx).await?.is_some_and(|at| at <= now);
    let outage = actions::outage(&mut tx, now).await?;
    let inviting = invitations::next_due(&mut tx).await?.is_some_and(|at| at <= now);
    let leaving = held_requests::next_due(&mut tx).await?.is_some_and(|at| at <= now);
    let running_out = actions::certificates_due(&mut tx, &app.service, now).await?;
    drop(tx);
    if !due && !outage && !inviting && !leaving && running_out.is_empty() {
        return Ok(false);
    }
    let holder = app.service.ids.uuid(now);
    if !prolong(app, holder, now).await? {
        return Ok(false);
    }
    if due {
        let held = sweep(app, holder, now).await? && walk(app, holder, now).await? && gather(app, holder, now).await?;
        if !held {
            return Ok(true);
        }
        retire_signs::retire_due(app, now).await?;
    }
    if outage {
        let mut tx = app.db.write_shared().await?;
        actions::gather_outage(&mut tx, &app.service, now).await?;
        tx.commit().await?;
    }
    if leaving {
        release_requests::release(app, now).await?;
    }
    if inviting && !invite(app, holder, now).await? {
        return Ok(true);
    }
    announce(app, now, &running_out).await?;
    let mut tx = app.db.write().await?;
    leases::release(&mut tx, LEASE, holder, now).await?;
    tx.commit().await?;
    Ok(true)
}

/// The same within one transaction of the caller's, without a lease: for a replay, which is alone with its database.
///
/// # Errors
/// When the store fails; the transaction is to be rolled back then.
pub async fn run_due_in(tx: &mut Tx, service: &Service, now: DateTime<Utc>) -> Result<()> {
    for (enterprise, _) in enterprises::due(tx, now, i64::from(u32::MAX)).await? {
        actions::sweep_enterprise(tx, service, now, enterprise).await?;
    }
    for step in steps::due(tx, now, i64::from(u32::MAX)).await? {
        actions::cases::run_step(tx, service, now, &step).await?;
    }
    for user in actions::digests_due(tx, service, now).await? {
        actions::gather_digest(tx, service, now, user).await?;
    }
    retire_signs::retire_some(tx, service, now, i64::from(u32::MAX)).await.map(drop)
}

async fn prolong(app: &App, holder: Uuid, now: DateTime<Utc>) -> Result<bool> {
    // The lease runs by the clock, not by `now`: judging a long backlog takes time.
    let at = app.clock.now().max(now);
    let mut tx = app.db.write().await?;
    let held = leases::acquire(&mut tx, LEASE, holder, at, at + TimeDelta::minutes(LEASE_MINUTES)).await?;
    tx.commit().await?;
    Ok(held)
}

/// Judges what is overdue, the longest overdue first, each enterprise in a transaction of its own; `false` when the lease was lost.
async fn sweep(app: &App, holder: Uuid, now: DateTime<Utc>) -> Result<bool> {
    while prolong(app, holder, now).await? {
        let mut tx = app.db.read().await?;
        let due = enterprises::due(&mut tx, now, BATCH).await?;
        drop(tx);
        let mut judged = 0;
        for (enterprise, _) in &due {
            let mut tx = app.db.write().await?;
            match actions::sweep_enterprise(&mut tx, &app.service, now, *enterprise).await {
                Ok(()) => {
                    tx.commit().await?;
                    judged += 1;
                }
                Err(error) => {
                    tracing::error!(%enterprise, %error, "an enterprise could not be judged at its deadline; trying again");
                }
            }
        }
        let whole = i64::try_from(due.len()).unwrap_or(i64::MAX) == BATCH;
        if !whole || judged == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Does the steps of cases that are due, the longest due first, each in a transaction of its own; `false` when the lease was lost.
async fn walk(app: &App, holder: Uuid, now: DateTime<Utc>) -> Result<bool> {
    while prolong(app, holder, now).await? {
        let mut tx = app.db.read().await?;
        let due = steps::due(&mut tx, now, BATCH).await?;
        drop(tx);
        let mut done = 0;
        for step in &due {
            let mut tx = app.db.write().await?;
            match actions::cases::run_step(&mut tx, &app.service, now, step).await {
                Ok(()) => {
                    tx.commit().await?;
                    done += 1;
                }
                Err(error) => tracing::error!(step = %step.id, %error, "a step of a case failed; trying again"),
            }
        }
        let whole = i64::try_from(due.len()).unwrap_or(i64::MAX) == BATCH;
        if !whole || done == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Invites the enterprises whose visits are over, a batch a transaction; `false` when the lease was lost.
async fn invite(app: &App, holder: Uuid, now: DateTime<Utc>) -> Result<bool> {
    while prolong(app, holder, now).await? {
        let mut tx = app.db.write().await?;
        match invite_some(&mut tx, &app.service, now).await {
            Ok(invited) => {
                tx.commit().await?;
                if i64::try_from(invited).unwrap_or(i64::MAX) < BATCH {
                    return Ok(true);
                }
            }
            // Another process has made one of these since they were read: none is made here, and what is left is read again.
            Err(ActionError::Stale(_)) => tx.rollback().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// Invites at most a batch within a transaction; returns how many were due.
async fn invite_some(tx: &mut Tx, service: &Service, now: DateTime<Utc>) -> Result<usize> {
    let due = invitations::due(tx, now, BATCH).await?;
    for filing in &due {
        actions::reporters::invite(tx, service, now, *filing).await?;
    }
    Ok(due.len())
}

/// Tells the liaisons of these agencies which certificates run out, each agency in a transaction of its own.
async fn announce(app: &App, now: DateTime<Utc>, agencies: &[AgencyId]) -> Result<()> {
    for agency in agencies {
        let mut tx = app.db.write().await?;
        match actions::announce_certificates(&mut tx, &app.service, now, *agency).await {
            Ok(()) => tx.commit().await?,
            Err(error) => tracing::error!(%agency, %error, "certificates could not be announced; trying again"),
        }
    }
    Ok(())
}

/// Makes the digests that are due, each in a transaction of its own; `false` when the lease was lost.
async fn gather(app: &App, holder: Uuid, now: DateTime<Utc>) -> Result<bool> {
    if !prolong(app, holder, now).await? {
        return Ok(false);
    }
    let mut tx = app.db.write().await?;
    let users = actions::digests_due(&mut tx, &app.service, now).await?;
    tx.commit().await?;
    for user in users {
        let mut tx = app.db.write().await?;
        match actions::gather_digest(&mut tx, &app.service, now, user).await {
            Ok(_) => tx.commit().await?,
            Err(error) => tracing::error!(%user, %error, "a digest could not be made; trying again"),
        }
    }
    Ok(true)
}
