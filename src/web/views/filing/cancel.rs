//! `/f/ID/cancel`: taking a filing back, with a reason.

use super::change::possible;
use crate::actions::{ActionError, FieldError, Target, cancel_filing};
use crate::app::App;
use crate::domain::id::FilingId;
use crate::storage::{devices, enterprises, filings};
use crate::web::error::AppError;
use crate::web::extract::{Inspecting, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "pages/filing/cancel.html")]
struct Cancel {
    page: Page,
    id: FilingId,
    name: String,
    when: String,
    form: Form,
}

impl Cancel {
    /// The form; `None` if the filing can no longer be cancelled.
    async fn of(app: &App, page: Page, inspecting: &Inspecting, id: FilingId) -> Result<Option<Self>, AppError> {
        let mut tx = app.db.read().await?;
        let record = filings::get(&mut tx, id, inspecting.scope()).await?.ok_or(AppError::NotFound)?;
        let enterprise = enterprises::get(&mut tx, record.filing.enterprise).await?.ok_or(AppError::NotFound)?;
        let when = page.lang.span(record.filing.planned, page.now, page.zone());
        let form = Form::default();
        Ok(possible(&record.filing).then_some(Self { page, id, name: enterprise.name, when, form }))
    }
}

/// `GET /f/{id}/cancel`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
) -> Answer {
    let id = FilingId::parse(&id).ok_or(AppError::NotFound)?;
    match Cancel::of(&app, page, &inspecting, id).await? {
        Some(view) => html_with(StatusCode::OK, &view),
        None => see_other(&paths::filing(id)),
    }
}

/// `POST /f/{id}/cancel` with a `cancel_reason`. Sending it twice cancels once.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = FilingId::parse(&id).ok_or(AppError::NotFound)?;
    let Some(mut view) = Cancel::of(&app, page, &inspecting, id).await? else { return see_other(&paths::filing(id)) };
    view.form = form.only(&["cancel_reason"]);
    if view.form.has_errors() {
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let actor = inspecting.actor();
    let target = Target { id, scope: inspecting.scope(), version: None, actor: &actor };
    let mut tx = app.db.write().await?;
    match cancel_filing(&mut tx, &app.service, now, target, view.form.one("cancel_reason")).await {
        Ok(_) => {
            devices::seen(&mut tx, inspecting.device.id, now).await?;
            tx.commit().await?;
            see_other(&paths::filing(id))
        }
        Err(ActionError::State(_)) => {
            tx.rollback().await?;
            see_other(&paths::filing(id))
        }
        Err(ActionError::Malformed(errors)) => {
            tx.rollback().await?;
            // The console's reasons are asked for in other words than this one.
            let errors = errors.into_iter().map(|error| FieldError { field: "cancel_reason", ..error });
            view.form.fail_all(errors);
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &view)
        }
        Err(error) => Err(error.into()),
    }
}
