//! `/console/sign-in/{provider}` leads to a provider, `…/back` is where the browser comes back to. Whatever goes wrong there is said on the
//! sign-in page, with what to do next.

use super::sign_in::{Browser, go_on, refused};
use crate::actions::external_sign_in::{self, Ended, Turn};
use crate::actions::held_up::Held;
use crate::actions::{FieldError, attempts};
use crate::app::App;
use crate::domain::sign_in_provider::ProviderKind;
use crate::identity::{Provider, Returned, Trouble};
use crate::web::error::AppError;
use crate::web::extract::{ClientAddr, Filters, Now};
use crate::web::page::Page;
use crate::web::respond::{Answer, see_other};
use crate::web::{cookies, paths};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use chrono::{DateTime, Utc};
use std::time::Duration;

/// The routes of a sign-in through a provider.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/console/sign-in/{provider}", get(begin)).route("/console/sign-in/{provider}/back", get(back))
}

/// The provider of a path; 404 where the site has none of that kind.
fn of_path<'a>(app: &'a App, provider: &str) -> Result<(ProviderKind, &'a Provider), AppError> {
    let kind = ProviderKind::parse(provider).ok_or(AppError::NotFound)?;
    Ok((kind, app.service.providers.get(kind).ok_or(AppError::NotFound)?))
}

/// The address that is registered with the provider. It is the public one, whatever name this site was opened under.
fn redirect_address(app: &App, kind: ProviderKind) -> String {
    paths::external_back(&app.service.settings.public_url, kind)
}

/// Whether another site led here. Where the provider still knows the browser, that would sign somebody in who pressed nothing.
fn led_by_another_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|from| from != "same-origin" && from != "none")
}

/// `GET /console/sign-in/{provider}?next=…`; with `anew=1` who it is is to be proved anew, where the site demands that. From another site it leads
/// to the button first.
async fn begin(
    State(app): State<App>,
    Now(now): Now,
    Path(provider): Path<String>,
    page: Page,
    headers: HeaderMap,
    filters: Filters,
) -> Answer {
    let (kind, provider) = of_path(&app, &provider)?;
    if led_by_another_site(&headers) {
        return see_other(&paths::sign_in(filters.one("next")));
    }
    let anew = provider.asks_anew() && filters.one("anew") == "1";
    let (tries, cookie) = external_sign_in::begin(&app.service, now, (kind, anew), filters.one("next"))?;
    match provider.address(now, &redirect_address(&app, kind), &tries).await {
        Ok(address) => {
            let mut answer = see_other(address.as_str())?;
            let lifetime = Duration::from_secs(external_sign_in::TIME.num_seconds().unsigned_abs());
            let cookie = cookies::set(&app, cookies::EXTERNAL, &cookie, lifetime)?;
            answer.headers_mut().insert(SET_COOKIE, cookie);
            Ok(answer)
        }
        Err(trouble) => troubled(page, kind, &trouble, filters.one("next")),
    }
}

/// `GET /console/sign-in/{provider}/back?code=…&state=…`, or with `error`.
async fn back(
    State(app): State<App>,
    Now(now): Now,
    from: ClientAddr,
    Path(provider): Path<String>,
    page: Page,
    headers: HeaderMap,
    filters: Filters,
) -> Answer {
    let (kind, provider) = of_path(&app, &provider)?;
    let mut answer = end(&app, (now, kind, provider), page, (&headers, &from.network()), &filters).await?;
    // However it ended, the browser carries it no further.
    answer.headers_mut().append(SET_COOKIE, cookies::set(&app, cookies::EXTERNAL, "", Duration::ZERO)?);
    Ok(answer)
}

async fn end(
    app: &App,
    (now, kind, provider): (DateTime<Utc>, ProviderKind, &Provider),
    page: Page,
    (headers, network): (&HeaderMap, &str),
    filters: &Filters,
) -> Answer {
    let cookie = cookies::get(app, headers, cookies::EXTERNAL).unwrap_or_default();
    let under_way = external_sign_in::come_back(&app.service, now, kind, cookie, filters.one("state"));
    let Some(under_way) = under_way else {
        return say(page, ("stale", None), "", StatusCode::UNPROCESSABLE_ENTITY);
    };
    let next = under_way.next.as_str();
    let mut tx = app.db.write().await?;
    let turn = external_sign_in::use_up(&mut tx, now, &under_way, network).await?;
    tx.commit().await?;
    match turn {
        Turn::First => {}
        Turn::Again => return say(page, ("stale", None), next, StatusCode::UNPROCESSABLE_ENTITY),
        Turn::Wait(until) => {
            app.service.held_up.count(Held::Provider);
            let hint = attempts::wait("external", now, until).hint;
            return say(page, ("wait", hint), next, StatusCode::TOO_MANY_REQUESTS);
        }
    }
    let (code, error) = (filters.one("code"), filters.one("error"));
    // Who says no comes back with an error, from 企业微信 with nothing at all.
    if code.is_empty() || !error.is_empty() {
        let denied = error.is_empty() || error == "access_denied";
        let word: String = error.chars().filter(char::is_ascii_graphic).take(60).collect();
        tracing::info!(provider = %kind, error = word, "a sign-in ended at the provider");
        return say(page, (if denied { "denied" } else { "refused" }, None), next, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let issuer = Some(filters.one("iss")).filter(|issuer| !issuer.is_empty());
    let redirect = redirect_address(app, kind);
    let identity = match provider.exchange(now, &redirect, &under_way.tries, Returned { code, issuer }).await {
        Ok(identity) => identity,
        Err(trouble) => {
            let mut tx = app.db.write().await?;
            external_sign_in::failed(&mut tx, now, network).await?;
            tx.commit().await?;
            return troubled(page, kind, &trouble, next);
        }
    };
    let before = cookies::get(app, headers, cookies::SESSION).and_then(cookies::secret_hash);
    let mut tx = app.db.write().await?;
    let how = (kind, under_way.tries.since.is_some());
    let ended = external_sign_in::finish(&mut tx, &app.service, now, how, &identity, before.as_deref()).await?;
    let known = match &ended {
        Ended::Signed(signed) => Browser::of(app, headers).remember(app, &mut tx, now, signed).await?,
        _ => None,
    };
    tx.commit().await?;
    match ended {
        Ended::Signed(signed) => go_on(app, &signed, known, next),
        Ended::Unknown(account) => say(page, ("unknown", Some(account)), next, StatusCode::FORBIDDEN),
        Ended::Inactive => say(page, ("inactive", None), next, StatusCode::FORBIDDEN),
    }
}

fn troubled(page: Page, kind: ProviderKind, trouble: &Trouble, next: &str) -> Answer {
    tracing::warn!(provider = %kind, %trouble, "a sign-in through a provider failed");
    let (code, status) = match trouble {
        Trouble::Down(_) => ("down", StatusCode::SERVICE_UNAVAILABLE),
        Trouble::Refused(_) => ("refused", StatusCode::UNPROCESSABLE_ENTITY),
        Trouble::Untrusted(_) => ("untrusted", StatusCode::FORBIDDEN),
        Trouble::Weak(_) => ("weak", StatusCode::FORBIDDEN),
        Trouble::Remembered => ("remembered", StatusCode::FORBIDDEN),
    };
    say(page, (code, None), next, status)
}

/// The sign-in page with what went wrong.
fn say(page: Page, (code, hint): (&'static str, Option<String>), next: &str, status: StatusCode) -> Answer {
    refused(page, next, FieldError { field: "external", code, hint }, status)
}
