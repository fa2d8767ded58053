//! `/console/sign-in/passkey`: signing in with a passkey, which needs no password and stands for both steps.

use super::passkeys::bytes;
use super::sign_in::{Browser, go_on, refused};
use crate::actions::held_up::Held;
use crate::actions::limits::Door;
use crate::actions::passkeys::{ANSWER_TIME, Presented, answered, ask, failed, sign_in_with, site, try_passkey};
use crate::actions::{FieldError, attempts};
use crate::app::App;
use crate::web::cookies;
use crate::web::doors;
use crate::web::error::AppError;
use crate::web::extract::{ClientAddr, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::Answer;
use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use std::time::Duration;

/// `POST /console/sign-in/passkey/challenge`: what the browser's own dialog needs, in JSON. A cookie binds it to this browser.
pub(super) async fn challenge(State(app): State<App>, Now(now): Now, from: ClientAddr) -> Answer {
    let site = site(&app.service).ok_or(AppError::NotFound)?;
    doors::enter(&app, now, from, Door::PasskeyChallenge)?;
    let secret = cookies::encode_secret(&app.service.ids.secret());
    let binding = cookies::secret_hash(&secret).ok_or_else(|| AppError::Internal("no hash of a secret".into()))?;
    let mut tx = app.db.write().await?;
    let challenge = ask(&mut tx, &app.service, now, &binding, None).await?;
    tx.commit().await?;
    let options = json!({
        "challenge": URL_SAFE_NO_PAD.encode(challenge),
        "rpId": site.id,
        "allowCredentials": [],
        "userVerification": "required",
        "timeout": 120_000,
    });
    let mut answer = Json(options).into_response();
    let lifetime = Duration::from_secs(ANSWER_TIME.num_seconds().unsigned_abs());
    answer.headers_mut().insert(SET_COOKIE, cookies::set(&app, cookies::PASSKEY, &secret, lifetime)?);
    Ok(answer)
}

/// `POST /console/sign-in/passkey` with what the browser handed over.
pub(super) async fn post(
    State(app): State<App>,
    Now(now): Now,
    from: ClientAddr,
    page: Page,
    headers: HeaderMap,
    form: Form,
) -> Answer {
    site(&app.service).ok_or(AppError::NotFound)?;
    let form = form.only(&["next", "credential", "owner", "client_data", "authenticator_data", "signature"]);
    let with = Presented {
        credential: bytes(&form, "credential"),
        owner: bytes(&form, "owner"),
        client_data: bytes(&form, "client_data"),
        authenticator_data: bytes(&form, "authenticator_data"),
        signature: bytes(&form, "signature"),
    };
    let (service, network) = (&app.service, from.network());
    let binding = cookies::get(&app, &headers, cookies::PASSKEY).and_then(cookies::secret_hash).unwrap_or_default();
    let mut tx = app.db.write().await?;
    let asked = answered(&mut tx, now, &binding, None).await?;
    let wait = try_passkey(&mut tx, now, &with.credential, &network).await?;
    tx.commit().await?;
    if let Some(until) = wait {
        service.held_up.count(Held::Passkey);
        let wait = attempts::wait("passkey", now, until);
        return refused(page, form.one("next"), wait, StatusCode::TOO_MANY_REQUESTS);
    }
    let before = cookies::get(&app, &headers, cookies::SESSION).and_then(cookies::secret_hash);
    let mut tx = app.db.write().await?;
    let done = sign_in_with(&mut tx, service, now, &network, asked.as_deref(), &with, before.as_deref()).await?;
    let wrong = match done {
        Ok(signed) => {
            let known = Browser::of(&app, &headers).remember(&app, &mut tx, now, &signed).await?;
            tx.commit().await?;
            return go_on(&app, &signed, known, form.one("next"));
        }
        Err(wrong) => wrong,
    };
    tx.rollback().await?;
    let mut tx = app.db.write().await?;
    failed(&mut tx, service, now, &network, &with.credential, wrong).await?;
    tx.commit().await?;
    refused(page, form.one("next"), FieldError::new("passkey", "wrong"), StatusCode::UNPROCESSABLE_ENTITY)
}
