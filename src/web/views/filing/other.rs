//! What is shown when a form that was sent already comes again with other content: what was saved then. Status 409.

use super::receipt;
use crate::actions::Snapshot;
use crate::app::App;
use crate::domain::id::FilingId;
use crate::storage::{enterprises, filings};
use crate::web::error::AppError;
use crate::web::extract::Inspecting;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with};
use askama::Template;
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "pages/filing/other.html")]
struct Other {
    page: Page,
    name: String,
    facts: Vec<(String, String)>,
    saved: String,
    fresh: String,
}

/// The page, with links to what was saved and to a fresh form.
pub(super) async fn answer(
    app: &App,
    page: Page,
    snapshot: &Snapshot,
    inspecting: &Inspecting,
    id: FilingId,
    token: &str,
) -> Answer {
    let mut tx = app.db.read().await?;
    let record = filings::get(&mut tx, id, inspecting.scope()).await?.ok_or(AppError::NotFound)?;
    let enterprise = enterprises::get(&mut tx, record.filing.enterprise).await?.ok_or(AppError::NotFound)?;
    let facts = receipt::facts(&page, snapshot, &record);
    let (saved, fresh) = (paths::filing(id), paths::file(token));
    html_with(StatusCode::CONFLICT, &Other { page, name: enterprise.name, facts, saved, fresh })
}
