//! What a supervisor does about a report: links it, writes to the reporter, marks as read, and opens the contact with a second person.

use super::report::show;
use super::yes;
use crate::actions::reporters::{ask_to_open, decide_opening, mark_read, open_contact, write_to_reporter};
use crate::actions::{Result as Done, link_report};
use crate::app::App;
use crate::domain::id::{FilingId, ReportId};
use crate::domain::reporter::{OpeningReason, Phrase};
use crate::domain::violation::Severity;
use crate::storage::{Tx, reports};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::paths;
use crate::web::respond::{Answer, see_other};
use crate::web::settle::settle_or_again;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use uuid::Uuid;

fn discipline(me: &Console<SUPERVISOR>) -> bool {
    me.ceiling() == Severity::Referral
}

/// Commits and leads back to the report, or shows it again with what is wrong.
async fn finish(app: &App, me: &Console<SUPERVISOR>, tx: Tx, id: ReportId, mut form: Form, done: Done<()>) -> Answer {
    match settle_or_again(tx, &mut form, done).await? {
        Ok(()) => see_other(&paths::item(paths::REPORTS, id)),
        Err(status) => again(app, me, id, form, status).await,
    }
}

async fn again(app: &App, me: &Console<SUPERVISOR>, id: ReportId, form: Form, status: StatusCode) -> Answer {
    let mut tx = app.db.read().await?;
    let record = reports::get(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    show(app, &mut tx, me, record, form, status).await
}

/// `POST /console/reports/{id}/link` with `filing` (empty takes the link back), `version` and a `link_reason`.
pub(super) async fn link(
    State(app): State<App>,
    me: Console<SUPERVISOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = ReportId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&["version", "filing", "link_reason"]);
    let version = form.version();
    let filing = FilingId::parse(form.one("filing"));
    if filing.is_none() && !form.one("filing").is_empty() {
        form.fail("filing", "unknown");
    }
    let (Some(version), false) = (version, form.has_errors()) else {
        return again(&app, &me, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let reason = form.one("link_reason").to_owned();
    let mut tx = app.db.write().await?;
    let done = link_report(&mut tx, &app.service, me.now, &me.actor(), id, version, filing, &reason).await.map(drop);
    finish(&app, &me, tx, id, form, done).await
}

/// `POST /console/reports/{id}/say` with a phrase, words, or both.
pub(super) async fn say(State(app): State<App>, me: Console<SUPERVISOR>, Path(id): Path<String>, form: Form) -> Answer {
    let id = ReportId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&["phrase", "message"]);
    let phrase = if form.filled("phrase") { form.choice("phrase", Phrase::parse) } else { None };
    if form.has_errors() {
        return again(&app, &me, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let words = form.one("message").to_owned();
    let mut tx = app.db.write().await?;
    let (service, user) = (&app.service, me.user.id);
    let done = write_to_reporter(&mut tx, service, me.now, user, discipline(&me), id, phrase, &words).await;
    finish(&app, &me, tx, id, form, done).await
}

/// `POST /console/reports/{id}/read`.
pub(super) async fn read(State(app): State<App>, me: Console<SUPERVISOR>, Path(id): Path<String>) -> Answer {
    let id = ReportId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    let done = mark_read(&mut tx, &app.service, me.now, me.user.id, discipline(&me), id).await;
    finish(&app, &me, tx, id, Form::default(), done).await
}

/// `POST /console/reports/{id}/contact` with a reason and an explanation: asks to open the contact.
pub(super) async fn ask(State(app): State<App>, me: Console<SUPERVISOR>, Path(id): Path<String>, form: Form) -> Answer {
    let id = ReportId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&["reason", "contact_words"]);
    let Some(reason) = form.choice("reason", OpeningReason::parse) else {
        return again(&app, &me, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let words = form.one("contact_words").to_owned();
    let mut tx = app.db.write().await?;
    let done = ask_to_open(&mut tx, &app.service, me.now, me.user.id, discipline(&me), id, reason, &words).await;
    finish(&app, &me, tx, id, form, done).await
}

/// `POST /console/reports/{id}/contact/decide` with the opening and `agree` yes or no.
pub(super) async fn decide(
    State(app): State<App>,
    me: Console<SUPERVISOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = ReportId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&["opening", "agree"]);
    let opening = form.choice("opening", |text| Uuid::try_parse(text).ok());
    let agreed = form.choice("agree", yes);
    let (Some(opening), Some(agreed)) = (opening, agreed) else {
        return again(&app, &me, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = app.db.write().await?;
    let done = decide_opening(&mut tx, &app.service, me.now, me.user.id, discipline(&me), id, opening, agreed).await;
    finish(&app, &me, tx, id, form, done).await
}

/// `POST /console/reports/{id}/contact/open`: the page shows the contact until it closes by itself.
pub(super) async fn open(State(app): State<App>, me: Console<SUPERVISOR>, Path(id): Path<String>) -> Answer {
    let id = ReportId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    let done = open_contact(&mut tx, &app.service, me.now, me.user.id, discipline(&me), id).await;
    finish(&app, &me, tx, id, Form::default(), done).await
}
