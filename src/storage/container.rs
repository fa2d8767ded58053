//! The file of a backup: a line that says what it is, a line of JSON that says what is in it, then the database's copy, compressed. Encrypted
//! with age (<https://age-encryption.org/v1>) to public keys where there are any: the machine that makes backups cannot read them.

pub use age::x25519::Recipient;

use crate::domain::backup::Manifest;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// What every backup begins with, once it is decrypted.
const MAGIC: &str = "mashang backup 1\n";
/// What every file of age begins with.
const AGE: &[u8] = b"age-encryption.org/";
/// What every file of SQLite begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";
/// The longest line of JSON that is read.
const MOST_JSON: u64 = 64 * 1024;

/// Why a backup cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// It is not one, was damaged, or needs another key.
    #[error("{0}")]
    Unusable(String),
    /// The disk, as a rule.
    #[error(transparent)]
    Io(#[from] io::Error),
}

type Result<T> = std::result::Result<T, ContainerError>;

fn unusable<T>(words: impl Into<String>) -> Result<T> {
    Err(ContainerError::Unusable(words.into()))
}

/// What a file looks like from its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// A backup that is encrypted.
    Encrypted,
    /// A backup.
    Plain,
    /// A SQLite database by itself.
    Sqlite,
    /// Something else.
    Other,
}

/// Looks at the first bytes of a file.
///
/// # Errors
/// When it cannot be read.
pub fn looks(path: &Path) -> io::Result<Looks> {
    let mut head = Vec::new();
    File::open(path)?.take(32).read_to_end(&mut head)?;
    Ok(match head.as_slice() {
        head if head.starts_with(AGE) => Looks::Encrypted,
        head if head.starts_with(MAGIC.as_bytes()) => Looks::Plain,
        head if head.starts_with(SQLITE) => Looks::Sqlite,
        _ => Looks::Other,
    })
}

/// Reads public keys of age, as `age-keygen` prints them.
///
/// # Errors
/// The first that is none.
pub fn recipients(keys: &[String]) -> std::result::Result<Vec<Recipient>, String> {
    keys.iter().map(|key| key.parse().map_err(|_| key.clone())).collect()
}

/// How many bytes a file has, and their SHA-256 as hexadecimal digits.
///
/// # Errors
/// When it cannot be read.
pub fn fingerprint(path: &Path) -> io::Result<(u64, String)> {
    let mut hashing = Hashing { inner: io::sink(), hasher: Sha256::new(), bytes: 0 };
    io::copy(&mut File::open(path)?, &mut hashing)?;
    Ok(hashing.finish())
}

/// Writes a backup to a new file that only its owner may read, and syncs it. What is there already is never written over; an unfinished one is
/// taken away.
///
/// # Errors
/// When the file is there, or cannot be written.
pub fn write(target: &Path, manifest: &Manifest, copy: &Path, to: &[Recipient]) -> Result<u64> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(target)?;
    let written = write_into(&file, manifest, copy, to).and_then(|()| {
        file.sync_all()?;
        if let Some(folder) = target.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?;
        }
        Ok(file.metadata()?.len())
    });
    if written.is_err() {
        let _ = std::fs::remove_file(target);
    }
    written
}

fn write_into(file: &File, manifest: &Manifest, copy: &Path, to: &[Recipient]) -> Result<()> {
    let out = BufWriter::new(file);
    if to.is_empty() {
        return Ok(framed(out, manifest, copy)?.flush()?);
    }
    let keys = to.iter().map(|key| key as &dyn age::Recipient);
    let encryptor =
        age::Encryptor::with_recipients(keys).map_err(|error| ContainerError::Unusable(error.to_string()))?;
    let out = framed(encryptor.wrap_output(out)?, manifest, copy)?;
    // Without the last piece the file would be one that was cut off.
    Ok(out.finish()?.flush()?)
}

