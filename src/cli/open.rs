//! Opening what every command needs: the data folder, the database, the actions' service.

use super::output::CliError;
use crate::actions::{Service, Settings};
use crate::config::{Database, SiteArgs, Store};
use crate::ids::Ids;
use crate::storage::Db;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

/// `SIGXFSZ` on Linux, the BSDs and macOS.
const SIGXFSZ: i32 = 25;

/// Keeps the process alive when a file reaches the limit of `ulimit -f`: the write then fails with an error that is handled
/// like a full disk, instead of killing the process.
pub fn survive_file_size_limit() {
    use tokio::signal::unix::{SignalKind, signal};
    // A registered handler stays for the life of the process, also when its receiver is gone.
    if let Err(error) = signal(SignalKind::from_raw(SIGXFSZ)) {
        tracing::warn!(%error, "SIGXFSZ cannot be caught");
    }
}

/// Makes a folder for the program's user alone, if it is not there.
///
/// # Errors
/// When it cannot be made.
pub fn folder(path: &Path) -> Result<(), CliError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| {
        CliError::Failure(format!(
            "the folder {} cannot be made: {e}; name another with --data, or let this user write there",
            path.display()
        ))
    })
}

/// Opens the database, making the folder of a SQLite file.
///
/// # Errors
/// When it cannot be opened.
pub async fn database(store: &Store) -> Result<Db, CliError> {
    folder(&store.data)?;
    if let Database::Sqlite(path) = &store.database
        && let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty())
    {
        folder(parent)?;
    }
    Db::open(&store.database.url()).await.map_err(|e| {
        CliError::Failure(format!("{:?} cannot be opened: {e}; see --data and --database-url", store.database))
    })
}

/// The actions' service with these settings.
#[must_use]
pub fn service(settings: Settings) -> Service {
    Service::new(Ids::Random, settings)
}

/// The database and the service of a command that is neither the server nor needs its settings.
///
/// # Errors
/// When a setting is wrong or the database cannot be opened.
pub async fn both(store: &Store, site: &SiteArgs) -> Result<(Db, Service), CliError> {
    folder(&store.data)?;
    let service = service(store.site(site)?);
    Ok((database(store).await?, service))
}
