//! Imports: the file, how it is read, its preview page by page, and what it changed.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{AgencyId, InspectorId, MatterId, UserId};
use crate::domain::import::{Counts, ImportState, LineKind};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// An import as it is stored.
#[derive(Clone, Debug)]
pub struct ImportRecord {
    /// Identity.
    pub id: Uuid,
    /// Name of the registry.
    pub registry: String,
    /// Where it stands.
    pub state: ImportState,
    /// Grows with each change of the row.
    pub version: i64,
    /// The file, while its bytes are kept; `None` if they never were.
    pub file: Option<Uuid>,
    /// The file's name.
    pub file_name: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Bytes of the file.
    pub size: i64,
    /// How a person chose to have it read.
    pub choices: Value,
    /// How it was read.
    pub format: Value,
    /// Digest of the preview; empty before.
    pub digest: String,
    /// Whether it was previewed again because something had changed in between.
    pub stale: bool,
    /// How many rows are of which kind.
    pub counts: Counts,
    /// The work in the background that was asked for last.
    pub task: Option<Uuid>,
    /// Who sent the file; `None` for the command line.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Who confirmed it.
    pub applied_by: Option<UserId>,
    /// When.
    pub applied_at: Option<DateTime<Utc>>,
    /// Who undid it.
    pub undone_by: Option<UserId>,
    /// When.
    pub undone_at: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO imports (
            id, registry, state, version, file_id, file_name, sha256, size, choices, format, digest, stale, counts, task_id,
            created_by, created_at, applied_by, applied_at, undone_by, undone_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
    UPDATE = "UPDATE imports
        SET state = $3, version = version + 1, choices = $4, format = $5, digest = $6, stale = $7, counts = $8, task_id = $9,
            applied_by = $10, applied_at = $11, undone_by = $12, undone_at = $13
        WHERE id = $1 AND version = $2";
    GET = "SELECT * FROM imports WHERE id = $1";
    LIST = "SELECT * FROM imports
        WHERE (created_at < $1 OR (created_at = $1 AND id < $2))
        ORDER BY created_at DESC, id DESC
        LIMIT $3";
    DROP_PAGES = "DELETE FROM import_pages WHERE import_id = $1 AND kind <> 'kept'";
    PUT_PAGE = "INSERT INTO import_pages (import_id, kind, page, lines) VALUES ($1, $2, $3, $4)";
    PAGE = "SELECT lines FROM import_pages WHERE import_id = $1 AND kind = $2 AND page = $3";
    PUT_CHANGES = "INSERT INTO import_changes (import_id, ordinal, changes) VALUES ($1, $2, $3)";
    COUNT_CHANGES = "SELECT COUNT(*) AS n FROM import_changes WHERE import_id = $1";
    CHANGES = "SELECT changes FROM import_changes WHERE import_id = $1 AND ordinal = $2";
    ENTERED_AGENCY = "UPDATE agencies SET import_id = $2 WHERE id = $1";
    ENTERED_MATTER = "UPDATE matters SET import_id = $2 WHERE id = $1";
    ENTERED_INSPECTOR = "UPDATE inspectors SET import_id = $2 WHERE id = $1";
    ENTERED_BY = "SELECT * FROM imports
        WHERE id IN (
            SELECT import_id FROM enterprises WHERE id = $1
            UNION ALL SELECT import_id FROM agencies WHERE id = $1
            UNION ALL SELECT import_id FROM matters WHERE id = $1
            UNION ALL SELECT import_id FROM inspectors WHERE id = $1)";
}

/// Stores a new import.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, i: &ImportRecord) -> Result<()> {
    let values = params![
        i.id,
        &i.registry,
        i.state.as_str(),
        i.version,
        i.file,
        &i.file_name,
        &i.sha256,
        i.size,
        i.choices.clone(),
        i.format.clone(),
        &i.digest,
        i.stale,
        json!(i.counts),
        i.task,
        i.created_by,
        i.created_at,
        i.applied_by,
        i.applied_at,
        i.undone_by,
        i.undone_at,
    ];
    tx.execute_one("import", INSERT, values).await
}

/// Stores a changed import, if it is still at the version that was read.
///
/// # Errors
/// [`super::StorageError::Stale`] when it is not; otherwise when the store fails.
pub async fn update(tx: &mut Tx, i: &mut ImportRecord) -> Result<()> {
    let values = params![
        i.id,
        i.version,
        i.state.as_str(),
        i.choices.clone(),
        i.format.clone(),
        &i.digest,
        i.stale,
        json!(i.counts),
        i.task,
        i.applied_by,
        i.applied_at,
        i.undone_by,
        i.undone_at,
    ];
    tx.execute_one("import", UPDATE, values).await?;
    i.version += 1;
    Ok(())
}

