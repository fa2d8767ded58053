//! 我是企业 (`/e/TOKEN/enterprise`): who is registered to come, the four digits, and the ways to report, look up and rate.
//!
//! Made from filings alone: a report changes nothing here.

use super::visit::{Names, Standing, Visit};
use super::{door, own_phone, rating};
use crate::actions::held_up::Held;
use crate::actions::{FieldError, Snapshot, right_digits, try_digits};
use crate::app::App;
use crate::domain::id::EnterpriseId;
use crate::domain::text::half_width;
use crate::storage::filings::{self, FilingRecord};
use crate::storage::{Tx, enterprises::EnterpriseRecord};
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::{ClientAddr, Form, MaybeInspecting, Now, cookies, paths};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{Days, NaiveDate};

/// How far back a visit may have begun that is still going on.
const BACK: Days = Days::new(31);

/// How far back a visit is that the enterprise is invited to rate: more of its history is for those who have its PIN.
const INVITED: Days = Days::new(7);

#[derive(Template)]
#[template(path = "pages/enterprise/desk.html")]
struct Desk {
    page: Page,
    form: Form,
    token: String,
    name: String,
    visits: Vec<Visit>,
    invited: Vec<Invited>,
}

/// A visit that the enterprise is invited to rate.
struct Invited {
    href: String,
    named: String,
}

/// `GET /e/{token}/enterprise`.
pub(super) async fn get(State(app): State<App>, page: Page, Now(now): Now, Path(token): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let Some((token, enterprise)) = door::enter(&mut tx, now, &token).await? else {
        return see_other(&door::landing(&token));
    };
    html(&desk(&app, &mut tx, page, Form::default(), (token, enterprise)).await?)
}

/// `GET /e/{token}/confirm`: where a reader lands who reloads after the digits were wrong.
pub(super) async fn confirm_get(Path(token): Path<String>) -> Answer {
    let plain: String = token.chars().filter(char::is_ascii_alphanumeric).collect();
    see_other(&paths::enterprise_desk(&plain))
}

/// `POST /e/{token}/confirm` with the four digits that the visitor tells; leads to the page of that inspection.
pub(super) async fn confirm(
    State(app): State<App>,
    page: Page,
    addr: ClientAddr,
    known: MaybeInspecting,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Answer {
    if own_phone::is_inspectors(&known) {
        return own_phone::refuse(page, door::landing(&token));
    }
    let now = page.now;
    let mut form = form.only(&["digits"]);
    let mut tx = app.db.read().await?;
    let Some((token, enterprise)) = door::enter(&mut tx, now, &token).await? else {
        return see_other(&door::landing(&token));
    };
    let digits: String = half_width(form.one("digits")).chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        form.fail("digits", if digits.is_empty() { "required" } else { "invalid" });
    }
    if !form.has_errors() {
        let (network, browser) = (door::masked(&app, &addr.network()), cookies::hash_of(&app, &headers, cookies::DESK));
        let mut write = app.db.write().await?;
        let (turn, origin) = try_digits(&mut write, now, enterprise.id, (&network, browser.as_deref())).await?;
        write.commit().await?;
        if let Some(wait) = turn.refusal("digits", now) {
            app.service.held_up.count(Held::Digits);
            form.fail_all([wait]);
        } else if let Some(code) = with_digits(&mut tx, &page, enterprise.id, &digits).await? {
            let mut write = app.db.write().await?;
            right_digits(&mut write, enterprise.id, &origin).await?;
            write.commit().await?;
            return see_other(&paths::inspection(&code));
        } else if let Some(at) = left_with(&mut tx, &page, enterprise.id, &digits).await? {
            form.fail_all(vec![FieldError { field: "digits", code: "left", hint: Some(at) }]);
        } else {
            form.fail("digits", "unknown");
        }
    }
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &desk(&app, &mut tx, page, form, (token, enterprise)).await?)
}

/// The inspection code of a visit of today with these digits.
async fn with_digits(
    tx: &mut Tx,
    page: &Page,
    enterprise: EnterpriseId,
    digits: &str,
) -> Result<Option<String>, AppError> {
    let today = page.today();
    let records = filings::dossier(tx, enterprise, today - BACK).await?;
    let found = records.into_iter().find(|r| r.arrival_pin == digits && standing(page, r, today).confirmable());
    Ok(found.map(|record| record.inspection_code))
}

/// When the visitors with these digits left, if that was today.
async fn left_with(
    tx: &mut Tx,
    page: &Page,
    enterprise: EnterpriseId,
    digits: &str,
) -> Result<Option<String>, AppError> {
    let records = filings::dossier(tx, enterprise, page.today() - BACK).await?;
    let theirs = records.into_iter().filter(|r| r.filing.live() && r.arrival_pin == digits);
    let left = theirs.filter_map(|r| r.filing.left_at).filter(|at| page.zone().local_date(*at) == page.today()).max();
    Ok(left.map(|at| page.clock(&at)))
}

/// What a visit is called that is to be rated. Whoever scans the code may read it: when it began, and its agency where this page shows it today
/// anyway.
pub(super) fn named(page: &Page, snapshot: &Snapshot, record: &FilingRecord) -> String {
    let when = page.time(&record.filing.span().start());
    let agency = snapshot.registries.agencies.get(&record.filing.agency).filter(|_| is_shown(page, record));
    agency.map_or(when.clone(), |agency| format!("{when} · {}", agency.name))
}

fn standing(page: &Page, record: &FilingRecord, today: NaiveDate) -> Standing {
    Standing::of(&record.filing, record.presence_confirmed_at.is_some(), today, page.zone())
}

async fn desk(
    app: &App,
    tx: &mut Tx,
    page: Page,
    form: Form,
    (token, enterprise): (String, EnterpriseRecord),
) -> Result<Desk, AppError> {
    let snapshot = app.service.snapshot(tx).await?;
    let records = filings::dossier(tx, enterprise.id, page.today() - BACK).await?;
    let recent = |r: &&FilingRecord| r.filing.first_day(page.zone()) >= page.today() - INVITED;
    let mut rateable: Vec<&FilingRecord> =
        records.iter().filter(|r| rating::is_rateable(r, page.now)).filter(recent).collect();
    rateable.sort_by_key(|record| std::cmp::Reverse(record.filing.span().start()));
    let invited = |record: &&FilingRecord| Invited {
        href: paths::desk_rate(&token, record.filing.id),
        named: named(&page, &snapshot, record),
    };
    let invited = rateable.iter().map(invited).collect();
    let visits = shown(&page, &snapshot, records);
    let name = door::named(tx, &token, enterprise.name).await?;
    Ok(Desk { page, form, token, name, visits, invited })
}

/// Whether the page tells of a visit: those of today and those going on, those taken back today too, so that nobody is let in on one of them.
fn is_shown(page: &Page, record: &FilingRecord) -> bool {
    let today = page.today();
    let touches = record.filing.span().days(page.zone()).any(|day| day == today);
    match standing(page, record, today) {
        Standing::Later | Standing::Over => false,
        Standing::There => true,
        Standing::Cancelled | Standing::Today | Standing::Left => touches,
    }
}

/// The visits that the page tells of, in their order.
fn shown(page: &Page, snapshot: &Snapshot, mut records: Vec<FilingRecord>) -> Vec<Visit> {
    records.retain(|record| is_shown(page, record));
    records.sort_by_key(|record| (!record.filing.live(), record.filing.planned.start()));
    records.iter().map(|record| Visit::new(page, snapshot, record, Names::Masked)).collect()
}
