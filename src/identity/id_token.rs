//! The ID token of OpenID Connect: whether it was signed by a key of the provider, for this site, for this sign-in, and is still good.
//!
//! RS256, PS256 and ES256 are taken. What names no key (`none`) and what a client's secret signs (HS256) is never taken: the algorithm is that
//! of the key, not the one that the token asks for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

/// How far the provider's clock may be off.
pub(super) const SKEW: TimeDelta = TimeDelta::minutes(2);

/// A token that was made longer ago is not one of this sign-in.
const OLDEST: TimeDelta = TimeDelta::minutes(15);

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It is no signed token.
    #[error("it is no signed token")]
    Form,
    /// It is not signed in one of the ways that are taken.
    #[error("it is not signed with RS256, PS256 or ES256")]
    Algorithm,
    /// No key of the provider fits: the keys may have been changed.
    #[error("no key of the provider fits")]
    Key,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// Another issuer made it.
    #[error("it is of another issuer")]
    Issuer,
    /// It was made for another site.
    #[error("it is for another client")]
    Audience,
    /// It was made for another sign-in.
    #[error("the nonce is another")]
    Nonce,
    /// Its time is over, has not come, or is not given. The clock of this machine or of the provider may be off.
    #[error("its time is over or has not come; compare the clocks")]
    Time,
    /// It names nobody.
    #[error("it names nobody")]
    Subject,
}

/// A public key of the provider (RFC 7517).
#[derive(Clone, Debug, Deserialize)]
pub struct Key {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    crv: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

/// What a token must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// This site, as the provider knows it.
    pub client: &'a str,
    /// What the sign-in began with.
    pub nonce: &'a str,
    /// The instant.
    pub now: DateTime<Utc>,
}

/// Who a token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The account.
    pub subject: String,
    /// The mail address and whether the provider has made sure of it, where it is there.
    pub email: Option<(String, bool)>,
    /// When the account's owner last proved who they are to the provider (`auth_time`), where it says so.
    pub proved_at: Option<DateTime<Utc>>,
    /// How strong the proof was, in the provider's words (`acr`), where it says so.
    pub strength: Option<String>,
    /// By what it was (`amr`); empty where the provider does not say.
    pub means: Vec<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

/// The keys of a set that can be read; those of other kinds are left out.
#[must_use]
pub fn keys(set: &Value) -> Vec<Key> {
    let keys = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    keys.iter().filter_map(|key| serde_json::from_value(key.clone()).ok()).filter(Key::usable).collect()
}

impl Key {
    fn usable(&self) -> bool {
        let signs = self.purpose.as_deref().is_none_or(|purpose| purpose == "sig");
        signs && (self.kty == "RSA" || (self.kty == "EC" && self.crv == "P-256"))
    }

    /// Whether it may have signed a token with this header.
    fn fits(&self, header: &Header) -> bool {
        let kind = if header.alg == "ES256" { "EC" } else { "RSA" };
        let same_id = header.kid.is_none() || self.kid == header.kid;
        self.kty == kind && same_id && self.alg.as_ref().is_none_or(|alg| *alg == header.alg)
    }

    fn signed(&self, alg: &str, message: &[u8], signature: &[u8]) -> bool {
        let part = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).unwrap_or_default();
        if self.kty == "EC" {
            let point = [&[4], part(&self.x).as_slice(), part(&self.y).as_slice()].concat();
            return UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok();
        }
        let number = |text: &str| part(text).into_iter().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
        let key = RsaPublicKeyComponents { n: number(&self.n), e: number(&self.e) };
        let how = if alg == "PS256" { &RSA_PSS_2048_8192_SHA256 } else { &RSA_PKCS1_2048_8192_SHA256 };
        key.verify(how, message, signature).is_ok()
    }
}

/// Reads a token, if everything about it is right.
///
/// # Errors
/// What is wrong first.
pub fn read(token: &str, keys: &[Key], expected: Expected<'_>) -> Result<Claims, Wrong> {
    let parts: Vec<&str> = token.split('.').collect();
    let [head, body, signature] = parts[..] else { return Err(Wrong::Form) };
    let header: Header = json(head).ok_or(Wrong::Form)?;
    if !matches!(header.alg.as_str(), "RS256" | "PS256" | "ES256") {
        return Err(Wrong::Algorithm);
    }
    // An extension that must be understood, and none is.
    if header.crit.is_some() {
        return Err(Wrong::Form);
    }
    let bytes = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Wrong::Form)?;
    let message = &token.as_bytes()[..head.len() + 1 + body.len()];
    let fitting: Vec<&Key> = keys.iter().filter(|key| key.fits(&header)).collect();
    if fitting.is_empty() {
        return Err(Wrong::Key);
    }
    if !fitting.iter().any(|key| key.signed(&header.alg, message, &bytes)) {
        return Err(Wrong::Signature);
    }
    let claims: Value = json(body).ok_or(Wrong::Form)?;
    check(&claims, expected)?;
    let subject = text(&claims, "sub").filter(|subject| !subject.is_empty()).ok_or(Wrong::Subject)?.to_owned();
    let means = claims.get("amr").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(Claims {
        subject,
        email: email(&claims),
        proved_at: instant(&claims, "auth_time"),
        strength: text(&claims, "acr").map(ToOwned::to_owned),
        means: means.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
    })
}

/// The mail address that claims give, and whether the provider has made sure of it.
#[must_use]
pub fn email(claims: &Value) -> Option<(String, bool)> {
    let sure = claims.get("email_verified").and_then(Value::as_bool).unwrap_or(false);
    text(claims, "email").map(|email| (email.to_owned(), sure))
}

fn check(claims: &Value, expected: Expected<'_>) -> Result<(), Wrong> {
    if text(claims, "iss") != Some(expected.issuer) {
        return Err(Wrong::Issuer);
    }
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let party = text(claims, "azp");
    let ours = audience.contains(&expected.client);
    // Among several the one that it was made for must be named, and wherever one is named it must be this site.
    if !ours || party.is_some_and(|party| party != expected.client) || (audience.len() > 1 && party.is_none()) {
        return Err(Wrong::Audience);
    }
    let now = expected.now;
    let ends = instant(claims, "exp").ok_or(Wrong::Time)?;
    let made = instant(claims, "iat").ok_or(Wrong::Time)?;
    let from = instant(claims, "nbf").unwrap_or(made);
    if ends + SKEW <= now || made > now + SKEW || from > now + SKEW || made + OLDEST < now {
        return Err(Wrong::Time);
    }
    if text(claims, "nonce") != Some(expected.nonce) {
        return Err(Wrong::Nonce);
    }
    Ok(())
}

fn json<T: serde::de::DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn text<'a>(claims: &'a Value, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}

/// Seconds since 1970, which may have a fraction.
fn instant(claims: &Value, name: &str) -> Option<DateTime<Utc>> {
    let seconds = claims.get(name)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a fraction of a second is of no account, and what is too large is no instant"
    )]
    let whole = seconds.as_i64().or_else(|| seconds.as_f64().map(|seconds| seconds as i64))?;
    DateTime::from_timestamp(whole, 0).filter(|at| at.timestamp() < 1 << 40)
}

#[cfg(test)]
mod tests;
