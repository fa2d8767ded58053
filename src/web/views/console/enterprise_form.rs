//! `/console/enterprises/new` and `/console/enterprises/{id}/edit`: an operator enters or changes a record; deactivates it, or takes that back.

use super::Choice;
use super::enterprises::class;
use super::record_form::{Head, settle_change, show_changed};
use crate::actions::edit_records::{
    EnterpriseFields, change_enterprise, enter_enterprise, seen, set_enterprise_active,
};
use crate::app::App;
use crate::domain::enterprise::CreditClass;
use crate::domain::id::EnterpriseId;
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::{Tx, record_updates};
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
const FIELDS: [&str; 9] = ["seen", "name", "uscc", "town", "address", "industry", "credit_class", "tags", "email"];

#[derive(Template)]
#[template(path = "pages/console/enterprise-form.html")]
struct View {
    page: Page,
    form: Form,
    title: String,
    action: String,
    back: String,
    classes: Vec<Choice>,
}

/// `GET /console/enterprises/new`.
pub(super) async fn new(State(app): State<App>, me: Console<OPERATOR>) -> Answer {
    let mut tx = app.db.read().await?;
    show(&mut tx, &me, None, Form::default()).await
}

/// `POST /console/enterprises/new`.
pub(super) async fn create(State(app): State<App>, me: Console<OPERATOR>, form: Form) -> Answer {
    let mut form = form.only(&FIELDS);
    let fields = read(&mut form);
    if !form.has_errors() {
        let mut tx = app.db.write().await?;
        let done = enter_enterprise(&mut tx, &app.service, me.now, &me.actor(), fields).await;
        if let Some(record) = settle(tx, &mut form, done).await? {
            return see_other(&paths::item(paths::ENTERPRISES, record.id));
        }
    }
    let mut tx = app.db.read().await?;
    show(&mut tx, &me, None, form).await
}

/// `GET /console/enterprises/{id}/edit`.
pub(super) async fn edit(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let record = fetch(&mut tx, &id).await?;
    let form = prefilled(&record);
    show(&mut tx, &me, Some(record), form).await
}

/// `POST /console/enterprises/{id}/edit`.
pub(super) async fn save(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>, form: Form) -> Answer {
    let id = EnterpriseId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&FIELDS);
    let fields = read(&mut form);
    if !form.has_errors() {
        let shown = form.one("seen").to_owned();
        let mut tx = app.db.write().await?;
        let done = change_enterprise(&mut tx, &app.service, me.now, &me.actor(), id, &shown, fields).await;
        if settle_change(tx, &mut form, done).await?.is_some() {
            return see_other(&paths::item(paths::ENTERPRISES, id));
        }
    }
    let mut tx = app.db.read().await?;
    let record = fetch(&mut tx, &id.to_string()).await?;
    show_changed(&mut form, &EnterpriseFields::facts(&record));
    show(&mut tx, &me, Some(record), form).await
}

/// `POST /console/enterprises/{id}/active` with `active` = `yes` or `no`.
pub(super) async fn active(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = EnterpriseId::parse(&id).ok_or(AppError::NotFound)?;
    let active = super::yes_or_no(&form, "active")?;
    let mut tx = app.db.write().await?;
    set_enterprise_active(&mut tx, &app.service, me.now, &me.actor(), id, active).await?;
    tx.commit().await?;
    see_other(&paths::item(paths::ENTERPRISES, id))
}

/// The record, unless it was given up for another one.
pub(super) async fn fetch(tx: &mut Tx, id: &str) -> Result<EnterpriseRecord, AppError> {
    let id = EnterpriseId::parse(id).ok_or(AppError::NotFound)?;
    if record_updates::survivor(tx, id).await?.is_some() {
        return Err(AppError::NotFound);
    }
    enterprises::get(tx, id).await?.ok_or(AppError::NotFound)
}

fn read(form: &mut Form) -> EnterpriseFields {
    let credit_class = match form.one("credit_class") {
        "" => None,
        _ => form.choice("credit_class", CreditClass::parse),
    };
    let text = |name| form.one(name).to_owned();
    EnterpriseFields {
        name: text("name"),
        uscc: text("uscc"),
        town: text("town"),
        address: text("address"),
        industry: text("industry"),
        credit_class,
        tags: vec![text("tags")],
        email: text("email"),
    }
}

fn prefilled(e: &EnterpriseRecord) -> Form {
    Form::prefilled([
        ("seen", seen(&EnterpriseFields::facts(e))),
        ("name", e.name.clone()),
        ("uscc", e.uscc.clone()),
        ("town", e.town.clone()),
        ("address", e.address.clone()),
        ("industry", e.industry.clone()),
        ("credit_class", e.credit_class.map(|class| class.as_str().to_owned()).unwrap_or_default()),
        ("tags", e.tags.join("、")),
        ("email", e.email.clone()),
    ])
}

async fn show(tx: &mut Tx, me: &Console<OPERATOR>, record: Option<EnterpriseRecord>, form: Form) -> Answer {
    let page = me.page(tx).await?;
    let mut classes = vec![Choice { value: String::new(), label: class(&page, None) }];
    classes.extend(
        CreditClass::ALL.iter().map(|of| Choice { value: of.as_str().to_owned(), label: class(&page, Some(*of)) }),
    );
    let record = record.as_ref().map(|record| (record.id, record.name.as_str()));
    let Head { title, action, back } = Head::of(&page, paths::ENTERPRISES, "registry-enterprise-new", record);
    html_with(form.status(), &View { page, form, title, action, back, classes })
}
