//! Pages of cases: asking an agency, its answer, what supervisors make of it, decisions, circulation.

mod act;
mod ask;
mod bulk;
mod circulation;
pub(super) mod decide;
mod explanation;
pub(super) mod explanations;
mod file;
mod held;
pub(super) mod parts;
mod review;

use crate::actions::cases::ATTACHMENTS_MAX;
use crate::app::App;
use crate::web::extract::upload::upload_limit;
use crate::web::paths;
use axum::Router;
use axum::routing::{get, post};

/// The most bytes of an answer with its files: room above what they may have, in which too much is told on the form, with everything typed kept.
const ANSWER_MAX: usize = ATTACHMENTS_MAX + (12 << 20);

/// The routes of this folder, of which one takes files.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/console/violations/ask", get(ask::get).post(ask::post))
        .route("/console/violations/bulk", get(bulk::get).post(bulk::post))
        .route("/console/violations/{id}/decide", post(decide::post))
        .route("/console/violations/{id}/undo", post(decide::undo))
        .route("/console/violations/{id}/appeal", post(decide::appeal))
        .route(paths::EXPLANATIONS, get(explanations::get))
        .route("/console/explanations/{id}", get(explanation::get))
        .route("/console/explanations/{id}/answer", post(act::answer))
        .route("/console/explanations/{id}/extension", post(act::extension))
        .route("/console/explanations/{id}/hand-over", post(act::hand_over))
        .route("/console/explanations/{id}/appeal", post(act::appeal))
        .route("/console/explanations/{id}/review", post(review::post))
        .route("/console/explanations/{id}/files/{file}", get(file::get))
        .route("/console/held-requests/{id}/take-back", post(held::post))
        .route(paths::CIRCULATION, get(circulation::get))
        .layer(upload_limit(ANSWER_MAX))
}
