//! `/console/settings`: a user's own settings: when mails come and in which language, and the password.

use super::Choice;
use super::new_password;
use super::own_sessions::{Line, lines};
use super::users::alert_choices;
use crate::actions::set_user_preferences;
use crate::app::App;
use crate::domain::user::AlertChoice;
use crate::i18n::Lang;
use crate::storage::{Tx, passkeys, second_steps};
use crate::web::extract::Filters;
use crate::web::extract::console::{ANYBODY, Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

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
    /// How many passkeys there are.
    passkeys: usize,
    /// Where the person is signed in.
    sessions: Vec<Line>,
    /// What was just saved, in words; empty for nothing.
    saved: String,
}

/// `GET /console/settings`.
pub(super) async fn get(State(app): State<App>, me: Console<ANYBODY>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let saved = match filters.one("saved") {
        "alerts" => "settings-saved",
        "password" => "password-saved",
        "session" => "session-ended",
        "sessions" => "sessions-ended",
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
pub(super) async fn password(State(app): State<App>, me: Console<ANYBODY>, headers: HeaderMap, form: Form) -> Answer {
    let mut sent = form.only(&["current", "password"]);
    if new_password::choose(&app, &me, &headers, &mut sent, false).await? {
        return see_other("/console/settings?saved=password");
    }
    for (name, value) in own(&me).values() {
        sent.set(name, value.clone());
    }
    let mut tx = app.db.read().await?;
    show(&mut tx, &me, sent, "", StatusCode::UNPROCESSABLE_ENTITY).await
}

/// What the user chose so far.
fn own(me: &Console<ANYBODY>) -> Form {
    Form::prefilled([("alerts", me.user.alerts.as_str()), ("lang", me.user.lang.as_str())])
}

async fn show(tx: &mut Tx, me: &Console<ANYBODY>, form: Form, saved: &str, status: StatusCode) -> Answer {
    let page = me.page(tx).await?;
    let second_step = second_steps::get(tx, me.user.id).await?.is_some_and(|step| step.confirmed_at.is_some());
    let sessions = lines(tx, me, &page).await?;
    let view = View {
        second_step,
        passkeys: passkeys::list(tx, me.user.id).await?.len(),
        sessions,
        email: me.user.email.clone(),
        alerts: alert_choices(&page),
        supervisor: me.is(SUPERVISOR),
        saved: if saved.is_empty() { String::new() } else { page.t(saved) },
        form,
        page,
    };
    html_with(status, &view)
}
