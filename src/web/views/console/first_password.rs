//! `/console/settings/first-password`: who signed in with a password that somebody else gave chooses their own, before anything else.

use super::new_password;
use super::sign_in::safe_next;
use crate::app::App;
use crate::domain::first_duty::FirstDuty;
use crate::web::extract::Filters;
use crate::web::extract::console::{ANYBODY, Console};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

#[derive(Template)]
#[template(path = "pages/console/first-password.html")]
struct View {
    page: Page,
    form: Form,
    email: String,
}

/// `GET /console/settings/first-password?next=…`.
pub(super) async fn get(State(app): State<App>, me: Console<ANYBODY>, filters: Filters) -> Answer {
    let form = Form::prefilled([("next", safe_next(filters.one("next")).unwrap_or_default())]);
    show(&app, &me, form, StatusCode::OK).await
}

/// `POST /console/settings/first-password` with `current`, `password` and `next`.
pub(super) async fn post(State(app): State<App>, me: Console<ANYBODY>, headers: HeaderMap, form: Form) -> Answer {
    if me.first != Some(FirstDuty::Password) {
        return see_other(paths::SETTINGS);
    }
    let mut form = form.only(&["current", "password", "next"]);
    if new_password::choose(&app, &me, &headers, &mut form, true).await? {
        return see_other(safe_next(form.one("next")).unwrap_or(paths::CONSOLE));
    }
    show(&app, &me, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn show(app: &App, me: &Console<ANYBODY>, form: Form, status: StatusCode) -> Answer {
    if me.first != Some(FirstDuty::Password) {
        return see_other(paths::SETTINGS);
    }
    let page = me.page(&mut app.db.read().await?).await?;
    html_with(status, &View { page, form, email: me.user.email.clone() })
}
