//! The limits of doors that ask for no sign-in: whoever comes too often from one network is told when to come again.

use super::error::AppError;
use super::extract::ClientAddr;
use crate::actions::limits::Door;
use crate::app::App;
use chrono::{DateTime, Utc};

/// Counts one more of a network. Who is on this machine, or whose address nobody knows, is not counted.
///
/// # Errors
/// [`AppError::TooMany`] where the network has its share.
pub(super) fn enter(app: &App, now: DateTime<Utc>, from: ClientAddr, door: Door) -> Result<(), AppError> {
    let Some(network) = from.counted() else { return Ok(()) };
    app.service.limits.take(now, door, &network).map_err(|seconds| {
        // From where is not for the log.
        tracing::info!(?door, "a network has its share");
        AppError::TooMany(seconds)
    })
}
