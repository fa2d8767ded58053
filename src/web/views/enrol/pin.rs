//! `/pin`: opens an enrolled phone again. Wrong attempts are counted before the PIN is looked at, and cost time.

use crate::actions::held_up::Held;
use crate::actions::{attempts, password};
use crate::app::App;
use crate::storage::devices;
use crate::web::error::AppError;
use crate::web::extract::{MaybeInspecting, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "pages/enrol/pin.html")]
struct Pin {
    page: Page,
    form: Form,
    name: String,
    next: String,
    blocked_until: Option<String>,
}

/// `GET /pin?next=…`.
pub(in crate::web) async fn get(
    page: Page,
    MaybeInspecting(known): MaybeInspecting,
    RawQuery(query): RawQuery,
) -> Answer {
    let fields = crate::web::extract::body::decode(query.unwrap_or_default().as_bytes())?;
    let next = fields.into_iter().find(|(name, _)| name == "next").map(|(_, next)| next).unwrap_or_default();
    let Some(known) = known else { return see_other(&paths::not_enrolled(&next)) };
    let view = Pin { page, form: Form::default(), name: known.inspector.name, next, blocked_until: None };
    html_with(StatusCode::OK, &view)
}

/// `POST /pin` with `pin` and `next`.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    MaybeInspecting(known): MaybeInspecting,
    form: Form,
) -> Answer {
    let mut form = form.only(&["pin", "next"]);
    let next = if paths::is_local(form.one("next")) { form.one("next") } else { paths::MY }.to_owned();
    let Some(known) = known else { return see_other(&paths::not_enrolled(&next)) };
    // By the phone: what a thief types on one that was stolen does not hold up the inspector's other.
    let subject = known.device.id.to_string();
    let mut tx = app.db.write().await?;
    let blocked = attempts::take(&mut tx, now, "pin", &subject).await?;
    let hash = devices::pin_hash(&mut tx, known.device.inspector).await?;
    tx.commit().await?;
    if let Some(until) = blocked {
        app.service.held_up.count(Held::PhonePin);
        let blocked_until = Some(page.time(&until));
        let view = Pin { page, form: Form::default(), name: known.inspector.name, next, blocked_until };
        return html_with(StatusCode::TOO_MANY_REQUESTS, &view);
    }
    if !password::verify(&app.service, form.one("pin").trim(), hash.as_deref()).await.map_err(AppError::from)? {
        form.fail("pin", "pin_mismatch");
        let view = Pin { page, form, name: known.inspector.name, next, blocked_until: None };
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let mut tx = app.db.write().await?;
    attempts::succeeded(&mut tx, "pin", &subject).await?;
    devices::seen(&mut tx, known.device.id, now).await?;
    tx.commit().await?;
    see_other(&next)
}
