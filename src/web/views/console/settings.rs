//! `/console/settings`: a user's own settings: when mails come and in which language, and the password.

use super::Choice;
use super::users::alert_choices;
use crate::actions::{attempts, change_password, password as hashing, set_user_preferences};
use crate::app::App;
use crate::domain::user::AlertChoice;
use crate::i18n::Lang;
use crate::storage::{Tx, second_steps, users};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{ANYBODY, Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "pages/console/settings.html")]
struct View {
    page: Page,
    form: Form,
    email: String,
    alerts: Vec<Choice>,
    supervisor: bool,
    /// Whether the second step is on.
    second_step: bool,
    /// What was just saved, in words; empty for nothing.
    saved: String,
}

/// `GET /console/settings`.
pub(super) async fn get(State(app): State<App>, me: Console<ANYBODY>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let saved = match filters.one("saved") {
        "alerts" => "settings-saved",
        "password" => "password-saved",
        _ => "",
    };
    show(&mut tx, &me, own(&me), saved, StatusCode::OK).await
}

/// `POST /console/settings/alerts` with `alerts` and `lang`.
pub(super) async fn alerts(State(app): State<App>, me: Console<ANYBODY>, form: Form) -> Answer {
    let mut form = form.only(&["alerts", "lang"]);
    let alerts = if me.is(SUPERVISOR) { form.choice("alerts", AlertChoice::parse) } else { Some(me.user.alerts) };
    let lang = form.choice("lang", Lang::parse);
    let mut tx = app.db.write().await?;
    if let (Some(alerts), Some(lang), false) = (alerts, lang, form.has_errors()) {
        set_user_preferences(&mut tx, &app.service, me.now, me.user.id, me.user.id, alerts, lang).await?;
        tx.commit().await?;
        return see_other("/console/settings?saved=alerts");
    }
    show(&mut tx, &me, form, "", StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /console/settings/password` with `current` and `password`.
pub(super) async fn password(State(app): State<App>, me: Console<ANYBODY>, form: Form) -> Answer {
    let mut sent = form.only(&["current", "password"]);
    let (current, new) = (sent.one("current").to_owned(), sent.one("password").to_owned());
    sent.set("current", "");
    sent.set("password", "");
    if let Err(error) = hashing::check_new(&new) {
        sent.fail_all(vec![error]);
    }
    if current.is_empty() {
        sent.fail("current", "required");
    }
    if !sent.has_errors() {
        if proves(&app, &me, &current).await? {
            let hash = hashing::hash(&app.service.ids, &new).await?;
            let mut tx = app.db.write().await?;
            change_password(&mut tx, &app.service, me.now, &me.user, &hash, &me.session).await?;
            tx.commit().await?;
            return see_other("/console/settings?saved=password");
        }
        sent.fail("current", "wrong");
    }
    for (name, value) in own(&me).values() {
        sent.set(name, value.clone());
    }
    let mut tx = app.db.read().await?;
    show(&mut tx, &me, sent, "", StatusCode::UNPROCESSABLE_ENTITY).await
}

/// Whether this is the password of who is signed in: asked for again before what a stolen session must not do.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong ones; otherwise when the store fails.
pub(super) async fn proves(app: &App, me: &Console<ANYBODY>, typed: &str) -> Result<bool, AppError> {
    let subject = me.user.id.to_string();
    let mut tx = app.db.write().await?;
    let wait = attempts::take(&mut tx, me.now, "own-password", &subject).await?;
    let stored = users::by_email(&mut tx, &me.user.email).await?.map(|(_, hash)| hash);
    tx.commit().await?;
    if wait.is_some() {
        return Err(AppError::TooMany);
    }
    if !hashing::verify(typed, stored.as_deref()).await? {
        return Ok(false);
    }
    let mut tx = app.db.write().await?;
    attempts::succeeded(&mut tx, "own-password", &subject).await?;
    tx.commit().await?;
    Ok(true)
}

/// What the user chose so far.
fn own(me: &Console<ANYBODY>) -> Form {
    Form::prefilled([("alerts", me.user.alerts.as_str()), ("lang", me.user.lang.as_str())])
}

async fn show(tx: &mut Tx, me: &Console<ANYBODY>, form: Form, saved: &str, status: StatusCode) -> Answer {
    let page = me.page(tx).await?;
    let second_step = second_steps::get(tx, me.user.id).await?.is_some_and(|step| step.confirmed_at.is_some());
    let view = View {
        second_step,
        email: me.user.email.clone(),
        alerts: alert_choices(&page),
        supervisor: me.is(SUPERVISOR),
        saved: if saved.is_empty() { String::new() } else { page.t(saved) },
        form,
        page,
    };
    html_with(status, &view)
}
