//! `/enrol`: what an unknown phone is told: who can invite it.

use crate::web::page::Page;
use crate::web::respond::{Answer, html};
use askama::Template;

#[derive(Template)]
#[template(path = "pages/enrol/how.html")]
struct How {
    page: Page,
}

/// `GET /enrol`.
pub(in crate::web) async fn get(page: Page) -> Answer {
    html(&How { page })
}
