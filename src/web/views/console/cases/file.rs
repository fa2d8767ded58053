//! `/console/explanations/{id}/files/{file}`: an attachment of an answer, for the agency's liaisons and for supervisors.

use crate::app::App;
use crate::domain::id::RequestId;
use crate::storage::cases::{answers, requests};
use crate::storage::files::{self, FileRecord};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, LIAISON, SUPERVISOR};
use crate::web::respond::{Answer, send_file};
use axum::extract::{Path, State};
use uuid::Uuid;

/// `GET /console/explanations/{id}/files/{file}`.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | LIAISON }>,
    Path((id, file)): Path<(String, String)>,
) -> Answer {
    let (id, file) = (RequestId::parse(&id), Uuid::try_parse(&file).ok());
    let (Some(id), Some(file)) = (id, file) else { return Err(AppError::NotFound) };
    let mut tx = app.db.read().await?;
    requests::get(&mut tx, id, me.own_agency()?).await?.ok_or(AppError::NotFound)?;
    let attached = answers::file(&mut tx, id, file).await?.ok_or(AppError::NotFound)?;
    let kept = files::get(&mut tx, attached.file, me.now).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    let shown = FileRecord { name: attached.name, media_type: attached.media_type, ..kept };
    send_file(&app.db, shown)
}
