//! `mashang replay`: what would have fired, for a history of events.

use super::lock::Lock;
use super::open;
use super::output::{CliError, say};
use crate::clock::Clock;
use crate::config::{Database, SiteArgs, StoreArgs};
use crate::replay::{History, ReplayFailure, load, replay};
use clap::Args as ClapArgs;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

/// How many lines pass between two words on progress.
const STRIDE: usize = 100;

/// Run a history of events (JSON Lines) through the rules with a simulated clock, and print the resulting violations.
///
/// Each event goes through the same code as in the service, on a temporary database that is thrown away. One JSON object a
/// violation is printed, sorted by subject and rule. A malformed line is an error that names line and field: nothing is
/// printed then, and the exit status is 2. With --into the result is kept, to be looked at in the console.
///
/// The rules of the second wave (JNT-02, NDD-02, FRQ-02, FRQ-03, FIL-05, FIL-07, FIL-08, PER-03, PER-04, SCO-01, SCO-03, TIM-02, PRC-02,
/// EVA-01, RET-01) are off unless a `policy` line of the history switches them on: `"rules": {"TIM-02": {"enabled": true}}`. JNT-01,
/// FIL-06, CRD-01 and RES-02 are not judged; a `policy` line may name them, to no effect. What lines
/// may say for them: `file` and `amend` take `assistants`, `approver`, `approver_position`, `approval_document`, `approved_at`,
/// `special_document`, `special_reference`, `special_link`; `result` takes `matters_inspected`; `report` takes `matters`; `agency` takes
/// `areas`, `inspector` takes `kind` (officer, assistant), `enterprise` takes `town`; `rate` (`ref`, `closeness`, `integrity`,
/// `satisfaction`, 1 to 5) and `confirm` (`ref`: the enterprise confirms on the spot) are events of their own.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The history, one event a line; `-` reads standard input.
    file: PathBuf,
    /// Write every mail that the service would have sent by the end into this folder, as .eml files.
    #[arg(long, value_name = "DIR")]
    mails: Option<PathBuf>,
    /// Keep the result: load the history into this fresh data folder, to be served afterwards. Mails of the past are not sent,
    /// supervisors of the file get no accounts (make them with `mashang user create`), every unit gets a code.
    #[arg(long, value_name = "DIR", conflicts_with = "mails")]
    into: Option<String>,
    /// With --into: a fresh PostgreSQL database in place of SQLite in the data folder.
    #[arg(long, value_name = "URL", env = "MASHANG_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When the file cannot be read or is malformed, or the program fails.
pub async fn run(args: Args) -> Result<(), CliError> {
    let bytes = read(&args.file)?;
    let history = History::parse(&bytes).map_err(|e| CliError::Input(format!("{}: {e}", args.file.display())))?;
    if let Some(folder) = &args.mails {
        std::fs::create_dir_all(folder)
            .map_err(|e| CliError::Failure(format!("the folder {} cannot be made: {e}", folder.display())))?;
    }
    if history.is_empty() {
        let _ = writeln!(std::io::stderr(), "mashang: {} holds no events: nothing to replay", args.file.display());
    }
    if let Some(folder) = &args.into {
        return load_into(&args, folder, &history).await;
    }
    let outcomes =
        replay(&history, args.mails.as_deref(), progress(history.len())).await.map_err(|e| failed(&args.file, e))?;
    let mut lines = String::new();
    for outcome in &outcomes {
        let line = serde_json::to_string(outcome).map_err(|e| CliError::Failure(e.to_string()))?;
        lines.push_str(&line);
        lines.push('\n');
    }
    if !lines.is_empty() {
        say(lines.trim_end());
    }
    Ok(())
}

/// Fills a fresh instance and says what is in it.
async fn load_into(args: &Args, folder: &str, history: &History) -> Result<(), CliError> {
    let store =
        StoreArgs { config: None, data: Some(folder.to_owned()), database_url: args.database_url.clone() }.store()?;
    open::folder(&store.data)?;
    let _lock = match &store.database {
        Database::Sqlite(path) => Some(Lock::take(path)?),
        Database::Postgres(_) => None,
    };
    let (db, service) = open::both(&store, &SiteArgs::default()).await?;
    let now = Clock::System.now();
    let loaded = load(&db, &service, now, history, progress(history.len())).await.map_err(|e| failed(&args.file, e));
    db.close().await;
    let Some(loaded) = loaded? else {
        return Err(CliError::Input(format!(
            "{:?} is not empty: a history is loaded into a fresh one only; name another folder with --into",
            store.database
        )));
    };
    say(format_args!(
        "Loaded into {:?}: {} units, {} records, {} problems (suspected, severity 2 or more). No mail of the past will be sent.",
        store.database,
        loaded.units,
        loaded.records,
        loaded.problems()
    ));
    say(format_args!("Next: mashang user create --data {folder} …, then mashang serve --data {folder} …"));
    Ok(())
}

/// Shows on a terminal how far the history is.
fn progress(total: usize) -> impl FnMut(usize) {
    let terminal = std::io::stderr().is_terminal();
    move |done| {
        if terminal && (done % STRIDE == 0 || done == total) {
            let _ = write!(std::io::stderr(), "\r{done} / {total}{}", if done == total { "\n" } else { "" });
        }
    }
}

/// A malformed line is the file's fault; what failed is not.
fn failed(file: &Path, error: ReplayFailure) -> CliError {
    match error {
        ReplayFailure::Malformed(error) => CliError::Input(format!("{}: {error}", file.display())),
        other => CliError::Failure(other.to_string()),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    let read = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|e| CliError::Input(format!("{} cannot be read: {e}", path.display())))
}
