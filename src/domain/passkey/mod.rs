//! Passkeys (W3C Web Authentication, level 3): what a browser hands over when one is registered or used, and whether it is right.
//!
//! Attestation is not asked for and not looked at: any make of authenticator may be used. What is checked: the kind of act, the challenge, the
//! origin, that no other site frames it, the site's hash, that a person was there and proved who they are to the authenticator (so that a passkey
//! stands for both steps), the signature (ES256 or RS256), and that the authenticator's counter does not go back.

mod cbor;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cbor::Value;
use ring::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

/// Bytes of a challenge.
pub const CHALLENGE_BYTES: usize = 32;

/// COSE's number of ECDSA with P-256 and SHA-256.
pub const ES256: i64 = -7;
/// COSE's number of RSASSA-PKCS1-v1_5 with SHA-256, which authenticators of Windows have.
pub const RS256: i64 = -257;

/// The most bytes of a credential's id that the standard allows.
const ID_MAX: usize = 1023;

/// Bytes of authenticator data before what depends on its flags.
const HEAD: usize = 37;

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MAY_BE_COPIED: u8 = 0x08;
const COPIED: u8 = 0x10;
const HAS_CREDENTIAL: u8 = 0x40;
const HAS_EXTENSIONS: u8 = 0x80;

/// The site that passkeys are for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The host's name, without port: passkeys are bound to it.
    pub id: String,
    /// What browsers put before the path of its pages.
    pub origin: String,
}

impl Site {
    /// The site of a public address. `None` where browsers offer no passkeys: over plain http, except on the own machine, and for bare addresses.
    #[must_use]
    pub fn of(public_url: &str) -> Option<Self> {
        let url = Url::parse(public_url).ok()?;
        let Host::Domain(id) = url.host()? else { return None };
        let secure = url.scheme() == "https" || (url.scheme() == "http" && id == "localhost");
        secure.then(|| Self { id: id.to_owned(), origin: url.origin().ascii_serialization() })
    }
}

/// Why an answer is not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is not in the form of the standard.
    Form,
    /// It is of another act.
    Act,
    /// It answers another challenge.
    Challenge,
    /// It was made on another site, or in a frame of another.
    Origin,
    /// The authenticator was asked for another site.
    Site,
    /// Nobody was there.
    Presence,
    /// The authenticator did not ask who it is.
    Verification,
    /// The key is of another kind.
    Key,
    /// The signature is not of this key.
    Signature,
    /// The authenticator has counted further before: there are two of it.
    Counter,
}

impl Wrong {
    /// A word for the audit.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Act => "act",
            Self::Challenge => "challenge",
            Self::Origin => "origin",
            Self::Site => "site",
            Self::Presence => "presence",
            Self::Verification => "verification",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Counter => "counter",
        }
    }
}

/// A new passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCredential {
    /// Its id, which the authenticator chose.
    pub id: Vec<u8>,
    /// Its public key, as COSE has it.
    pub key: Vec<u8>,
    /// How far the authenticator has counted; 0 for those that do not count.
    pub counter: i64,
}

/// What a browser hands over when a passkey is used.
#[derive(Clone, Copy, Debug)]
pub struct Assertion<'a> {
    /// What the browser says of the act, in JSON.
    pub client_data: &'a [u8],
    /// What the authenticator says.
    pub authenticator_data: &'a [u8],
    /// The signature over both.
    pub signature: &'a [u8],
}

/// Reads a registration.
///
/// # Errors
/// What is wrong with it.
pub fn registered(
    site: &Site,
    challenge: &[u8],
    client_data: &[u8],
    attestation: &[u8],
) -> Result<NewCredential, Wrong> {
    check_client_data(site, challenge, client_data, "webauthn.create")?;
    let (object, rest) = cbor::first(attestation).ok_or(Wrong::Form)?;
    let data = object.bytes(&Value::Text("authData")).filter(|_| rest.is_empty()).ok_or(Wrong::Form)?;
    let (flags, counter, rest) = check_head(site, data)?;
    if flags & HAS_CREDENTIAL == 0 {
        return Err(Wrong::Form);
    }
    // The make of the authenticator, 16 bytes, is not kept.
    let rest = rest.get(16..).ok_or(Wrong::Form)?;
    let (length, rest) = rest.split_first_chunk::<2>().ok_or(Wrong::Form)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > ID_MAX {
        return Err(Wrong::Form);
    }
    let (id, rest) = rest.split_at_checked(length).ok_or(Wrong::Form)?;
    let (_, after) = cbor::first(rest).ok_or(Wrong::Form)?;
    let key = &rest[..rest.len() - after.len()];
    check_extensions(flags, after)?;
    Key::read(key)?;
    Ok(NewCredential { id: id.to_vec(), key: key.to_vec(), counter })
}

