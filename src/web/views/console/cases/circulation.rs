//! `/console/circulation`: the agencies that are listed for circulation (通报), because they did not answer in ten working days.

use super::parts;
use crate::app::App;
use crate::i18n::facts::Facts;
use crate::storage::cases::request_lists::{self, MOST_LISTED};
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;

struct Line {
    href: String,
    id: String,
    version: i64,
    number: String,
    agency: String,
    due: String,
    listed: String,
    state: String,
    state_class: &'static str,
    circulated: String,
}

#[derive(Template)]
#[template(path = "pages/console/cases/circulation.html")]
struct View {
    page: Page,
    filters: Filters,
    lines: Vec<Line>,
}

/// `GET /console/circulation`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let rows = request_lists::listed(&mut tx, MOST_LISTED).await?;
    let lines = rows
        .iter()
        .map(|row| Line {
            href: paths::item(paths::EXPLANATIONS, row.id),
            id: row.id.to_string(),
            version: row.version,
            number: row.number.clone(),
            agency: facts.agency(row.agency),
            due: page.date(&row.due_on),
            listed: row.listed_at.map(|at| page.time(&at)).unwrap_or_default(),
            state: parts::state(&page, row),
            state_class: parts::state_class(row, me.now),
            circulated: row.circulated_at.map(|at| page.time(&at)).unwrap_or_default(),
        })
        .collect();
    html(&View { page, filters, lines })
}
