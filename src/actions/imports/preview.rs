//! Finding out what a file would change, and keeping it page by page.

use super::super::import_registry::{Planned, Problem, Reading, lay_out, plan};
use super::super::{Progress, Result, Service};
use super::{choices_of, get_import, registry_of, reopen};
use crate::domain::import::ImportState;
use crate::storage::imports::{self, ImportRecord};
use crate::storage::{Db, Tx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Previews an import; one that was applied stays as it is. `stale` says on its page that it was previewed before and something has
/// changed since.
///
/// # Errors
/// [`super::super::ActionError::NotFound`]; when somebody chose otherwise in between; otherwise when the store fails.
pub async fn preview_import(
    db: &Db,
    service: &Service,
    now: DateTime<Utc>,
    id: Uuid,
    stale: bool,
    progress: &Progress,
) -> Result<std::result::Result<ImportRecord, Problem>> {
    let mut tx = db.read().await?;
    let record = get_import(&mut tx, id).await?;
    if !matches!(record.state, ImportState::Uploaded | ImportState::Previewed) {
        return Ok(Ok(record));
    }
    let reading = reopen(&mut tx, now, &record, choices_of(&record)).await?;
    let reading = match reading.and_then(|reading| reading.check().map(|()| reading)) {
        Ok(reading) => reading,
        Err(problem) => return Ok(Err(problem)),
    };
    let planned = plan(&mut tx, service, now, registry_of(&record)?, &reading, progress).await?;
    drop(tx);
    let mut tx = db.write().await?;
    let record = store(&mut tx, record, &planned, &reading, stale, progress).await?;
    tx.commit().await?;
    Ok(Ok(record))
}

async fn store(
    tx: &mut Tx,
    mut record: ImportRecord,
    planned: &Planned,
    reading: &Reading,
    stale: bool,
    progress: &Progress,
) -> Result<ImportRecord> {
    imports::drop_pages(tx, record.id).await?;
    let (counts, digest) = lay_out(planned, reading, &record.sha256, Some((&mut *tx, record.id)), progress).await?;
    record.state = ImportState::Previewed;
    (record.counts, record.digest, record.stale) = (counts, digest, stale);
    imports::update(tx, &mut record).await?;
    Ok(record)
}
