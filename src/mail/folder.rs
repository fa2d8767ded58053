//! Letters as `.eml` files, when no server is set: one file a Message-ID, written whole or not at all.

use super::{Letter, SendError, short_hash};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a letter into the folder, which is made if it is not there. The same letter again replaces its file.
pub(super) async fn write(folder: &Path, letter: &Letter, bytes: Vec<u8>) -> Result<(), SendError> {
    let path = folder.join(file_name(letter));
    tokio::task::spawn_blocking(move || write_whole(&path, &bytes))
        .await
        .map_err(|e| SendError::Temporary(e.to_string()))?
        .map_err(|e| SendError::Temporary(format!("mail folder: {e}")))
}

/// Sorts by date; of one Message-ID always the same.
fn file_name(letter: &Letter) -> String {
    let short = short_hash(&letter.message_id, 8);
    format!("{}-{short}.eml", letter.created_at.format("%Y%m%dT%H%M%S%3fZ"))
}

fn write_whole(path: &PathBuf, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_extension("part");
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)
}

/// Whether a file can be written into the folder.
pub(super) fn check(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let probe = folder.join(".probe.part");
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(&probe)
}
