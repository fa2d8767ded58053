//! Making a backup, and proving that one can be restored. Files are written here and nowhere else; what came of it is noted by whoever asked.

use super::{ActionError, Broken, verify_audit};
use crate::domain::backup::{Contents, Manifest, Source};
use crate::storage::container::{self, ContainerError};
use crate::storage::{Db, StorageError, backups, dump};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub use crate::storage::container::{Recipient, recipients};

/// Why a backup cannot be made, read or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// What was given cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The disk.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Anything else.
    #[error(transparent)]
    Action(#[from] ActionError),
}

impl From<ContainerError> for BackupError {
    fn from(error: ContainerError) -> Self {
        match error {
            ContainerError::Unusable(words) => Self::Unusable(words),
            ContainerError::Io(error) => Self::Io(error),
        }
    }
}

type Result<T> = std::result::Result<T, BackupError>;

/// Which database is copied, and where the copy may lie until it is packed.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The database.
    pub db: &'a Db,
    /// Its URL, where it is PostgreSQL's.
    pub postgres: Option<&'a str>,
    /// A folder on a disk with room, for this program's user alone.
    pub scratch: &'a Path,
}

/// A backup that was made.
#[derive(Debug)]
pub struct Made {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Bytes of its file.
    pub bytes: u64,
    /// The copy that it was made of.
    pub copy: PathBuf,
    /// The folder of the copy, which goes with this.
    _folder: TempDir,
}

/// Copies a database into one new file, while it is in use. `keys` go with it only where it is encrypted.
///
/// # Errors
/// When the copy cannot be made or is damaged, the file is there already or cannot be written, or keys would be stored unencrypted.
pub async fn make_backup(
    from: Origin<'_>,
    target: &Path,
    to: Vec<Recipient>,
    keys: BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Result<Made> {
    if to.is_empty() && !keys.is_empty() {
        return Err(BackupError::Unusable("keys are never put into a backup that is not encrypted".to_owned()));
    }
    let folder = tempfile::Builder::new().prefix(".backup-").tempdir_in(from.scratch)?;
    let copy = folder.path().join("copy");
    let (source, contents) = if let Some(url) = from.postgres {
        // What is added while it is dumped may be in the dump or not; what is counted here is in it.
        let contents = backups::contents(&mut from.db.read().await?).await?;
        dump::pg_dump(url, &copy).await?;
        (Source::Postgres, contents)
    } else {
        from.db.copy_to(&copy).await?;
        let look = Db::look_into(&copy).await?;
        let contents = backups::contents(&mut look.read().await?).await;
        look.close().await;
        (Source::Sqlite, contents?)
    };
    let (file, packed) = (target.to_owned(), copy.clone());
    let (manifest, bytes) = blocking(move || {
        let (bytes, sha256) = container::fingerprint(&packed)?;
        let source = source.as_str().to_owned();
        let manifest = Manifest { made_at: now, source, bytes, sha256, contents, keys };
        let written = container::write(&file, &manifest, &packed, &to)?;
        Ok::<_, ContainerError>((manifest, written))
    })
    .await??;
    Ok(Made { manifest, bytes, copy, _folder: folder })
}

/// Reads a backup; the copy of the database goes into `copy`, a new file.
///
/// # Errors
/// When it is none, is damaged, or `identities` (the text of a file of secret keys) do not open it.
pub async fn read_backup(file: &Path, identities: Option<String>, copy: &Path) -> Result<Manifest> {
    let (file, copy) = (file.to_owned(), copy.to_owned());
    Ok(blocking(move || container::read(&file, identities.as_deref(), &copy)).await??)
}

/// Looks through a database that was restored from a copy: its audit chain from the first link to the last, and that it holds what was copied.
/// `public` is the key that signs checkpoints, if it is known. Of a dump there may be more than was counted before it.
///
/// # Errors
/// [`BackupError::Unusable`] with what is wrong; otherwise when the store fails.
pub async fn examine(db: &Db, manifest: Option<&Manifest>, public: Option<&[u8]>) -> Result<Contents> {
    let mut tx = db.read().await?;
    let broken = |broken: Broken| {
        BackupError::Unusable(format!(
            "the chain over the audit is broken in this backup: {broken:?}; take another one"
        ))
    };
    verify_audit(&mut tx, public, Vec::new()).await?.map_err(broken)?;
    let found = backups::contents(&mut tx).await?;
    let Some(manifest) = manifest else { return Ok(found) };
    let told = &manifest.contents;
    let whole = if manifest.source == Source::Sqlite.as_str() {
        (found.audit_links, &found.audit_hash, found.filings) == (told.audit_links, &told.audit_hash, told.filings)
    } else {
        found.audit_links >= told.audit_links && found.filings >= told.filings
    };
    if whole {
        return Ok(found);
    }
    Err(BackupError::Unusable(format!(
        "this backup does not hold what it says: {} filings and {} links of the audit instead of {} and {}",
        found.filings, found.audit_links, told.filings, told.audit_links
    )))
}

/// Restores the copy of a SQLite database where it lies, as a proof, and looks through it.
///
/// # Errors
/// What stands in the way of restoring it.
pub async fn prove(copy: &Path, manifest: &Manifest, public: Option<&[u8]>) -> Result<Contents> {
    Db::check_sqlite(copy).await?;
    let db = Db::open_scratch(copy).await?;
    let found = examine(&db, Some(manifest), public).await;
    db.close().await;
    found
}

/// Runs what blocks beside everything else.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| BackupError::Io(std::io::Error::other(error)))
}
