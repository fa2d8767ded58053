//! Query parameters, read one by one as the fields of a body are: everything that is wrong is told at once; and cursors.

use super::body::{self, Wrong};
use super::problem::{InputError, Refusal};
use crate::domain::text::{self, NAME_MAX};
use crate::web::error::AppError;
use crate::web::extract;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The most entries of a page.
const LIMIT_MAX: u32 = 200;
/// The entries of a page where the request does not say.
const LIMIT_DEFAULT: u32 = 50;

/// The parameters that are still to be read, and what was wrong so far.
#[derive(Clone, Debug, Default)]
pub struct Query {
    values: Vec<(String, String)>,
    errors: Vec<InputError>,
}

impl Query {
    /// A parameter; `None` if it was not sent.
    pub fn optional<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Result<T, Wrong>) -> Option<T> {
        let (mut found, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.values).into_iter().partition(|(key, _)| key == name);
        self.values = rest;
        if found.len() > 1 {
            self.fail(name, "repeated");
            return None;
        }
        let (_, value) = found.pop()?;
        read(&value).map_err(|code| self.fail(name, code)).ok()
    }

    /// One of the codes that `parse` knows.
    pub fn code<T>(&mut self, name: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
        self.optional(name, |text| parse(text).ok_or("code"))
    }

    /// A UUID.
    pub fn id<T>(&mut self, name: &str, make: fn(Uuid) -> T) -> Option<T> {
        self.optional(name, |text| body::uuid(text).map(make))
    }

    /// A date.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        self.optional(name, |text| {
            let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10).ok_or("date")?;
            if (2000..2100).contains(&date.year()) { Ok(date) } else { Err("bad_date") }
        })
    }

    /// What is searched for, in lower case.
    pub fn words(&mut self) -> Option<String> {
        let words = self.optional("q", |text| text::optional_line(text, NAME_MAX).map_err(|error| error.code()));
        words.flatten().map(|words| words.to_lowercase())
    }

    /// How many entries a page has.
    pub fn limit(&mut self) -> u32 {
        let read = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = text.parse::<u32>().ok().filter(|_| digits).ok_or("type")?;
            if (1..=LIMIT_MAX).contains(&number) { Ok(number) } else { Err("range") }
        };
        self.optional("limit", read).unwrap_or(LIMIT_DEFAULT)
    }

    /// Where the page begins.
    pub fn cursor<T>(&mut self, read: fn(&[u8]) -> Option<T>) -> Option<T> {
        self.optional("cursor", |text| URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| read(&bytes)).ok_or("cursor"))
    }

    /// Records what is wrong with a parameter.
    pub fn fail(&mut self, name: &str, code: Wrong) {
        self.errors.push(InputError::new(name, code));
    }

    /// Ends the reading: what is left over is unknown.
    ///
    /// # Errors
    /// 422 with everything that was wrong.
    pub fn end(mut self) -> Result<(), AppError> {
        for (name, _) in std::mem::take(&mut self.values) {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
            self.fail(&shown, "unknown_parameter");
        }
        if self.errors.is_empty() { Ok(()) } else { Err(Refusal::Input(self.errors).into()) }
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, AppError> {
        let values = extract::body::decode(parts.uri.query().unwrap_or_default().as_bytes())?;
        Ok(Self { values, errors: Vec::new() })
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Paged<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Give this as `cursor` to get the next page; `null` on the last one.
    pub next_cursor: Option<String>,
}

impl<T> Paged<T> {
    /// Makes a page of at most `limit` entries from one entry more than that, if there is one.
    pub fn new<R>(mut rows: Vec<R>, limit: u32, cursor: fn(&R) -> Vec<u8>, show: impl Fn(R) -> T) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| URL_SAFE_NO_PAD.encode(cursor(row)));
        Self { items: rows.into_iter().map(show).collect(), next_cursor }
    }
}

/// A place in a list by time.
#[must_use]
pub fn time_cursor(time: DateTime<Utc>, id: Uuid) -> Vec<u8> {
    [time.timestamp_millis().to_be_bytes().as_slice(), id.as_bytes()].concat()
}

/// The inverse of [`time_cursor`].
#[must_use]
pub fn read_time_cursor(bytes: &[u8]) -> Option<(DateTime<Utc>, Uuid)> {
    let (millis, id) = bytes.split_first_chunk::<8>()?;
    let time = DateTime::from_timestamp_millis(i64::from_be_bytes(*millis))?;
    (2000..2100).contains(&time.year()).then_some((time, Uuid::from_slice(id).ok()?))
}

/// A place in a list by name.
#[must_use]
pub fn name_cursor(name: &str, id: Uuid) -> Vec<u8> {
    [id.as_bytes(), name.as_bytes()].concat()
}

/// The inverse of [`name_cursor`].
#[must_use]
pub fn read_name_cursor(bytes: &[u8]) -> Option<(String, Uuid)> {
    let (id, name) = bytes.split_first_chunk::<16>()?;
    let name = std::str::from_utf8(name).ok()?;
    (!name.contains('\0')).then(|| (name.to_owned(), Uuid::from_bytes(*id)))
}
