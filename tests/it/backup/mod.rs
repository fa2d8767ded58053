//! Backups: made, encrypted, restored and proved; and mails that nobody gets twice because of it.

mod commands;
mod held_mails;
mod nightly;
mod schema;

use age::secrecy::ExposeSecret as _;
use std::path::Path;

/// A pair of keys: the public one, and the file of the secret one, as `age-keygen` would write it.
fn keys(folder: &Path, name: &str) -> (String, String) {
    let secret = age::x25519::Identity::generate();
    let text =
        format!("# created: today\n# public key: {}\n{}\n", secret.to_public(), secret.to_string().expose_secret());
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    (secret.to_public().to_string(), path.to_str().expect("a plain path").to_owned())
}
