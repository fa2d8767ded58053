//! The backup of each night, and the weekly proof that one can be restored. By one process at a time; a failure is noted, shown in the console
//! and tried again an hour later.

use crate::actions::backup::{self, BackupError, Made, Origin};
use crate::app::App;
use crate::domain::backup::{
    Contents, Drill, HOUR, Manifest, Source, aside, date_of, date_of_aside, drill_due, file_name, kept,
};
use crate::storage::backups::{self, Backup, Proof};
use crate::storage::container::Recipient;
use crate::storage::{dump, leases};
use chrono::{DateTime, NaiveDate, TimeDelta, Timelike as _, Utc};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The lease under which one process makes them.
const LEASE: &str = "backups";

/// How long the lease is held: longer than a backup of ten million filings takes.
const LEASE_MINUTES: i64 = 120;

/// After a failure it is tried again after this.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// Where backups go, and what they are made with.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The folder, for this program's user; best on another disk.
    pub folder: PathBuf,
    /// To whom they are encrypted; nobody: they are not.
    pub recipients: Vec<Recipient>,
    /// The text of a file of secret keys that opens them, for the proof alone.
    pub identities: Option<String>,
    /// Where a copy may lie until it is packed: the data folder.
    pub scratch: PathBuf,
    /// The database's URL, where it is PostgreSQL's.
    pub postgres: Option<String>,
    /// The key that signs checkpoints of the audit.
    pub public: Vec<u8>,
}

/// Works until `shutdown`.
pub async fn watch(app: App, plan: Plan, shutdown: CancellationToken) {
    loop {
        if let Err(error) = make_due(&app, &plan, app.clock.now()).await {
            tracing::error!(%error, "the backup of the night could not be looked after; trying again");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(Duration::from_mins(1)) => {}
        }
    }
}

/// Makes the backup of the day if it is due, and the proof if that is; whether there was something to do.
///
/// # Errors
/// When what came of it cannot be noted.
pub async fn make_due(app: &App, plan: &Plan, now: DateTime<Utc>) -> Result<bool, BackupError> {
    let local = app.service.settings.zone.local(now);
    if local.hour() < HOUR {
        return Ok(false);
    }
    let day = |at: DateTime<Utc>| app.service.settings.zone.local_date(at);
    let mut tx = app.db.read().await?;
    let (made, tried) = (backups::last_good(&mut tx).await?, backups::list(&mut tx, 1).await?);
    let (proved, last_proof) = (backups::last_proof(&mut tx).await?, backups::proofs(&mut tx, 1).await?);
    drop(tx);
    let rested = |last: Option<DateTime<Utc>>, trouble: bool| !trouble || last.is_none_or(|at| at + AGAIN <= now);
    let backup = made.is_none_or(|made| day(made.made_at) < local.date())
        && rested(tried.first().map(|b| b.made_at), tried.first().is_some_and(|b| !b.trouble.is_empty()));
    let drill = drill_due(proved.map(|proof| day(proof.at)), local.date())
        && rested(last_proof.first().map(|p| p.at), last_proof.first().is_some_and(|p| !p.trouble.is_empty()));
    if !backup && !drill {
        return Ok(false);
    }
    let holder = app.service.ids.uuid(now);
    let mut tx = app.db.write().await?;
    let held = leases::acquire(&mut tx, LEASE, holder, now, now + TimeDelta::minutes(LEASE_MINUTES)).await?;
    tx.commit().await?;
    if !held {
        return Ok(false);
    }
    let outcome = work(app, plan, now, local.date(), (backup, drill)).await;
    let mut tx = app.db.write().await?;
    leases::release(&mut tx, LEASE, holder, app.clock.now()).await?;
    tx.commit().await?;
    outcome.map(|()| true)
}

