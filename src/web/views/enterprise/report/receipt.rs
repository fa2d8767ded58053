//! The receipt of a report just sent, by its submission id: what only the browser that sent it knows. It opens for a day.

use super::super::{door, receipt_image};
use super::drafts;
use crate::app::App;
use crate::domain::id::{EnterpriseId, ReportId};
use crate::domain::sign_code::ReceiptNumber;
use crate::storage::reports::{self, ReportRecord};
use crate::storage::{Tx, registries, sites, submissions};
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::{Now, paths};
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// How long a receipt can be opened again by its submission id.
const OPEN: TimeDelta = TimeDelta::hours(24);

#[derive(Template)]
#[template(path = "pages/enterprise/report_receipt.html")]
struct Receipt {
    page: Page,
    token: String,
    drafts: String,
    groups: Vec<String>,
    image: String,
    filed_at: DateTime<Utc>,
    verified: bool,
    /// The site that the code belongs to; empty for the enterprise itself.
    site: String,
}

#[derive(Template)]
#[template(path = "pages/enterprise/report_saved.html")]
struct Saved {
    page: Page,
    groups: Vec<String>,
    filed_at: DateTime<Utc>,
    arrived: String,
    agency: String,
    link: String,
    again: String,
}

#[derive(Template)]
#[template(path = "pages/enterprise/report_closed.html")]
struct Closed {
    page: Page,
}

/// Whose submission ids the reports of an enterprise have.
pub(super) fn scope(id: EnterpriseId) -> String {
    format!("report:{id}")
}

/// Whether a text can be a submission id of ours: long enough that nobody guesses it.
pub(in crate::web::views::enterprise) fn is_key(text: &str) -> bool {
    (20..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// `GET /e/{token}/report/receipt/{key}`.
pub(in crate::web::views::enterprise) async fn get(
    State(app): State<App>,
    page: Page,
    Now(now): Now,
    Path((token, key)): Path<(String, String)>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let Some((token, enterprise)) = door::enter(&mut tx, now, &token).await? else {
        return see_other(&door::landing(&token));
    };
    let Some(record) = by_key(&mut tx, enterprise.id, &key, now).await? else {
        return html_with(StatusCode::NOT_FOUND, &Closed { page });
    };
    let site = sites::of_report(&mut tx, record.report.id).await?;
    html(&Receipt {
        site: site.map(|site| site.line()).unwrap_or_default(),
        drafts: drafts(&token),
        groups: groups(&record.receipt),
        image: paths::report_receipt_image(&token, &key),
        filed_at: record.report.filed_at,
        verified: record.report.verified,
        token,
        page,
    })
}

/// `GET /e/{token}/report/receipt/{key}/image.png`: a real image that a long press can save.
pub(in crate::web::views::enterprise) async fn image(
    State(app): State<App>,
    Now(now): Now,
    Path((token, key)): Path<(String, String)>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let Some((_, enterprise)) = door::enter(&mut tx, now, &token).await? else { return Err(AppError::NotFound) };
    let record = by_key(&mut tx, enterprise.id, &key, now).await?.ok_or(AppError::NotFound)?;
    let link = format!("{}{}", app.service.settings.public_url, paths::LOOK_UP);
    let png = receipt_image::png(&record.receipt, &link).map_err(|error| AppError::internal(&error))?;
    let mut response = Response::new(Body::from(png));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("image/png"));
    Ok(response)
}

/// 409: this submission id already stands for another report. Shows what was saved.
pub(super) async fn other_content(tx: &mut Tx, page: Page, token: String, key: &str, saved: Uuid) -> Answer {
    let record = reports::get(tx, ReportId(saved)).await?.ok_or(AppError::NotFound)?;
    let names = registries::load(tx, page.zone()).await?.agencies;
    let agency = record.report.agency.and_then(|id| names.get(&id)).map(|a| a.name.clone());
    let text = Some(record.agency_text.clone()).filter(|text| !text.is_empty());
    let view = Saved {
        groups: groups(&record.receipt),
        filed_at: record.report.filed_at,
        arrived: page.arrival(&record.report.arrived_at, record.report.arrival_known),
        agency: agency.or(text).unwrap_or_else(|| page.t("unknown")),
        link: paths::report_receipt(&token, key),
        again: paths::report(&token),
        page,
    };
    html_with(StatusCode::CONFLICT, &view)
}

async fn by_key(
    tx: &mut Tx,
    enterprise: EnterpriseId,
    key: &str,
    now: DateTime<Utc>,
) -> Result<Option<ReportRecord>, AppError> {
    if !is_key(key) {
        return Ok(None);
    }
    let Some(id) = submissions::object(tx, &scope(enterprise), key).await? else { return Ok(None) };
    let record = reports::get(tx, ReportId(id)).await?;
    Ok(record.filter(|record| now - record.report.filed_at < OPEN))
}

/// The sixteen digits in groups of four, two groups a line.
pub(in crate::web::views::enterprise) fn groups(receipt: &str) -> Vec<String> {
    let shown = ReceiptNumber::parse(receipt).map_or_else(|_| receipt.to_owned(), |number| number.display_groups());
    shown.split(' ').collect::<Vec<_>>().chunks(2).map(|pair| pair.join(" ")).collect()
}
