//! Passwords and PINs: hashing and checking, with Argon2id (19 MiB, two passes; OWASP's first recommendation for this memory).
//!
//! A hash takes about 25 ms and 19 MiB, so that at most two run at a time ([`super::turns`]), on threads made for blocking work.

use super::Service;
use super::error::{ActionError, FieldError, Result};
use super::turns::{Place, Turns};
use crate::domain::weak_password::{is_common, is_of_known_words};
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{self, CustomizedPasswordHasher, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::UnicodeNormalization as _;

/// The fewest characters of a password (NIST SP 800-63B-4: 15 without a second factor, 8 with one; ASVS 5.0 6.2.1: 8, 15 advised).
pub const PASSWORD_MIN: usize = 10;
/// The most characters of a password: long ones cost nothing, but somebody sends megabytes.
pub const PASSWORD_MAX: usize = 128;

/// Memory of a hash, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;

/// Checks that a new password has a length that is taken, is none of the commonest, and is not made of `known` words (district, address, name)
/// and those of the product and its roles.
///
/// # Errors
/// A [`FieldError`] of the field `password`: `required`, `too_short`, `too_long`, with the limit as the hint; `common`; `known_words`.
pub fn check_new(password: &str, known: &[&str]) -> std::result::Result<(), FieldError> {
    let wrong = |code, limit: usize| Err(FieldError { field: "password", code, hint: Some(limit.to_string()) });
    match password.chars().count() {
        0 => Err(FieldError::new("password", "required")),
        n if n < PASSWORD_MIN => wrong("too_short", PASSWORD_MIN),
        n if n > PASSWORD_MAX => wrong("too_long", PASSWORD_MAX),
        _ if is_common(password) => Err(FieldError::new("password", "common")),
        _ if is_of_known_words(password, known) => Err(FieldError::new("password", "known_words")),
        _ => Ok(()),
    }
}

/// Whether two passwords are the same to [`hash`].
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    one.nfc().eq(other.nfc())
}

