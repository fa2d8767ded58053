//! `POST /console/enterprises/{id}/pin`: an operator gives an enterprise a new PIN (企业 PIN), which is shown this once, to be handed over.

use crate::actions::set_enterprise_pin;
use crate::app::App;
use crate::domain::id::EnterpriseId;
use crate::storage::enterprises;
use crate::web::error::AppError;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::{Path, State};

#[derive(Template)]
#[template(path = "pages/console/enterprise-pin.html")]
struct View {
    page: Page,
    back: String,
    name: String,
    pin: String,
}

/// `POST /console/enterprises/{id}/pin`. Records that are out of use get none: their codes open nothing.
pub(super) async fn post(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let id = EnterpriseId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    let enterprise = enterprises::get(&mut tx, id).await?.filter(|e| e.active).ok_or(AppError::NotFound)?;
    let page = me.page(&mut tx).await?;
    let pin = set_enterprise_pin(&mut tx, &app.service, me.now, &me.actor(), id).await?;
    tx.commit().await?;
    html(&View { back: paths::item(paths::ENTERPRISES, id), name: enterprise.name, pin, page })
}
