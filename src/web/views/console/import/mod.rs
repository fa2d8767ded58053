//! `/console/import`: an operator takes over a registry from a file. What a file would change is shown and confirmed on the page of the import.

mod act;
mod lines;
mod list;
mod read_as;
mod show;

use crate::actions::imports::{AT_ONCE, format_of, get_import, preview_import};
use crate::actions::{Progress, enqueue_task};
use crate::app::App;
use crate::domain::task::TaskKind;
use crate::storage::imports::{self, ImportRecord};
use crate::storage::{Tx, files};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::extract::upload::upload_limit;
use crate::web::page::Page;
use crate::web::paths;
use axum::Router;
use axum::routing::{get, post};
use serde_json::{Value, json};
use uuid::Uuid;

/// The most bytes of a form with a file: a text of 32 MiB, for a hundred thousand enterprises are 15 to 20 MiB, and room in which a larger one is
/// told so on the form. README's proxy lets as much through.
const UPLOAD_MAX: usize = 40 << 20;

/// The routes, which alone take a file of this size.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(paths::IMPORT, get(list::list).post(list::send))
        .route("/console/import/templates/{file}", get(act::template))
        .route("/console/import/{id}", get(show::show))
        .route("/console/import/{id}/read", post(act::choose))
        .route("/console/import/{id}/apply", post(act::apply))
        .route("/console/import/{id}/undo", post(act::undo))
        .route("/console/import/{id}/rejected.csv", get(act::rejected))
        .layer(upload_limit(UPLOAD_MAX))
}

/// What is wrong with a file, and what to do about it.
struct Trouble {
    reason: String,
    advice: String,
}

impl Trouble {
    fn of(page: &Page, problem: &crate::actions::import_registry::Problem) -> Self {
        Self { reason: problem.reason(page.lang), advice: problem.advice(page.lang).unwrap_or_default() }
    }
}

/// The import of an address.
async fn find(tx: &mut Tx, id: &str) -> Result<ImportRecord, AppError> {
    let id = Uuid::try_parse(id).map_err(|_| AppError::NotFound)?;
    Ok(get_import(tx, id).await?)
}

/// Queues work on an import in the transaction of the request.
async fn queue(
    app: &App,
    me: &Console<OPERATOR>,
    record: &mut ImportRecord,
    what: &str,
    confirm: Value,
) -> Result<(), AppError> {
    let params = json!({
        "import": record.id,
        "do": what,
        "confirm": confirm,
        "next": paths::item(paths::IMPORT, record.id),
    });
    let mut tx = app.db.write().await?;
    let task = enqueue_task(&mut tx, &app.service, me.now, &me.actor(), TaskKind::Import, params, me.bare().lang.tag())
        .await?;
    record.task = Some(task);
    imports::update(&mut tx, record).await?;
    tx.commit().await?;
    Ok(())
}

/// Previews a small file at once, a large one in the background.
async fn preview(app: &App, me: &Console<OPERATOR>, mut record: ImportRecord) -> Result<(), AppError> {
    if format_of(&record).rows > AT_ONCE {
        return queue(app, me, &mut record, "preview", Value::Null).await;
    }
    // A column that is missing is shown on the page, where it can be chosen.
    let previewed = preview_import(&app.db, &app.service, me.now, record.id, false, &Progress::default()).await?;
    drop(previewed);
    Ok(())
}

/// Whether the bytes of the file are still kept.
async fn file_is_kept(tx: &mut Tx, me: &Console<OPERATOR>, record: &ImportRecord) -> Result<bool, AppError> {
    Ok(match record.file {
        Some(file) => files::get(tx, file, me.now).await?.is_some(),
        None => false,
    })
}
