//! `mashang restore`: a database from a backup, into an empty place, looked through before anybody may serve it.

use super::backup::failed;
use super::open;
use super::output::{CliError, say};
use crate::actions::backup::{BackupError, examine, read_backup};
use crate::actions::{CheckpointKey, Service, Settings, hold_mails};
use crate::clock::Clock;
use crate::config::{Database, Store, StoreArgs};
use crate::domain::audit_chain::unhex;
use crate::domain::backup::{Manifest, Source};
use crate::domain::day::Zone;
use crate::ids::Ids;
use crate::storage::container::{Looks, looks};
use crate::storage::{Db, audit, dump};
use chrono::{DateTime, Utc};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Restore a backup into a place where nothing is yet
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  \
    mashang restore /mnt/backup/mashang-2026-11-29.backup.age --identity /mnt/safe/key.txt --data /srv/new\n\n\
    The copy is compared with what the backup says of itself, and the chain over the audit is checked from end to end; a database of an\n\
    older version is brought up to date. No mail leaves it until an administrator releases the mails in the console (page 备份, Backups):\n\
    what waited then, and what it makes to catch up, may have been said already.")]
pub struct Args {
    /// The backup: a file of `mashang backup`, or a SQLite database that it copied before
    file: PathBuf,
    /// File of the secret key that opens it, as age-keygen writes it
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Restores, looks through what was restored, and holds its mails.
///
/// # Errors
/// When the place is not empty, or the backup cannot be read, is damaged, or does not hold what it says; nothing is left behind on SQLite then.
pub async fn run(args: Args) -> Result<(), CliError> {
    let store = args.store.store()?;
    open::folder(&store.data)?;
    if let Some(words) = occupied(&store).await? {
        return Err(CliError::Input(words));
    }
    let identities = args.identity.as_ref().map(|path| {
        std::fs::read_to_string(path)
            .map_err(|e| CliError::Input(format!("--identity: {} cannot be read: {e}", path.display())))
    });
    let scratch = tempfile::Builder::new().prefix(".restore-").tempdir_in(&store.data);
    let scratch = scratch.map_err(|e| CliError::Failure(format!("{} cannot be written: {e}", store.data.display())))?;
    let copy = scratch.path().join("mashang.db");
    let wrong = |e: BackupError| failed(&e, &args.file);
    let manifest = if looks(&args.file).map_err(|e| wrong(e.into()))? == Looks::Sqlite {
        std::fs::copy(&args.file, &copy).map_err(|e| wrong(e.into()))?;
        None
    } else {
        Some(read_backup(&args.file, identities.transpose()?, &copy).await.map_err(wrong)?)
    };
    fitting(manifest.as_ref(), &store)?;
    put_keys(&store, manifest.as_ref(), false)?;
    let db = loaded(&store, &copy, manifest.as_ref(), &args.file).await?;
    let (found, backup_at) = match looked_through(&store, &db, manifest.as_ref()).await {
        Ok(found) => found,
        Err(error) => {
            db.close().await;
            return Err(wrong(error));
        }
    };
    db.close().await;
    if let Database::Sqlite(path) = &store.database {
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            open::folder(parent)?;
        }
        settle(&copy, path)
            .map_err(|e| CliError::Failure(format!("{} cannot be put in place: {e}", path.display())))?;
    }
    put_keys(&store, manifest.as_ref(), true)?;
    say(format_args!(
        "restored: {} filings, {} links of the audit, whole; the backup is of {backup_at}",
        found.filings, found.audit_links
    ));
    if !store.data.join("keys").is_dir() {
        say(format_args!(
            "Bring the folder keys back to {} before you start the server: contacts of reporters and second steps are sealed with it.",
            store.data.join("keys").display()
        ));
    }
    say("Mails are held: look at the page 备份 (Backups) of the console and release them there.");
    Ok(())
}

/// Whether the backup is of the kind of database that it is to go into, and no newer than the program.
fn fitting(manifest: Option<&Manifest>, store: &Store) -> Result<(), CliError> {
    let postgres = store.database.postgres().is_some();
    let source = manifest.map_or(Source::Sqlite.as_str(), |manifest| manifest.source.as_str());
    if postgres != (source == Source::Postgres.as_str()) {
        return Err(CliError::Input(format!(
            "this backup is of {source}: restore it into one (--data, or --database-url with an empty database)"
        )));
    }
    match manifest.map(|manifest| manifest.contents.schema) {
        Some(schema) if schema > Db::newest_schema() => Err(CliError::Input(format!(
            "this backup was made by a newer version (schema {schema}, this program knows {}): restore it with that version",
            Db::newest_schema()
        ))),
        _ => Ok(()),
    }
}

