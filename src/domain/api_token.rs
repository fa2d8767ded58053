//! Tokens of API clients: what a client may do, and the form of the secret.

use super::id::AgencyId;
use super::user::Office;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// What a secret begins with, so that people and scanners know a leaked one when they see it.
const PREFIX: &str = "mashang_";

/// For whom a client acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// One agency: its own filings only, never anything that rests on reports.
    Agency(AgencyId),
    /// A supervisor of an office: everything; severity 4 for the discipline office alone.
    Supervisor(Option<Office>),
}

/// The secret as its client sends it; it is shown once and never stored.
#[must_use]
pub fn secret_text(secret: &[u8; 32]) -> String {
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret))
}

/// What is stored of a secret; `None` if the text is none.
#[must_use]
pub fn secret_hash(text: &str) -> Option<Vec<u8>> {
    let secret = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok().filter(|bytes| bytes.len() == 32)?;
    Some(Sha256::digest(secret).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_of_the_secret_and_nothing_else_is_one() {
        let text = secret_text(&[7; 32]);
        assert_eq!(secret_hash(&text), Some(Sha256::digest([7; 32]).to_vec()));
        for other in ["", "mashang_", "mashang_AAAA", &text[8..], &text[..text.len() - 1]] {
            assert_eq!(secret_hash(other), None, "{other}");
        }
    }
}
