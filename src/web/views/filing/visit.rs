//! Arriving, leaving, and the result: one button each on the filing's page. Sending one twice changes nothing.

use crate::actions::{Actor, Target, arrive, leave, record_result};
use crate::app::App;
use crate::domain::filing::VisitResult;
use crate::domain::id::FilingId;
use crate::storage::{Tx, devices};
use crate::web::error::AppError;
use crate::web::extract::{Inspecting, Now};
use crate::web::form::Form;
use crate::web::paths;
use crate::web::respond::{Answer, see_other};
use axum::extract::{Path, State};

struct Visit {
    id: FilingId,
    actor: Actor,
    inspecting: Inspecting,
}

impl Visit {
    fn new(id: &str, inspecting: Inspecting) -> Result<Self, AppError> {
        let id = FilingId::parse(id).ok_or(AppError::NotFound)?;
        Ok(Self { id, actor: inspecting.actor(), inspecting })
    }

    fn target(&self) -> Target<'_> {
        Target { id: self.id, scope: self.inspecting.scope(), version: None, actor: &self.actor }
    }

    async fn done(self, mut tx: Tx, now: chrono::DateTime<chrono::Utc>) -> Answer {
        devices::seen(&mut tx, self.inspecting.device.id, now).await?;
        tx.commit().await?;
        see_other(&paths::filing(self.id))
    }
}

/// `POST /f/{id}/arrive`: 我已到达.
pub(in crate::web) async fn post_arrive(
    State(app): State<App>,
    Now(now): Now,
    inspecting: Inspecting,
    Path(id): Path<String>,
) -> Answer {
    let visit = Visit::new(&id, inspecting)?;
    let mut tx = app.db.write().await?;
    arrive(&mut tx, &app.service, now, visit.target()).await?;
    visit.done(tx, now).await
}

/// `POST /f/{id}/leave` with a `result` (two taps), or without (the result follows).
pub(in crate::web) async fn post_leave(
    State(app): State<App>,
    Now(now): Now,
    inspecting: Inspecting,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let visit = Visit::new(&id, inspecting)?;
    let mut tx = app.db.write().await?;
    leave(&mut tx, &app.service, now, visit.target()).await?;
    if let Some(result) = VisitResult::parse(form.one("result")) {
        record_result(&mut tx, &app.service, now, visit.target(), result).await?;
    }
    visit.done(tx, now).await
}

/// `POST /f/{id}/result` with a `result`.
pub(in crate::web) async fn post_result(
    State(app): State<App>,
    Now(now): Now,
    inspecting: Inspecting,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let visit = Visit::new(&id, inspecting)?;
    let Some(result) = VisitResult::parse(form.one("result")) else { return see_other(&paths::filing(visit.id)) };
    let mut tx = app.db.write().await?;
    record_result(&mut tx, &app.service, now, visit.target(), result).await?;
    visit.done(tx, now).await
}
