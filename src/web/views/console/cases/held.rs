//! `POST /console/held-requests/{id}/take-back`: a request that waits for its batch is taken back before it leaves.

use super::ask::visible;
use crate::actions::ActionError;
use crate::actions::reporters::take_back;
use crate::app::App;
use crate::web::error::AppError;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::paths;
use crate::web::respond::{Answer, see_other};
use axum::extract::{Path, State};
use uuid::Uuid;

/// Takes it back; where it has left already, the violation's page says so.
pub(super) async fn post(State(app): State<App>, me: Console<SUPERVISOR>, Path(id): Path<String>) -> Answer {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    let items = crate::storage::held_requests::items(&mut tx, id).await?;
    let ids: Vec<_> = items.into_iter().map(|(violation, _)| violation).collect();
    let first = *ids.first().ok_or(AppError::NotFound)?;
    visible(&mut tx, &me, &ids).await?;
    let page = paths::item(paths::VIOLATIONS, first);
    match take_back(&mut tx, &app.service, me.now, &me.actor(), id).await {
        Ok(_) => tx.commit().await?,
        Err(ActionError::State(_)) => {
            tx.rollback().await?;
            return see_other(&page);
        }
        Err(error) => return Err(error.into()),
    }
    see_other(&paths::done(&page, "taken-back"))
}