/// One import.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<ImportRecord>> {
    tx.fetch_optional(GET, params![id]).await?.as_ref().map(from_row).transpose()
}

/// At most `limit` imports before an instant and id, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx, before: Option<(DateTime<Utc>, Uuid)>, limit: i64) -> Result<Vec<ImportRecord>> {
    let (at, id) = before.unwrap_or((super::newest_possible(), Uuid::max()));
    tx.fetch_all(LIST, params![at, id, limit]).await?.iter().map(from_row).collect()
}

/// Forgets the lists of a preview, which is no evidence, before it is made anew. What an undo left alone stays.
///
/// # Errors
/// When the store fails.
pub async fn drop_pages(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.execute(DROP_PAGES, params![id]).await.map(drop)
}

/// Stores a page of a list, from 0 on.
///
/// # Errors
/// When the store fails.
pub async fn put_page(tx: &mut Tx, id: Uuid, kind: LineKind, page: i64, lines: Value) -> Result<()> {
    tx.execute_one("page of an import", PUT_PAGE, params![id, kind.as_str(), page, lines]).await
}

/// A page of a list, from 0 on; `None` behind the last.
///
/// # Errors
/// When the store fails.
pub async fn page(tx: &mut Tx, id: Uuid, kind: LineKind, page: i64) -> Result<Option<Value>> {
    tx.fetch_optional(PAGE, params![id, kind.as_str(), page]).await?.map(|row| row.json("lines")).transpose()
}

/// Stores some of the changes of an import.
///
/// # Errors
/// When the store fails.
pub async fn put_changes(tx: &mut Tx, id: Uuid, ordinal: i64, changes: Value) -> Result<()> {
    tx.execute_one("changes of an import", PUT_CHANGES, params![id, ordinal, changes]).await
}

/// How many pieces the changes of an import are kept in.
///
/// # Errors
/// When the store fails.
pub async fn count_changes(tx: &mut Tx, id: Uuid) -> Result<i64> {
    tx.fetch_one(COUNT_CHANGES, params![id]).await?.get("n")
}

/// Some of the changes of an import, from 0 on; `None` behind the last.
///
/// # Errors
/// When the store fails.
pub async fn changes(tx: &mut Tx, id: Uuid, ordinal: i64) -> Result<Option<Value>> {
    tx.fetch_optional(CHANGES, params![id, ordinal]).await?.map(|row| row.json("changes")).transpose()
}

/// A record that an import enters. Enterprises come by [`super::batches::insert_enterprises`], which notes the import itself.
#[derive(Clone, Copy, Debug)]
pub enum Entered {
    /// An agency.
    Agency(AgencyId),
    /// A matter.
    Matter(MatterId),
    /// An inspector.
    Inspector(InspectorId),
}

/// Notes which import entered a record.
///
/// # Errors
/// When the store fails, or there is no such record.
pub async fn note_entered(tx: &mut Tx, import: Uuid, record: Entered) -> Result<()> {
    let (statement, id) = match record {
        Entered::Agency(id) => (ENTERED_AGENCY, id.0),
        Entered::Matter(id) => (ENTERED_MATTER, id.0),
        Entered::Inspector(id) => (ENTERED_INSPECTOR, id.0),
    };
    tx.execute_one("record of an import", statement, params![id, import]).await
}

/// The import that entered a record of any registry; `None` if a person entered it.
///
/// # Errors
/// When the store fails.
pub async fn entered_by(tx: &mut Tx, record: Uuid) -> Result<Option<ImportRecord>> {
    tx.fetch_optional(ENTERED_BY, params![record]).await?.as_ref().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<ImportRecord> {
    Ok(ImportRecord {
        id: row.get("id")?,
        registry: row.get("registry")?,
        state: row.code("state", ImportState::parse)?,
        version: row.get("version")?,
        file: row.get("file_id")?,
        file_name: row.get("file_name")?,
        sha256: row.get("sha256")?,
        size: row.get("size")?,
        choices: row.json("choices")?,
        format: row.json("format")?,
        digest: row.get("digest")?,
        stale: row.get("stale")?,
        counts: row.json("counts")?,
        task: row.get("task_id")?,
        created_by: row.id_opt("created_by")?,
        created_at: row.get("created_at")?,
        applied_by: row.id_opt("applied_by")?,
        applied_at: row.get("applied_at")?,
        undone_by: row.id_opt("undone_by")?,
        undone_at: row.get("undone_at")?,
    })
}