/// Checks the use of a passkey with this key, which has counted to `counter`; returns how far it has counted now.
///
/// # Errors
/// What is wrong with it.
pub fn used(site: &Site, challenge: &[u8], key: &[u8], counter: i64, with: Assertion<'_>) -> Result<i64, Wrong> {
    check_client_data(site, challenge, with.client_data, "webauthn.get")?;
    let (flags, now, rest) = check_head(site, with.authenticator_data)?;
    if flags & HAS_CREDENTIAL != 0 {
        return Err(Wrong::Form);
    }
    check_extensions(flags, rest)?;
    let mut signed = with.authenticator_data.to_vec();
    signed.extend(Sha256::digest(with.client_data));
    Key::read(key)?.verify(&signed, with.signature)?;
    if (now, counter) != (0, 0) && now <= counter {
        return Err(Wrong::Counter);
    }
    Ok(now)
}

#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    act: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
    #[serde(rename = "topOrigin")]
    top_origin: Option<String>,
}

fn check_client_data(site: &Site, challenge: &[u8], client_data: &[u8], act: &str) -> Result<(), Wrong> {
    let said: ClientData = serde_json::from_slice(client_data).map_err(|_| Wrong::Form)?;
    if said.act != act {
        return Err(Wrong::Act);
    }
    if URL_SAFE_NO_PAD.decode(&said.challenge).map_err(|_| Wrong::Form)? != challenge {
        return Err(Wrong::Challenge);
    }
    if said.origin != site.origin || said.cross_origin || said.top_origin.is_some() {
        return Err(Wrong::Origin);
    }
    Ok(())
}

/// The flags and the counter of authenticator data, and what follows.
fn check_head<'a>(site: &Site, data: &'a [u8]) -> Result<(u8, i64, &'a [u8]), Wrong> {
    let (head, rest) = data.split_first_chunk::<HEAD>().ok_or(Wrong::Form)?;
    if head[..32] != Sha256::digest(&site.id)[..] {
        return Err(Wrong::Site);
    }
    let flags = head[32];
    if flags & PRESENT == 0 {
        return Err(Wrong::Presence);
    }
    if flags & VERIFIED == 0 {
        return Err(Wrong::Verification);
    }
    if flags & COPIED != 0 && flags & MAY_BE_COPIED == 0 {
        return Err(Wrong::Form);
    }
    let counter = u32::from_be_bytes([head[33], head[34], head[35], head[36]]);
    Ok((flags, i64::from(counter), rest))
}

/// What follows is nothing, or the extensions that the flags tell of. None is asked for, so that none means anything.
fn check_extensions(flags: u8, rest: &[u8]) -> Result<(), Wrong> {
    let rest = if flags & HAS_EXTENSIONS == 0 { rest } else { cbor::first(rest).ok_or(Wrong::Form)?.1 };
    if rest.is_empty() { Ok(()) } else { Err(Wrong::Form) }
}

/// A public key.
enum Key<'a> {
    /// A point of P-256, uncompressed.
    Point([u8; 65]),
    /// Modulus and exponent.
    Rsa(&'a [u8], &'a [u8]),
}

impl<'a> Key<'a> {
    /// Reads a key as COSE has it (RFC 9053, RFC 8230).
    fn read(cose: &'a [u8]) -> Result<Self, Wrong> {
        let (map, _) = cbor::first(cose).ok_or(Wrong::Key)?;
        let int = |key| map.int(&Value::Int(key));
        let bytes = |key| map.bytes(&Value::Int(key)).ok_or(Wrong::Key);
        match (int(1), int(3)) {
            (Some(2), Some(ES256)) if int(-1) == Some(1) => {
                let (x, y) = (bytes(-2)?, bytes(-3)?);
                if x.len() != 32 || y.len() != 32 {
                    return Err(Wrong::Key);
                }
                let mut point = [4; 65];
                point[1..33].copy_from_slice(x);
                point[33..].copy_from_slice(y);
                Ok(Self::Point(point))
            }
            (Some(3), Some(RS256)) => {
                let (modulus, exponent) = (bytes(-1)?, bytes(-2)?);
                if (256..=1024).contains(&modulus.len()) { Ok(Self::Rsa(modulus, exponent)) } else { Err(Wrong::Key) }
            }
            _ => Err(Wrong::Key),
        }
    }

    fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<(), Wrong> {
        let right = match self {
            Self::Point(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(signed, signature),
            Self::Rsa(n, e) => RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature),
        };
        right.map_err(|_| Wrong::Signature)
    }
}

#[cfg(test)]
mod tests;
