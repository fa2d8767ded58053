//! Keeping bytes: uploads, attachments, documents that the program made.

use super::{ActionError, Result, Service};
use crate::storage::Tx;
use crate::storage::files::{self, FileRecord, PIECE};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{Cursor, Read, Seek};

/// What is kept, from its beginning.
#[derive(Debug)]
pub enum Content {
    /// Bytes in memory.
    Bytes(Vec<u8>),
    /// A file: read piece by piece, and never in memory as a whole.
    File(File),
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<File> for Content {
    fn from(file: File) -> Self {
        Self::File(file)
    }
}

/// A file to keep.
#[derive(Debug)]
pub struct NewFile {
    /// Its name, for a download; a name only, never a path.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// When its bytes go; `None`: they stay.
    pub expires_at: Option<DateTime<Utc>>,
    /// Its content.
    pub content: Content,
}

/// Keeps a file.
///
/// # Errors
/// When the store fails, or the file cannot be read.
pub async fn keep_file(tx: &mut Tx, service: &Service, now: DateTime<Utc>, file: NewFile) -> Result<FileRecord> {
    let NewFile { name, media_type, expires_at, content } = file;
    match content {
        Content::Bytes(bytes) => keep(tx, service, now, (name, media_type, expires_at), Cursor::new(bytes)).await,
        Content::File(file) => keep(tx, service, now, (name, media_type, expires_at), file).await,
    }
}

async fn keep(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (name, media_type, expires_at): (String, &'static str, Option<DateTime<Utc>>),
    mut content: impl Read + Seek,
) -> Result<FileRecord> {
    let unreadable = |error: std::io::Error| ActionError::Internal(format!("a file that is to be kept: {error}"));
    let mut digest = Sha256::new();
    let mut size = 0;
    while let Some(piece) = next(&mut content).map_err(unreadable)? {
        digest.update(&piece);
        size += piece.len();
    }
    let record = FileRecord {
        id: service.ids.uuid(now),
        name,
        media_type: media_type.to_owned(),
        size: i64::try_from(size).unwrap_or(i64::MAX),
        sha256: digest.finalize().to_vec(),
        created_at: now,
        expires_at,
    };
    files::insert(tx, &record).await?;
    content.rewind().map_err(unreadable)?;
    for ordinal in 0..record.pieces() {
        let piece = next(&mut content).map_err(unreadable)?.unwrap_or_default();
        files::insert_piece(tx, record.id, ordinal, &piece).await?;
    }
    Ok(record)
}

/// The next piece; `None` at the end.
fn next(content: &mut impl Read) -> std::io::Result<Option<Vec<u8>>> {
    let mut piece = Vec::new();
    content.take(PIECE as u64).read_to_end(&mut piece)?;
    Ok((!piece.is_empty()).then_some(piece))
}
