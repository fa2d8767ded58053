//! What is kept as bytes, in pieces, so that no row grows large and a reader needs no more than one piece in memory.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Bytes of a piece.
pub const PIECE: usize = 256 * 1024;

/// What is known of a file beside its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRecord {
    /// Identity.
    pub id: Uuid,
    /// Its name, for a download.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
    /// When its bytes go; `None`: they stay.
    pub expires_at: Option<DateTime<Utc>>,
}

impl FileRecord {
    /// How many pieces it has.
    #[must_use]
    pub fn pieces(&self) -> i64 {
        let piece = i64::try_from(PIECE).unwrap_or(i64::MAX);
        (self.size + piece - 1) / piece
    }
}

statements! {
    INSERT = "INSERT INTO files (id, name, media_type, size, sha256, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_PIECE = "INSERT INTO file_pieces (file_id, ordinal, bytes) VALUES ($1, $2, $3)";
    GET = "SELECT id, name, media_type, size, sha256, created_at, expires_at FROM files
        WHERE id = $1 AND (expires_at IS NULL OR expires_at > $2)";
    PIECE_OF = "SELECT bytes FROM file_pieces WHERE file_id = $1 AND ordinal = $2";
    DROP_EXPIRED = "DELETE FROM file_pieces WHERE file_id IN (SELECT id FROM files WHERE expires_at <= $1)";
}

/// Stores what is known of a file; its pieces follow.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, file: &FileRecord) -> Result<()> {
    tx.execute_one(
        "file",
        INSERT,
        params![
            file.id,
            &file.name,
            &file.media_type,
            file.size,
            file.sha256.as_slice(),
            file.created_at,
            file.expires_at
        ],
    )
    .await
}

/// Stores a piece, numbered from 0 on: [`PIECE`] bytes, or fewer if it is the last.
///
/// # Errors
/// When the store fails.
pub async fn insert_piece(tx: &mut Tx, id: Uuid, ordinal: i64, piece: &[u8]) -> Result<()> {
    tx.execute_one("piece of a file", INSERT_PIECE, params![id, ordinal, piece]).await
}

/// A file whose bytes are still there at `now`.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> Result<Option<FileRecord>> {
    tx.fetch_optional(GET, params![id, now]).await?.as_ref().map(from_row).transpose()
}

/// One piece, from 0 on; `None` behind the last.
///
/// # Errors
/// When the store fails.
pub async fn piece(tx: &mut Tx, id: Uuid, ordinal: i64) -> Result<Option<Vec<u8>>> {
    tx.fetch_optional(PIECE_OF, params![id, ordinal]).await?.map(|row| row.get("bytes")).transpose()
}

/// All bytes.
///
/// # Errors
/// When the store fails.
pub async fn bytes(tx: &mut Tx, file: &FileRecord) -> Result<Vec<u8>> {
    let mut all = Vec::with_capacity(usize::try_from(file.size).unwrap_or_default());
    for ordinal in 0..file.pieces() {
        all.extend(piece(tx, file.id, ordinal).await?.unwrap_or_default());
    }
    Ok(all)
}

/// Lets the bytes of what has expired go; what is known of the files stays.
///
/// # Errors
/// When the store fails.
pub async fn drop_expired(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    tx.execute(DROP_EXPIRED, params![now]).await
}

fn from_row(row: &Row) -> Result<FileRecord> {
    Ok(FileRecord {
        id: row.get("id")?,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        size: row.get("size")?,
        sha256: row.get("sha256")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}
