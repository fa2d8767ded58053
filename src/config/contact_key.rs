//! The key that seals reporters' contacts: made at the first start, readable by the program's user alone, never replaced.

use super::{ConfigError, Result};
use crate::ids::Ids;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

const LENGTH: usize = 32;

/// Reads the key from `path`, or from `keys/contact.key` in the data folder, where it is made if it is not there yet.
pub fn load(data: &Path, path: Option<&Path>) -> Result<[u8; LENGTH]> {
    if let Some(path) = path {
        return read(path);
    }
    named(data, "contact.key")
}

/// Reads the key of this name in the data folder, where it is made if it is not there yet.
pub(super) fn named(data: &Path, name: &str) -> Result<[u8; LENGTH]> {
    let folder = data.join("keys");
    let path = folder.join(name);
    if !path.exists() {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder).and_then(|()| make(&folder, &path));
        made.map_err(|e| {
            ConfigError(format!(
                "the key {} cannot be made: {e}; check that this user may write to the data folder (--data)",
                path.display()
            ))
        })?;
    }
    read(&path)
}

/// Writes a new key beside its place and links it there, so that nobody ever reads half of one and two starts agree on one.
fn make(folder: &Path, path: &Path) -> std::io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = folder.join(format!(".{name}.{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(&Ids::Random.secret())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&draft, path);
    std::fs::remove_file(&draft)?;
    File::open(folder)?.sync_all()?;
    match linked {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn read(path: &Path) -> Result<[u8; LENGTH]> {
    let bytes = std::fs::read(path)
        .map_err(|e| ConfigError(format!("the contact key {} cannot be read: {e}", path.display())))?;
    bytes.as_slice().try_into().map_err(|_| {
        ConfigError(format!(
            "the contact key {} has {} bytes instead of {LENGTH}: bring back the right one from a backup; without it the contacts of reporters cannot be opened",
            path.display(),
            bytes.len()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::load;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_key_is_made_once_and_for_its_user_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = load(folder.path(), None).expect("a key");
        assert_eq!(load(folder.path(), None).expect("the same key"), first);
        let path = folder.path().join("keys/contact.key");
        let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path().join("keys")).expect("the folder").count(), 1, "no draft is left");
    }

    #[test]
    fn a_damaged_key_is_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("other.key");
        std::fs::write(&path, b"short").expect("written");
        assert!(load(folder.path(), Some(&path)).is_err());
        assert_eq!(std::fs::read(&path).expect("still there"), b"short");
    }
}
