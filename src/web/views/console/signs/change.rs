//! What an operator does with one sign or a few: hand out, replace, revoke.

use super::{fetch, one, unit_path};
use crate::actions::{ActionError, hand_out_signs, revoke_sign, rotate_sign};
use crate::app::App;
use crate::domain::id::SignId;
use crate::storage::signs::SignRecord;
use crate::web::error::AppError;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::form::Form;
use crate::web::paths;
use crate::web::respond::{Answer, see_other};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use uuid::Uuid;

/// `POST /console/signs/{id}/rotate`: a new sign; the old one opens for 30 days more.
pub(in crate::web::views::console) async fn rotate(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let record = fetch(&app, &id).await?;
    let mut tx = app.db.write().await?;
    rotate_sign(&mut tx, &app.service, me.now, &me.actor(), record.id).await?;
    tx.commit().await?;
    see_other(&back(&form, &record))
}

/// `POST /console/signs/{id}/revoke` with `reason`: opens nothing from now on. What is wrong with the reason is told on the sign's own page.
pub(in crate::web::views::console) async fn revoke(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let mut form = form;
    let record = fetch(&app, &id).await?;
    let mut tx = app.db.write().await?;
    match revoke_sign(&mut tx, &app.service, me.now, &me.actor(), record.id, form.one("reason")).await {
        Ok(()) => tx.commit().await?,
        Err(ActionError::Malformed(errors)) => {
            tx.rollback().await?;
            form.fail_all(errors);
            return one::show(&app, &me, record, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return Err(error.into()),
    }
    see_other(&back(&form, &record))
}

/// `POST /console/signs/handed-out` with the ids of printed signs as `sign`: they are on their way to their units.
pub(in crate::web::views::console) async fn hand_out(
    State(app): State<App>,
    me: Console<OPERATOR>,
    form: Form,
) -> Answer {
    let ids: Option<Vec<SignId>> = form.all("sign").map(|id| Uuid::try_parse(id).ok().map(SignId)).collect();
    let ids = ids.ok_or(AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    hand_out_signs(&mut tx, &app.service, me.now, &me.actor(), &ids).await?;
    tx.commit().await?;
    match (form.one("from"), ids.as_slice()) {
        ("sign", [id]) => see_other(&paths::item(paths::SIGNS, id)),
        _ => see_other(&format!("{}?tab=to_hand_out", paths::SIGNS)),
    }
}

/// Where to go on: to the sign's page if the form was there (or the sign has no unit), else to its unit's.
fn back(form: &Form, record: &SignRecord) -> String {
    match record.unit {
        Some(unit) if form.one("from") != "sign" => unit_path(record.unit_kind, unit),
        _ => paths::item(paths::SIGNS, record.id),
    }
}
