//! `/console/enterprises/{id}/sites/new` and `/console/sites/{id}/edit`: an operator enters or changes a branch or site; closes it, or opens it again.

use super::record_form::{settle_change, show_changed};
use crate::actions::edit_records::{SiteFields, change_site, enter_site, seen, set_site_active};
use crate::app::App;
use crate::domain::id::{EnterpriseId, SiteId};
use crate::storage::Tx;
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::sites::{self, Site};
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
const FIELDS: [&str; 4] = ["seen", "name", "town", "address"];

#[derive(Template)]
#[template(path = "pages/console/site-form.html")]
struct View {
    page: Page,
    form: Form,
    title: String,
    enterprise: String,
    action: String,
    back: String,
    /// The site as it is stored.
    site: Option<Site>,
}

/// `GET /console/enterprises/{id}/sites/new`.
pub(super) async fn new(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let enterprise = enterprise(&mut tx, EnterpriseId::parse(&id)).await?;
    let form = Form::prefilled([("town", enterprise.town.clone())]);
    show(&mut tx, &me, enterprise, None, form).await
}

/// `POST /console/enterprises/{id}/sites/new`.
pub(super) async fn create(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = EnterpriseId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&FIELDS);
    if !form.has_errors() {
        let mut tx = app.db.write().await?;
        let done = enter_site(&mut tx, &app.service, me.now, &me.actor(), id, read(&form)).await;
        if let Some(site) = settle(tx, &mut form, done).await? {
            return see_other(&paths::item(paths::ENTERPRISES, site.enterprise));
        }
    }
    let mut tx = app.db.read().await?;
    let enterprise = enterprise(&mut tx, Some(id)).await?;
    show(&mut tx, &me, enterprise, None, form).await
}

/// `GET /console/sites/{id}/edit`.
pub(super) async fn edit(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let site = fetch(&mut tx, SiteId::parse(&id)).await?;
    let enterprise = enterprise(&mut tx, Some(site.enterprise)).await?;
    let form = Form::prefilled([
        ("seen", seen(&SiteFields::facts(&site))),
        ("name", site.name.clone()),
        ("town", site.town.clone()),
        ("address", site.address.clone()),
    ]);
    show(&mut tx, &me, enterprise, Some(site), form).await
}

/// `POST /console/sites/{id}/edit`.
pub(super) async fn save(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>, form: Form) -> Answer {
    let id = SiteId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&FIELDS);
    if !form.has_errors() {
        let mut tx = app.db.write().await?;
        let shown = form.one("seen").to_owned();
        let done = change_site(&mut tx, &app.service, me.now, &me.actor(), id, &shown, read(&form)).await;
        if let Some(site) = settle_change(tx, &mut form, done).await? {
            return see_other(&paths::item(paths::ENTERPRISES, site.enterprise));
        }
    }
    let mut tx = app.db.read().await?;
    let site = fetch(&mut tx, Some(id)).await?;
    show_changed(&mut form, &SiteFields::facts(&site));
    let enterprise = enterprise(&mut tx, Some(site.enterprise)).await?;
    show(&mut tx, &me, enterprise, Some(site), form).await
}

/// `POST /console/sites/{id}/active` with `active` = `yes` or `no`.
pub(super) async fn active(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = SiteId::parse(&id).ok_or(AppError::NotFound)?;
    let active = super::yes_or_no(&form, "active")?;
    let mut tx = app.db.write().await?;
    let site = set_site_active(&mut tx, &app.service, me.now, &me.actor(), id, active).await?;
    tx.commit().await?;
    see_other(&paths::item(paths::ENTERPRISES, site.enterprise))
}

fn read(form: &Form) -> SiteFields {
    SiteFields {
        name: form.one("name").to_owned(),
        town: form.one("town").to_owned(),
        address: form.one("address").to_owned(),
    }
}

async fn fetch(tx: &mut Tx, id: Option<SiteId>) -> Result<Site, AppError> {
    sites::get(tx, id.ok_or(AppError::NotFound)?).await?.ok_or(AppError::NotFound)
}

async fn enterprise(tx: &mut Tx, id: Option<EnterpriseId>) -> Result<EnterpriseRecord, AppError> {
    enterprises::get(tx, id.ok_or(AppError::NotFound)?).await?.ok_or(AppError::NotFound)
}

async fn show(
    tx: &mut Tx,
    me: &Console<OPERATOR>,
    enterprise: EnterpriseRecord,
    site: Option<Site>,
    form: Form,
) -> Answer {
    let page = me.page(tx).await?;
    let back = paths::item(paths::ENTERPRISES, enterprise.id);
    let (title, action) = match &site {
        Some(site) => (page.t1("registry-edit", "name", &site.name), format!("/console/sites/{}/edit", site.id)),
        None => (page.t("registry-site-new"), format!("{back}/sites/new")),
    };
    html_with(form.status(), &View { page, form, title, enterprise: enterprise.name, action, back, site })
}
