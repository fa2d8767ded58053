//! Cleaning what was typed into a record's form, with an error at each field that cannot be kept.

use crate::actions::{ActionError, FieldError, Result};
use crate::domain::text::{self, Email, TextError};

/// The errors found so far.
#[derive(Default)]
pub(super) struct Cleaner {
    errors: Vec<FieldError>,
}

impl Cleaner {
    /// A line that must be there.
    pub(super) fn line(&mut self, field: &'static str, typed: &str, max: usize) -> String {
        self.take(field, text::line(typed, max)).unwrap_or_default()
    }

    /// A line that may be empty.
    pub(super) fn optional_line(&mut self, field: &'static str, typed: &str, max: usize) -> String {
        self.take(field, text::optional_line(typed, max)).flatten().unwrap_or_default()
    }

    /// A list in one line: separated by commas, semicolons, 顿号 or spaces, each once.
    pub(super) fn list(&mut self, field: &'static str, typed: &[String], max: usize) -> Vec<String> {
        let mut list = Vec::new();
        let parts = typed.iter().flat_map(|line| line.split(['、', '，', ',', ';', '；', ' ', '　', '\n']));
        for part in parts.filter(|part| !part.trim().is_empty()) {
            let cleaned = self.line(field, part, max);
            if !cleaned.is_empty() && !list.contains(&cleaned) {
                list.push(cleaned);
            }
        }
        list
    }

    /// A mail address, or nothing.
    pub(super) fn email(&mut self, field: &'static str, typed: &str) -> String {
        if typed.trim().is_empty() {
            return String::new();
        }
        if let Ok(email) = Email::parse(typed) {
            email.as_str().to_owned()
        } else {
            self.fail(field, "email");
            String::new()
        }
    }

    /// Records what is wrong with a field.
    pub(super) fn fail(&mut self, field: &'static str, code: &'static str) {
        self.errors.push(FieldError::new(field, code));
    }

    /// The same with a hint.
    pub(super) fn fail_with(&mut self, field: &'static str, code: &'static str, hint: Option<String>) {
        self.errors.push(FieldError { field, code, hint });
    }

    /// All errors, if there are any.
    pub(super) fn finish(self) -> Result<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(ActionError::Malformed(self.errors)) }
    }

    fn take<T>(&mut self, field: &'static str, result: std::result::Result<T, TextError>) -> Option<T> {
        result.map_err(|error| self.fail(field, error.code())).ok()
    }
}
