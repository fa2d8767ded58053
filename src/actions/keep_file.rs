//! Keeping bytes: uploads, attachments, documents that the program made.

use super::{Result, Service};
use crate::storage::Tx;
use crate::storage::files::{self, FileRecord};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

/// Bytes to keep.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its name, for a download; a name only, never a path.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// When its bytes go; `None`: they stay.
    pub expires_at: Option<DateTime<Utc>>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Keeps a file.
///
/// # Errors
/// When the store fails.
pub async fn keep_file(tx: &mut Tx, service: &Service, now: DateTime<Utc>, file: &NewFile) -> Result<FileRecord> {
    let record = FileRecord {
        id: service.ids.uuid(now),
        name: file.name.clone(),
        media_type: file.media_type.to_owned(),
        size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
        sha256: Sha256::digest(&file.bytes).to_vec(),
        created_at: now,
        expires_at: file.expires_at,
    };
    files::insert(tx, &record, &file.bytes).await?;
    Ok(record)
}
