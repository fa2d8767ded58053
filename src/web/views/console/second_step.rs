//! `/console/settings/second-step`: a user sets up the second step of signing in, renews its recovery codes, or takes it off.

use super::proof::{Proof, lacks};
use super::sign_in::safe_next;
use crate::actions::attempts;
use crate::actions::held_up::Held;
use crate::actions::second_step::{
    NewCodes, begin_second_step, confirm_second_step, end_second_step, renew_recovery_codes, secret,
};
use crate::app::App;
use crate::domain::second_step::{app_link, typed_secret};
use crate::print::qr::{self, Medium};
use crate::storage::{Tx, second_steps};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{ANYBODY, Console};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use askama::Template;
use axum::extract::State;

/// What an app needs: the picture of its link, and the secret to type.
struct Setup {
    picture: String,
    typed: String,
}

#[derive(Template)]
#[template(path = "pages/console/second-step.html")]
struct View {
    page: Page,
    form: Form,
    on: bool,
    left: i64,
    setup: Option<Setup>,
    proof: Proof,
    /// Nothing else opens before it is on.
    first: bool,
}

#[derive(Template)]
#[template(path = "pages/console/recovery-codes.html")]
struct Shown {
    page: Page,
    codes: Vec<String>,
    /// Where the way goes on.
    next: String,
}

/// `GET /console/settings/second-step?next=…`.
pub(super) async fn get(State(app): State<App>, me: Console<ANYBODY>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let form = Form::prefilled([("next", safe_next(filters.one("next")).unwrap_or_default())]);
    show(&app, &mut tx, &me, form).await
}

/// `POST /console/settings/second-step` with `current` and `act` = `begin`, or with `otp` and `act` = `confirm`, `renew`, `end`; and `next`.
pub(super) async fn post(State(app): State<App>, me: Console<ANYBODY>, form: Form) -> Answer {
    let mut form = form.only(&["act", "otp", "current", "next"]);
    let next = safe_next(form.one("next")).unwrap_or_default().to_owned();
    form.set("next", next.as_str());
    let (code, current) = (form.one("otp").to_owned(), form.one("current").to_owned());
    form.set("otp", "");
    form.set("current", "");
    let (service, now, user) = (&app.service, me.now, &me.user);
    if form.one("act") == "begin" {
        // With a stolen session alone nobody locks its owner out.
        if let Some(wrong) = lacks(&app, &me, &current).await? {
            form.fail("current", wrong);
            let mut tx = app.db.read().await?;
            return show(&app, &mut tx, &me, form).await;
        }
        let mut tx = app.db.write().await?;
        begin_second_step(&mut tx, service, now, user).await?;
        tx.commit().await?;
        return see_other(&paths::leading_on(paths::SECOND_STEP, &next));
    }
    let subject = user.id.to_string();
    let mut tx = app.db.write().await?;
    let blocked = attempts::take(&mut tx, now, "own-second-step", &subject).await?;
    tx.commit().await?;
    if let Some(until) = blocked {
        service.held_up.count(Held::OwnSecondStep);
        return Err(AppError::TooMany((until - now).num_seconds()));
    }
    // Ten slow hashes, outside of the transaction and only for who comes near them.
    let makes = matches!(form.one("act"), "confirm" | "renew") && !code.is_empty();
    let new = if makes { NewCodes::make(service, user.id).await? } else { NewCodes::none() };
    let mut tx = app.db.write().await?;
    let done = match form.one("act") {
        "confirm" => confirm_second_step(&mut tx, service, now, user, &code, (&me.session, new)).await,
        "renew" => renew_recovery_codes(&mut tx, service, now, user, &code, new).await,
        "end" => end_second_step(&mut tx, service, now, user, &code).await.map(|()| Vec::new()),
        _ => return Err(AppError::BadRequest("act")),
    };
    let Some(codes) = form.heed(done)? else {
        tx.rollback().await?;
        let mut tx = app.db.read().await?;
        return show(&app, &mut tx, &me, form).await;
    };
    attempts::succeeded(&mut tx, "own-second-step", &subject).await?;
    tx.commit().await?;
    if codes.is_empty() {
        return see_other(paths::SECOND_STEP);
    }
    let mut tx = app.db.read().await?;
    let next = if next.is_empty() { paths::SECOND_STEP.to_owned() } else { next };
    html(&Shown { page: me.page(&mut tx).await?, codes, next })
}

async fn show(app: &App, tx: &mut Tx, me: &Console<ANYBODY>, form: Form) -> Answer {
    let page = me.page(tx).await?;
    let found = secret(tx, &app.service, me.user.id).await?;
    let on = found.as_ref().is_some_and(|(step, _)| step.confirmed_at.is_some());
    let left = second_steps::codes_left(tx, me.user.id).await?;
    let setup = match found {
        Some((_, secret)) if !on => {
            let issuer = format!("{} {}", page.t("system"), app.service.settings.district);
            let link = app_link(&secret, issuer.trim(), &me.user.email);
            let link = link.ok_or_else(|| AppError::Internal("the link for an app cannot be made".into()))?;
            let picture = qr::data_link(&link, Medium::Screen).map_err(|error| AppError::internal(&error))?;
            Some(Setup { picture, typed: typed_secret(&secret) })
        }
        _ => None,
    };
    let proof = Proof::of(me, &page, &paths::leading_on(paths::SECOND_STEP, form.one("next")));
    html_with(form.status(), &View { page, form, on, left, setup, proof, first: me.first.is_some() })
}
