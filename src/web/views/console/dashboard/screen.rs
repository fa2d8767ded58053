//! `/screen/{token}`: the figures on a wall (大屏): dark, large, made anew every minute, without the name of any enterprise. Whoever has the link
//! sees it, until a supervisor revokes it. Never severity 4.

use super::{Headline, WALL, charts, headlines, model, panels, period};
use crate::actions::figures::district;
use crate::app::App;
use crate::i18n::facts::Facts;
use crate::storage::screens;
use crate::web::cookies;
use crate::web::error::AppError;
use crate::web::extract::{Filters, Now};
use crate::web::page::{Page, Theme};
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use model::{Cell, Panel};

/// Panels of the wall: none of them names an enterprise.
const SHOWN: [&str; 4] = ["days", "funnel", "agencies", "trend"];

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
    filters: Filters,
) -> Answer {
    let hash = cookies::secret_hash(&token).ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    if !screens::valid(&mut tx, &hash).await? {
        return Err(AppError::NotFound);
    }
    let period = period::read(&filters, page.today());
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
    let mut headlines = headlines(&page, &figures);
    for one in &mut headlines {
        one.cell = Cell::words(one.cell.text.clone());
    }
    let wall = Wall {
        words: page.t2("figures-period", "from", page.date(&period.0), "to", page.date(&period.1)),
        updated: page.t1("figures-updated", "time", page.time(&now)),
        headlines,
        panels: shown,
        page,
    };
    let mut response = html(&wall)?;
    response.headers_mut().insert(REFRESH, HeaderValue::from_static("60"));
    Ok(response)
}
