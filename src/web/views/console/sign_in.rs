//! `/console/sign-in`: address and password, the second step for who has one, then back to the page that was asked for.
//! `POST /console/sign-out` ends the session.

use crate::actions::attempts;
use crate::actions::sign_in::{self, Begun, Signed};
use crate::app::App;
use crate::domain::text::Email;
use crate::web::cookies;
use crate::web::error::AppError;
use crate::web::extract::console::{ANYBODY, Console, home};
use crate::web::extract::{ClientAddr, Filters, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use askama::Template;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use std::time::Duration;

#[derive(Template)]
#[template(path = "pages/console/sign-in.html")]
struct SignIn {
    page: Page,
    form: Form,
    /// Who asks again after a session that has run out.
    asked: bool,
}

/// `GET /console/sign-in?next=…`.
pub(super) async fn get(page: Page, filters: Filters) -> Answer {
    let next = safe_next(filters.one("next")).unwrap_or_default();
    html(&SignIn { page, asked: !next.is_empty(), form: Form::prefilled([("next", next)]) })
}

/// `POST /console/sign-in`.
pub(super) async fn post(
    State(app): State<App>,
    Now(now): Now,
    from: ClientAddr,
    page: Page,
    headers: HeaderMap,
    form: Form,
) -> Answer {
    let mut form = form.only(&["email", "password", "next"]);
    let password = form.one("password").to_owned();
    form.set("password", "");
    let email = Email::parse(form.one("email")).ok();
    if email.is_none() {
        form.fail("email", if form.filled("email") { "invalid" } else { "required" });
    }
    if password.is_empty() {
        form.fail("password", "required");
    }
    let (Some(email), false) = (email, form.has_errors()) else { return again(page, form) };

    let mut tx = app.db.write().await?;
    let begun = sign_in::begin(&mut tx, now, email.as_str(), &from.network()).await?;
    tx.commit().await?;
    let attempt = match begun {
        Begun::Taken(attempt) => attempt,
        Begun::Wait(until) => {
            form.fail_all(vec![attempts::wait("password", now, until)]);
            return html_with(StatusCode::TOO_MANY_REQUESTS, &SignIn { page, form, asked: false });
        }
    };
    if !sign_in::check(&attempt, &password).await? {
        let mut tx = app.db.write().await?;
        sign_in::failed(&mut tx, &app.service, now, &attempt).await?;
        tx.commit().await?;
        form.fail("password", "wrong");
        return again(page, form);
    }
    let mut tx = app.db.write().await?;
    let before = cookies::get(&app, &headers, cookies::SESSION).and_then(cookies::secret_hash);
    let signed =
        sign_in::finish(&mut tx, &app.service, now, &attempt, before.as_deref()).await?.ok_or(AppError::NotFound)?;
    tx.commit().await?;
    go_on(&app, &signed, form.one("next"))
}

/// Sets the cookie of a session and leads on: to the second step, to the page asked for, or to the first page of the role.
pub(super) fn go_on(app: &App, signed: &Signed, next: &str) -> Answer {
    let next = safe_next(next);
    let lifetime = if signed.waits { sign_in::STEP_TIME } else { sign_in::LONGEST };
    let to = match next {
        _ if signed.waits => paths::second_step(next.unwrap_or_default()),
        Some(next) => next.to_owned(),
        None => home(signed.user.role).to_owned(),
    };
    let mut answer = see_other(&to)?;
    let lifetime = Duration::from_secs(lifetime.num_seconds().unsigned_abs());
    let cookie = cookies::set(app, cookies::SESSION, &cookies::encode_secret(&signed.secret), lifetime)?;
    answer.headers_mut().insert(SET_COOKIE, cookie);
    Ok(answer)
}

/// `POST /console/sign-out`.
pub(super) async fn sign_out(State(app): State<App>, me: Console<ANYBODY>) -> Answer {
    let mut tx = app.db.write().await?;
    sign_in::sign_out(&mut tx, &app.service, me.now, &me.user, &me.session).await?;
    tx.commit().await?;
    let mut answer = see_other("/console/sign-in")?;
    answer.headers_mut().insert(SET_COOKIE, cookies::set(&app, cookies::SESSION, "", Duration::ZERO)?);
    Ok(answer)
}

fn again(page: Page, form: Form) -> Answer {
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &SignIn { page, form, asked: false })
}

/// A page of the console to go on to; nothing that leads elsewhere, and not in a circle.
fn safe_next(next: &str) -> Option<&str> {
    let inside = next == paths::CONSOLE || next.starts_with("/console/") || next.starts_with("/console?");
    let fit = paths::is_local(next) && next.is_ascii() && inside && !next.starts_with("/console/sign-");
    fit.then_some(next)
}
