//! `/console/dashboard`: the supervisors' first page. What needs a decision, the four headline figures of the district for any period, and
//! panels, each a chart with its numbers. Every number opens exactly its rows; suspected and confirmed are never added up.

mod agencies;
mod cases;
mod charts;
mod links;
mod model;
mod needs;
mod panels;
mod period;
pub(in crate::web) mod screen;
mod screens;
mod system;

pub(super) use cases::read_filter as read_cases;

use crate::actions::figures::{District, district};
use crate::app::App;
use crate::i18n::facts::Facts;
use crate::print::table::Format;
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, download, html};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use model::{Cell, Panel};
use period::Choice;

/// The routes of the dashboard.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(paths::DASHBOARD, get(dashboard))
        .route("/console/dashboard/{panel}/{file}", get(file))
        .route(paths::DASHBOARD_AGENCIES, get(agencies::get))
        .route(paths::DASHBOARD_CASES, get(cases::get))
        .route(paths::SCREENS, get(screens::get).post(screens::create))
        .route("/console/screens/{id}/revoke", post(screens::revoke))
}

/// A headline figure.
struct Headline {
    name: String,
    cell: Cell,
}

#[derive(Template)]
#[template(path = "pages/console/dashboard/dashboard.html")]
struct View {
    page: Page,
    choices: Vec<Choice>,
    from: String,
    to: String,
    words: String,
    open: Vec<Headline>,
    headlines: Vec<Headline>,
    /// Filings and reports together.
    records: String,
    panels: Vec<Panel>,
    system: Vec<(String, String, bool)>,
    query: String,
}

/// `GET /console/dashboard`.
async fn dashboard(State(app): State<App>, me: Console<SUPERVISOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let period = period::read(&filters, page.today());
    let snapshot = app.service.snapshot(&mut tx).await?;
    let figures = district(&mut tx, &app.service, period, me.ceiling(), me.now).await?;
    let needs = needs::read(&mut tx, &page, &me).await?;
    let system = system::lines(&mut tx, &page).await?;
    drop(tx);
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let source = panels::Source { page: &page, district: &figures, facts: &facts, policies: &snapshot.policies };
    let panels = panels::all(&source);
    html(&View {
        choices: period::choices(&page, period),
        from: period.0.to_string(),
        to: period.1.to_string(),
        words: page.t2("figures-period", "from", page.date(&period.0), "to", page.date(&period.1)),
        open: needs::strip(&page, &figures, &needs),
        headlines: headlines(&page, &figures),
        records: page.t1("figures-records", "count", figures.sums.filed + figures.reports),
        panels,
        system,
        query: format!("from={}&to={}", period.0, period.1),
        page,
    })
}

/// `GET /console/dashboard/{panel}/table.xlsx` and `.csv`: the numbers of a panel.
async fn file(
    State(app): State<App>,
    me: Console<SUPERVISOR>,
    Path((name, file)): Path<(String, String)>,
    filters: Filters,
) -> Answer {
    let format = file.strip_prefix("table.").and_then(Format::parse).ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    let page = me.bare().clone();
    let period = period::read(&filters, page.today());
    let snapshot = app.service.snapshot(&mut tx).await?;
    let figures = district(&mut tx, &app.service, period, me.ceiling(), me.now).await?;
    drop(tx);
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let source = panels::Source { page: &page, district: &figures, facts: &facts, policies: &snapshot.policies };
    let panel = panels::all(&source).into_iter().find(|panel| panel.key == name).ok_or(AppError::NotFound)?;
    let bytes = panel.file(format).map_err(|error| AppError::internal(&error))?;
    let file = format!("{}-{}-{}.{}", panel.title, period.0, period.1, format.extension());
    download(&file, format.media_type(), bytes)
}

/// Units, filings, reports, problems suspected and confirmed.
fn headlines(page: &Page, figures: &District) -> Vec<Headline> {
    let (from, to) = (figures.period.0.to_string(), figures.period.1.to_string());
    let span = [("from", from.as_str()), ("to", to.as_str())];
    let with = |key, value| [span[0], span[1], (key, value)];
    let headline = |key: &str, cell| Headline { name: page.t(key), cell };
    let urged = i64::try_from(figures.urged()).unwrap_or(i64::MAX);
    let units = i64::try_from(figures.units()).unwrap_or(i64::MAX);
    vec![
        headline("figures-units", Cell::count(units, links::agencies(&with("show", "filed")))),
        headline("figures-filings", Cell::count(figures.sums.filed, links::filings(&with("mark", "counted")))),
        headline("figures-reports", Cell::count(figures.reports, links::reports(&span))),
        headline(
            "figures-problems-suspected",
            Cell::count(figures.standing.suspected, links::cases(&with("state", "suspected"))),
        ),
        headline(
            "figures-problems-confirmed",
            Cell::count(figures.standing.confirmed, links::cases(&with("state", "confirmed"))),
        ),
        headline("figures-urged", Cell::count(urged, links::agencies(&with("show", "urged")))),
    ]
}
