//! What only the enterprise may say, it says on its own phone: a phone enrolled for an inspector is told so, and nothing is recorded.

use crate::web::MaybeInspecting;
use crate::web::page::Page;
use crate::web::respond::{Answer, html_with};
use askama::Template;
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "pages/enterprise/own_phone.html")]
struct OwnPhone {
    page: Page,
    back: String,
}

/// Whether the request comes from an inspector's phone, locked or not.
pub(super) const fn is_inspectors(known: &MaybeInspecting) -> bool {
    known.0.is_some()
}

/// The page that says who does this, with the way back.
pub(super) fn refuse(page: Page, back: String) -> Answer {
    html_with(StatusCode::FORBIDDEN, &OwnPhone { page, back })
}
