//! The limits of doors that ask for no sign-in: whoever comes too often from one network is told when to come again.

use super::error::AppError;
use super::extract::ClientAddr;
use super::respond::{Answer, html_with};
use crate::actions::held_up::Held;
use crate::actions::limits::Door;
use crate::actions::turns::COME_AGAIN;
use crate::app::App;
use askama::Template;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use chrono::{DateTime, Utc};

/// Counts one more of a network. Who is on this machine, or whose address nobody knows, is not counted.
///
/// # Errors
/// [`AppError::TooMany`] where the network has its share.
pub(super) fn enter(app: &App, now: DateTime<Utc>, from: ClientAddr, door: Door) -> Result<(), AppError> {
    let Some(network) = from.counted() else { return Ok(()) };
    app.service.limits.take(now, door, &network).map_err(|seconds| {
        // From where is not for the log.
        app.service.held_up.count(door);
        tracing::info!(?door, "a network has its share");
        AppError::TooMany(seconds)
    })
}

/// The form again for who found no room to wait for the check of a password or PIN: 503, and when to come again.
///
/// # Errors
/// When the template fails.
pub(super) fn no_room(app: &App, form: &impl Template) -> Answer {
    app.service.held_up.count(Held::Hash);
    let mut answer = html_with(StatusCode::SERVICE_UNAVAILABLE, form)?;
    answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(COME_AGAIN));
    Ok(answer)
}
