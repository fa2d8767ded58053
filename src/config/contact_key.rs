//! The key that seals reporters' contacts: made at the first start, readable by the program's user alone, never replaced and never made anew
//! where contacts were sealed with one that got lost.

use super::{ConfigError, Result};
use crate::ids::Ids;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

const LENGTH: usize = 32;

/// Where the key stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// It is there.
    Found([u8; LENGTH]),
    /// It is not there yet: [`make`] makes it, once it is certain that nothing was sealed with one that got lost.
    ToMake(PathBuf),
}

/// Reads the key from `path`, or from `keys/contact.key` in the data folder, where it may be made.
///
/// # Errors
/// When it is there and cannot be read, or is no key.
pub fn find(data: &Path, path: Option<&Path>) -> Result<Key> {
    let made = data.join("keys/contact.key");
    match path {
        Some(path) => read(path).map(Key::Found),
        None if made.exists() => read(&made).map(Key::Found),
        None => Ok(Key::ToMake(made)),
    }
}

/// Makes the key, unless another process was faster, and reads it.
///
/// # Errors
/// When it cannot be made or read.
pub fn make(path: &Path) -> Result<[u8; LENGTH]> {
    let folder = path.parent().unwrap_or(path);
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder).and_then(|()| write(folder, path));
    made.map_err(|e| {
        ConfigError(format!(
            "the key {} cannot be made: {e}; check that this user may write to the data folder (--data)",
            path.display()
        ))
    })?;
    read(path)
}

/// Reads the key of this name in the data folder, where it is made if it is not there yet.
pub(super) fn named(data: &Path, name: &str) -> Result<[u8; LENGTH]> {
    let path = data.join("keys").join(name);
    if path.exists() { read(&path) } else { make(&path) }
}

/// Writes a new key beside its place and links it there, so that nobody ever reads half of one and two starts agree on one.
fn write(folder: &Path, path: &Path) -> std::io::Result<()> {
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
    use super::{Key, find, make};
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_key_is_made_once_and_for_its_user_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("keys/contact.key");
        assert_eq!(find(folder.path(), None).expect("looked for"), Key::ToMake(path.clone()));
        assert!(!path.exists(), "looking makes nothing");
        let first = make(&path).expect("a key");
        assert_eq!(make(&path).expect("the same key"), first);
        assert_eq!(find(folder.path(), None).expect("the same key"), Key::Found(first));
        let mode = std::fs::metadata(&path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path().join("keys")).expect("the folder").count(), 1, "no draft is left");
    }

    #[test]
    fn a_damaged_key_is_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("other.key");
        std::fs::write(&path, b"short").expect("written");
        assert!(find(folder.path(), Some(&path)).is_err());
        assert_eq!(std::fs::read(&path).expect("still there"), b"short");
    }
}
