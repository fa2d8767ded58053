//! `/console/inspectors/invite`: a liaison invites several inspectors at once, ticked or pasted as certificate numbers, and prints their codes. The
//! page also tells whose certificates run out within 30 days.

use crate::actions::enrol::{INVITE_TIME, invite_inspector};
use crate::app::App;
use crate::domain::certificate;
use crate::domain::dossier::Registries;
use crate::domain::id::AgencyId;
use crate::domain::inspector::RUNS_OUT_SOON;
use crate::print::qr::{self, Medium};
use crate::storage::Tx;
use crate::storage::inspector_lists::{self, FoundInspector};
use crate::web::cookies;
use crate::web::error::AppError;
use crate::web::extract::console::{Console, LIAISON};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

/// The most inspectors that are invited at once.
const MOST: usize = 100;

/// So many are offered to tick.
const OFFERED: i64 = 200;

struct Person {
    cert_no: String,
    name: String,
    /// When the certificate runs out, where that is told.
    until: String,
}

#[derive(Template)]
#[template(path = "pages/console/invite-many.html")]
struct Ask {
    page: Page,
    form: Form,
    offered: Vec<Person>,
    expiring: Vec<Person>,
    /// Certificate numbers that the agency does not have.
    unknown: Vec<String>,
}

struct Card {
    name: String,
    cert_no: String,
    link: String,
    code: String,
}

#[expect(clippy::struct_field_names, reason = "the cards of a page of cards")]
#[derive(Template)]
#[template(path = "pages/console/invite-cards.html")]
struct Cards {
    page: Page,
    cards: Vec<Card>,
    until: String,
}

/// `GET /console/inspectors/invite`.
pub(super) async fn get(State(app): State<App>, me: Console<LIAISON>) -> Answer {
    html(&ask(&app, &me, Form::default(), Vec::new()).await?)
}

/// `POST /console/inspectors/invite` with `cert` (ticked) and `cert_list` (pasted, one a line): the codes, shown once.
pub(super) async fn post(State(app): State<App>, me: Console<LIAISON>, mut form: Form) -> Answer {
    let agency = agency(&me)?;
    let snapshot = app.service.snapshot(&mut app.db.read().await?).await?;
    let certs = wanted(&form, &snapshot.registries);
    if certs.is_empty() {
        form.fail("cert_list", "required");
    } else if certs.len() > MOST {
        form.fail("cert_list", "too_many");
    }
    let mut people = Vec::new();
    let mut unknown = Vec::new();
    if !form.has_errors() {
        let mut tx = app.db.read().await?;
        for cert_no in certs {
            match inspector_lists::by_cert(&mut tx, agency, &cert_no).await? {
                Some(found) => people.push(found),
                None => unknown.push(cert_no),
            }
        }
        if !unknown.is_empty() {
            form.fail("cert_list", "not_ours");
        }
    }
    if form.has_errors() {
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &ask(&app, &me, form, unknown).await?);
    }
    let mut tx = app.db.write().await?;
    let mut cards = Vec::new();
    for found in people {
        cards.push(invite(&mut tx, &app, &me, found).await?);
    }
    tx.commit().await?;
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    html(&Cards { until: page.time(&(me.now + INVITE_TIME)), page, cards })
}

async fn invite(tx: &mut Tx, app: &App, me: &Console<LIAISON>, found: FoundInspector) -> Result<Card, AppError> {
    let secret = invite_inspector(tx, &app.service, me.now, Some(me.user.id), found.inspector.id).await?;
    let link = format!("{}{}", me.bare().public_url(), paths::join(&cookies::encode_secret(&secret)));
    let code = qr::data_link(&link, Medium::Paper).map_err(|error| AppError::internal(&error))?;
    Ok(Card { name: found.inspector.name, cert_no: found.inspector.cert_no, code, link })
}

/// The certificate numbers that were ticked or pasted, each once.
fn wanted(form: &Form, registries: &Registries) -> Vec<String> {
    let ticked = form.all("cert").map(str::to_owned);
    let pasted = certificate::listed(form.one("cert_list"), |number| registries.inspectors.contains_key(number));
    registries.certificates(&ticked.chain(pasted).collect::<Vec<_>>())
}

fn agency(me: &Console<LIAISON>) -> Result<AgencyId, AppError> {
    me.own_agency()?.ok_or(AppError::NotFound)
}

async fn ask(app: &App, me: &Console<LIAISON>, form: Form, unknown: Vec<String>) -> Result<Ask, AppError> {
    let agency = agency(me)?;
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let today = page.today();
    let offered = inspector_lists::not_enrolled(&mut tx, agency, today, OFFERED).await?;
    let expiring = inspector_lists::expiring(&mut tx, agency, today, today + RUNS_OUT_SOON, OFFERED).await?;
    let person = |found: FoundInspector| Person {
        cert_no: found.inspector.cert_no,
        name: found.inspector.name,
        until: found.inspector.valid_to.map(|day| page.date(&day)).unwrap_or_default(),
    };
    Ok(Ask {
        offered: offered.into_iter().map(person).collect(),
        expiring: expiring.into_iter().map(person).collect(),
        unknown,
        form,
        page,
    })
}
