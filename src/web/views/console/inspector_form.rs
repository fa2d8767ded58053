//! `/console/inspectors/new` and `/console/inspectors/{id}/edit`: an operator enters or changes an inspector. A certificate that is no longer
//! used ends by its last day, or is suspended.

use super::matter_form::day;
use super::record_form::{Head, settle_change, show_changed};
use super::{Choice, agency_choices};
use crate::actions::edit_records::{InspectorFields, change_inspector, enter_inspector, seen};
use crate::app::App;
use crate::domain::id::{AgencyId, InspectorId};
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::storage::{Tx, inspector_lists};
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
const FIELDS: [&str; 8] = ["seen", "name", "cert_no", "agency", "kind", "valid_from", "valid_to", "suspended"];

#[derive(Template)]
#[template(path = "pages/console/inspector-form.html")]
struct View {
    page: Page,
    form: Form,
    title: String,
    action: String,
    back: String,
    /// Of an inspector who is there the number stays: filings name it.
    cert_no: Option<String>,
    agencies: Vec<Choice>,
}

/// `GET /console/inspectors/new`.
pub(super) async fn new(State(app): State<App>, me: Console<OPERATOR>) -> Answer {
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, None, Form::prefilled([("kind", InspectorKind::Officer.as_str())])).await
}

/// `POST /console/inspectors/new`.
pub(super) async fn create(State(app): State<App>, me: Console<OPERATOR>, form: Form) -> Answer {
    let mut form = form.only(&FIELDS);
    let fields = read(&mut form);
    if !form.has_errors() {
        let mut tx = app.db.write().await?;
        let done = enter_inspector(&mut tx, &app.service, me.now, &me.actor(), fields).await;
        if let Some(inspector) = settle(tx, &mut form, done).await? {
            return see_other(&paths::item(paths::INSPECTORS, inspector.id));
        }
    }
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, None, form).await
}

/// `GET /console/inspectors/{id}/edit`.
pub(super) async fn edit(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let inspector = fetch(&mut tx, InspectorId::parse(&id)).await?;
    let form = Form::prefilled([
        ("seen", seen(&InspectorFields::facts(&inspector))),
        ("name", inspector.name.clone()),
        ("agency", inspector.agency.to_string()),
        ("kind", inspector.kind.as_str().to_owned()),
        ("valid_from", inspector.valid_from.to_string()),
        ("valid_to", inspector.valid_to.map(|day| day.to_string()).unwrap_or_default()),
        ("suspended", if inspector.suspended { "yes".to_owned() } else { String::new() }),
    ]);
    show(&app, &mut tx, &me, Some(inspector), form).await
}

/// `POST /console/inspectors/{id}/edit`.
pub(super) async fn save(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>, form: Form) -> Answer {
    let id = InspectorId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&FIELDS);
    let fields = read(&mut form);
    if !form.has_errors() {
        let shown = form.one("seen").to_owned();
        let mut tx = app.db.write().await?;
        let done = change_inspector(&mut tx, &app.service, me.now, &me.actor(), id, &shown, fields).await;
        if settle_change(tx, &mut form, done).await?.is_some() {
            return see_other(&paths::item(paths::INSPECTORS, id));
        }
    }
    let mut tx = app.db.read().await?;
    let inspector = fetch(&mut tx, Some(id)).await?;
    show_changed(&mut form, &InspectorFields::facts(&inspector));
    show(&app, &mut tx, &me, Some(inspector), form).await
}

async fn fetch(tx: &mut Tx, id: Option<InspectorId>) -> Result<Inspector, AppError> {
    let found = inspector_lists::get(tx, id.ok_or(AppError::NotFound)?, None).await?;
    Ok(found.ok_or(AppError::NotFound)?.inspector)
}

fn read(form: &mut Form) -> InspectorFields {
    let agency = if form.filled("agency") { form.choice("agency", AgencyId::parse) } else { None };
    let kind = if form.filled("kind") { form.choice("kind", InspectorKind::parse) } else { None };
    InspectorFields {
        kind,
        name: form.one("name").to_owned(),
        cert_no: form.one("cert_no").to_owned(),
        agency,
        valid_from: day(form, "valid_from"),
        valid_to: day(form, "valid_to"),
        suspended: form.one("suspended") == "yes",
    }
}

async fn show(app: &App, tx: &mut Tx, me: &Console<OPERATOR>, inspector: Option<Inspector>, form: Form) -> Answer {
    let page = me.page(tx).await?;
    let snapshot = app.service.snapshot(tx).await?;
    let agencies = agency_choices(&snapshot.registries);
    let known = inspector.as_ref().map(|inspector| (inspector.id, inspector.name.as_str()));
    let Head { title, action, back } = Head::of(&page, paths::INSPECTORS, "registry-inspector-new", known);
    let cert_no = inspector.map(|inspector| inspector.cert_no);
    html_with(form.status(), &View { page, form, title, action, back, cert_no, agencies })
}
