//! `/console/tasks/{id}`: how far work in the background is, for whoever asked for it. The page loads itself anew until it has ended.

use crate::actions::cancel_task;
use crate::actions::export::Wanted;
use crate::app::App;
use crate::domain::task::{TaskKind, TaskState};
use crate::storage::files::{self, FileRecord};
use crate::storage::tasks::{self, TaskRecord};
use crate::web::error::AppError;
use crate::web::extract::console::{ANYBODY, Console};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other, send_file};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use serde::Deserialize as _;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "pages/console/task.html")]
struct View {
    page: Page,
    id: String,
    title: String,
    /// Where it was asked for.
    back: String,
    state: TaskState,
    done: i64,
    total: i64,
    percent: i64,
    how_far: String,
    trouble: String,
    file: Option<FileRecord>,
    asked: String,
    ended: String,
    next: String,
}

/// `GET /console/tasks/{id}`.
pub(super) async fn get(State(app): State<App>, me: Console<ANYBODY>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let task = own(&mut tx, &me, &id).await?;
    let file = match task.file {
        Some(file) => files::get(&mut tx, file, me.now).await?,
        None => None,
    };
    drop(tx);
    let (done, total) = app.service.running.get(task.id).map_or((task.done, task.total), |running| running.get());
    let next = task.params.get("next").and_then(serde_json::Value::as_str).filter(|path| paths::is_local(path));
    let wanted = task.params.get("wanted").and_then(|wanted| Wanted::deserialize(wanted).ok());
    let percent = if total > 0 { (done * 100 / total).clamp(0, 100) } else { 0 };
    let view = View {
        id: task.id.to_string(),
        title: title(&page, task.kind, wanted.as_ref()),
        back: back(task.kind, wanted.as_ref()),
        state: task.state,
        done,
        total,
        percent,
        how_far: page.tn("task-running", &[("done", &done), ("total", &total), ("percent", &percent)]),
        trouble: page.lang.maybe(&task.trouble, &[]).unwrap_or(task.trouble),
        file,
        asked: page.time(&task.created_at),
        ended: task.ended_at.map(|at| page.time(&at)).unwrap_or_default(),
        next: next.unwrap_or_default().to_owned(),
        page,
    };
    let mut response = html(&view)?;
    if !task.state.ended() {
        response.headers_mut().insert(REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// What is made, in words.
fn title(page: &Page, kind: TaskKind, wanted: Option<&Wanted>) -> String {
    match wanted {
        Some(Wanted::Monthly(_)) => page.t("task-monthly"),
        Some(Wanted::Evidence(_)) => page.t("task-evidence"),
        Some(Wanted::List { .. }) | None => page.t(&format!("task-{kind}")),
    }
}

/// The page where it was asked for.
fn back(kind: TaskKind, wanted: Option<&Wanted>) -> String {
    match (kind, wanted) {
        (_, Some(Wanted::Monthly(_))) => paths::MONTHLY.to_owned(),
        (_, Some(Wanted::Evidence(pack))) => paths::item(paths::VIOLATIONS, pack.violation),
        (_, Some(Wanted::List { query, .. })) => match query.name() {
            "cases" => paths::DASHBOARD_CASES.to_owned(),
            "inbox" => paths::VIOLATIONS.to_owned(),
            list => paths::item(paths::CONSOLE, list),
        },
        (TaskKind::Import, None) => paths::IMPORT.to_owned(),
        (TaskKind::Sheet, None) => paths::SHEETS.to_owned(),
        (TaskKind::WhatIf, None) => paths::POLICY.to_owned(),
        (TaskKind::Export, None) => paths::CONSOLE.to_owned(),
    }
}

/// `GET /console/tasks/{id}/file`: the document that it made.
pub(super) async fn file(State(app): State<App>, me: Console<ANYBODY>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let task = own(&mut tx, &me, &id).await?;
    let file = files::get(&mut tx, task.file.ok_or(AppError::NotFound)?, me.now).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    send_file(&app.db, file)
}

/// `POST /console/tasks/{id}/cancel`.
pub(super) async fn cancel(State(app): State<App>, me: Console<ANYBODY>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let task = own(&mut tx, &me, &id).await?;
    drop(tx);
    // At once where it runs; the row follows, which SQLite may hold up while the work itself writes.
    if let Some(running) = app.service.running.get(task.id) {
        running.stop();
    }
    let mut tx = app.db.write().await?;
    cancel_task(&mut tx, &app.service, me.now, &me.actor(), &task).await?;
    tx.commit().await?;
    see_other(&paths::task(task.id))
}

/// A task of the person's own; anybody else's is not there.
async fn own(tx: &mut crate::storage::Tx, me: &Console<ANYBODY>, id: &str) -> Result<TaskRecord, AppError> {
    let id = Uuid::try_parse(id).map_err(|_| AppError::NotFound)?;
    let task = tasks::get(tx, id).await?.ok_or(AppError::NotFound)?;
    if task.created_by == Some(me.user.id) { Ok(task) } else { Err(AppError::NotFound) }
}
