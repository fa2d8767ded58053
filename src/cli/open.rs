//! Opening what every command needs: the data folder, the database, the actions' service.

use super::output::CliError;
use crate::actions::{Service, seal};
use crate::config::{Database, Site, SiteArgs, Store, contact_key};
use crate::ids::Ids;
use crate::storage::{Db, StorageError, protection};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
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

/// Lets the process open as many files as it may, one for each connection: as a rule it starts with a thousand. Where that is fewer than
/// `wanted`, it is told.
pub fn as_many_files_as_allowed(wanted: u64) {
    let limit = getrlimit(Resource::Nofile);
    let asked = limit.maximum.map_or(wanted, |most| most.min(wanted));
    if limit.current.is_none_or(|now| now >= asked) {
        return;
    }
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(asked), ..limit }) {
        tracing::warn!(%error, "the number of open files stays as it is");
    } else if asked < wanted {
        tracing::warn!(asked, wanted, "few files may be open at a time; set LimitNOFILE for this service");
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

/// The actions' service with these settings. The key of the reporters' contacts is made at the first start; where contacts were sealed with a
/// key that is not there any more, a new one would hide that they are lost: so nothing starts then.
///
/// # Errors
/// When contacts are stored that the key does not open, or the key cannot be made.
pub async fn service(db: &Db, site: Site) -> Result<Service, CliError> {
    let Site { mut settings, key_to_make } = site;
    let failed = |e: StorageError| CliError::Failure(format!("the database cannot be read: {e}"));
    let mut tx = db.read().await.map_err(failed)?;
    let sealed = protection::newest_contact(&mut tx).await.map_err(failed)?;
    drop(tx);
    if let Some(path) = key_to_make {
        if sealed.is_some() {
            return Err(CliError::Failure(format!(
                "the contact key {} is missing, but the database holds contacts of reporters that were sealed with it. Bring the folder keys back from the backup, or name the key with --contact-key-path. No new key is made, because the contacts would be lost for good.",
                path.display()
            )));
        }
        settings.contact_key = contact_key::make(&path)?;
    }
    let service = Service::new(Ids::Random, settings);
    match sealed.map(|sealed| seal::open(&service, &sealed)) {
        Some(Err(_)) => Err(CliError::Failure(
            "the contact key is not the one that the contacts of reporters in the database were sealed with. Bring back the right one from the backup (the folder keys, or --contact-key-path).".to_owned(),
        )),
        _ => Ok(service),
    }
}

/// The database and the service of a command that is neither the server nor needs its settings.
///
/// # Errors
/// When a setting is wrong or the database cannot be opened.
pub async fn both(store: &Store, site: &SiteArgs) -> Result<(Db, Service), CliError> {
    folder(&store.data)?;
    let site = store.site(site)?;
    let db = database(store).await?;
    let service = service(&db, site).await?;
    Ok((db, service))
}