/// The hash of a password or PIN, as a PHC string, for somebody who is known. What is typed on another keyboard, or in a terminal, may be composed
/// otherwise and is the same password: it is brought to NFC here, for whoever calls.
///
/// # Errors
/// [`ActionError::Busy`]; otherwise when no thread can be had, or the parameters are refused.
pub async fn hash(service: &Service, password: &str) -> Result<String> {
    let mut salt = [0; 16];
    service.ids.fill(&mut salt);
    let password: String = password.nfc().collect();
    in_turn(known(&service.turns)?, move || {
        let hash: PasswordHash =
            Thrifty.hash_password_with_params(password.as_bytes(), &salt, params()?).map_err(|e| internal(&e))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether a password or PIN is the one of a hash, for somebody who is known.
///
/// # Errors
/// [`ActionError::Busy`]; otherwise as [`verify_at`].
pub async fn verify(service: &Service, password: &str, hash: Option<&str>) -> Result<bool> {
    verify_at(known(&service.turns)?, password, hash).await
}

/// Whether a password or PIN is the one of a hash, for somebody who has a place to wait. Without a hash (no such user) it takes as long and is
/// `false`.
///
/// # Errors
/// When no thread can be had, or the stored hash is unreadable.
pub async fn verify_at(place: Place, password: &str, hash: Option<&str>) -> Result<bool> {
    let password: String = password.nfc().collect();
    let hash = hash.map(str::to_owned);
    in_turn(place, move || {
        let Some(hash) = hash else {
            let _: PasswordHash = Thrifty
                .hash_password_with_params(password.as_bytes(), &[0; 16], params()?)
                .map_err(|e| internal(&e))?;
            return Ok(false);
        };
        let hash = PasswordHash::new(&hash).map_err(|e| internal(&e))?;
        Ok(Thrifty.verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

/// The Argon2id hash of a random code of a user with `salt` of that user alone, so that one computation finds it among ten. Whoever types one has
/// proved the password before.
///
/// # Errors
/// [`ActionError::Busy`]; otherwise when no thread can be had, or the parameters are refused.
pub(super) async fn digest(service: &Service, code: String, salt: [u8; 16]) -> Result<Vec<u8>> {
    in_turn(known(&service.turns)?, move || {
        let hash: PasswordHash =
            Thrifty.hash_password_with_params(code.as_bytes(), &salt, params()?).map_err(|e| internal(&e))?;
        let output = hash.hash.ok_or_else(|| internal(&"no output"))?;
        Ok(output.as_bytes().to_vec())
    })
    .await
}

fn params() -> Result<Params> {
    Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|e| internal(&e))
}

/// Argon2 whose memory goes back to the system after each hash.
///
/// glibc gives a large block back as soon as it is freed, but learns from one of up to 32 MiB to keep such blocks from then on, in each thread's
/// heap, and splits them: after seven hashes a process held 130 MB for nothing. Of a block above 32 MiB it learns nothing; what is reserved
/// and not written to takes no memory.
struct Thrifty;

/// Blocks of 1 KiB reserved for a hash: more than 32 MiB.
const RESERVED_BLOCKS: usize = 33 * 1024;

impl CustomizedPasswordHasher<PasswordHash> for Thrifty {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let stored_params = ParamsString::try_from(&params)?;
        let mut buffer = [0; Output::MAX_LENGTH];
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let out = buffer.get_mut(..length).ok_or(password_hash::Error::OutputSize)?;
        let blocks = params.block_count();
        let mut memory = Vec::with_capacity(blocks.max(RESERVED_BLOCKS));
        memory.resize(blocks, Block::new());
        Argon2::new(algorithm, version, params).hash_password_into_with_memory(password, salt, out, &mut memory[..])?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: stored_params,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(out)?),
        })
    }
}

fn known(turns: &Turns) -> Result<Place> {
    turns.place_of_known().ok_or(ActionError::Busy)
}

async fn in_turn<T: Send + 'static>(place: Place, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let turn = place.turn().await;
    let done = tokio::task::spawn_blocking(move || {
        // The turn ends with the work, even where nobody waits for it any more.
        let _turn = turn;
        work()
    });
    done.await.map_err(|e| internal(&e))?
}

fn internal(error: &dyn std::fmt::Display) -> ActionError {
    ActionError::Internal(format!("password hash: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::Settings;
    use crate::domain::day::Zone;
    use crate::ids::Ids;
    use argon2::PasswordHasher as _;

    fn service() -> Service {
        let settings = Settings {
            public_url: String::new(),
            also_hosts: Vec::new(),
            district: String::new(),
            hotline: String::new(),
            mail_from: String::new(),
            zone: Zone::SHANGHAI,
            contact_key: [7; 32],
        };
        Service::new(Ids::seeded(1), settings)
    }

    #[tokio::test]
    async fn a_hash_is_of_its_password_and_no_other() -> Result<()> {
        let service = service();
        let verify = |typed, hash| verify(&service, typed, hash);
        let hash = hash(&service, "正确的马电池订书钉").await?;
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("正确的马电池订书钉", Some(&hash)).await?);
        assert!(!verify("正确的马电池订书针", Some(&hash)).await?);
        assert!(!verify("", None).await?);
        let composed = super::hash(&service, "caf\u{e9} long enough").await?;
        assert!(verify("cafe\u{301} long enough", Some(&composed)).await?, "typed on another keyboard");
        assert!(verify("x", Some("no hash")).await.is_err());
        Ok(())
    }

    #[test]
    fn it_is_the_same_hash_as_the_library_makes() -> Result<()> {
        let library = Argon2::new(Algorithm::Argon2id, Version::V0x13, params()?);
        let theirs: PasswordHash = library.hash_password_with_salt(b"secret", &[3; 16]).map_err(|e| internal(&e))?;
        let ours = Thrifty.hash_password_with_params(b"secret", &[3; 16], params()?).map_err(|e| internal(&e))?;
        assert_eq!(ours.to_string(), theirs.to_string());
        assert!(library.verify_password(b"secret", &ours).is_ok());
        Ok(())
    }
}
