//! `/console/settings/passkeys`: a user's passkeys: register one, remove one. Where browsers offer none, the page is not there.

use super::proof::{Proof, lacks};
use super::sign_in::{safe_next, user_agent};
use crate::actions::passkeys::{add_passkey, answered, ask, check_name, remove_passkey, site};
use crate::app::App;
use crate::domain::browser_name::browser_name;
use crate::domain::passkey::{ES256, RS256};
use crate::storage::{Tx, passkeys};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{ANYBODY, Console};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use crate::web::settle::settle;
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use uuid::Uuid;

struct Line {
    id: Uuid,
    name: String,
    times: String,
}

#[derive(Template)]
#[template(path = "pages/console/passkeys.html")]
struct View {
    page: Page,
    form: Form,
    lines: Vec<Line>,
    proof: Proof,
    /// Nothing else opens before there is one.
    first: bool,
}

/// `GET /console/settings/passkeys?next=…`.
pub(super) async fn get(State(app): State<App>, me: Console<ANYBODY>, headers: HeaderMap, filters: Filters) -> Answer {
    site(&app.service).ok_or(AppError::NotFound)?;
    let (name, next) = (browser_name(user_agent(&headers)), safe_next(filters.one("next")).unwrap_or_default());
    let form = Form::prefilled([("name", name.as_str()), ("next", next)]);
    show(&mut app.db.read().await?, &me, form).await
}

/// `POST /console/settings/passkeys/challenge` with `current` and `name`: what the browser's own dialog needs, in JSON; or in words what is wrong.
pub(super) async fn challenge(State(app): State<App>, me: Console<ANYBODY>, form: Form) -> Answer {
    let site = site(&app.service).ok_or(AppError::NotFound)?;
    let mut form = form.only(&["current", "name"]);
    let current = form.one("current").to_owned();
    let mut tx = app.db.read().await?;
    let known = passkeys::list(&mut tx, me.user.id).await?;
    let named = check_name(&mut tx, me.user.id, form.one("name")).await;
    form.heed(named)?;
    drop(tx);
    // With a stolen session alone nobody lets themselves in for good.
    if let Some(lack) = lack(&app, &me, &form, &current).await? {
        form.fail("current", lack);
    }
    if let Some(line) = form.error_lines(&me.bare().lang).into_iter().next() {
        let said = Json(json!({ "field": line.field, "words": line.words }));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, said).into_response());
    }
    let mut tx = app.db.write().await?;
    let challenge = ask(&mut tx, &app.service, me.now, &me.session, Some(me.user.id)).await?;
    tx.commit().await?;
    let id = |bytes: &[u8]| json!({ "type": "public-key", "id": URL_SAFE_NO_PAD.encode(bytes) });
    let kind = |alg: i64| json!({ "type": "public-key", "alg": alg });
    let options = json!({
        "challenge": URL_SAFE_NO_PAD.encode(challenge),
        "rp": { "id": site.id, "name": format!("{} {}", me.bare().t("system"), me.bare().district()) },
        "user": {
            "id": URL_SAFE_NO_PAD.encode(me.user.id.0.as_bytes()),
            "name": me.user.email,
            "displayName": me.user.name,
        },
        "pubKeyCredParams": [kind(ES256), kind(RS256)],
        "excludeCredentials": known.iter().map(|passkey| id(&passkey.credential)).collect::<Vec<_>>(),
        "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
        "attestation": "none",
        "timeout": 120_000,
    });
    Ok(Json(options).into_response())
}

/// `POST /console/settings/passkeys` with `act` = `add`, `name`, what the browser handed over and `next`, or with `act` = `remove`, `passkey` and
/// `current`.
pub(super) async fn post(State(app): State<App>, me: Console<ANYBODY>, form: Form) -> Answer {
    site(&app.service).ok_or(AppError::NotFound)?;
    let mut form = form.only(&["act", "name", "current", "passkey", "client_data", "attestation", "next"]);
    let next = safe_next(form.one("next")).unwrap_or_default().to_owned();
    form.set("next", next.as_str());
    let current = form.one("current").to_owned();
    form.set("current", "");
    match form.one("act") {
        "add" => {
            let mut tx = app.db.write().await?;
            let asked = answered(&mut tx, me.now, &me.session, Some(me.user.id)).await?;
            tx.commit().await?;
            let (client_data, attestation) = (bytes(&form, "client_data"), bytes(&form, "attestation"));
            let (by, name) = ((&me.user, me.session.as_slice()), form.one("name").to_owned());
            let sent = (client_data.as_slice(), attestation.as_slice());
            let mut tx = app.db.write().await?;
            let done = add_passkey(&mut tx, &app.service, me.now, by, &name, asked.as_deref(), sent).await;
            if settle(tx, &mut form, done).await?.is_some() {
                return see_other(if next.is_empty() { paths::PASSKEYS } else { &next });
            }
        }
        "remove" => {
            let id = Uuid::try_parse(form.one("passkey")).ok();
            if id.is_none() {
                form.fail("passkey", "required");
            }
            if let Some(lack) = lack(&app, &me, &form, &current).await? {
                form.fail("current", lack);
            }
            if let (Some(id), false) = (id, form.has_errors()) {
                let mut tx = app.db.write().await?;
                remove_passkey(&mut tx, &app.service, me.now, &me.user, &me.session, id).await?;
                tx.commit().await?;
                return see_other(paths::PASSKEYS);
            }
        }
        _ => return Err(AppError::BadRequest("act")),
    }
    show(&mut app.db.read().await?, &me, form).await
}

/// What is wrong with the proof; a password is looked at only where nothing else is wrong.
async fn lack(app: &App, me: &Console<ANYBODY>, form: &Form, current: &str) -> Result<Option<&'static str>, AppError> {
    if form.has_errors() && !current.is_empty() { Ok(None) } else { lacks(app, me, current).await }
}

/// Bytes that a script put into a field; empty for nothing, or nothing readable.
pub(super) fn bytes(form: &Form, field: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(form.one(field)).unwrap_or_default()
}

async fn show(tx: &mut Tx, me: &Console<ANYBODY>, form: Form) -> Answer {
    let page = me.page(tx).await?;
    let line = |passkey: passkeys::Passkey| Line {
        id: passkey.id,
        times: match passkey.used_at {
            Some(used) => page.t2("passkey-times", "since", page.time(&passkey.created_at), "used", page.time(&used)),
            None => page.t1("passkey-never-used", "since", page.time(&passkey.created_at)),
        },
        name: passkey.name,
    };
    let lines = passkeys::list(tx, me.user.id).await?.into_iter().map(line).collect();
    let proof = Proof::of(me, &page, &paths::leading_on(paths::PASSKEYS, form.one("next")));
    html_with(form.status(), &View { lines, proof, form, first: me.first.is_some(), page })
}
