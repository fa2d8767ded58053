//! `/screen/{token}`: the figures on a wall (大屏): dark, large, made anew every minute, without the name of any enterprise. Whoever has the link
//! sees it, until a supervisor revokes it, and that may be somebody of an agency. So that nothing on it tells of a report: whole months that are
//! over, no problems of single agencies or days, no count of problems below five, no reports, never severity 4.

use super::{Headline, charts, model, panels};
use crate::actions::figures::{District, district};
use crate::app::App;
use crate::domain::figures::month_of;
use crate::domain::violation::Severity;
use crate::i18n::facts::Facts;
use crate::storage::screens;
use crate::web::cookies;
use crate::web::error::AppError;
use crate::web::extract::Now;
use crate::web::page::{Page, Theme};
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use chrono::{Days, Months};
use model::{Cell, Panel};

/// Panels of the wall.
const SHOWN: [&str; 3] = ["days", "funnel", "trend"];

/// The gravest that it shows.
const WALL: Severity = Severity::Violation;

/// Months that it shows.
const MONTHS: u32 = 12;

/// Fewer problems than this are not told apart.
const FEWEST: i64 = 5;

#[derive(Template)]
#[template(path = "pages/console/dashboard/screen.html")]
struct Wall {
    page: Page,
    words: String,
    updated: String,
    headlines: Vec<Headline>,
    panels: Vec<Panel>,
}

/// `GET /screen/{token}`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    Now(now): Now,
    mut page: Page,
    Path(token): Path<String>,
) -> Answer {
    let hash = cookies::secret_hash(&token).ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    if !screens::valid(&mut tx, &hash).await? {
        return Err(AppError::NotFound);
    }
    let month = month_of(page.today());
    let period = (month - Months::new(MONTHS), month - Days::new(1));
    let snapshot = app.service.snapshot(&mut tx).await?;
    let figures = district(&mut tx, &app.service, period, WALL, now).await?;
    drop(tx);
    page.theme = Some(Theme::Dark);
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now };
    let source = panels::Source { page: &page, district: &figures, facts: &facts, policies: &snapshot.policies };
    let mut shown: Vec<Panel> = panels::all(&source).into_iter().filter(|panel| SHOWN.contains(&panel.key)).collect();
    // Links lead into the console, where nobody at the wall is signed in.
    for panel in &mut shown {
        panel.chart = charts::without_links(&panel.chart);
    }
    let wall = Wall {
        words: page.t2("figures-period", "from", page.date(&period.0), "to", page.date(&period.1)),
        updated: page.t1("figures-updated", "time", page.time(&now)),
        headlines: headlines(&page, &figures),
        panels: shown,
        page,
    };
    let mut response = html(&wall)?;
    response.headers_mut().insert(REFRESH, HeaderValue::from_static("60"));
    Ok(response)
}

/// Units, filings, problems suspected and confirmed, units that were asked.
fn headlines(page: &Page, figures: &District) -> Vec<Headline> {
    let problems = |n: i64| if (1..FEWEST).contains(&n) { format!("<{FEWEST}") } else { n.to_string() };
    let all = [
        ("figures-units", figures.units().to_string()),
        ("figures-filings", figures.sums.filed.to_string()),
        ("figures-problems-suspected", problems(figures.standing.suspected)),
        ("figures-problems-confirmed", problems(figures.standing.confirmed)),
        ("figures-urged", figures.urged().to_string()),
    ];
    all.into_iter().map(|(key, text)| Headline { name: page.t(key), cell: Cell::words(text) }).collect()
}
