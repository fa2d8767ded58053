//! `/console/settings/first-password`: who signed in with a password that somebody else gave chooses their own, before anything else.

use super::proof::proves;
use super::sign_in::safe_next;
use crate::actions::{change_password, password as hashing};
use crate::app::App;
use crate::domain::first_duty::FirstDuty;
use crate::web::cookies;
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
    let (current, new) = (form.one("current").to_owned(), form.one("password").to_owned());
    form.set("current", "");
    form.set("password", "");
    let known = [app.service.settings.district.as_str(), &me.user.email, &me.user.name];
    if let Err(error) = hashing::check_new(&new, &known) {
        form.fail_all(vec![error]);
    } else if hashing::is_same(&current, &new) {
        form.fail("password", "same");
    }
    if current.is_empty() {
        form.fail("current", "required");
    }
    if !form.has_errors() {
        if proves(&app, &me, &current).await? {
            let hash = hashing::hash(&app.service, &new).await?;
            let known = cookies::hash_of(&app, &headers, cookies::KNOWN);
            let mut tx = app.db.write().await?;
            let here = (me.session.as_slice(), known.as_deref());
            change_password(&mut tx, &app.service, me.now, &me.user, &hash, here).await?;
            tx.commit().await?;
            return see_other(safe_next(form.one("next")).unwrap_or(paths::CONSOLE));
        }
        form.fail("current", "wrong");
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
