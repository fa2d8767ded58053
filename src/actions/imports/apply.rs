//! Writing what was previewed and confirmed: all of it in one transaction, and only if it is still what was shown.

use super::super::import_registry::{Absent, Problem, lay_out, plan, write};
use super::super::{ActionError, Actor, FieldError, Progress, Result, Service};
use super::{choices_of, get_import, preview_import, registry_of, reopen};
use crate::domain::import::ImportState;
use crate::storage::imports::ImportRecord;
use crate::storage::{Db, registry_activity};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a person confirms.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Confirm {
    /// The import.
    pub import: Uuid,
    /// The digest of the preview that the person saw.
    pub digest: String,
    /// Takes the good rows although others are rejected.
    pub skip_bad: bool,
    /// Deactivates the active objects that the file does not have: their number, as the person typed it.
    pub absent: Option<u64>,
}

/// What became of it.
#[derive(Debug)]
pub enum Confirmed {
    /// Written.
    Applied(ImportRecord),
    /// The registry had changed: nothing was written, it was previewed anew.
    Stale(ImportRecord),
    /// The file cannot be read any more.
    Unreadable(Problem),
}

impl Confirm {
    /// Whether what is confirmed fits what was counted.
    ///
    /// # Errors
    /// [`ActionError::State`] when it was applied, or there is nothing to write; [`ActionError::Malformed`] without a word on the
    /// rejected rows, or with another number of absent objects.
    pub fn check(&self, record: &ImportRecord) -> Result<()> {
        let counts = record.counts;
        if record.state != ImportState::Previewed || !(counts.writes() || self.absent.is_some()) {
            return Err(ActionError::State(record.state.as_str()));
        }
        if counts.rejected > 0 && !self.skip_bad {
            return Err(FieldError::new("skip_bad", "required").into());
        }
        match self.absent {
            Some(typed) if counts.rejected > 0 || typed != counts.absent || typed == 0 => {
                Err(FieldError::new("absent_count", "differs").into())
            }
            _ => Ok(()),
        }
    }
}

/// Writes an import. One that was applied already stays as it is, so that work begun twice is done once.
///
/// # Errors
/// As [`Confirm::check`]; [`ActionError::NotFound`]; otherwise when the store fails, and nothing was written.
pub async fn apply_import(
    db: &Db,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    confirm: &Confirm,
    progress: &Progress,
) -> Result<Confirmed> {
    let mut tx = db.read().await?;
    let mut record = get_import(&mut tx, confirm.import).await?;
    if record.state == ImportState::Applied && record.digest == confirm.digest {
        return Ok(Confirmed::Applied(record));
    }
    let stale = async |progress: &Progress| {
        let again = preview_import(db, service, now, confirm.import, true, progress).await?;
        Ok(again.map_or_else(Confirmed::Unreadable, Confirmed::Stale))
    };
    if record.digest != confirm.digest {
        drop(tx);
        return stale(progress).await;
    }
    confirm.check(&record)?;
    let registry = registry_of(&record)?;
    let reading = match reopen(&mut tx, now, &record, choices_of(&record)).await? {
        Ok(reading) => reading,
        Err(problem) => return Ok(Confirmed::Unreadable(problem)),
    };
    // The bar is of what is written: what comes before is a small part of it.
    let before = Progress::default();
    let mut planned = plan(&mut tx, service, now, registry, &reading, &before).await?;
    drop(tx);
    let (counts, digest) = lay_out(&planned, &reading, &record.sha256, None, &before).await?;
    drop(reading);
    if digest != record.digest {
        return stale(progress).await;
    }
    record.counts = counts;
    let mut tx = db.write_many().await?;
    registry_activity::lock(&mut tx).await?;
    let mut holds = planned.still_holds(&mut tx).await?;
    if holds && confirm.absent.is_some() {
        let today = service.settings.zone.local_date(now);
        let absent = Absent::find(&mut tx, registry, &planned, today).await?;
        holds = absent.are(&planned.absent);
        record.counts.deactivated = u64::try_from(absent.0.len()).unwrap_or(u64::MAX);
        planned.changes.extend(absent.0);
    }
    if !holds {
        tx.rollback().await?;
        return stale(progress).await;
    }
    planned.unchanged = Vec::new();
    write(&mut tx, service, now, actor, (&mut record, registry), planned.changes, progress).await?;
    tx.commit().await?;
    Ok(Confirmed::Applied(record))
}
