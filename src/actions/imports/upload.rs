//! Keeping a file that somebody sent, and choosing how it is read.

use super::super::import_registry::{Choices, Limits, Problem, Reading, Registry, read, sha256};
use super::super::{ActionError, Actor, NewFile, Result, Service, audit, keep_file};
use super::{registry_of, reopen};
use crate::domain::import::{Counts, FileKind, ImportState};
use crate::storage::imports::{self, ImportRecord};
use crate::storage::{Db, Tx};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

/// How long the bytes of a file are kept. What is known of it, and what it changed, stays.
const KEPT_FOR: TimeDelta = TimeDelta::days(30);

/// Reads a file on a thread of its own, since a large one takes a second; gives the bytes back.
///
/// # Errors
/// When the thread dies.
pub async fn read_in_background(
    registry: Registry,
    bytes: Vec<u8>,
    choices: Choices,
    limits: Limits,
) -> Result<(std::result::Result<Reading, Problem>, Vec<u8>)> {
    tokio::task::spawn_blocking(move || (read(registry, &bytes, limits, &choices), bytes))
        .await
        .map_err(|error| ActionError::Internal(error.to_string()))
}

/// Keeps a file that was read.
///
/// # Errors
/// When the store fails.
pub async fn upload_import(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    (registry, name, bytes): (Registry, &str, Vec<u8>),
    reading: &Reading,
) -> Result<ImportRecord> {
    let media_type = match reading.table.kind {
        FileKind::Csv => "text/csv",
        FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FileKind::Xls => "application/vnd.ms-excel",
    };
    let sha256 = sha256(&bytes);
    let file = NewFile { name: name.to_owned(), media_type, expires_at: Some(now + KEPT_FOR), content: bytes.into() };
    let kept = keep_file(tx, service, now, file).await?;
    let record = ImportRecord {
        id: service.ids.uuid(now),
        registry: registry.as_str().to_owned(),
        state: ImportState::Uploaded,
        version: 1,
        file: Some(kept.id),
        file_name: kept.name,
        sha256,
        size: kept.size,
        choices: json!(Choices::default()),
        format: json!(reading.format()),
        digest: String::new(),
        stale: false,
        counts: Counts::default(),
        task: None,
        created_by: super::super::import_registry::user(actor),
        created_at: now,
        applied_by: None,
        applied_at: None,
        undone_by: None,
        undone_at: None,
    };
    imports::insert(tx, &record).await?;
    let detail = json!({ "registry": record.registry, "file": record.file_name, "sha256": record.sha256 });
    audit::record(tx, service, now, actor, "registry.file_uploaded", ("import", record.id), detail).await?;
    Ok(record)
}

/// Reads a kept file otherwise; what it would change has to be found out anew. A file that cannot be read like that stays as it was.
///
/// # Errors
/// [`ActionError::State`] once it was applied; otherwise when the store fails.
pub async fn choose_reading(
    db: &Db,
    now: DateTime<Utc>,
    mut record: ImportRecord,
    choices: Choices,
) -> Result<std::result::Result<ImportRecord, Problem>> {
    if !matches!(record.state, ImportState::Uploaded | ImportState::Previewed) {
        return Err(ActionError::State(record.state.as_str()));
    }
    registry_of(&record)?;
    let mut tx = db.read().await?;
    let reading = reopen(&mut tx, now, &record, choices.clone()).await?;
    drop(tx);
    let reading = match reading {
        Ok(reading) => reading,
        Err(problem) => return Ok(Err(problem)),
    };
    record.choices = json!(choices);
    record.format = json!(reading.format());
    record.state = ImportState::Uploaded;
    record.counts = Counts::default();
    record.digest.clear();
    record.stale = false;
    let mut tx = db.write().await?;
    imports::drop_pages(&mut tx, record.id).await?;
    imports::update(&mut tx, &mut record).await?;
    tx.commit().await?;
    Ok(Ok(record))
}
