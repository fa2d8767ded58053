//! The command line: one file a command. Errors go to standard error with what to do next.
//!
//! The exit status is 0 when all went well, 2 for wrong input or settings, 1 for a failure.

mod audit;
mod backup;
mod clock;
mod demo;
mod doctor;
mod import;
mod invite;
mod key_marks;
mod lock;
mod lookup;
mod open;
mod output;
mod password;
mod replay;
mod restore;
mod serve;
mod sheet;
mod token;
mod user;

use clap::{Parser, Subcommand};
use output::CliError;
use std::process::ExitCode;

/// 码上报备 — inspection filings by QR code, judged against the no-disturb calendar and the repetition rules.
#[derive(Debug, Parser)]
#[command(name = "mashang", bin_name = "mashang", version, propagate_version = true, max_term_width = 110)]
#[command(
    after_help = "Settings are given by flag, by environment (MASHANG_…) or in a file (--config), in this order of strength.\n\
    The value of a setting may stand in a file of its own: MASHANG_SMTP_URL_FILE=/run/secrets/smtp."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Args),
    Demo(demo::Args),
    Replay(replay::Args),
    Import(import::Args),
    Sheet(sheet::Args),
    #[command(subcommand)]
    User(user::Command),
    #[command(subcommand)]
    Token(token::Command),
    Invite(invite::Args),
    Doctor(doctor::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    #[command(subcommand)]
    Audit(audit::Command),
    Clock(clock::Args),
}

/// Runs the command that the arguments of the process name.
#[must_use]
pub fn run() -> ExitCode {
    // clap answers --help with status 0 and a wrong argument with status 2.
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::report(&CliError::Failure(format!("the runtime cannot start: {error}"))),
    };
    match runtime.block_on(dispatch(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => output::report(&error),
    }
}

async fn dispatch(command: Command) -> Result<(), CliError> {
    open::survive_file_size_limit();
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Audit(command) => audit::run(command).await,
        Command::Clock(args) => clock::run(args).await,
        Command::Backup(args) => backup::run(args).await,
        Command::Restore(args) => restore::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Replay(args) => replay::run(args).await,
        Command::Import(args) => import::run(args).await,
        Command::Sheet(args) => sheet::run(args).await,
        Command::User(command) => user::run(command).await,
        Command::Token(command) => token::run(command).await,
        Command::Invite(args) => invite::run(args).await,
        Command::Doctor(args) => doctor::run(args).await,
    }
}
