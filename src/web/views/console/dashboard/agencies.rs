//! `/console/dashboard/agencies`: the agencies that a number of the dashboard counts, with their figures of the period.

use super::model::{Cell, Row};
use super::{panels, period};
use crate::actions::figures::district;
use crate::app::App;
use crate::i18n::facts::Facts;
use crate::print::table::{Cell as Out, Format, Table};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::page::Page;
use crate::web::respond::{Answer, download, html};
use askama::Template;
use axum::extract::State;

#[derive(Template)]
#[template(path = "pages/console/dashboard/agencies.html")]
struct List {
    page: Page,
    filters: Filters,
    title: String,
    words: String,
    heads: Vec<String>,
    rows: Vec<Row>,
    file: String,
}

/// `GET /console/dashboard/agencies`; with `format=xlsx` or `csv` the same rows as a file.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let period = period::read(&filters, page.today());
    let snapshot = app.service.snapshot(&mut tx).await?;
    let figures = district(&mut tx, &app.service, period, me.ceiling(), me.now).await?;
    drop(tx);
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let source = panels::Source { page: &page, district: &figures, facts: &facts, policies: &snapshot.policies };
    let show = ["filed", "silent", "urged"].into_iter().find(|show| *show == filters.one("show")).unwrap_or("all");
    let shown = figures.agencies.iter().filter(|one| match show {
        "filed" => one.sums.filed > 0,
        "silent" => one.sums.filed == 0,
        "urged" => one.urged,
        _ => true,
    });
    let rows: Vec<Row> = shown.map(|one| panels::agency_row(&source, one)).collect();
    let heads: Vec<String> = panels::AGENCY_HEADS.iter().map(|key| page.t(key)).collect();
    let title = page.t(&format!("figures-show-{show}"));
    if let Some(format) = Format::parse(filters.one("format")) {
        return file(&title, format, &heads, &rows);
    }
    html(&List {
        words: page.t2("figures-period", "from", page.date(&period.0), "to", page.date(&period.1)),
        file: filters.with("format", "xlsx"),
        page,
        filters,
        title,
        heads,
        rows,
    })
}

fn file(title: &str, format: Format, heads: &[String], rows: &[Row]) -> Answer {
    let written = || {
        let mut table = Table::new(format, heads)?;
        for row in rows {
            table.row(&row.cells.iter().map(out).collect::<Vec<_>>())?;
        }
        table.bytes()
    };
    let bytes = written().map_err(|error| AppError::internal(&error))?;
    download(&format!("{title}.{}", format.extension()), format.media_type(), bytes)
}

fn out(cell: &Cell) -> Out {
    cell.number.map_or_else(|| Out::from(cell.text.as_str()), Out::from)
}
