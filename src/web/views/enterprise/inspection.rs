//! `/i/CODE`: is this a registered inspection? Opened by the code that the officers show, or by their four digits.

use super::visit::{Names, Visit, this_year};
use super::{own_phone, rating};
use crate::actions::{Actor, Target, confirm_presence};
use crate::app::App;
use crate::domain::sign_code::{InspectionCode, SignCodeError};
use crate::storage::filings::{self, FilingRecord, Scope};
use crate::storage::{Tx, enterprises, sites, unverified};
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::{Form, MaybeInspecting, Now, paths};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::{Datelike as _, NaiveDate};

#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is shown")]
#[derive(Template)]
#[template(path = "pages/enterprise/inspection.html")]
struct Inspection {
    page: Page,
    code: String,
    enterprise: String,
    visit: Visit,
    count: usize,
    confirmed: Option<String>,
    /// It can be rated.
    rateable: bool,
    /// Nobody has said that they came: a rating says so.
    unchecked: bool,
    /// Opened on an inspector's phone, where nothing is confirmed or rated.
    inspectors: bool,
    /// Filed from a phone that is not enrolled, and the agency has not confirmed it.
    unverified: bool,
}

#[derive(Template)]
#[template(path = "pages/enterprise/inspection_unknown.html")]
struct Unknown {
    page: Page,
    form: Form,
}

/// A typed code.
#[derive(serde::Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    code: String,
}

/// `GET /i`: the form for a typed code, and what a typed code leads to.
pub(super) async fn form(page: Page, Query(typed): Query<Typed>) -> Answer {
    if typed.code.trim().is_empty() {
        return html(&Unknown { page, form: Form::default() });
    }
    match InspectionCode::parse(&typed.code) {
        Ok(code) => see_other(&paths::inspection(code.as_str())),
        Err(error) => mistyped(page, &typed.code, error),
    }
}

/// `GET /i/{code}`.
pub(super) async fn get(
    State(app): State<App>,
    page: Page,
    known: MaybeInspecting,
    Path(typed): Path<String>,
) -> Answer {
    let code = match InspectionCode::parse(&typed) {
        Ok(code) => code,
        Err(error) => return mistyped(page, &typed, error),
    };
    let mut tx = app.db.read().await?;
    let Some(record) = filings::by_inspection_code(&mut tx, code.as_str()).await? else {
        return unknown(page, code.as_str());
    };
    let inspectors = own_phone::is_inspectors(&known);
    html(&Inspection { inspectors, ..inspection(&app, &mut tx, page, &record).await? })
}

/// `POST /i/{code}/here`: the enterprise says that they are there.
pub(super) async fn here(
    State(app): State<App>,
    page: Page,
    Now(now): Now,
    known: MaybeInspecting,
    Path(typed): Path<String>,
    form: Form,
) -> Answer {
    let Ok(code) = InspectionCode::parse(&typed) else { return see_other(paths::INSPECTION_FORM) };
    if own_phone::is_inspectors(&known) {
        return own_phone::refuse(page, paths::inspection(code.as_str()));
    }
    if form.only(&[]).has_errors() {
        return Err(AppError::BadRequest("unknown field"));
    }
    let mut tx = app.db.write().await?;
    let Some(record) = filings::by_inspection_code(&mut tx, code.as_str()).await? else {
        return see_other(&paths::inspection(code.as_str()));
    };
    let today = page.today();
    let standing = super::visit::Standing::of(&record.filing, false, today, page.zone());
    // Anything else is told by the page that this leads to.
    if standing.confirmable() && record.presence_confirmed_at.is_none() {
        let actor = Actor::Enterprise(record.filing.enterprise);
        let target = Target { id: record.filing.id, scope: Scope::All, version: None, actor: &actor };
        confirm_presence(&mut tx, &app.service, now, target).await?;
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    see_other(&paths::inspection(code.as_str()))
}

fn mistyped(page: Page, typed: &str, error: SignCodeError) -> Answer {
    let mut form = Form::prefilled([("code", typed)]);
    form.fail_all([crate::actions::FieldError {
        field: "code",
        code: match error {
            SignCodeError::Length { .. } => "length",
            SignCodeError::Letter { .. } => "letter",
            SignCodeError::Check => "check",
        },
        hint: match error {
            SignCodeError::Length { found, .. } => Some(found.to_string()),
            SignCodeError::Letter { found, .. } => Some(found.to_string()),
            SignCodeError::Check => None,
        },
    }]);
    html_with(StatusCode::NOT_FOUND, &Unknown { page, form })
}

/// The code is well formed, but nobody was given it.
fn unknown(page: Page, code: &str) -> Answer {
    let mut form = Form::prefilled([("code", code)]);
    form.fail("code", "unknown");
    html_with(StatusCode::NOT_FOUND, &Unknown { page, form })
}

async fn inspection(app: &App, tx: &mut Tx, page: Page, record: &FilingRecord) -> Result<Inspection, AppError> {
    let snapshot = app.service.snapshot(tx).await?;
    let filing = &record.filing;
    let enterprise = enterprises::get(tx, filing.enterprise).await?.ok_or(AppError::NotFound)?;
    let today = page.today();
    let new_year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let of_year = filings::dossier(tx, filing.enterprise, new_year).await?;
    Ok(Inspection {
        code: record.inspection_code.clone(),
        enterprise: match sites::of_filing(tx, filing.id).await? {
            Some(site) => format!("{} · {}", enterprise.name, site.line()),
            None => enterprise.name,
        },
        visit: Visit::new(&page, &snapshot, record, Names::Full),
        count: this_year(&of_year, today, page.zone()),
        rateable: rating::is_rateable(record, page.now),
        unchecked: rating::is_unchecked(record),
        confirmed: record.presence_confirmed_at.map(|at| page.time(&at)),
        inspectors: false,
        unverified: unverified::get(tx, filing.id).await?.is_some_and(|row| row.confirmed.is_none()),
        page,
    })
}
