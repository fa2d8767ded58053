//! A form as it was sent, and what is wrong with it: one value that a handler reads and a template shows again.
//!
//! ```text
//! let mut form = form.only(&["submission", "note"]);           // an unknown or repeated field is an error
//! let note = form.optional_line("note", PURPOSE_MAX);           // records what is wrong, keeps what was typed
//! if form.has_errors() { return html_with(UNPROCESSABLE_ENTITY, &View { page, form }); }
//! ```

use super::error::AppError;
use super::extract::body;
use crate::actions::{ActionError, FieldError, Result as Done};
use crate::app::App;
use crate::domain::text::{self, TextError};
use crate::i18n::Lang;
use axum::body::Body;
use axum::extract::FromRequest;
use axum::http::{Request, StatusCode};
use unicode_normalization::UnicodeNormalization;

/// The fields of a form with the errors found so far.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

/// An error in words, for the summary on top of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorLine {
    /// The id of the input that it is about; empty if it is about the whole form.
    pub field: &'static str,
    /// The words.
    pub words: String,
}

impl Form {
    /// A form that nobody has filled in yet, with values to begin with.
    pub fn prefilled<N: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (N, V)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { values, errors: Vec::new() }
    }

    /// Marks every field that is not among these as unknown.
    #[must_use]
    pub fn only(mut self, names: &[&str]) -> Self {
        let unknown = self.values.iter().find(|(name, _)| !names.contains(&name.as_str()));
        if let Some((name, _)) = unknown {
            let hint = Some(name.chars().filter(|c| !c.is_control()).take(40).collect());
            self.errors.push(FieldError { field: "", code: "unknown_field", hint });
        }
        self
    }

    /// The value of a field that is sent once; empty if it was not sent.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// All values of a field that may be sent several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a choice is made: what a radio button or checkbox with this value shows.
    pub fn picked(&self, name: &str, value: impl std::fmt::Display) -> bool {
        let value = value.to_string();
        self.all(name).any(|sent| sent == value)
    }

    /// Whether a field was sent with something in it.
    #[must_use]
    pub fn filled(&self, name: &str) -> bool {
        !self.one(name).trim().is_empty()
    }

    /// All fields as they were sent, for hidden inputs on a page that asks to confirm.
    #[must_use]
    pub fn values(&self) -> &[(String, String)] {
        &self.values
    }

    /// Puts a value in the place of what was sent.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.retain(|(key, _)| key != name);
        self.values.push((name.to_owned(), value.into()));
    }

    /// Records what is wrong with a field.
    pub fn fail(&mut self, field: &'static str, code: &'static str) {
        self.errors.push(FieldError::new(field, code));
    }

    /// Records several things that are wrong.
    pub fn fail_all(&mut self, errors: impl IntoIterator<Item = FieldError>) {
        self.errors.extend(errors);
    }

    /// What an action did; nothing if it found something wrong with the form, which is recorded then.
    ///
    /// # Errors
    /// When the action failed for any other reason.
    pub fn heed<T>(&mut self, done: Done<T>) -> Result<Option<T>, AppError> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(ActionError::Malformed(errors)) => {
                self.fail_all(errors);
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether anything is wrong so far.
    #[must_use]
    pub const fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The status of the page that shows the form: 422 if anything is wrong.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        if self.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
    }

    /// The errors so far.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// A line that must be there. Records an error and gives an empty text otherwise.
    pub fn line(&mut self, name: &'static str, max: usize) -> String {
        self.take(name, text::line(self.one(name), max)).unwrap_or_default()
    }

    /// A line that may be empty.
    pub fn optional_line(&mut self, name: &'static str, max: usize) -> String {
        self.take(name, text::optional_line(self.one(name), max)).flatten().unwrap_or_default()
    }

    /// A text of several lines that may be empty.
    pub fn optional_paragraph(&mut self, name: &'static str, max: usize) -> String {
        self.take(name, text::optional_paragraph(self.one(name), max)).flatten().unwrap_or_default()
    }

    /// A value that must be one of those that `parse` knows.
    pub fn choice<T>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.one(name);
        let (empty, parsed) = (text.is_empty(), parse(text));
        if parsed.is_none() {
            self.fail(name, if empty { "required" } else { "invalid" });
        }
        parsed
    }

    /// The version that the page showed of what is to be changed.
    pub fn version(&mut self) -> Option<i64> {
        self.choice("version", |text| text.parse().ok())
    }

    fn take<T>(&mut self, name: &'static str, result: Result<T, TextError>) -> Option<T> {
        result.map_err(|error| self.fail(name, error.code())).ok()
    }

    /// The words at a field, if something is wrong with it.
    #[must_use]
    pub fn error(&self, lang: &Lang, field: &str) -> Option<String> {
        self.errors.iter().find(|error| error.field == field).map(|error| words(*lang, error))
    }

    /// All errors in words, for the summary on top of the page.
    #[must_use]
    pub fn error_lines(&self, lang: &Lang) -> Vec<ErrorLine> {
        self.errors.iter().map(|error| ErrorLine { field: error.field, words: words(*lang, error) }).collect()
    }
}

/// An error in words: `err-FIELD-CODE` where the catalogue has it, else `err-CODE`, else that something is wrong.
#[must_use]
pub fn words(lang: Lang, error: &FieldError) -> String {
    let code = error.code.replace('_', "-");
    let field = error.field.replace('_', "-");
    let values: [(&'static str, &dyn std::fmt::Display); 1] = [("hint", &error.hint.as_deref().unwrap_or_default())];
    lang.maybe(&format!("err-{field}-{code}"), &values)
        .or_else(|| lang.maybe(&format!("err-{code}"), &values))
        .unwrap_or_else(|| lang.t("err-invalid"))
}

impl FromRequest<App> for Form {
    type Rejection = AppError;

    async fn from_request(request: Request<Body>, _app: &App) -> Result<Self, AppError> {
        let values = body::fields(request).await?;
        let values = values.into_iter().map(|(name, value)| (name, value.nfc().collect())).collect();
        Ok(Self { values, errors: Vec::new() })
    }
}
