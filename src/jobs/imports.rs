//! Previewing, applying or undoing a large import in the background.

use super::tasks::{Outcome, Running, Stopped};
use crate::actions::import_registry::Problem;
use crate::actions::imports::{Confirm, Confirmed, apply_import, preview_import, undo_import};
use crate::actions::{ActionError, Actor};
use crate::domain::import::ImportState;
use crate::storage::imports::ImportRecord;
use serde_json::json;
use uuid::Uuid;

/// Does what the parameters of the task name: `{"import", "do": "preview" | "apply" | "undo", "confirm"}`.
pub(super) async fn work(running: &Running) -> Result<Outcome, Stopped> {
    let (app, params) = (&running.app, &running.task.params);
    let now = app.clock.now();
    let progress = running.handle();
    let malformed = || Stopped::Failed("task-failed".to_owned());
    let id = params.get("import").and_then(|id| id.as_str()).and_then(|id| Uuid::try_parse(id).ok());
    let id = id.ok_or_else(malformed)?;
    let actor = running.task.created_by.map_or(Actor::System, Actor::User);
    let record = match params.get("do").and_then(|what| what.as_str()) {
        Some("preview") => {
            let done = preview_import(&app.db, &app.service, now, id, false, &progress).await;
            done.map_err(stopped)?.map_err(|problem| unreadable(&problem))?
        }
        Some("apply") => {
            let confirm = params.get("confirm").cloned().unwrap_or_default();
            let confirm: Confirm = serde_json::from_value(confirm).map_err(|_| malformed())?;
            match apply_import(&app.db, &app.service, now, &actor, &confirm, &progress).await.map_err(stopped)? {
                Confirmed::Applied(record) | Confirmed::Stale(record) => record,
                Confirmed::Unreadable(problem) => return Err(unreadable(&problem)),
            }
        }
        Some("undo") => undo_import(&app.db, &app.service, now, &actor, id, &progress).await.map_err(stopped)?,
        _ => return Err(malformed()),
    };
    if matches!(record.state, ImportState::Applied | ImportState::Undone) {
        app.db.tidy().await;
    }
    Ok(outcome(&record))
}

fn outcome(record: &ImportRecord) -> Outcome {
    Outcome { result: json!({ "import": record.id, "state": record.state, "counts": record.counts }), file: None }
}

fn unreadable(problem: &Problem) -> Stopped {
    Stopped::Failed(format!("import-{}", problem.code))
}

fn stopped(error: ActionError) -> Stopped {
    match error {
        ActionError::State("stopped") => Stopped::Cancelled,
        ActionError::State("too-late") => Stopped::Failed("import-too-late".to_owned()),
        ActionError::State(_) | ActionError::Stale(_) => Stopped::Failed("import-changed".to_owned()),
        other => Stopped::Action(other),
    }
}
