//! `/join/SECRET`: an invite. Opening it shows whom it is for and changes nothing; sending the PIN uses it up.

use crate::actions::enrol::{enrol_device, parse_pin};
use crate::actions::{ActionError, password};
use crate::app::App;
use crate::storage::{Tx, devices};
use crate::web::error::AppError;
use crate::web::extract::Now;
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::{cookies, paths};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use chrono::{DateTime, Utc};

/// Who is invited.
struct Invited {
    name: String,
    cert_no: String,
    agency: String,
    until: String,
}

#[derive(Template)]
#[template(path = "pages/enrol/join.html")]
struct Join {
    page: Page,
    form: Form,
    invited: Invited,
    action: String,
}

#[derive(Template)]
#[template(path = "pages/enrol/spent.html")]
struct Spent {
    page: Page,
}

/// `GET /join/{secret}`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    Path(secret): Path<String>,
) -> Answer {
    let mut tx = app.db.read().await?;
    match invited(&app, &mut tx, &page, &secret, now).await? {
        Some(invited) => html(&Join { page, form: Form::default(), invited, action: paths::join(&secret) }),
        None => spent(page),
    }
}

/// `POST /join/{secret}` with `pin` and `pin_again`.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    Path(secret): Path<String>,
    form: Form,
) -> Answer {
    let mut form = form.only(&["pin", "pin_again"]);
    let Some(hash) = cookies::secret_hash(&secret) else { return spent(page) };
    let pin = match parse_pin(form.one("pin")) {
        Ok(pin) if pin == form.one("pin_again").trim() => pin,
        Ok(_) => {
            form.fail("pin_again", "pin_differs");
            String::new()
        }
        Err(error) => {
            form.fail_all([error]);
            String::new()
        }
    };
    // Whoever has no invite has no hash made.
    let mut tx = app.db.read().await?;
    let Some(invited) = invited(&app, &mut tx, &page, &secret, now).await? else { return spent(page) };
    drop(tx);
    if form.has_errors() {
        let view = Join { page, form, invited, action: paths::join(&secret) };
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let pin_hash = password::hash(&app.service, &pin).await?;
    let mut tx = app.db.write().await?;
    let device = match enrol_device(&mut tx, &app.service, now, &hash, &pin_hash).await {
        Ok((_, device)) => device,
        Err(ActionError::NotFound(_)) => {
            tx.rollback().await?;
            return spent(page);
        }
        Err(error) => return Err(error.into()),
    };
    tx.commit().await?;
    let mut answer = see_other(paths::MY)?;
    let cookie = cookies::set(&app, cookies::DEVICE, &cookies::encode_secret(&device), cookies::YEAR)?;
    answer.headers_mut().insert(SET_COOKIE, cookie);
    Ok(answer)
}

fn spent(page: Page) -> Answer {
    html_with(StatusCode::GONE, &Spent { page })
}

async fn invited(
    app: &App,
    tx: &mut Tx,
    page: &Page,
    secret: &str,
    now: DateTime<Utc>,
) -> Result<Option<Invited>, AppError> {
    let Some(hash) = cookies::secret_hash(secret) else { return Ok(None) };
    let Some(invite) = devices::invite(tx, &hash, now).await? else { return Ok(None) };
    let snapshot = app.service.snapshot(tx).await?;
    let registries = &snapshot.registries;
    let inspector = registries.inspectors.values().find(|i| i.id == invite.inspector);
    Ok(inspector.map(|i| Invited {
        name: i.name.clone(),
        cert_no: i.cert_no.clone(),
        agency: registries.agencies.get(&i.agency).map(|a| a.name.clone()).unwrap_or_default(),
        until: page.time(&invite.expires_at),
    }))
}
