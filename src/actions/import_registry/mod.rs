//! Taking over a registry from a file: agencies, matters, inspectors, enterprises, holidays; CSV, XLSX or XLS, as offices hand them over.
//!
//! The same function previews and writes, so that what was shown is what happens. All rows or none, unless the caller skips bad ones;
//! nothing is deleted because a file does not have it; the same file twice changes nothing. A column that a file does not have leaves
//! what is stored; an empty cell empties it. A cell is what its owner sees: of merged ones each has the value of the first, a number has
//! the zeros that its format puts in front; a formula without a value is wrong, not empty. It is read and compared beside those who write,
//! and written in one transaction.

mod absent;
mod agencies;
mod apply;
mod basis;
mod choices;
mod columns;
mod compound;
mod csv_quotes;
mod csv_table;
mod enterprises;
mod holidays;
mod inspectors;
mod matters;
mod plan;
mod planned;
mod preview;
mod problem;
mod read_table;
mod record;
mod row_reader;
mod sheet;
mod stored;
mod template;
#[cfg(test)]
mod tests;
mod xls_check;
mod xls_formats;
mod xls_records;
mod xls_table;
mod xlsx_table;

pub use absent::Absent;
pub use apply::{Change, Kept, Writer};
pub use choices::{Choices, Format};
pub use planned::{Planned, Reading, plan, read};
pub use preview::{Field, Line, PAGE_LINES, lay_out};
pub use problem::{Fault, Problem, Rejection, RejectionWords};
pub use read_table::Limits;
pub use record::{Entry, Listed, Record};
pub use stored::Stored;
pub use template::{csv_template, xlsx_template};

use super::{Actor, Progress, Result, Service, audit};
use crate::domain::id::UserId;
use crate::domain::import::{Counts, ImportState};
use crate::storage::imports::{self, ImportRecord};
use crate::storage::{Db, Tx, registries, registry_activity};
use chrono::{DateTime, Utc};
use columns::Column;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Which registry a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registry {
    /// 单位
    Agencies,
    /// 检查事项
    Matters,
    /// 执法人员
    Inspectors,
    /// 企业
    Enterprises,
    /// 节假日
    Holidays,
}

impl Registry {
    /// Every registry, in the order in which they have to be taken over.
    pub const ALL: [Self; 5] = [Self::Agencies, Self::Matters, Self::Inspectors, Self::Enterprises, Self::Holidays];

    /// The name in commands, addresses and the audit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agencies => "agencies",
            Self::Matters => "matters",
            Self::Inspectors => "inspectors",
            Self::Enterprises => "enterprises",
            Self::Holidays => "holidays",
        }
    }

    /// The registry of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|registry| registry.as_str() == name)
    }

    /// The columns of the registry and whether each is required, for a page or a message that says what a file needs.
    #[must_use]
    pub fn columns(self) -> Vec<(&'static str, bool)> {
        self.known().iter().map(|column| (column.name, column.required)).collect()
    }

    /// What audit rows and pages call an object of it.
    #[must_use]
    pub const fn object(self) -> &'static str {
        match self {
            Self::Agencies => "agency",
            Self::Matters => "matter",
            Self::Inspectors => "inspector",
            Self::Enterprises => "enterprise",
            Self::Holidays => "holiday",
        }
    }

    const fn known(self) -> &'static [Column] {
        match self {
            Self::Agencies => agencies::COLUMNS,
            Self::Matters => matters::COLUMNS,
            Self::Inspectors => inspectors::COLUMNS,
            Self::Enterprises => enterprises::COLUMNS,
            Self::Holidays => holidays::COLUMNS,
        }
    }
}

/// An import: which file, and how.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Which registry the file holds.
    pub registry: Registry,
    /// The file's name, for the list of imports.
    pub name: &'a str,
    /// The file.
    pub bytes: &'a [u8],
    /// How big it may be.
    pub limits: Limits,
    /// Takes the good rows although others are rejected.
    pub skip_bad: bool,
    /// Writes nothing: a preview.
    pub dry_run: bool,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows that are not stored yet.
    pub new: usize,
    /// Rows that say something else than what is stored.
    pub changed: usize,
    /// Rows that say what is stored.
    pub unchanged: usize,
    /// Rows that are not taken, by their number; a row with several faults is there several times.
    pub rejected: Vec<Rejection>,
    /// How many rows are not taken.
    pub rejected_rows: usize,
    /// Headers that mean nothing to this registry.
    pub ignored_columns: Vec<String>,
    /// The sheet that was read, where the file has others.
    pub sheet: Option<String>,
    /// Digest of everything that the preview of the console shows.
    pub digest: String,
    /// Whether the changes were written.
    pub written: bool,
}

