//! The start page: for those who came without a code.

use crate::web::page::Page;
use crate::web::respond::{Answer, html};
use askama::Template;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Home {
    page: Page,
}

/// `GET /`.
pub(in crate::web) async fn get(page: Page) -> Answer {
    html(&Home { page })
}
