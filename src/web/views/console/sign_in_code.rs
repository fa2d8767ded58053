//! `/console/sign-in/code`: the second step of signing in: a code of the app, or a recovery code.

use super::sign_in::{Browser, go_on};
use crate::actions::held_up::Held;
use crate::actions::second_step::{Recovery, Typed};
use crate::actions::sign_in;
use crate::app::App;
use crate::web::extract::waiting::Waiting;
use crate::web::extract::{ClientAddr, Filters, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::{Answer, html_with};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

#[derive(Template)]
#[template(path = "pages/console/sign-in-code.html")]
struct View {
    page: Page,
    form: Form,
    email: String,
}

/// `GET /console/sign-in/code?next=…`.
pub(super) async fn get(waiting: Waiting, page: Page, filters: Filters) -> Answer {
    let form = Form::prefilled([("next", filters.one("next"))]);
    html_with(StatusCode::OK, &View { page, form, email: waiting.user.email })
}

/// `POST /console/sign-in/code` with `otp`, or with `recovery` when `otp` is empty.
pub(super) async fn post(
    State(app): State<App>,
    Now(now): Now,
    from: ClientAddr,
    waiting: Waiting,
    page: Page,
    headers: HeaderMap,
    form: Form,
) -> Answer {
    let mut form = form.only(&["otp", "recovery", "next"]);
    let (code, recovery) = (form.one("otp").to_owned(), form.one("recovery").to_owned());
    form.set("otp", "");
    form.set("recovery", "");
    let field = if code.is_empty() && !recovery.is_empty() { "recovery" } else { "otp" };
    if code.is_empty() && recovery.is_empty() {
        form.fail("otp", "required");
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &View { page, form, email: waiting.user.email });
    }
    let (network, browser) = (from.network(), Browser::of(&app, &headers));
    let mut tx = app.db.write().await?;
    let from = (network.as_str(), browser.known.as_deref());
    let turn = sign_in::try_step(&mut tx, &app.service, now, &waiting.user, from, field).await?;
    tx.commit().await?;
    let origin = match turn {
        Ok(origin) => origin,
        Err(wait) => {
            app.service.held_up.count(Held::SecondStep);
            form.fail_all([wait]);
            return html_with(StatusCode::TOO_MANY_REQUESTS, &View { page, form, email: waiting.user.email });
        }
    };
    let hashed;
    let typed = if field == "recovery" {
        hashed = Recovery::of(&app.service, waiting.user.id, &recovery).await?;
        Typed::Recovery(&hashed)
    } else {
        Typed::Code(&code)
    };
    let mut tx = app.db.write().await?;
    let whose = (&waiting.user, &origin);
    if let Some(signed) = sign_in::pass(&mut tx, &app.service, now, whose, typed, &waiting.session).await? {
        let known = browser.remember(&app, &mut tx, now, &signed).await?;
        tx.commit().await?;
        return go_on(&app, &signed, known, form.one("next"));
    }
    tx.rollback().await?;
    form.fail(field, "wrong");
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &View { page, form, email: waiting.user.email })
}