async fn work(
    app: &App,
    plan: &Plan,
    now: DateTime<Utc>,
    today: NaiveDate,
    (backup, drill): (bool, bool),
) -> Result<(), BackupError> {
    let name = file_name(today, !plan.recipients.is_empty());
    let made = if backup { Some(make(app, plan, now, &name).await) } else { None };
    if let Some(made) = &made {
        let row = Backup {
            id: app.service.ids.uuid(now),
            made_at: now,
            file: name.clone(),
            bytes: made.as_ref().map_or(0, |made| i64::try_from(made.bytes).unwrap_or(i64::MAX)),
            encrypted: !plan.recipients.is_empty(),
            trouble: made.as_ref().err().map(ToString::to_string).unwrap_or_default(),
        };
        let mut tx = app.db.write().await?;
        backups::note(&mut tx, &row).await?;
        tx.commit().await?;
        match made {
            Ok(_) => {
                tracing::info!(file = name, bytes = row.bytes, "a backup was made");
                rotate(&plan.folder, today);
            }
            Err(error) => tracing::error!(%error, folder = %plan.folder.display(), "the backup of the night failed"),
        }
    }
    if !drill {
        return Ok(());
    }
    let Some((file, how, result)) = prove(plan, made.and_then(Result::ok)).await else { return Ok(()) };
    let found = result.as_ref().ok();
    let row = Proof {
        id: app.service.ids.uuid(now),
        at: now,
        file,
        how,
        audit_links: found.map_or(0, |found| found.audit_links),
        filings: found.map_or(0, |found| found.filings),
        trouble: result.as_ref().err().map(ToString::to_string).unwrap_or_default(),
    };
    if !row.trouble.is_empty() {
        tracing::error!(file = row.file, trouble = row.trouble, "a backup could not be restored");
    }
    let mut tx = app.db.write().await?;
    backups::note_proof(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(())
}

async fn make(app: &App, plan: &Plan, now: DateTime<Utc>, name: &str) -> Result<Made, BackupError> {
    let target = plan.folder.join(name);
    if target.exists() {
        // Of an attempt that was made and could not be noted.
        std::fs::rename(&target, plan.folder.join(aside(name)))?;
    }
    let from = Origin { db: &app.db, postgres: plan.postgres.as_deref(), scratch: &plan.scratch };
    backup::make_backup(from, &target, plan.recipients.clone(), std::collections::BTreeMap::new(), now).await
}

/// Proves the newest backup, or the copy that one was just made of where nothing here decrypts it; `None` if there is neither.
async fn prove(plan: &Plan, made: Option<Made>) -> Option<(String, Drill, Result<Contents, BackupError>)> {
    let newest = newest(&plan.folder);
    let readable = |file: &str| {
        plan.identities.is_some() || Path::new(file).extension().is_none_or(|extension| extension != "age")
    };
    if let Some(file) = newest.clone().filter(|file| readable(file)) {
        let scratch = match tempfile::Builder::new().prefix(".drill-").tempdir_in(&plan.scratch) {
            Ok(scratch) => scratch,
            Err(error) => return Some((file, Drill::Whole, Err(error.into()))),
        };
        let copy = scratch.path().join("copy.db");
        let read = backup::read_backup(&plan.folder.join(&file), plan.identities.clone(), &copy).await;
        let (how, result) = match read {
            Ok(manifest) => of_copy(&copy, &manifest, &plan.public).await,
            Err(error) => (Drill::Whole, Err(error)),
        };
        return Some((file, how, result));
    }
    let made = made?;
    let (how, result) = of_copy(&made.copy, &made.manifest, &plan.public).await;
    let how = if how == Drill::Whole { Drill::BeforeEncryption } else { how };
    Some((newest.unwrap_or_default(), how, result))
}

async fn of_copy(copy: &Path, manifest: &Manifest, public: &[u8]) -> (Drill, Result<Contents, BackupError>) {
    if manifest.source == Source::Postgres.as_str() {
        let read = dump::pg_read_through(copy).await;
        return (Drill::ReadThrough, read.map(|()| manifest.contents.clone()).map_err(BackupError::from));
    }
    (Drill::Whole, backup::prove(copy, manifest, Some(public)).await)
}

/// The newest backup of a folder, by its name.
fn newest(folder: &Path) -> Option<String> {
    names(folder, date_of).into_iter().max().map(|(_, name)| name)
}

fn names(folder: &Path, date: fn(&str) -> Option<NaiveDate>) -> Vec<(NaiveDate, String)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            Some((date(&name)?, name))
        })
        .collect()
}

/// Takes away the backups that are neither of the last days nor weeks nor months; one that was put aside counts only where its date has no other.
/// What cannot be taken away is logged and stays.
fn rotate(folder: &Path, today: NaiveDate) {
    let (whole, aside) = (names(folder, date_of), names(folder, date_of_aside));
    let whole_days: BTreeSet<NaiveDate> = whole.iter().map(|(day, _)| *day).collect();
    let dates: Vec<NaiveDate> = whole.iter().chain(&aside).map(|(day, _)| *day).collect();
    let kept = kept(&dates);
    let replaced = aside.iter().filter(|(day, _)| whole_days.contains(day));
    let single = whole.iter().chain(aside.iter().filter(|(day, _)| !whole_days.contains(day)));
    let old = single.filter(|(day, _)| *day < today && !kept.contains(day));
    for (_, name) in old.chain(replaced) {
        if let Err(error) = std::fs::remove_file(folder.join(name)) {
            tracing::warn!(%error, name, "an old backup could not be taken away");
        }
    }
}