fn framed<W: Write>(mut out: W, manifest: &Manifest, copy: &Path) -> Result<W> {
    out.write_all(MAGIC.as_bytes())?;
    serde_json::to_writer(&mut out, manifest).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    let mut packed = GzEncoder::new(out, Compression::fast());
    io::copy(&mut File::open(copy)?, &mut packed)?;
    Ok(packed.finish()?)
}

/// Reads a backup: its copy of the database goes into a new file that only its owner may read. `identities` are the lines of a file of secret
/// keys, as `age-keygen` writes it. The copy is compared with what the backup says of it.
///
/// # Errors
/// When it is no backup, is damaged or was cut off, when none of the keys opens it, or on the way to the disk. The copy is not to be used then.
pub fn read(backup: &Path, identities: Option<&str>, copy: &Path) -> Result<Manifest> {
    let input = BufReader::new(File::open(backup)?);
    match looks(backup)? {
        Looks::Plain => unframed(input, copy),
        Looks::Encrypted => {
            let Some(text) = identities else {
                return unusable("this backup is encrypted: name the file of its secret key with --identity");
            };
            let file = age::IdentityFile::from_buffer(text.as_bytes());
            let keys = file.map_err(|_| ()).and_then(|file| file.into_identities().map_err(|_| ()));
            let Ok(keys) = keys else {
                return unusable(
                    "the file of the secret key is none: it holds a line AGE-SECRET-KEY-1…, as age-keygen writes it",
                );
            };
            let opened = age::Decryptor::new_buffered(input)
                .and_then(|decryptor| decryptor.decrypt(keys.iter().map(|key| &**key as &dyn age::Identity)));
            match opened {
                Ok(plain) => unframed(BufReader::new(plain), copy),
                Err(age::DecryptError::NoMatchingKeys) => {
                    unusable("this backup was encrypted to other keys than the one that was given")
                }
                Err(error) => unusable(format!("this backup cannot be decrypted: {error}")),
            }
        }
        Looks::Sqlite | Looks::Other => unusable("this is no backup of mashang"),
    }
}

fn unframed(mut input: impl BufRead, copy: &Path) -> Result<Manifest> {
    let damaged =
        |error: io::Error| ContainerError::Unusable(format!("this backup is damaged or was cut off ({error})"));
    let mut magic = String::new();
    (&mut input).take(64).read_line(&mut magic).map_err(damaged)?;
    if magic != MAGIC {
        return unusable("this is no backup of mashang, or one of a newer version");
    }
    let mut json = String::new();
    (&mut input).take(MOST_JSON).read_line(&mut json).map_err(damaged)?;
    let manifest: Manifest = serde_json::from_str(&json).map_err(|error| {
        ContainerError::Unusable(format!("what this backup says of itself cannot be read: {error}"))
    })?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(copy)?;
    let mut out = Hashing { inner: BufWriter::new(&file), hasher: Sha256::new(), bytes: 0 };
    let mut unpacked = GzDecoder::new(&mut input);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = unpacked.read(&mut buffer).map_err(damaged)?;
        if n == 0 {
            break;
        }
        out.write_all(&buffer[..n])?;
        if out.bytes > manifest.bytes {
            return unusable("this backup holds more than it says");
        }
    }
    // To the very end, where age keeps the proof that nothing was cut off.
    io::copy(&mut input, &mut io::sink()).map_err(damaged)?;
    out.flush()?;
    let found = out.finish();
    file.sync_all()?;
    if found != (manifest.bytes, manifest.sha256.clone()) {
        return unusable("this backup is damaged: its copy of the database is not the one that was made");
    }
    Ok(manifest)
}

/// Counts and hashes what is written through it.
struct Hashing<W> {
    inner: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W> Hashing<W> {
    fn finish(self) -> (u64, String) {
        (self.bytes, crate::domain::audit_chain::hex(&self.hasher.finalize()))
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..n]);
        self.bytes += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
