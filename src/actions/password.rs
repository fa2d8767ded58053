//! Passwords and PINs: hashing and checking, with Argon2id (19 MiB, two passes; OWASP's first recommendation for this memory).
//!
//! A hash takes about 25 ms and 19 MiB, so that at most two run at a time, on threads made for blocking work.

use super::error::{ActionError, FieldError, Result};
use crate::ids::Ids;
use argon2::password_hash::PasswordVerifier as _;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
use tokio::sync::Semaphore;

/// The fewest characters of a password (NIST SP 800-63B-4: 15 without a second factor, 8 with one; ASVS 5.0 6.2.1: 8, 15 advised).
pub const PASSWORD_MIN: usize = 10;
/// The most characters of a password: long ones cost nothing, but somebody sends megabytes.
pub const PASSWORD_MAX: usize = 128;

/// Memory of a hash, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// How many hashes may be computed at a time.
const AT_ONCE: usize = 2;

static ROOM: Semaphore = Semaphore::const_new(AT_ONCE);

/// Checks that a new password has a length that is taken.
///
/// # Errors
/// A [`FieldError`] of the field `password`: `required`, `too_short`, `too_long`, with the limit as the hint.
pub fn check_new(password: &str) -> std::result::Result<(), FieldError> {
    let wrong = |code, limit: usize| Err(FieldError { field: "password", code, hint: Some(limit.to_string()) });
    match password.chars().count() {
        0 => Err(FieldError::new("password", "required")),
        n if n < PASSWORD_MIN => wrong("too_short", PASSWORD_MIN),
        n if n > PASSWORD_MAX => wrong("too_long", PASSWORD_MAX),
        _ => Ok(()),
    }
}

/// The hash of a password or PIN, as a PHC string. Waits while two others are computed.
///
/// # Errors
/// When no thread can be had, or the parameters are refused.
pub async fn hash(ids: &Ids, password: &str) -> Result<String> {
    let mut salt = [0; 16];
    ids.fill(&mut salt);
    let password = password.to_owned();
    in_turn(move || {
        let hash: PasswordHash =
            argon2()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(|e| internal(&e))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether a password or PIN is the one of a hash. Without a hash (no such user) it takes as long and is `false`.
///
/// # Errors
/// When no thread can be had, or the stored hash is unreadable.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool> {
    let password = password.to_owned();
    let hash = hash.map(str::to_owned);
    in_turn(move || {
        let Some(hash) = hash else {
            let _: PasswordHash =
                argon2()?.hash_password_with_salt(password.as_bytes(), &[0; 16]).map_err(|e| internal(&e))?;
            return Ok(false);
        };
        let hash = PasswordHash::new(&hash).map_err(|e| internal(&e))?;
        Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|e| internal(&e))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = ROOM.acquire().await.map_err(|e| internal(&e))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| internal(&e))?
}

fn internal(error: &dyn std::fmt::Display) -> ActionError {
    ActionError::Internal(format!("password hash: {error}"))
}
