//! What the forms of records have in common: title and links, and what happens where somebody else has changed the record meanwhile.

use crate::actions::edit_records::seen;
use crate::actions::{ActionError, FieldError, Result as Done};
use crate::storage::Tx;
use crate::web::error::AppError;
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::settle::settle;
use serde_json::Value;
use std::fmt::Display;

/// Title and links of a form.
pub(super) struct Head {
    pub(super) title: String,
    pub(super) action: String,
    pub(super) back: String,
}

impl Head {
    /// Of a record with its id and name, or of a new one in the `list`, whose title has the key `new`.
    pub(super) fn of(page: &Page, list: &str, new: &str, record: Option<(impl Display, &str)>) -> Self {
        let Some((id, name)) = record else {
            return Self { title: page.t(new), action: paths::item(list, "new"), back: list.to_owned() };
        };
        let back = paths::item(list, id);
        Self { title: page.t1("registry-edit", "name", name), action: format!("{back}/edit"), back }
    }
}

/// As [`settle`], but that somebody else has changed the record since it was shown is one more thing that is wrong with the form.
pub(super) async fn settle_change<T>(tx: Tx, form: &mut Form, done: Done<T>) -> Result<Option<T>, AppError> {
    let done = done.map_err(|error| match error {
        ActionError::Stale(_) => FieldError::new("", "changed_since").into(),
        other => other,
    });
    settle(tx, form, done).await
}

/// A form that is shown again because the record had changed replaces, sent once more, what the page says now.
pub(super) fn show_changed(form: &mut Form, facts: &Value) {
    if form.errors().iter().any(|error| error.code == "changed_since") {
        form.set("seen", seen(facts));
    }
}
