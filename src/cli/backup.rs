//! `mashang backup`: a whole, checked copy of a SQLite database, while the server runs.

use super::open;
use super::output::{CliError, say};
use crate::actions::Actor;
use crate::clock::Clock;
use crate::config::{Database, StoreArgs};
use crate::ids::Ids;
use crate::storage::audit::{self, AuditRow};
use std::path::PathBuf;

/// Copy the SQLite database into a new file, while the server runs
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The copy is whole and checked before this says that it is done. Keep the folder `keys` in the data folder as well, but in \n\
    another place: without it the contacts of reporters cannot be read, and whoever finds it beside the copy can read them. \n\
    With PostgreSQL, use pg_dump."
)]
pub struct Args {
    /// The file to write; it must not be there yet
    file: PathBuf,
    #[command(flatten)]
    store: StoreArgs,
}

/// Writes the copy and checks it.
///
/// # Errors
/// When the database is not SQLite's, the file is there already, or the copy cannot be written or is damaged.
pub async fn run(args: Args) -> Result<(), CliError> {
    let store = args.store.store()?;
    if !matches!(store.database, Database::Sqlite(_)) {
        return Err(CliError::Input("this copies SQLite's file; with PostgreSQL use pg_dump".to_owned()));
    }
    if args.file.exists() {
        return Err(CliError::Input(format!("{} is there already: name a new file", args.file.display())));
    }
    let db = open::database(&store).await?;
    db.copy_to(&args.file).await?;
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
    db.close().await;
    let bytes = std::fs::metadata(&args.file).map_err(|e| CliError::Failure(e.to_string()))?.len();
    say(format_args!(
        "{}: {bytes} bytes, checked. Keep {} too, but in another place than the copy.",
        args.file.display(),
        store.data.join("keys").display()
    ));
    Ok(())
}