/// Takes over a file. Of a file that cannot be read at all the problem is returned; nothing was written then.
///
/// # Errors
/// When the store fails; nothing was written.
pub async fn import_registry(
    db: &Db,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    import: &Import<'_>,
) -> Result<std::result::Result<Summary, Problem>> {
    let read = read(import.registry, import.bytes, import.limits, &Choices::default());
    let reading = match read.and_then(|reading| reading.check().map(|()| reading)) {
        Ok(reading) => reading,
        Err(problem) => return Ok(Err(problem)),
    };
    let progress = Progress::default();
    let sha256 = sha256(import.bytes);
    loop {
        let mut tx = db.read().await?;
        let planned = plan(&mut tx, service, now, import.registry, &reading, &progress).await?;
        drop(tx);
        let (counts, digest) = lay_out(&planned, &reading, &sha256, None, &progress).await?;
        let mut summary = summary(&planned, &reading, counts, &digest);
        if import.dry_run || !(summary.rejected.is_empty() || import.skip_bad) || !counts.writes() {
            return Ok(Ok(summary));
        }
        let mut tx = db.write_many().await?;
        registry_activity::lock(&mut tx).await?;
        if !planned.still_holds(&mut tx).await? {
            tx.rollback().await?;
            continue;
        }
        let mut record = ImportRecord {
            id: service.ids.uuid(now),
            registry: import.registry.as_str().to_owned(),
            state: ImportState::Previewed,
            version: 1,
            file: None,
            file_name: import.name.to_owned(),
            sha256,
            size: i64::try_from(import.bytes.len()).unwrap_or(i64::MAX),
            choices: json!({}),
            format: json!(reading.format()),
            digest,
            stale: false,
            counts,
            task: None,
            created_by: user(actor),
            created_at: now,
            applied_by: None,
            applied_at: None,
            undone_by: None,
            undone_at: None,
        };
        imports::insert(&mut tx, &record).await?;
        write(&mut tx, service, now, actor, (&mut record, import.registry), planned.changes, &progress).await?;
        tx.commit().await?;
        summary.written = true;
        return Ok(Ok(summary));
    }
}

/// What a plan comes to.
fn summary(planned: &Planned, reading: &Reading, counts: Counts, digest: &str) -> Summary {
    let table = &reading.table;
    Summary {
        new: planned.new_rows(),
        changed: planned.changes.len() - planned.new_rows(),
        unchanged: planned.unchanged.len(),
        rejected: planned.rejected.clone(),
        rejected_rows: usize::try_from(counts.rejected).unwrap_or(usize::MAX),
        ignored_columns: reading.columns.ignored.clone(),
        sheet: table.sheet.clone().filter(|_| table.sheets.len() > 1),
        digest: digest.to_owned(),
        written: false,
    }
}

/// Writes changes of an import that is confirmed, with its audit row, and marks it as applied. New enterprises are found at once, and are indexed
/// for searches afterwards (`jobs::index_enterprises`).
///
/// # Errors
/// When the store fails, or somebody else changed the import; the caller rolls back.
pub async fn write(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    (record, registry): (&mut ImportRecord, Registry),
    changes: Vec<Change>,
    progress: &Progress,
) -> Result<()> {
    let mut writer = Writer::new(tx, service, now, actor, record.id);
    if registry == Registry::Holidays {
        writer.enter_built_in_holidays().await?;
    }
    writer.write(changes, progress).await?;
    if registry != Registry::Enterprises {
        registries::bump(tx).await?;
    }
    record.state = ImportState::Applied;
    record.applied_by = user(actor);
    record.applied_at = Some(now);
    record.stale = false;
    imports::update(tx, record).await?;
    let detail = audit_detail(record, record.counts);
    audit::record(tx, service, now, actor, "registry.imported", ("import", record.id), detail).await
}

/// What the audit says of an import.
#[must_use]
pub fn audit_detail(record: &ImportRecord, counts: Counts) -> Value {
    json!({
        "registry": record.registry,
        "file": record.file_name,
        "sha256": record.sha256,
        "bytes": record.size,
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "rejected": counts.rejected,
        "deactivated": counts.deactivated,
    })
}

/// The user who acts; `None` for the command line.
#[must_use]
pub const fn user(actor: &Actor) -> Option<UserId> {
    match actor {
        Actor::User(user) => Some(*user),
        _ => None,
    }
}

/// SHA-256 of a file, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
