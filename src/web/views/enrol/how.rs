//! `/enrol`: what an unknown phone is told: who can invite it, and that what is urgent can be filed at once.

use crate::domain::sign_code::SignToken;
use crate::web::extract::Filters;
use crate::web::page::Page;
use crate::web::respond::{Answer, html};
use askama::Template;

#[derive(Template)]
#[template(path = "pages/enrol/how.html")]
struct How {
    page: Page,
    /// The urgent filing at the enterprise whose code was scanned.
    urgent: Option<String>,
}

/// `GET /enrol?next=…`.
pub(in crate::web) async fn get(page: Page, filters: Filters) -> Answer {
    let token = filters.one("next").strip_prefix("/e/").and_then(|rest| rest.split('/').next());
    let token = token.and_then(|token| SignToken::parse(token).ok());
    html(&How { page, urgent: token.map(|token| format!("/e/{token}/urgent")) })
}
