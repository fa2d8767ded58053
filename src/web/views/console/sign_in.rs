//! `/console/sign-in`: address and password, the second step for who has one, then back to the page that was asked for.
//! `POST /console/sign-out` ends the session.

use crate::actions::FieldError;
use crate::actions::held_up::Held;
use crate::actions::known_browsers::remember;
use crate::actions::own_sessions::note_browser;
use crate::actions::sign_in::{self, Begun, Signed};
use crate::app::App;
use crate::domain::first_duty::FirstDuty;
use crate::domain::text::Email;
use crate::storage::Tx;
use crate::web::cookies;
use crate::web::doors;
use crate::web::error::AppError;
use crate::web::extract::console::{ANYBODY, Console, home};
use crate::web::extract::{ClientAddr, Filters, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use askama::Template;
use axum::extract::State;
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use chrono::{DateTime, Utc};
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

    let browser = Browser::of(&app, &headers);
    let known = browser.known.as_deref();
    let mut tx = app.db.write().await?;
    let begun = sign_in::begin(&mut tx, &app.service, now, email.as_str(), &from.network(), known).await?;
    tx.commit().await?;
    let mut attempt = match begun {
        Begun::Taken(attempt) => attempt,
        Begun::Wait(wait) => {
            app.service.held_up.count(Held::Password);
            form.fail_all([wait]);
            return html_with(StatusCode::TOO_MANY_REQUESTS, &SignIn { page, form, asked: false });
        }
        Begun::Busy => {
            form.fail("password", "busy");
            return doors::no_room(&app, &SignIn { page, form, asked: false });
        }
    };
    let right = sign_in::check(&mut attempt, &password).await?;
    let mut tx = app.db.write().await?;
    let before = cookies::get(&app, &headers, cookies::SESSION).and_then(cookies::secret_hash);
    let done =
        if right { sign_in::finish(&mut tx, &app.service, now, &attempt, before.as_deref()).await } else { Ok(None) };
    let Some(signed) = form.heed(done)? else {
        // Right, but it does not suffice.
        tx.rollback().await?;
        return again(page, form);
    };
    let Some(signed) = signed else {
        sign_in::failed(&mut tx, &app.service, now, &attempt).await?;
        tx.commit().await?;
        form.fail("password", "wrong");
        return again(page, form);
    };
    let known = browser.remember(&app, &mut tx, now, &signed).await?;
    tx.commit().await?;
    go_on(&app, &signed, known, form.one("next"))
}

/// What a browser brings along beside the form.
pub(super) struct Browser {
    /// The hash of what its cookie carries if it signed somebody in before.
    pub(super) known: Option<Vec<u8>>,
    user_agent: String,
}

impl Browser {
    pub(super) fn of(app: &App, headers: &HeaderMap) -> Self {
        Self { known: cookies::hash_of(app, headers, cookies::KNOWN), user_agent: user_agent(headers).to_owned() }
    }

    /// Notes in which browser a session was begun; one that opens pages makes it known, with what this returns in its cookie.
    pub(super) async fn remember(
        &self,
        app: &App,
        tx: &mut Tx,
        now: DateTime<Utc>,
        signed: &Signed,
    ) -> Result<Option<[u8; 32]>, AppError> {
        note_browser(tx, signed, &self.user_agent).await?;
        if signed.waits {
            return Ok(None);
        }
        Ok(Some(remember(tx, &app.service, now, signed.user.id.0, self.known.as_deref()).await?))
    }
}

/// Sets the cookies of a session and of a browser that is `known` now, and leads on: to the second step, to a password of one's own, to the page
/// asked for, or to the first page of the role.
pub(super) fn go_on(app: &App, signed: &Signed, known: Option<[u8; 32]>, next: &str) -> Answer {
    let next = safe_next(next);
    let lifetime = if signed.waits { sign_in::STEP_TIME } else { sign_in::LONGEST };
    let to = match next {
        _ if signed.waits => paths::second_step(next.unwrap_or_default()),
        Some(next) if signed.first == Some(FirstDuty::Password) => paths::leading_on(paths::FIRST_PASSWORD, next),
        Some(next) => next.to_owned(),
        None => home(signed.user.role).to_owned(),
    };
    let mut answer = see_other(&to)?;
    let lifetime = Duration::from_secs(lifetime.num_seconds().unsigned_abs());
    let cookie = cookies::set(app, cookies::SESSION, &cookies::encode_secret(&signed.secret), lifetime)?;
    answer.headers_mut().insert(SET_COOKIE, cookie);
    if let Some(secret) = known {
        cookies::set_known(app, &mut answer, cookies::KNOWN, &secret)?;
    }
    Ok(answer)
}

/// What a browser says of itself; empty for nothing, or nothing readable.
pub(super) fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// `POST /console/sign-out`.
pub(super) async fn sign_out(State(app): State<App>, me: Console<ANYBODY>) -> Answer {
    let mut tx = app.db.write().await?;
    sign_in::sign_out(&mut tx, &app.service, me.now, &me.user, &me.session).await?;
    tx.commit().await?;
    let mut answer = see_other("/console/sign-in")?;
    answer.headers_mut().insert(SET_COOKIE, cookies::set(&app, cookies::SESSION, "", Duration::ZERO)?);
    // Drafts in the browser; its other cookies stay, among them the one that knows an inspector's phone.
    answer.headers_mut().insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"storage\""));
    Ok(answer)
}

/// The page again for who tried another way to sign in, with what is wrong.
pub(super) fn refused(page: Page, next: &str, wrong: FieldError, status: StatusCode) -> Answer {
    let mut form = Form::prefilled([("next", safe_next(next).unwrap_or_default())]);
    form.fail_all([wrong]);
    html_with(status, &SignIn { page, form, asked: false })
}

fn again(page: Page, form: Form) -> Answer {
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &SignIn { page, form, asked: false })
}

/// A page of the console to go on to; nothing that leads elsewhere, and not in a circle.
pub(super) fn safe_next(next: &str) -> Option<&str> {
    let inside = next == paths::CONSOLE || next.starts_with("/console/") || next.starts_with("/console?");
    let fit = paths::is_local(next) && next.is_ascii() && inside && !next.starts_with("/console/sign-");
    fit.then_some(next)
}
