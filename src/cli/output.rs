//! What a command says: results on standard output, errors on standard error, and the exit status.

use crate::actions::ActionError;
use crate::config::ConfigError;
use crate::storage::StorageError;
use std::io::Write as _;
use std::process::ExitCode;

/// How a command can end other than well.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The input or a setting is wrong; nothing was changed. Exit status 2.
    #[error("{0}")]
    Input(String),
    /// Something failed. Exit status 1.
    #[error("{0}")]
    Failure(String),
    /// Rows were rejected, which has been said; nothing was written. Exit status 2.
    #[error("rejected")]
    Rejected,
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<StorageError> for CliError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Settings(words) => Self::Input(words),
            other => Self::Failure(other.to_string()),
        }
    }
}

impl From<ActionError> for CliError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Storage(error) => error.into(),
            other => Self::Failure(other.to_string()),
        }
    }
}

/// Says what went wrong; the exit status that belongs to it.
pub fn report(error: &CliError) -> ExitCode {
    if !matches!(error, CliError::Rejected) {
        let _ = writeln!(std::io::stderr(), "mashang: {error}");
    }
    ExitCode::from(if matches!(error, CliError::Failure(_)) { 1 } else { 2 })
}

/// Prints a line. Whoever closed the other end (`| head`) has read enough.
pub fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
