//! Asking for a password: on the terminal without showing it, from standard input, or from a file.

use super::output::CliError;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

/// The password from `file`, or typed twice on the terminal, or the first line of standard input.
///
/// # Errors
/// When it cannot be read, or the two typed are not the same.
pub fn ask(file: Option<&Path>) -> Result<String, CliError> {
    if let Some(path) = file {
        let text = std::fs::read_to_string(path)
            .map_err(|e| CliError::Input(format!("--password-file {} cannot be read: {e}", path.display())))?;
        return Ok(text.lines().next().unwrap_or_default().to_owned());
    }
    if !std::io::stdin().is_terminal() {
        return line();
    }
    let hidden = Hidden::start()?;
    let password = prompt("Password: ")?;
    let again = prompt("The same again: ")?;
    drop(hidden);
    if password == again {
        Ok(password)
    } else {
        Err(CliError::Input("the two passwords differ; try again".to_owned()))
    }
}

fn prompt(words: &str) -> Result<String, CliError> {
    let mut out = std::io::stderr();
    let _ = write!(out, "{words}").and_then(|()| out.flush());
    let typed = line();
    let _ = writeln!(out);
    typed
}

fn line() -> Result<String, CliError> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut text)
        .map_err(|e| CliError::Input(format!("the password cannot be read from standard input: {e}")))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Keeps the terminal from showing what is typed, until it is dropped.
struct Hidden {
    before: Termios,
}

impl Hidden {
    fn start() -> Result<Self, CliError> {
        let failed = |e| CliError::Failure(format!("the terminal cannot hide the password: {e}; use --password-file"));
        let before = tcgetattr(std::io::stdin()).map_err(failed)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &quiet).map_err(failed)?;
        Ok(Self { before })
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.before);
    }
}
