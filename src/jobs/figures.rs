//! The daily sums: folded from what changed, and compared each night with the rows that they stand for.

use crate::actions::Result;
use crate::app::App;
use crate::storage::figure_days::{self, Check};
use crate::storage::{Backend, Tx, figure_violations, figure_years, leases};
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// The lease under which the sums are folded and checked.
const LEASE: &str = "figures";

/// After this long without a sign of life, another process takes over.
const LEASE_MINUTES: i64 = 5;

/// Filings of one transaction whose changes are folded. On SQLite whoever files waits for these few milliseconds; on PostgreSQL nobody does, and
/// each look at the changes passes over those that were folded before.
const fn filings_at_once(backend: Backend) -> i64 {
    match backend {
        Backend::Sqlite => 200,
        Backend::Postgres => 5_000,
    }
}

/// The same with days of violations.
const DAYS: i64 = 5;

/// The local hour from which on the sums of the day before are checked.
const CHECK_HOUR: u32 = 3;

/// How often changes are folded.
const PAUSE: Duration = Duration::from_secs(3);

/// How many times as long as it worked it rests, up to [`LONGEST_PAUSE`]. Whoever files on SQLite waits for it, and figures are exact without it.
const PAUSES_FOR_WORK: u32 = 20;

/// The longest rest: what is not folded yet is added up by whoever reads.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Works until `shutdown`.
pub(super) async fn watch(app: &App, shutdown: &CancellationToken) {
    loop {
        let begun = Instant::now();
        let worked = async {
            fold_figures(app).await?;
            check_figures(app, app.clock.now()).await
        };
        if let Err(error) = worked.await {
            tracing::error!(%error, "the daily sums could not be made; trying again");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep((begun.elapsed() * PAUSES_FOR_WORK).clamp(PAUSE, LONGEST_PAUSE)) => {}
        }
    }
}

/// Folds all changes into the sums, those of some filings and of a few days of violations a transaction; returns how many changes of filings and
/// days of violations. Nothing while another process does it.
///
/// # Errors
/// When the store fails.
pub async fn fold_figures(app: &App) -> Result<u64> {
    let mut folded = 0;
    let mut holder = None;
    loop {
        let mut tx = app.db.read().await?;
        let filings = figure_days::changed(&mut tx).await?;
        let days = figure_violations::changed_days(&mut tx, DAYS).await?;
        drop(tx);
        let now = app.clock.now();
        if !filings && days.is_empty() {
            if let Some(holder) = holder {
                let mut tx = app.db.write_shared().await?;
                leases::release(&mut tx, LEASE, holder, now).await?;
                tx.commit().await?;
            }
            return Ok(folded);
        }
        let mine = *holder.get_or_insert_with(|| app.service.ids.uuid(now));
        let mut tx = app.db.write_shared().await?;
        if !leases::acquire(&mut tx, LEASE, mine, now, now + TimeDelta::minutes(LEASE_MINUTES)).await? {
            tx.rollback().await?;
            return Ok(folded);
        }
        if filings {
            folded += figure_days::fold(&mut tx, filings_at_once(app.db.backend())).await?;
        }
        for day in &days {
            figure_violations::fold(&mut tx, *day).await?;
            folded += 1;
        }
        tx.commit().await?;
    }
}

/// Compares the sums with the rows once a night, and makes them anew if they differ; returns what it found, if it was due. Reads none of the
/// rows while another process does it.
///
/// # Errors
/// When the store fails.
pub async fn check_figures(app: &App, now: DateTime<Utc>) -> Result<Option<Check>> {
    let mut tx = app.db.read().await?;
    if app.service.settings.zone.local(now).hour() < CHECK_HOUR || is_checked(app, &mut tx, now).await? {
        return Ok(None);
    }
    drop(tx);
    let holder = app.service.ids.uuid(now);
    let mut tx = app.db.write().await?;
    let held = leases::acquire(&mut tx, LEASE, holder, now, now + TimeDelta::minutes(LEASE_MINUTES)).await?;
    // Asked again under the lease: another process may have done it in between.
    if !held || is_checked(app, &mut tx, now).await? {
        tx.rollback().await?;
        return Ok(None);
    }
    tx.commit().await?;
    let compared = compare(app).await;
    let mut tx = app.db.write().await?;
    let (cells, differing) = match compared {
        Ok(found) => found,
        Err(error) => {
            leases::release(&mut tx, LEASE, holder, now).await?;
            tx.commit().await?;
            return Err(error);
        }
    };
    // The lease runs by the clock, and comparing takes time.
    let at = app.clock.now().max(now);
    if !leases::acquire(&mut tx, LEASE, holder, at, at + TimeDelta::minutes(LEASE_MINUTES)).await? {
        tx.rollback().await?;
        return Ok(None);
    }
    let rebuilt = differing > 0;
    if rebuilt {
        tracing::error!(cells, differing, "daily sums do not agree with the rows; all are made anew");
        rebuild(&mut tx).await?;
    }
    let check = Check { at: now, cells, differing, rebuilt };
    figure_days::note_check(&mut tx, app.service.ids.uuid(now), check).await?;
    leases::release(&mut tx, LEASE, holder, now).await?;
    tx.commit().await?;
    Ok(Some(check))
}

/// Whether the sums have been compared on the day of `now`.
async fn is_checked(app: &App, tx: &mut Tx, now: DateTime<Utc>) -> Result<bool> {
    let zone = app.service.settings.zone;
    let last = figure_days::last_check(tx).await?;
    Ok(last.is_some_and(|check| zone.local_date(check.at) >= zone.local_date(now)))
}

/// Reads all rows, and how the sums compare with them. Not in one transaction: as long as one lasts, SQLite's log grows.
async fn compare(app: &App) -> Result<(i64, i64)> {
    let days = figure_days::compare(&mut app.db.read().await?).await?;
    let years = figure_years::compare(&mut app.db.read().await?).await?;
    let violations = figure_violations::compare(&mut app.db.read().await?).await?;
    Ok((days.0 + years.0 + violations.0, days.1 + years.1 + violations.1))
}

/// Makes all sums anew from the rows.
///
/// # Errors
/// When the store fails.
pub async fn rebuild(tx: &mut Tx) -> Result<()> {
    figure_days::rebuild(tx).await?;
    figure_years::rebuild(tx).await?;
    Ok(figure_violations::rebuild(tx).await?)
}
