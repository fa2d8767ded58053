//! One database, one set of keys: a server that has others than those before it would seal what they cannot open, and sign what they do not know.

use super::output::CliError;
use crate::clock::Clock;
use crate::storage::{Db, StorageError, key_marks};
use sha2::{Digest as _, Sha256};

/// Notes the marks of these keys (each with the name that is said of it) at the first start, and compares them at every other.
/// `anew` forgets the marks first: the keys were lost.
///
/// # Errors
/// When a key is not the one that was noted, or the database fails.
pub async fn check(db: &Db, keys: &[(&str, &[u8])], anew: bool) -> Result<(), CliError> {
    let failed = |e: StorageError| CliError::Failure(format!("the marks of the keys cannot be read: {e}"));
    let mut tx = db.write().await.map_err(failed)?;
    if anew {
        key_marks::drop_all(&mut tx).await.map_err(failed)?;
    }
    for (name, key) in keys {
        let mark = Sha256::new().chain_update("mashang key mark").chain_update(name).chain_update(key).finalize();
        let noted = key_marks::note(&mut tx, name, &mark, Clock::System.now()).await.map_err(failed)?;
        if noted != mark.as_slice() {
            return Err(CliError::Failure(format!(
                "the {name} key here is not the one that this database is served with. Copy the folder keys from the machine that serves it, or from its backup, into the data folder. Only if the keys are lost for good, start once with --accept-new-keys: contacts of reporters, second steps and robots' addresses that were sealed with them stay unreadable."
            )));
        }
    }
    tx.commit().await.map_err(failed)
}
