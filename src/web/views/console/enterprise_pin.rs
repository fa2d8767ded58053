//! `POST /console/enterprises/{id}/pin`: an operator gives an enterprise a new PIN (企业 PIN), which is shown this once, to be handed over.

use super::shown_once::ShownOnce;
use crate::actions::{NewPin, set_enterprise_pin};
use crate::app::App;
use crate::domain::id::EnterpriseId;
use crate::storage::enterprises;
use crate::web::error::AppError;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::paths;
use crate::web::respond::{Answer, html};
use axum::extract::{Path, State};

/// `POST /console/enterprises/{id}/pin`. Records that are out of use get none: their codes open nothing.
pub(super) async fn post(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let id = EnterpriseId::parse(&id).ok_or(AppError::NotFound)?;
    let new = NewPin::make(&app.service).await?;
    let mut tx = app.db.write().await?;
    let enterprise = enterprises::get(&mut tx, id).await?.filter(|e| e.active).ok_or(AppError::NotFound)?;
    let page = me.page(&mut tx).await?;
    let pin = set_enterprise_pin(&mut tx, &app.service, me.now, &me.actor(), id, new).await?;
    tx.commit().await?;
    html(&ShownOnce {
        back: (paths::item(paths::ENTERPRISES, id), page.t("registry-back-to-record")),
        title: page.t1("registry-pin-for", "name", enterprise.name),
        secret: pin,
        hand_over: page.t("registry-pin-hand-over"),
        page,
    })
}