/// The database with the copy in it, its schema up to date.
async fn loaded(store: &Store, copy: &Path, manifest: Option<&Manifest>, file: &Path) -> Result<Db, CliError> {
    let wrong = |e: crate::storage::StorageError| failed(&e.into(), file);
    if let Database::Postgres(url) = &store.database {
        dump::pg_restore(url, copy).await.map_err(wrong)?;
        return Db::open_postgres(url).await.map_err(wrong);
    }
    Db::check_sqlite(copy).await.map_err(wrong)?;
    if manifest.is_none() && !is_ours(copy).await {
        return Err(CliError::Input(format!("{} is a SQLite database, but none of mashang", file.display())));
    }
    Db::open_sqlite(copy).await.map_err(wrong)
}

async fn is_ours(copy: &Path) -> bool {
    let Ok(db) = Db::look_into(copy).await else { return false };
    let found = async { crate::storage::backups::contents(&mut db.read().await?).await }.await;
    db.close().await;
    found.is_ok()
}

/// Looks through what was restored, and holds its mails.
async fn looked_through(
    store: &Store,
    db: &Db,
    manifest: Option<&Manifest>,
) -> Result<(crate::domain::backup::Contents, DateTime<Utc>), BackupError> {
    let public = public_key(store, manifest);
    let found = examine(db, manifest, public.as_deref()).await?;
    let now = Clock::System.now();
    let newest = audit::newest(&mut db.read().await?).await?;
    let backup_at = manifest.map(|manifest| manifest.made_at).or(newest).unwrap_or(now);
    let service = Service::new(Ids::Random, settings());
    let mut tx = db.write().await?;
    hold_mails(&mut tx, &service, now, backup_at, manifest.map_or("sqlite", |manifest| &manifest.source)).await?;
    tx.commit().await?;
    Ok((found, backup_at))
}

/// The key that signs checkpoints: of the backup, else of the data folder; `None` if neither has it.
fn public_key(store: &Store, manifest: Option<&Manifest>) -> Option<Vec<u8>> {
    let kept = manifest.and_then(|manifest| manifest.keys.get("audit.key")).and_then(|key| unhex(key));
    let seed = kept.or_else(|| std::fs::read(store.data.join("keys/audit.key")).ok())?;
    unhex(&CheckpointKey::from_seed(&seed.try_into().ok()?)?.public())
}

/// What recording an act needs, where neither pages nor mails are made.
fn settings() -> Settings {
    Settings {
        public_url: String::new(),
        also_hosts: Vec::new(),
        district: String::new(),
        hotline: String::new(),
        mail_from: String::new(),
        zone: Zone::SHANGHAI,
        contact_key: [0; 32],
    }
}

/// Moves the restored file to its place, and what SQLite keeps beside it away.
fn settle(copy: &Path, place: &Path) -> std::io::Result<()> {
    std::fs::File::open(copy)?.sync_all()?;
    // Never over a file that somebody put there meanwhile.
    if std::fs::hard_link(copy, place).is_err() {
        if place.exists() {
            return Err(std::io::ErrorKind::AlreadyExists.into());
        }
        std::fs::copy(copy, place)?;
        std::fs::File::open(place)?.sync_all()?;
    }
    match place.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Compares the keys of the backup with those of the data folder, and with `write` puts there what is missing.
fn put_keys(store: &Store, manifest: Option<&Manifest>, write: bool) -> Result<(), CliError> {
    let Some(manifest) = manifest.filter(|manifest| !manifest.keys.is_empty()) else { return Ok(()) };
    let folder = store.data.join("keys");
    for (name, key) in &manifest.keys {
        let path = folder.join(name);
        let plain = !name.contains(['/', '\\']) && path.extension().is_some_and(|extension| extension == "key");
        let Some(bytes) = unhex(key).filter(|_| plain) else {
            return Err(CliError::Input(format!("the key {name:?} of this backup cannot be used")));
        };
        let failed = |e: std::io::Error| CliError::Failure(format!("{} cannot be written: {e}", path.display()));
        match std::fs::read(&path) {
            Ok(there) if there == bytes => {}
            Ok(_) => {
                return Err(CliError::Input(format!(
                    "{} is another key than the one of this backup: restore into an empty data folder (--data)",
                    path.display()
                )));
            }
            Err(_) if write => {
                open::folder(&folder)?;
                let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
                made.and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all())).map_err(failed)?;
            }
            Err(_) => {}
        }
    }
    Ok(())
}

/// Whether this is a database that a restore may fill, in words if not.
async fn occupied(store: &Store) -> Result<Option<String>, CliError> {
    match &store.database {
        Database::Sqlite(path) => Ok(path.exists().then(|| {
            format!("{} is there already: restore into a data folder of its own (--data), look at it, then swap the folders", path.display())
        })),
        Database::Postgres(url) => match Db::postgres_is_empty(url).await {
            Ok(true) => Ok(None),
            Ok(false) => Ok(Some("the database has tables already: make an empty one (createdb) and name it with --database-url".to_owned())),
            Err(e) => Err(CliError::Failure(format!("the database cannot be looked at: {e}; check --database-url"))),
        },
    }
}
