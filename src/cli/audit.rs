//! `mashang audit`: checking the chain over the audit, and the key that signs its checkpoints.

use super::open;
use super::output::{CliError, say};
use crate::actions::{Broken, CheckpointKey, verify_audit};
use crate::config::{Store, StoreArgs};
use crate::domain::audit_chain::{Checkpoint, unhex};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Check the audit, or show the key that signs its checkpoints
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    Verify(VerifyArgs),
    Key(KeyArgs),
}

/// Check the chain over the audit from its first entry to its last, and name the first that is wrong
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Checkpoints that were kept on another machine tell a chain that was cut off, put back or written anew:\n  \
    mashang audit verify --checkpoints /mnt/kept --key 5f0c…\n\n\
    Without --key the key of this data folder is believed. Exit status: 0 whole, 1 broken, 2 wrong input."
)]
pub struct VerifyArgs {
    /// Checkpoints that were kept elsewhere: a folder as below DATA/checkpoints, or a file with lines from mails and monthly reports
    #[arg(long, value_name = "PATH")]
    checkpoints: Option<PathBuf>,
    /// The public key that must have signed them, as `mashang audit key` shows it
    #[arg(long, value_name = "HEX")]
    key: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Show the public key that signs checkpoints: note it somewhere else
#[derive(Debug, clap::Args)]
pub struct KeyArgs {
    #[command(flatten)]
    store: StoreArgs,
}

/// Runs a command.
///
/// # Errors
/// When the input is wrong, the store fails, or the audit is broken.
pub async fn run(command: Command) -> Result<(), CliError> {
    match command {
        Command::Verify(args) => verify(args).await,
        Command::Key(args) => {
            say(key(&args.store.store()?)?.public());
            Ok(())
        }
    }
}

/// The key of this data folder, made if it is not there.
///
/// # Errors
/// When it can be neither read nor made.
pub fn key(store: &Store) -> Result<CheckpointKey, CliError> {
    open::folder(&store.data)?;
    CheckpointKey::from_seed(&store.audit_key()?)
        .ok_or_else(|| CliError::Failure("the key of the audit cannot be used".to_owned()))
}

async fn verify(args: VerifyArgs) -> Result<(), CliError> {
    let store = args.store.store()?;
    let public = match &args.key {
        Some(text) => text.clone(),
        None => key(&store)?.public(),
    };
    let public = unhex(&public).filter(|key| key.len() == 32).ok_or_else(|| {
        CliError::Input("--key is 64 hexadecimal digits, as `mashang audit key` shows them".to_owned())
    })?;
    let kept = match &args.checkpoints {
        Some(path) if path.is_dir() => read_folder(path)?,
        Some(path) => read_lines(path)?,
        None => Vec::new(),
    };
    let db = open::database(&store).await?;
    // Nobody else is served by this process: on SQLite it is read on this thread.
    let mut tx = db.glance().await?;
    let outcome = verify_audit(&mut tx, Some(&public), kept).await?;
    drop(tx);
    db.close().await;
    match outcome {
        Ok(checked) => {
            say(format_args!("whole: {} entries, {} checkpoints", checked.links, checked.checkpoints));
            Ok(())
        }
        Err(broken) => Err(CliError::Failure(words(&broken))),
    }
}

fn words(broken: &Broken) -> String {
    let what = match broken {
        Broken::MissingLink(seq) => format!("link {seq} of the chain is missing"),
        Broken::MissingEntry(seq, id) => format!("the entry {id} (link {seq}) is gone"),
        Broken::Changed(seq, id) => format!("the entry {id} (link {seq}) is not what was chained"),
        Broken::Inserted(id) => format!("the entry {id} was never chained: it was put there later"),
        Broken::Shorter(seq) => {
            format!("the chain ends before the checkpoint {seq}: entries were cut off, or an older copy was put back")
        }
        Broken::Rewritten(seq) => format!("the chain was written anew: at the checkpoint {seq} it was another"),
        Broken::BadSignature(seq) => format!("the checkpoint {seq} is not signed by the key"),
    };
    format!("the audit is broken: {what}. Keep this database as it is, and compare it with a backup.")
}

fn read_folder(folder: &Path) -> Result<Vec<(Checkpoint, Vec<u8>)>, CliError> {
    let unreadable = |e: std::io::Error| CliError::Input(format!("{} cannot be read: {e}", folder.display()));
    let mut points = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).map_err(unreadable)?;
        let point = read_point(&text)
            .ok_or_else(|| CliError::Input(format!("{} is no checkpoint of an audit", path.display())))?;
        points.push(point);
    }
    if points.is_empty() {
        return Err(CliError::Input(format!("there is no checkpoint in {}", folder.display())));
    }
    Ok(points)
}

/// The checkpoints among the lines of a text; whatever else stands there is left alone.
fn read_lines(path: &Path) -> Result<Vec<(Checkpoint, Vec<u8>)>, CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| CliError::Input(format!("{} cannot be read as text: {e}", path.display())))?;
    let points: Vec<_> = text.lines().filter_map(|line| read_point(&line[line.find('{')?..])).collect();
    if points.is_empty() {
        return Err(CliError::Input(format!(
            "no line of {} is a checkpoint; copy the whole line, from {{ to }}",
            path.display()
        )));
    }
    Ok(points)
}

fn read_point(text: &str) -> Option<(Checkpoint, Vec<u8>)> {
    let value: Value = serde_json::from_str(text).ok()?;
    let bytes = |name: &str| value.get(name).and_then(Value::as_str).and_then(unhex);
    let point = Checkpoint {
        seq: value.get("seq")?.as_i64()?,
        hash: bytes("hash")?.try_into().ok()?,
        at: value.get("at")?.as_str()?.parse().ok()?,
    };
    Some((point, bytes("signature")?))
}
