//! Cookies, read and written by hand: `HttpOnly`, `SameSite=Lax`, `Path=/`, and with the `__Host-` prefix where the site is served over https.

use super::error::AppError;
use crate::actions::known_browsers::KEEP;
use crate::app::App;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Language, theme and text size.
pub const PREFS: &str = "prefs";
/// An enrolled inspector's phone.
pub const DEVICE: &str = "device";
/// What binds the challenge of a passkey to this browser.
pub const PASSKEY: &str = "passkey";
/// A signed-in user of the console.
pub const SESSION: &str = "session";
/// A browser that signed somebody in before.
pub const KNOWN: &str = "known";
/// A browser at which an enterprise has rated a visit with its PIN.
pub const DESK: &str = "desk";
/// A sign-in through a provider that is under way.
pub const EXTERNAL: &str = "external";

/// A year.
pub const YEAR: Duration = Duration::from_hours(365 * 24);

fn is_https(app: &App) -> bool {
    app.service.settings.public_url.starts_with("https://")
}

fn full_name(app: &App, name: &str) -> String {
    if is_https(app) { format!("__Host-{name}") } else { format!("mashang-{name}") }
}

/// The value of a cookie of this program.
#[must_use]
pub fn get<'a>(app: &App, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let name = full_name(app, name);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// A `Set-Cookie` header; a lifetime of zero removes the cookie.
///
/// # Errors
/// When the value has characters that no cookie has.
pub fn set(app: &App, name: &str, value: &str, lifetime: Duration) -> Result<HeaderValue, AppError> {
    let secure = if is_https(app) { "; Secure" } else { "" };
    let name = full_name(app, name);
    let age = lifetime.as_secs();
    HeaderValue::from_str(&format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"))
        .map_err(|error| AppError::internal(&error))
}

/// What is stored of the secret in a cookie; `None` if there is none of ours.
#[must_use]
pub fn hash_of(app: &App, headers: &HeaderMap, name: &str) -> Option<Vec<u8>> {
    get(app, headers, name).and_then(secret_hash)
}

/// Sets [`KNOWN`] or [`DESK`] beside the cookies that an answer sets already, for as long as the browser is known.
///
/// # Errors
/// As [`set`].
pub fn set_known(app: &App, answer: &mut Response, name: &str, secret: &[u8; 32]) -> Result<(), AppError> {
    let lifetime = Duration::from_secs(KEEP.num_seconds().unsigned_abs());
    let cookie = set(app, name, &encode_secret(secret), lifetime)?;
    answer.headers_mut().append(SET_COOKIE, cookie);
    Ok(())
}

/// A secret as it is put into a cookie or a link.
#[must_use]
pub fn encode_secret(secret: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(secret)
}

/// What is stored of a secret that came in a cookie or a link; `None` if it is none of ours.
#[must_use]
pub fn secret_hash(text: &str) -> Option<Vec<u8>> {
    let secret = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == 32)?;
    Some(Sha256::digest(secret).to_vec())
}
