//! `POST /console/filings/{id}/approve`: the head of the agency approves a visit from the page of the filing.

use crate::actions::approve_visit::{Approving, approve_visit};
use crate::app::App;
use crate::domain::id::FilingId;
use crate::domain::text::NAME_MAX;
use crate::web::error::AppError;
use crate::web::extract::console::{Console, LIAISON};
use crate::web::form::Form;
use crate::web::paths;
use crate::web::respond::{Answer, see_other};
use crate::web::settle::settle;
use axum::extract::{Path, State};

/// `POST /console/filings/{id}/approve` with `version` and, if there is one, `approval_document`.
pub(super) async fn post(State(app): State<App>, me: Console<LIAISON>, Path(id): Path<String>, form: Form) -> Answer {
    let id = FilingId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&["version", "approval_document"]);
    let document = form.optional_line("approval_document", NAME_MAX);
    let version = form.one("version").parse().ok();
    if form.has_errors() {
        return super::filing::show(&app, &me, id, form).await;
    }
    let position = me.bare().t("approve-position");
    let approving = Approving { position: &position, document: &document, version };
    let mut tx = app.db.write().await?;
    let done = approve_visit(&mut tx, &app.service, me.now, &me.user, id, approving).await;
    if settle(tx, &mut form, done).await?.is_some() {
        return see_other(&paths::item(paths::FILINGS, id));
    }
    super::filing::show(&app, &me, id, form).await
}
