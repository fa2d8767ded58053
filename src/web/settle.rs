//! How an action ends that a form asked for: it is kept, or the form is shown again with what is wrong.
//!
//! ```text
//! let mut tx = app.db.write().await?;
//! let done = enter_agency(&mut tx, &app.service, me.now, &me.actor(), fields).await;
//! if let Some(agency) = settle(tx, &mut form, done).await? {
//!     return see_other(&paths::item(paths::AGENCIES, agency.id));
//! }
//! ```

use super::error::AppError;
use super::form::Form;
use crate::actions::{ActionError, Result as Done};
use crate::storage::Tx;
use axum::http::StatusCode;

/// Commits, and gives what was done; or takes everything back because something in the form is wrong, which is noted in it then.
///
/// # Errors
/// When the action failed for any other reason, or the store fails.
pub(super) async fn settle<T>(tx: Tx, form: &mut Form, done: Done<T>) -> Result<Option<T>, AppError> {
    let done = form.heed(done)?.filter(|_| !form.has_errors());
    if done.is_some() {
        tx.commit().await?;
    } else {
        tx.rollback().await?;
    }
    Ok(done)
}

/// The same for a page that says itself that somebody was faster: what was done, or the status with which the form is shown again.
///
/// # Errors
/// As [`settle`], but for what is stale or in another state.
pub(super) async fn settle_or_again<T>(
    tx: Tx,
    form: &mut Form,
    done: Done<T>,
) -> Result<Result<T, StatusCode>, AppError> {
    if let Err(ActionError::Stale(_) | ActionError::State(_)) = done {
        tx.rollback().await?;
        return Ok(Err(StatusCode::CONFLICT));
    }
    Ok(settle(tx, form, done).await?.ok_or(StatusCode::UNPROCESSABLE_ENTITY))
}
