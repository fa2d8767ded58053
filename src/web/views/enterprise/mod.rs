//! The enterprise's side: verify a visitor, report a visit, look a report up, rate, and the public calendar.
//!
//! What an enterprise reports is shown nowhere but to those who hold its receipt: every page here that others may open is made from
//! filings alone.

mod calendar;
mod calendar_file;
mod desk;
mod desk_rating;
mod door;
mod inspection;
mod look_up;
mod own_phone;
mod rating;
mod receipt_image;
mod report;
mod visit;

use crate::app::App;
use axum::Router;
use axum::routing::{get, post};

/// The routes of these pages, one line each.
pub(in crate::web) fn routes() -> Router<App> {
    Router::new()
        .route("/e/{token}/enterprise", get(desk::get))
        .route("/e/{token}/confirm", get(desk::confirm_get).post(desk::confirm))
        .route("/e/{token}/report", get(report::get).post(report::post))
        .route("/e/{token}/report/receipt/{key}", get(report::receipt::get))
        .route("/e/{token}/report/receipt/{key}/image.png", get(report::receipt::image))
        .route("/e/{token}/rate/{id}", get(desk_rating::get).post(desk_rating::post))
        .route("/i", get(inspection::form))
        .route("/i/{code}", get(inspection::get))
        .route("/i/{code}/here", post(inspection::here))
        .route("/i/{code}/rate", get(rating::get).post(rating::post))
        .route("/r", get(look_up::get).post(look_up::post))
        .route("/r/add", post(look_up::add))
        .route("/r/identity", post(look_up::identity))
        .route("/r/withdraw", post(look_up::withdraw))
        .route("/calendar", get(calendar::get))
        .route("/calendar.ics", get(calendar_file::get))
}
