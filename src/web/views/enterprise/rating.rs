//! Rating a visit (`/i/CODE/rate`): three marks, once. The answer is the same whether or not it was rated before.

use super::own_phone;
use crate::actions::{Marks, rate_visit};
use crate::app::App;
use crate::domain::sign_code::InspectionCode;
use crate::storage::filings::{self, FilingRecord};
use crate::storage::{Tx, enterprises};
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::{Form, MaybeInspecting, Now, paths};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};

/// Names of the three marks.
pub(super) const MARKS: [&str; 3] = ["closeness", "integrity", "satisfaction"];

#[derive(Template)]
#[template(path = "pages/enterprise/rating.html")]
struct Rating {
    page: Page,
    form: Form,
    code: String,
    agency: String,
    enterprise: String,
    marks: [&'static str; 3],
    unchecked: bool,
}

#[derive(Template)]
#[template(path = "pages/enterprise/rating_done.html")]
struct Done {
    page: Page,
    back: String,
}

/// `GET /i/{code}/rate`.
pub(super) async fn get(
    State(app): State<App>,
    page: Page,
    known: MaybeInspecting,
    Path(typed): Path<String>,
) -> Answer {
    if own_phone::is_inspectors(&known) {
        return own_phone::refuse(page, elsewhere(&typed));
    }
    let mut tx = app.db.read().await?;
    match rateable(&mut tx, page.now, &typed).await? {
        Some(record) => html(&rating(&app, &mut tx, page, Form::default(), &record).await?),
        None => see_other(&elsewhere(&typed)),
    }
}

/// `POST /i/{code}/rate`.
pub(super) async fn post(
    State(app): State<App>,
    page: Page,
    Now(now): Now,
    known: MaybeInspecting,
    Path(typed): Path<String>,
    form: Form,
) -> Answer {
    if own_phone::is_inspectors(&known) {
        return own_phone::refuse(page, elsewhere(&typed));
    }
    let mut form = form.only(&MARKS);
    let mut tx = app.db.write().await?;
    let Some(record) = rateable(&mut tx, now, &typed).await? else { return see_other(&elsewhere(&typed)) };
    let (Some(marks), false) = (marks(&mut form), form.has_errors()) else {
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &rating(&app, &mut tx, page, form, &record).await?);
    };
    let done = rate_visit(&mut tx, &app.service, now, record.filing.id, marks).await;
    if form.heed(done)?.is_none() {
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &rating(&app, &mut tx, page, form, &record).await?);
    }
    tx.commit().await?;
    html(&Done { page, back: paths::inspection(&record.inspection_code) })
}

/// Where those are sent who cannot rate: the page of the inspection says why.
fn elsewhere(typed: &str) -> String {
    InspectionCode::parse(typed)
        .map_or_else(|_| paths::INSPECTION_FORM.to_owned(), |code| paths::inspection(code.as_str()))
}

/// The filing of a code, if there was a visit to rate.
async fn rateable(tx: &mut Tx, now: DateTime<Utc>, typed: &str) -> Result<Option<FilingRecord>, AppError> {
    let Ok(code) = InspectionCode::parse(typed) else { return Ok(None) };
    let record = filings::by_inspection_code(tx, code.as_str()).await?;
    Ok(record.filter(|record| is_rateable(record, now)))
}

/// Whether there was a visit to rate: they came, or the time for which they were registered is over. What reports say counts for nothing.
pub(super) fn is_rateable(record: &FilingRecord, now: DateTime<Utc>) -> bool {
    record.filing.live() && (!is_unchecked(record) || record.filing.planned.end() <= now)
}

/// Whether nobody has said yet that they came: then a rating says so.
pub(super) const fn is_unchecked(record: &FilingRecord) -> bool {
    record.filing.arrived_at.is_none() && record.presence_confirmed_at.is_none()
}

/// The three marks of a form; what is wrong with them is recorded in it.
pub(super) fn marks(form: &mut Form) -> Option<Marks> {
    let mark = |text: &str| text.parse::<u8>().ok().filter(|mark| (1..=5).contains(mark));
    let marks = MARKS.map(|name| form.choice(name, mark));
    let [Some(closeness), Some(integrity), Some(satisfaction)] = marks else { return None };
    Some(Marks { closeness, integrity, satisfaction })
}

async fn rating(app: &App, tx: &mut Tx, page: Page, form: Form, record: &FilingRecord) -> Result<Rating, AppError> {
    let snapshot = app.service.snapshot(tx).await?;
    let agency = snapshot.registries.agencies.get(&record.filing.agency).map(|a| a.name.clone()).unwrap_or_default();
    let enterprise = enterprises::get(tx, record.filing.enterprise).await?.ok_or(AppError::NotFound)?;
    Ok(Rating {
        page,
        form,
        code: record.inspection_code.clone(),
        agency,
        enterprise: enterprise.name,
        marks: MARKS,
        unchecked: is_unchecked(record),
    })
}
