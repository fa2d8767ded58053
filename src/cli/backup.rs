//! `mashang backup`: a whole, checked copy of the database in one file, while the server runs.

use super::open;
use super::output::{CliError, say};
use crate::actions::Actor;
use crate::actions::backup::{BackupError, Origin, make_backup};
use crate::clock::Clock;
use crate::config::{BackupArgs, Store, StoreArgs};
use crate::domain::audit_chain::hex;
use crate::ids::Ids;
use crate::storage::Db;
use crate::storage::audit::{self, AuditRow};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Copy the database into one new file, while the server runs
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    mashang backup /mnt/backup/monday.backup --backup-recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n  \
    mashang restore /mnt/backup/monday.backup --identity /mnt/safe/key.txt --data /srv/new\n\n\
    The keys of recipients are made by `age-keygen`; keep the secret one where this machine cannot read it. Whoever has a backup that is\n\
    not encrypted reads all that the database holds but the contacts of reporters. Those need the folder `keys` of the data folder: keep it\n\
    too, in another place, or put it into an encrypted backup with --with-keys.\n\
    Without a recipient it is a SQLite database by itself, which sqlite3 opens too. With PostgreSQL, pg_dump of the server's version must be installed.")]
pub struct Args {
    /// The file to write; it must not be there yet
    file: PathBuf,
    /// Put the folder `keys` into it as well; only where it is encrypted
    #[arg(long)]
    with_keys: bool,
    #[command(flatten)]
    backups: BackupArgs,
    #[command(flatten)]
    store: StoreArgs,
}

/// Writes the backup and checks it.
///
/// # Errors
/// When the file is there already, or the copy cannot be made, packed or written.
pub async fn run(args: Args) -> Result<(), CliError> {
    let store = args.store.store()?;
    let recipients = store.recipients(&args.backups)?;
    if args.file.exists() {
        return Err(CliError::Input(format!("{} is there already: name a new file", args.file.display())));
    }
    if args.with_keys && recipients.is_empty() {
        return Err(CliError::Input(
            "--with-keys wants an encrypted backup: name the public key with --backup-recipient".to_owned(),
        ));
    }
    let encrypted = !recipients.is_empty();
    let keys = if args.with_keys { keys(&store)? } else { BTreeMap::new() };
    let db = open::database(&store).await?;
    let now = Clock::System.now();
    let from = Origin { db: &db, postgres: store.database.postgres(), scratch: &store.data };
    let wrong = |e: BackupError| failed(&e, &args.file);
    if encrypted || store.database.postgres().is_some() {
        make_backup(from, &args.file, recipients, keys, now).await.map_err(wrong)?;
    } else {
        // Nothing to open it with, nothing to read it by: the file is a database by itself.
        db.copy_to(&args.file).await.map_err(|e| wrong(e.into()))?;
    }
    note(&db).await?;
    db.close().await;
    let bytes = std::fs::metadata(&args.file).map_err(|e| CliError::Failure(e.to_string()))?.len();
    say(format_args!("{}: {bytes} bytes, checked.", args.file.display()));
    if !encrypted {
        say("It is not encrypted: whoever has it can read it. --backup-recipient encrypts it.");
    }
    if !args.with_keys {
        say(format_args!("Keep {} too, but in another place than the copy.", store.data.join("keys").display()));
    }
    Ok(())
}

/// In words for whoever runs a command: what was given cannot be used, or it failed.
pub(super) fn failed(error: &BackupError, file: &std::path::Path) -> CliError {
    match error {
        BackupError::Unusable(words) => CliError::Input(format!("{}: {words}", file.display())),
        other => CliError::Failure(format!("{}: {other}", file.display())),
    }
}

/// The keys of the data folder by the names of their files.
fn keys(store: &Store) -> Result<BTreeMap<String, String>, CliError> {
    let folder = store.data.join("keys");
    let unreadable = |e: std::io::Error| CliError::Failure(format!("{} cannot be read: {e}", folder.display()));
    let mut keys = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.path().extension().is_some_and(|extension| extension == "key") {
            keys.insert(name, hex(&std::fs::read(entry.path()).map_err(unreadable)?));
        }
    }
    Ok(keys)
}

async fn note(db: &Db) -> Result<(), CliError> {
    let (now, id) = (Clock::System.now(), Ids::Random.uuid(Clock::System.now()));
    let mut tx = db.write().await?;
    let row = AuditRow {
        id,
        at: now,
        actor_kind: Actor::System.kind().to_owned(),
        actor: Actor::System.name(),
        action: "backup.made".to_owned(),
        object_kind: "backup".to_owned(),
        object_id: None,
        detail: serde_json::json!({}),
    };
    audit::append(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(())
}
