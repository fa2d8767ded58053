//! `/console/sheets/{id}`: a batch of sheets: what was asked for, the document, and the note that it was printed.

use super::sheets::{conditions_of, order_in, state_of};
use crate::actions::mark_printed;
use crate::app::App;
use crate::domain::id::SignId;
use crate::domain::task::TaskState;
use crate::storage::files;
use crate::storage::sheet_batches::{self, SheetBatch};
use crate::storage::tasks::{self, TaskRecord};
use crate::storage::{Tx, sign_prints};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other, send_file};
use askama::Template;
use axum::extract::{Path, State};
use std::collections::HashSet;
use uuid::Uuid;

/// A sign that was replaced or revoked between the making of the sheets and their printing.
struct LeftOut {
    serial: String,
    name: String,
}

#[derive(Template)]
#[template(path = "pages/console/sheet-batch.html")]
struct View {
    page: Page,
    id: Uuid,
    batch: SheetBatch,
    kind: String,
    conditions: String,
    state: String,
    state_class: &'static str,
    asked: String,
    pages: u64,
    host: String,
    /// The words of a failure.
    trouble: String,
    kept: String,
    can_download: bool,
    can_mark: bool,
    left_out: Vec<LeftOut>,
}

/// `GET /console/sheets/{id}`.
pub(super) async fn get(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let (batch, task) = fetch(&mut tx, &id).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let left_out = if batch.printed > 0 { left_out(&mut tx, &task).await? } else { Vec::new() };
    drop(tx);
    let order = order_in(&batch);
    let (state, state_class) = state_of(&page, &batch);
    let there = batch.kept_until.is_some_and(|until| me.now < until);
    html(&View {
        id: batch.id,
        kind: page.t(&format!("sheet-kind-{}", order.kind)),
        conditions: conditions_of(&page, &snapshot.registries, &order),
        state,
        state_class,
        asked: page.time(&batch.created_at),
        pages: task.result.get("pages").and_then(serde_json::Value::as_u64).unwrap_or_default(),
        host: host_of(&task),
        trouble: page.lang.maybe(&batch.trouble, &[]).unwrap_or_else(|| batch.trouble.clone()),
        kept: batch.kept_until.map(|until| page.time(&until)).unwrap_or_default(),
        can_download: there,
        can_mark: batch.state == TaskState::Done && batch.printed == 0,
        left_out,
        batch,
        page,
    })
}

/// `GET /console/sheets/{id}/file`: the document or archive.
pub(super) async fn file(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let (_, task) = fetch(&mut tx, &id).await?;
    let file = files::get(&mut tx, task.file.ok_or(AppError::NotFound)?, me.now).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    send_file(&app.db, file)
}

/// `POST /console/sheets/{id}/printed`: the operator says that the sheets were printed. Not the download: a file that somebody looked at is on
/// no wall.
pub(super) async fn printed(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.write().await?;
    let (batch, task) = fetch(&mut tx, &id).await?;
    if batch.state != TaskState::Done || batch.printed > 0 {
        return Err(AppError::State(if batch.printed > 0 { "printed" } else { "not_made" }));
    }
    let (signs, host) = (signs_of(&task), host_of(&task));
    mark_printed(&mut tx, &app.service, me.now, &me.actor(), &signs, batch.id, &host).await?;
    tx.commit().await?;
    see_other(&paths::item(paths::SHEETS, batch.id))
}

/// A batch and its task.
async fn fetch(tx: &mut Tx, id: &str) -> Result<(SheetBatch, TaskRecord), AppError> {
    let id = Uuid::try_parse(id).map_err(|_| AppError::NotFound)?;
    let batch = sheet_batches::get(tx, id).await?.ok_or(AppError::NotFound)?;
    let task = tasks::get(tx, id).await?.ok_or(AppError::NotFound)?;
    Ok((batch, task))
}

/// The signs that a batch put on sheets.
fn signs_of(task: &TaskRecord) -> Vec<SignId> {
    task.result.get("signs").cloned().and_then(|ids| serde_json::from_value(ids).ok()).unwrap_or_default()
}

/// The host that the codes of a batch carry.
fn host_of(task: &TaskRecord) -> String {
    task.result.get("host").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// The signs of a batch that could not be noted as printed, because they were no longer in use.
async fn left_out(tx: &mut Tx, task: &TaskRecord) -> Result<Vec<LeftOut>, AppError> {
    let marked: HashSet<SignId> = sign_prints::in_batch(tx, task.id).await?.into_iter().collect();
    let ids: Vec<SignId> = signs_of(task).into_iter().filter(|id| !marked.contains(id)).collect();
    let signs = sign_prints::load(tx, &ids).await?;
    Ok(signs.into_iter().map(|sign| LeftOut { serial: sign.serial, name: sign.name }).collect())
}
