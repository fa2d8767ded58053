//! Sealing what the database alone must not tell (ChaCha20-Poly1305): a reporter's contact, the address of a group robot, the secret of a
//! second step.

use super::{ActionError, Result, Service};
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// Bytes of the random nonce in front of the sealed text.
const NONCE: usize = 12;

/// Seals words with the instance's contact key: nonce, then ciphertext.
///
/// # Errors
/// When the cipher fails.
pub fn seal(service: &Service, words: &str) -> Result<Vec<u8>> {
    seal_with(&cipher(service), service, words)
}

/// Seals words with a key of their own, derived for a purpose: what strangers can have sealed as often as they like wears out no other key.
///
/// # Errors
/// When the cipher fails.
pub fn seal_for(service: &Service, purpose: &str, words: &str) -> Result<Vec<u8>> {
    seal_with(&derived(service, purpose)?, service, words)
}

fn seal_with(cipher: &ChaCha20Poly1305, service: &Service, words: &str) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE];
    service.ids.fill(&mut nonce);
    let sealed = cipher
        .encrypt(&Nonce::from(nonce), words.as_bytes())
        .map_err(|_| ActionError::Internal("words could not be sealed".to_owned()))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] sealed.
///
/// # Errors
/// When it was sealed with another key or is damaged.
pub fn open(service: &Service, sealed: &[u8]) -> Result<String> {
    open_with(&cipher(service), sealed)
}

/// Opens what [`seal_for`] sealed for the same purpose.
///
/// # Errors
/// When it was sealed otherwise or is damaged.
pub fn open_for(service: &Service, purpose: &str, sealed: &[u8]) -> Result<String> {
    open_with(&derived(service, purpose)?, sealed)
}

fn open_with(cipher: &ChaCha20Poly1305, sealed: &[u8]) -> Result<String> {
    let failed = || ActionError::Internal("sealed words could not be opened with this key".to_owned());
    let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or_else(failed)?;
    let words = cipher.decrypt(&Nonce::from(*nonce), text).map_err(|_| failed())?;
    String::from_utf8(words).map_err(|_| failed())
}

fn cipher(service: &Service) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(service.settings.contact_key))
}

fn derived(service: &Service, purpose: &str) -> Result<ChaCha20Poly1305> {
    let failed = |_| ActionError::Internal("a key could not be derived".to_owned());
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&service.settings.contact_key).map_err(failed)?;
    mac.update(purpose.as_bytes());
    Ok(ChaCha20Poly1305::new(&Key::from(<[u8; 32]>::from(mac.finalize().into_bytes()))))
}
