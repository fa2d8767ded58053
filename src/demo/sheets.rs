//! A batch of sheets that the operator had made this morning, still to be printed.

use crate::actions::make_sheets::SheetOrder;
use crate::actions::{ActionError, Result, enqueue_task};
use crate::app::App;
use crate::domain::sheet::SheetKind;
use crate::domain::task::TaskKind;
use crate::i18n::Lang;
use crate::jobs::run_tasks;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

/// Makes cards of the signs that were never printed.
///
/// # Errors
/// When the store fails.
pub async fn make(app: &App, now: DateTime<Utc>) -> Result<()> {
    let order = SheetOrder::new(SheetKind::Card);
    let params = json!({ "order": order, "next": "/console/sheets" });
    let mut tx = app.db.write().await?;
    let actor = super::signs::operator(&mut tx).await?;
    let at = now - TimeDelta::hours(1);
    enqueue_task(&mut tx, &app.service, at, &actor, TaskKind::Sheet, params, Lang::Zh.tag()).await?;
    tx.commit().await?;
    run_tasks(app).await.map(drop).map_err(ActionError::from)
}
