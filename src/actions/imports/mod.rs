//! Taking over a registry in the console: a file is kept, shown as it is read, previewed, confirmed, and can be undone for a day.
//!
//! These actions open their own transactions: reading and comparing a large file takes seconds, in which nobody shall wait for the
//! one who may write. What is written is one transaction; what it does is [`super::import_registry`]'s, as for the command line.

mod apply;
mod preview;
mod rejected;
mod undo;
mod upload;

pub use apply::{Confirm, Confirmed, apply_import};
pub use preview::preview_import;
pub use rejected::rejected_rows;
pub use undo::undo_import;
pub use upload::{choose_reading, read_in_background, upload_import};

use super::import_registry::{Choices, Format, Limits, Problem, Reading, Registry};
use super::{ActionError, Result};
use crate::storage::imports::{self, ImportRecord};
use crate::storage::{Tx, files};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Rows up to which an import is previewed, applied and undone while its user waits; more of them are work in the background.
pub const AT_ONCE: usize = 2_000;

/// An import.
///
/// # Errors
/// [`ActionError::NotFound`]; otherwise when the store fails.
pub async fn get_import(tx: &mut Tx, id: Uuid) -> Result<ImportRecord> {
    imports::get(tx, id).await?.ok_or(ActionError::NotFound("import"))
}

/// Which registry an import is of.
///
/// # Errors
/// When the stored name is none.
pub fn registry_of(record: &ImportRecord) -> Result<Registry> {
    Registry::parse(&record.registry).ok_or_else(|| ActionError::Internal(format!("no registry {}", record.registry)))
}

/// How a person chose to have the file read.
#[must_use]
pub fn choices_of(record: &ImportRecord) -> Choices {
    serde_json::from_value(record.choices.clone()).unwrap_or_default()
}

/// How the file was read.
#[must_use]
pub fn format_of(record: &ImportRecord) -> Format {
    serde_json::from_value(record.format.clone()).unwrap_or_default()
}

/// Reads the kept file again as it was chosen; a file whose bytes have gone is a problem.
async fn reopen(
    tx: &mut Tx,
    now: DateTime<Utc>,
    record: &ImportRecord,
    choices: Choices,
) -> Result<std::result::Result<Reading, Problem>> {
    let kept = match record.file {
        Some(id) => files::get(tx, id, now).await?,
        None => None,
    };
    let Some(kept) = kept else { return Ok(Err(Problem::new("file-gone"))) };
    let bytes = files::bytes(tx, &kept).await?;
    read_in_background(registry_of(record)?, bytes, choices, Limits::UPLOAD).await.map(|(read, _)| read)
}
