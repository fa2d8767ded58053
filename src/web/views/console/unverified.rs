//! `/console/unverified`: urgent filings from phones that are not enrolled, and the liaison's answer whether they are the agency's own.

use crate::actions::unverified::decide_unverified;
use crate::app::App;
use crate::domain::id::FilingId;
use crate::storage::Tx;
use crate::storage::unverified::{self, Listed};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, LIAISON, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use crate::web::settle::settle;
use askama::Template;
use axum::extract::{Path, State};
use chrono::TimeDelta;

/// Decided ones are shown for this long.
const SHOWN: TimeDelta = TimeDelta::days(90);
/// The most rows that are shown: all that wait come first.
const MOST: i64 = 200;

/// One filing, and what is to be done about it.
struct Line {
    id: FilingId,
    number: String,
    enterprise: String,
    agency: String,
    name: String,
    cert_no: String,
    phone: String,
    filed: String,
    due: String,
    overdue: bool,
    confirmed: Option<bool>,
    reason: String,
    /// Its refusal lacks the reason.
    wrong: bool,
}

#[derive(Template)]
#[template(path = "pages/console/unverified.html")]
struct View {
    page: Page,
    form: Form,
    lines: Vec<Line>,
    /// How many are shown at most, where there are more.
    more: Option<i64>,
    liaison: bool,
}

/// `GET /console/unverified`.
pub(super) async fn get(State(app): State<App>, me: Console<{ SUPERVISOR | LIAISON }>) -> Answer {
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, Form::default(), None).await
}

/// `POST /console/unverified/{id}` with `ours` = `yes`, or `no` and a `reason`.
pub(super) async fn post(State(app): State<App>, me: Console<LIAISON>, Path(id): Path<String>, form: Form) -> Answer {
    let id = FilingId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&["ours", "reason"]);
    let ours = super::yes_or_no(&form, "ours")?;
    let agency = me.own_agency()?.ok_or(AppError::NotFound)?;
    let refused_for = (!ours).then(|| form.one("reason").to_owned());
    let mut tx = app.db.write().await?;
    let who = (me.user.id, agency);
    let done = decide_unverified(&mut tx, &app.service, me.now, who, id, refused_for.as_deref()).await;
    if settle(tx, &mut form, done).await?.is_some() {
        return see_other(paths::UNVERIFIED);
    }
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, form, Some(id)).await
}

async fn show<const ROLES: u8>(
    app: &App,
    tx: &mut Tx,
    me: &Console<ROLES>,
    form: Form,
    wrong: Option<FilingId>,
) -> Answer {
    let page = me.page(tx).await?;
    let snapshot = app.service.snapshot(tx).await?;
    let mut rows = unverified::list(tx, me.own_agency()?, me.now - SHOWN, MOST + 1).await?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let more = (rows.len() > most).then_some(MOST);
    rows.truncate(most);
    let line = |Listed { row, number, enterprise }: Listed| Line {
        id: row.filing,
        number,
        enterprise,
        agency: snapshot.registries.agencies.get(&row.agency).map(|agency| agency.name.clone()).unwrap_or_default(),
        filed: page.time(&row.filed_at),
        due: page.time(&row.due_at),
        overdue: row.confirmed.is_none() && me.now > row.due_at,
        wrong: wrong == Some(row.filing),
        name: row.name,
        cert_no: row.cert_no,
        phone: row.phone,
        confirmed: row.confirmed,
        reason: row.reason,
    };
    let lines = rows.into_iter().map(line).collect();
    html_with(form.status(), &View { lines, more, form, liaison: me.is(LIAISON), page })
}
