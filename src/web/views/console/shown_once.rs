//! A page that shows a new secret this once: an enterprise's PIN, a user's first password.

use crate::web::page::Page;
use askama::Template;

/// What the page shows.
#[derive(Template)]
#[template(path = "pages/console/shown-once.html")]
pub(super) struct ShownOnce {
    pub(super) page: Page,
    /// Where to go back to, and in which words.
    pub(super) back: (String, String),
    pub(super) title: String,
    pub(super) secret: String,
    /// How it is handed over.
    pub(super) hand_over: String,
}
