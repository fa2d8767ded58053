//! A JSON body, read field by field: everything that is wrong is told at once, an unknown field too. As [`crate::web::Form`] is for forms.

use super::problem::{InputError, Refusal};
use crate::domain::text::{self, TextError};
use crate::web::error::AppError;
use chrono::{DateTime, Datelike, SubsecRound, Timelike, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The fields of an object that are still to be read, and what was wrong so far.
#[derive(Clone, Debug, Default)]
pub struct Body {
    fields: Map<String, Value>,
    errors: Vec<InputError>,
}

/// What is wrong with a value, by its code.
pub type Wrong = &'static str;

impl Body {
    /// Reads bytes as one JSON object; no bytes and `null` are an object without fields.
    ///
    /// # Errors
    /// 400 when they are no JSON, 422 when they are another kind of value.
    pub fn parse(bytes: &[u8]) -> Result<Self, AppError> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        // serde's words could repeat parts of the body: only the place is told.
        let value = serde_json::from_slice(bytes)
            .map_err(|error| Refusal::Syntax(format!("line {}, column {}", error.line(), error.column())))?;
        match value {
            Value::Object(fields) => Ok(Self { fields, errors: Vec::new() }),
            Value::Null => Ok(Self::default()),
            _ => Err(Refusal::Input(vec![InputError::new("", "type")]).into()),
        }
    }

    /// Whether a field was sent, `null` included.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Records what is wrong with a field.
    pub fn fail(&mut self, name: &str, code: Wrong) {
        self.errors.push(InputError::new(name, code));
    }

    /// A field that may be left out; `null` is as good as left out.
    pub fn optional<T>(&mut self, name: &str, read: impl FnOnce(&Value) -> Result<T, Wrong>) -> Option<T> {
        let value = self.fields.remove(name).filter(|value| !value.is_null())?;
        read(&value).map_err(|code| self.fail(name, code)).ok()
    }

    /// A field that must be there.
    pub fn required<T>(&mut self, name: &str, read: impl FnOnce(&Value) -> Result<T, Wrong>) -> Option<T> {
        if self.fields.get(name).is_none_or(Value::is_null) {
            self.fields.remove(name);
            self.fail(name, "required");
            return None;
        }
        self.optional(name, read)
    }

    /// Text of several lines that may be left out; empty then.
    pub fn words(&mut self, name: &str, max: usize) -> String {
        self.optional(name, |value| words(value, max)).unwrap_or_default()
    }

    /// A tick that may be left out; not set then.
    pub fn tick(&mut self, name: &str) -> bool {
        self.optional(name, boolean).unwrap_or_default()
    }

    /// The version that the client saw of what it changes.
    pub fn version(&mut self) -> Option<i64> {
        self.optional("version", |value| number(value, 1..=i32::MAX.unsigned_abs())).map(i64::from)
    }

    /// Ends the reading: what is left over is unknown.
    ///
    /// # Errors
    /// 422 with everything that was wrong.
    pub fn end(mut self) -> Result<(), AppError> {
        for name in std::mem::take(&mut self.fields).keys() {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
            self.fail(&shown, "unknown_field");
        }
        if self.errors.is_empty() { Ok(()) } else { Err(Refusal::Input(self.errors).into()) }
    }
}

/// The value of a required field, of which [`Body::end`] has made sure.
///
/// # Errors
/// When it has not.
pub fn needed<T>(field: Option<T>) -> Result<T, AppError> {
    field.ok_or_else(|| AppError::internal(&"a required field was lost"))
}

/// A string.
///
/// # Errors
/// For any other type.
pub fn string(value: &Value) -> Result<&str, Wrong> {
    value.as_str().ok_or("type")
}

/// `true` or `false`.
///
/// # Errors
/// For any other type.
pub fn boolean(value: &Value) -> Result<bool, Wrong> {
    value.as_bool().ok_or("type")
}

/// A UUID in its hyphenated form.
///
/// # Errors
/// For anything else.
pub fn id<T>(make: fn(Uuid) -> T) -> impl Fn(&Value) -> Result<T, Wrong> {
    move |value| uuid(string(value)?).map(make)
}

/// A UUID in its hyphenated form.
///
/// # Errors
/// For any other text.
pub fn uuid(text: &str) -> Result<Uuid, Wrong> {
    if text.len() == 36 { Uuid::try_parse(text).map_err(|_| "id") } else { Err("id") }
}

/// One of the codes that `parse` knows.
///
/// # Errors
/// For any other value.
pub fn code<T>(parse: fn(&str) -> Option<T>) -> impl Fn(&Value) -> Result<T, Wrong> {
    move |value| parse(string(value)?).ok_or("code")
}

/// An instant with its offset, cut to milliseconds.
///
/// # Errors
/// For anything else, and outside of the years 2000 to 2099.
pub fn time(value: &Value) -> Result<DateTime<Utc>, Wrong> {
    let text = string(value)?;
    if !matches!(text.as_bytes().get(10), Some(b'T' | b't')) {
        return Err("time");
    }
    let instant = DateTime::parse_from_rfc3339(text).map_err(|_| "time")?.to_utc();
    if instant.nanosecond() >= 1_000_000_000 {
        return Err("time");
    }
    if (2000..2100).contains(&instant.year()) { Ok(instant.trunc_subsecs(3)) } else { Err("bad_date") }
}

/// A whole number within a range.
///
/// # Errors
/// For anything else.
pub fn number(value: &Value, range: std::ops::RangeInclusive<u32>) -> Result<u32, Wrong> {
    let number = value.as_i64().ok_or("type")?;
    u32::try_from(number).ok().filter(|number| range.contains(number)).ok_or("range")
}

/// A list of at most `max` values.
///
/// # Errors
/// For anything else, and what is wrong with the first wrong value.
pub fn list<T>(value: &Value, max: usize, read: impl Fn(&Value) -> Result<T, Wrong>) -> Result<Vec<T>, Wrong> {
    let values = value.as_array().ok_or("type")?;
    if values.len() > max { Err("too_many") } else { values.iter().map(read).collect() }
}

/// A line that is not empty.
///
/// # Errors
/// For anything else.
pub fn line(value: &Value, max: usize) -> Result<String, Wrong> {
    text::line(string(value)?, max).map_err(|error: TextError| error.code())
}

/// Text of several lines; empty for nothing but white space.
///
/// # Errors
/// For anything else.
pub fn words(value: &Value, max: usize) -> Result<String, Wrong> {
    let words = text::optional_paragraph(string(value)?, max).map_err(|error| error.code())?;
    Ok(words.unwrap_or_default())
}
