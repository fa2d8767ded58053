//! Rating a visit from the enterprise's own desk (`/e/TOKEN/rate/ID`): the code on the wall gives no power, so the enterprise's PIN goes with the marks.
//! The visit is called what the desk calls it, no more: what came from where is the enterprise's to know.

use super::report::send::{Pin, check_pin};
use super::{desk, door, own_phone, rating};
use crate::actions::known_browsers::remember;
use crate::actions::{FieldError, Snapshot, rate_visit};
use crate::app::App;
use crate::domain::id::FilingId;
use crate::domain::text::half_width;
use crate::storage::Tx;
use crate::storage::enterprises::EnterpriseRecord;
use crate::storage::filings::{self, FilingRecord, Scope};
use crate::web::cookies;
use crate::web::doors;
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::{ClientAddr, Form, MaybeInspecting, Now, paths};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};

#[derive(Template)]
#[template(path = "pages/enterprise/desk_rating.html")]
struct View {
    page: Page,
    form: Form,
    action: String,
    named: String,
    enterprise: String,
    marks: [&'static str; 3],
    unchecked: bool,
}

#[derive(Template)]
#[template(path = "pages/enterprise/rating_done.html")]
struct Done {
    page: Page,
    back: String,
}

/// The visit that is rated, and where.
struct Asked {
    token: String,
    enterprise: EnterpriseRecord,
    record: FilingRecord,
}

/// `GET /e/{token}/rate/{id}`.
pub(super) async fn get(
    State(app): State<App>,
    page: Page,
    Now(now): Now,
    known: MaybeInspecting,
    Path((token, id)): Path<(String, String)>,
) -> Answer {
    if own_phone::is_inspectors(&known) {
        return own_phone::refuse(page, door::landing(&token));
    }
    let mut tx = app.db.read().await?;
    match asked(&mut tx, now, &token, &id).await? {
        Some(asked) => {
            let snapshot = app.service.snapshot(&mut tx).await?;
            html(&view(page, &snapshot, Form::default(), &asked))
        }
        None => see_other(&paths::enterprise_desk(&plain(&token))),
    }
}

/// `POST /e/{token}/rate/{id}` with the marks and the PIN.
pub(super) async fn post(
    State(app): State<App>,
    page: Page,
    addr: ClientAddr,
    known: MaybeInspecting,
    Path((token, id)): Path<(String, String)>,
    headers: HeaderMap,
    form: Form,
) -> Answer {
    let now = page.now;
    if own_phone::is_inspectors(&known) {
        return own_phone::refuse(page, door::landing(&token));
    }
    let mut tx = app.db.read().await?;
    let Some(asked) = asked(&mut tx, now, &token, &id).await? else {
        return see_other(&paths::enterprise_desk(&plain(&token)));
    };
    let snapshot = app.service.snapshot(&mut tx).await?;
    drop(tx);
    let mut form = form.only(&["closeness", "integrity", "satisfaction", "pin"]);
    let marks = rating::marks(&mut form);
    let browser = cookies::hash_of(&app, &headers, cookies::DESK);
    let pin: String = half_width(form.one("pin")).chars().filter(|c| !c.is_whitespace()).take(64).collect();
    if pin.is_empty() {
        form.fail("pin", "required");
    } else if !form.has_errors() {
        let network = door::masked(&app, &addr.network());
        match check_pin(&app, &asked.enterprise, (&network, browser.as_deref()), &pin, now).await? {
            Pin::Right => {}
            Pin::NotNow(wait) | Pin::Later(wait) => form.fail_all([FieldError { code: "wait_rate", ..wait }]),
            Pin::Busy => {
                form.set("pin", "");
                form.fail("pin", "busy_rate");
                return doors::no_room(&app, &view(page, &snapshot, form, &asked));
            }
            Pin::None | Pin::Wrong => form.fail("pin", "wrong_rate"),
        }
    }
    form.set("pin", "");
    let (Some(marks), false) = (marks, form.has_errors()) else {
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(page, &snapshot, form, &asked));
    };
    let mut tx = app.db.write().await?;
    rate_visit(&mut tx, &app.service, now, asked.record.filing.id, marks).await?;
    let secret = remember(&mut tx, &app.service, now, asked.enterprise.id.0, browser.as_deref()).await?;
    tx.commit().await?;
    let mut answer = html(&Done { page, back: paths::enterprise_desk(&asked.token) })?;
    cookies::set_known(&app, &mut answer, cookies::DESK, &secret)?;
    Ok(answer)
}

fn plain(token: &str) -> String {
    token.chars().filter(char::is_ascii_alphanumeric).take(64).collect()
}

/// The visit at the enterprise of the token, if there was one to rate.
async fn asked(tx: &mut Tx, now: DateTime<Utc>, token: &str, id: &str) -> Result<Option<Asked>, AppError> {
    let Some((token, enterprise)) = door::enter(tx, now, token).await? else { return Ok(None) };
    let Some(id) = FilingId::parse(id) else { return Ok(None) };
    let record = filings::get(tx, id, Scope::All).await?;
    let record = record.filter(|r| r.filing.enterprise == enterprise.id && rating::is_rateable(r, now));
    Ok(record.map(|record| Asked { token, enterprise, record }))
}

fn view(page: Page, snapshot: &Snapshot, form: Form, asked: &Asked) -> View {
    let filing = &asked.record.filing;
    View {
        action: paths::desk_rate(&asked.token, filing.id),
        named: desk::named(&page, snapshot, &asked.record),
        enterprise: asked.enterprise.name.clone(),
        marks: rating::MARKS,
        unchecked: rating::is_unchecked(&asked.record),
        page,
        form,
    }
}
