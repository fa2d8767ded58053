//! `/console/matters/new`, `/console/matters/{id}` and its form: an operator enters or changes what an agency has published as inspected; takes
//! it off the list, or puts it back on. The record's page shows its history.

use super::history::{self, Event};
use super::record_form::{Head, settle_change, show_changed};
use super::{Choice, agency_choices};
use crate::actions::edit_records::{MatterFields, change_matter, enter_matter, seen, set_matter_active};
use crate::app::App;
use crate::domain::agency::Matter;
use crate::domain::id::{AgencyId, MatterId};
use crate::storage::Tx;
use crate::web::error::AppError;
use crate::web::extract::console::{Console, LIAISON, OPERATOR, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::settle::settle;
use askama::Template;
use axum::extract::{Path, State};
use chrono::NaiveDate;

/// The fields of the form.
const FIELDS: [&str; 7] = ["seen", "agency", "name", "group", "legal_basis", "published_from", "published_to"];

#[derive(Template)]
#[template(path = "pages/console/matter.html")]
struct View {
    page: Page,
    matter: Matter,
    agency: String,
    published: String,
    current: bool,
    ended: bool,
    operator: bool,
    history: Vec<Event>,
    history_shown: usize,
}

#[derive(Template)]
#[template(path = "pages/console/matter-form.html")]
struct FormView {
    page: Page,
    form: Form,
    title: String,
    action: String,
    back: String,
    /// Of a matter that is there the agency stays: its name.
    agency: Option<String>,
    agencies: Vec<Choice>,
}

/// `GET /console/matters/{id}`: the record with its history.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR | LIAISON }>,
    Path(id): Path<String>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let found = MatterId::parse(&id).and_then(|id| snapshot.registries.matters.get(&id));
    let matter = found.cloned().ok_or(AppError::NotFound)?;
    if me.own_agency()?.is_some_and(|own| own != matter.agency) {
        return Err(AppError::NotFound);
    }
    let page = me.page(&mut tx).await?;
    let today = page.today();
    html(&View {
        history: history::of_record(&mut tx, &page, &snapshot.registries, matter.id.0, None, me.is(OPERATOR)).await?,
        history_shown: history::SHOWN * 4,
        agency: snapshot.registries.agencies.get(&matter.agency).map(|agency| agency.name.clone()).unwrap_or_default(),
        published: match matter.published_to {
            None => page.t1("since", "day", page.date(&matter.published_from)),
            Some(to) => format!("{} – {}", page.date(&matter.published_from), page.date(&to)),
        },
        current: matter.published_on(today),
        ended: matter.published_to.is_some_and(|to| to <= today),
        operator: me.is(OPERATOR),
        matter,
        page,
    })
}

/// `GET /console/matters/new`.
pub(super) async fn new(State(app): State<App>, me: Console<OPERATOR>) -> Answer {
    let mut tx = app.db.read().await?;
    let today = me.bare().today().to_string();
    show(&app, &mut tx, &me, None, Form::prefilled([("published_from", today)])).await
}

/// `POST /console/matters/new`.
pub(super) async fn create(State(app): State<App>, me: Console<OPERATOR>, form: Form) -> Answer {
    let mut form = form.only(&FIELDS);
    let fields = read(&mut form);
    if !form.has_errors() {
        let mut tx = app.db.write().await?;
        let done = enter_matter(&mut tx, &app.service, me.now, &me.actor(), fields).await;
        if let Some(matter) = settle(tx, &mut form, done).await? {
            return see_other(&paths::item(paths::MATTERS, matter.id));
        }
    }
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, None, form).await
}

/// `GET /console/matters/{id}/edit`.
pub(super) async fn edit(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let matter = fetch(&app, &mut tx, MatterId::parse(&id)).await?;
    let form = Form::prefilled([
        ("seen", seen(&MatterFields::facts(&matter))),
        ("name", matter.name.clone()),
        ("group", matter.group.clone()),
        ("legal_basis", matter.legal_basis.clone()),
        ("published_from", matter.published_from.to_string()),
        ("published_to", matter.published_to.map(|day| day.to_string()).unwrap_or_default()),
    ]);
    show(&app, &mut tx, &me, Some(matter), form).await
}

/// `POST /console/matters/{id}/edit`.
pub(super) async fn save(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>, form: Form) -> Answer {
    let id = MatterId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&FIELDS);
    let fields = read(&mut form);
    if !form.has_errors() {
        let shown = form.one("seen").to_owned();
        let mut tx = app.db.write().await?;
        let done = change_matter(&mut tx, &app.service, me.now, &me.actor(), id, &shown, fields).await;
        if settle_change(tx, &mut form, done).await?.is_some() {
            return see_other(&paths::item(paths::MATTERS, id));
        }
    }
    let mut tx = app.db.read().await?;
    let matter = fetch(&app, &mut tx, Some(id)).await?;
    show_changed(&mut form, &MatterFields::facts(&matter));
    show(&app, &mut tx, &me, Some(matter), form).await
}

/// `POST /console/matters/{id}/active` with `active` = `yes` or `no`.
pub(super) async fn active(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = MatterId::parse(&id).ok_or(AppError::NotFound)?;
    let active = super::yes_or_no(&form, "active")?;
    let mut tx = app.db.write().await?;
    set_matter_active(&mut tx, &app.service, me.now, &me.actor(), id, active).await?;
    tx.commit().await?;
    see_other(&paths::item(paths::MATTERS, id))
}

async fn fetch(app: &App, tx: &mut Tx, id: Option<MatterId>) -> Result<Matter, AppError> {
    let snapshot = app.service.snapshot(tx).await?;
    id.and_then(|id| snapshot.registries.matters.get(&id).cloned()).ok_or(AppError::NotFound)
}

fn read(form: &mut Form) -> MatterFields {
    let agency = if form.filled("agency") { form.choice("agency", AgencyId::parse) } else { None };
    MatterFields {
        agency,
        name: form.one("name").to_owned(),
        group: form.one("group").to_owned(),
        legal_basis: form.one("legal_basis").to_owned(),
        published_from: day(form, "published_from"),
        published_to: day(form, "published_to"),
    }
}

/// A day that may be left out; anything that is none is an error.
pub(super) fn day(form: &mut Form, name: &'static str) -> Option<NaiveDate> {
    if form.filled(name) { form.choice(name, |text| text.parse::<NaiveDate>().ok()) } else { None }
}

async fn show(app: &App, tx: &mut Tx, me: &Console<OPERATOR>, matter: Option<Matter>, form: Form) -> Answer {
    let page = me.page(tx).await?;
    let snapshot = app.service.snapshot(tx).await?;
    let agencies = agency_choices(&snapshot.registries);
    let agency = matter.as_ref().and_then(|matter| snapshot.registries.agencies.get(&matter.agency));
    let agency = agency.map(|agency| agency.name.clone());
    let matter = matter.as_ref().map(|matter| (matter.id, matter.name.as_str()));
    let Head { title, action, back } = Head::of(&page, paths::MATTERS, "registry-matter-new", matter);
    html_with(form.status(), &FormView { page, form, title, action, back, agency, agencies })
}
