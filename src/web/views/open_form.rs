//! The page between an open form and its receipt, where many came from one network: it waits or works, and sends the form again as it was typed.
//! Without script its button does.

use crate::actions::open_forms::{Ask, Task};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::{Answer, html};
use askama::Template;

/// What every open form may carry beside its own fields.
pub(super) const FIELDS: [&str; 2] = ["pass", "work"];

#[derive(Template)]
#[template(path = "pages/open_form.html")]
struct View {
    page: Page,
    /// Where the form is sent.
    action: String,
    hidden: Vec<(String, String)>,
    ask: Ask,
    /// What the receipt of this form leads to.
    words: &'static str,
}

/// The page. `never` are fields that are not sent again; `words` is the key of what happens to a form that does not wait for its work.
///
/// # Errors
/// When the template fails.
pub(super) fn ask(page: Page, action: String, form: &Form, never: &[&str], words: &'static str, ask: Ask) -> Answer {
    let again = |name: &str| !FIELDS.contains(&name) && !never.contains(&name);
    let hidden = form.values().iter().filter(|(name, value)| again(name) && !value.is_empty()).cloned().collect();
    html(&View { page, action, hidden, ask, words })
}
