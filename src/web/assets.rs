//! Files of `static/`, inside the program, under names that carry a hash of their content and are cached for a year.

use super::error::AppError;
use super::respond::{Answer, see_other};
use axum::body::Body;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::Response;
use rust_embed::RustEmbed;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// File name to public name.
static PUBLIC: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| Files::iter().filter_map(|name| Some((name.to_string(), public_name(&name)?))).collect());

/// Public name to file name.
static FILES: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| PUBLIC.iter().map(|(file, public)| (public.clone(), file.clone())).collect());

/// `app.css` as `app-1f2e3d4c5b6a.css`.
fn public_name(name: &str) -> Option<String> {
    let file = Files::get(name)?;
    let mut hash = String::new();
    for byte in &file.metadata.sha256_hash()[..6] {
        write!(hash, "{byte:02x}").ok()?;
    }
    let (stem, extension) = name.rsplit_once('.')?;
    Some(format!("{stem}-{hash}.{extension}"))
}

/// The address of a file of `static/`; the plain name, which is not found, if there is no such file.
#[must_use]
pub fn url(name: &str) -> String {
    format!("/static/{}", PUBLIC.get(name).map_or(name, String::as_str))
}

/// The size in bytes and the content of a file of `static/`, for the test of page sizes.
#[must_use]
pub fn content(name: &str) -> Option<Vec<u8>> {
    Files::get(name).map(|file| file.data.into_owned())
}

/// `GET /static/{name}`.
///
/// # Errors
/// When no file has this public name.
pub async fn get(Path(name): Path<String>) -> Answer {
    let file = FILES.get(&name).and_then(|file| Files::get(file)).ok_or(AppError::NotFound)?;
    let mime = mime_guess::from_path(&name).first_or_octet_stream();
    let mime = if mime.type_() == mime_guess::mime::TEXT { format!("{mime}; charset=utf-8") } else { mime.to_string() };
    let mut response = Response::new(Body::from(file.data));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(&mime).map_err(|error| AppError::internal(&error))?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Ok(response)
}

/// `GET /robots.txt`: codes on walls are for those who stand there, not for search engines.
pub async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /\n"
}

/// `GET /favicon.ico`: where browsers look for the icon on pages that name none.
///
/// # Errors
/// Never in practice: the address is made of the icon's name and hash.
pub async fn favicon() -> Answer {
    see_other(&url("icons/favicon.svg"))
}
