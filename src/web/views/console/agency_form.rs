//! `/console/agencies/new` and `/console/agencies/{id}/edit`: an operator enters or changes an agency; deactivates it, or takes that back.

use super::record_form::{Head, settle_change, show_changed};
use super::{Choice, agency_choices};
use crate::actions::edit_records::{AgencyFields, change_agency, enter_agency, seen, set_agency_active};
use crate::app::App;
use crate::domain::id::AgencyId;
use crate::storage::Tx;
use crate::web::error::AppError;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use crate::web::settle::settle;
use askama::Template;
use axum::extract::{Path, State};

/// The fields of the form.
const FIELDS: [&str; 6] = ["seen", "name", "short_name", "parent", "emails", "areas"];

#[derive(Template)]
#[template(path = "pages/console/agency-form.html")]
struct View {
    page: Page,
    form: Form,
    title: String,
    action: String,
    back: String,
    parents: Vec<Choice>,
}

/// `GET /console/agencies/new`.
pub(super) async fn new(State(app): State<App>, me: Console<OPERATOR>) -> Answer {
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, None, Form::default()).await
}

/// `POST /console/agencies/new`.
pub(super) async fn create(State(app): State<App>, me: Console<OPERATOR>, form: Form) -> Answer {
    let mut form = form.only(&FIELDS);
    let fields = read(&mut form);
    if !form.has_errors() {
        let mut tx = app.db.write().await?;
        let done = enter_agency(&mut tx, &app.service, me.now, &me.actor(), fields).await;
        if let Some(agency) = settle(tx, &mut form, done).await? {
            return see_other(&paths::item(paths::AGENCIES, agency.id));
        }
    }
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, None, form).await
}

/// `GET /console/agencies/{id}/edit`.
pub(super) async fn edit(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let id = AgencyId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let agency = snapshot.registries.agencies.get(&id).ok_or(AppError::NotFound)?;
    let form = Form::prefilled([
        ("seen", seen(&AgencyFields::facts(agency))),
        ("name", agency.name.clone()),
        ("short_name", agency.short_name.clone()),
        ("parent", agency.parent.map(|id| id.to_string()).unwrap_or_default()),
        ("emails", agency.emails.join("、")),
        ("areas", agency.areas.join("、")),
    ]);
    show(&app, &mut tx, &me, Some(id), form).await
}

/// `POST /console/agencies/{id}/edit`.
pub(super) async fn save(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>, form: Form) -> Answer {
    let id = AgencyId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&FIELDS);
    let fields = read(&mut form);
    if !form.has_errors() {
        let shown = form.one("seen").to_owned();
        let mut tx = app.db.write().await?;
        let done = change_agency(&mut tx, &app.service, me.now, &me.actor(), id, &shown, fields).await;
        if settle_change(tx, &mut form, done).await?.is_some() {
            return see_other(&paths::item(paths::AGENCIES, id));
        }
    }
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let agency = snapshot.registries.agencies.get(&id).ok_or(AppError::NotFound)?;
    show_changed(&mut form, &AgencyFields::facts(agency));
    show(&app, &mut tx, &me, Some(id), form).await
}

/// `POST /console/agencies/{id}/active` with `active` = `yes` or `no`.
pub(super) async fn active(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = AgencyId::parse(&id).ok_or(AppError::NotFound)?;
    let active = super::yes_or_no(&form, "active")?;
    let mut tx = app.db.write().await?;
    set_agency_active(&mut tx, &app.service, me.now, &me.actor(), id, active).await?;
    tx.commit().await?;
    see_other(&paths::item(paths::AGENCIES, id))
}

fn read(form: &mut Form) -> AgencyFields {
    let parent = if form.filled("parent") { form.choice("parent", AgencyId::parse) } else { None };
    AgencyFields {
        name: form.one("name").to_owned(),
        short_name: form.one("short_name").to_owned(),
        parent,
        emails: form.one("emails").to_owned(),
        areas: form.one("areas").to_owned(),
    }
}

async fn show(app: &App, tx: &mut Tx, me: &Console<OPERATOR>, id: Option<AgencyId>, form: Form) -> Answer {
    let page = me.page(tx).await?;
    let snapshot = app.service.snapshot(tx).await?;
    let mut parents = agency_choices(&snapshot.registries);
    parents.retain(|choice| id.is_none_or(|id| choice.value != id.to_string()));
    let agency =
        id.and_then(|id| snapshot.registries.agencies.get(&id)).map(|agency| (agency.id, agency.name.as_str()));
    let Head { title, action, back } = Head::of(&page, paths::AGENCIES, "registry-agency-new", agency);
    html_with(form.status(), &View { page, form, title, action, back, parents })
}
