//! One server at a time over a SQLite file: two would each believe that they alone write.

use super::output::CliError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Holds the lock until it is dropped, or the process ends in whatever way.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock that stands beside a SQLite file.
    ///
    /// # Errors
    /// When another server holds it, or the file cannot be made.
    pub fn take(database: &Path) -> Result<Self, CliError> {
        let path = lock_path(database);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(|e| {
            CliError::Failure(format!("{} cannot be written: {e}; check the data folder (--data)", path.display()))
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(CliError::Failure(format!(
                "another mashang already serves {}: stop it first, or give this one a data folder of its own (--data). For several servers over one database use PostgreSQL (--database-url).",
                database.display()
            ))),
            Err(TryLockError::Error(e)) => {
                Err(CliError::Failure(format!("{} cannot be locked: {e}; is it on a network drive?", path.display())))
            }
        }
    }
}

fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
