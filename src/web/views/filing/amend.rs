//! Storing what a form changes of a filing.

use crate::actions::{AmendFiling, Target, amend_filing};
use crate::app::App;
use crate::domain::id::FilingId;
use crate::storage::devices;
use crate::web::error::AppError;
use crate::web::extract::Inspecting;
use crate::web::form::Form;
use crate::web::settle::settle;
use chrono::{DateTime, Utc};

/// Changes the filing as the form says, if nothing is wrong with it; whether it was changed.
pub(super) async fn amend(
    app: &App,
    now: DateTime<Utc>,
    inspecting: &Inspecting,
    id: FilingId,
    form: &mut Form,
    command: AmendFiling,
) -> Result<bool, AppError> {
    let actor = inspecting.actor();
    let version = form.one("version").parse().ok();
    let target = Target { id, scope: inspecting.scope(), version, actor: &actor };
    let mut tx = app.db.write().await?;
    let done = amend_filing(&mut tx, &app.service, now, target, command).await;
    if done.is_ok() {
        devices::seen(&mut tx, inspecting.device.id, now).await?;
    }
    Ok(settle(tx, form, done).await?.is_some())
}
