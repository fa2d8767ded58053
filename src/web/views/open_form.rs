//! The page between an open form and its receipt, where many came from one network: it waits or works, and sends the form again as it was typed.
//! Without script its button does. The same between the number of a report and what became of it.

use crate::actions::passes::{Ask, Task};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::{Answer, html};
use askama::Template;

/// What every open form may carry beside its own fields.
pub(super) const FIELDS: [&str; 2] = ["pass", "work"];

/// What the page says, as keys.
#[derive(Clone, Copy)]
struct Words {
    title: &'static str,
    lead: &'static str,
    /// Of the time that is left.
    until: &'static str,
    send: &'static str,
    work: &'static str,
    /// What happens to who does not wait for the work.
    direct: &'static str,
    /// Whether a form that does not wait for its work is accepted, and held.
    held: bool,
}

#[derive(Template)]
#[template(path = "pages/open_form.html")]
struct View {
    page: Page,
    /// Where the form is sent.
    action: String,
    hidden: Vec<(String, String)>,
    ask: Ask,
    words: Words,
}

/// The page. `never` are fields that are not sent again; `direct` is the key of what happens to a form that does not wait for its work.
///
/// # Errors
/// When the template fails.
pub(super) fn ask(page: Page, action: String, form: &Form, never: &[&str], direct: &'static str, ask: Ask) -> Answer {
    let words = Words {
        title: "open-form-title",
        lead: "open-form-lead",
        until: "open-form-seconds",
        send: "open-form-send",
        work: "open-form-work",
        direct,
        held: true,
    };
    show(page, action, form, never, words, ask)
}

/// The page before a report is shown.
///
/// # Errors
/// When the template fails.
pub(super) fn ask_look_up(page: Page, action: &str, form: &Form, ask: Ask) -> Answer {
    let words = Words {
        title: "look-wait-title",
        lead: "look-wait-lead",
        until: "look-wait-seconds",
        send: "look-go",
        work: "look-wait-work",
        direct: "look-wait-direct",
        held: false,
    };
    show(page, action.to_owned(), form, &[], words, ask)
}

fn show(page: Page, action: String, form: &Form, never: &[&str], words: Words, ask: Ask) -> Answer {
    let again = |name: &str| !FIELDS.contains(&name) && !never.contains(&name);
    let hidden = form.values().iter().filter(|(name, value)| again(name) && !value.is_empty()).cloned().collect();
    html(&View { page, action, hidden, ask, words })
}
