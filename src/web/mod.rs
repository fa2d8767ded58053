//! Pages and forms over HTTP. This layer alone names axum.
//!
//! A handler extracts, calls an action, commits, answers. One page or form a file under `views/`, mirrored by `templates/pages/`.
//! [`router`] lists every route, one line each; [`paths`] builds every link.

pub mod api;
pub mod assets;
pub mod cookies;
pub mod error;
pub mod extract;
pub mod form;
mod middleware;
pub mod page;
pub mod paths;
pub mod respond;
pub mod serve;
mod views;

use crate::app::App;
use axum::Router;
use axum::routing::{get, post};

pub use error::AppError;
pub use extract::{ClientAddr, Now};
pub use form::Form;
pub use page::Page;

/// Every route of the program with all layers around them.
pub fn router(app: App) -> Router {
    let router = Router::new()
        .route("/", get(views::home::get))
        .route("/prefs", post(views::prefs::post))
        .route("/static/{*name}", get(assets::get))
        .route("/healthz", get(views::health::live))
        .route("/readyz", get(views::health::ready))
        .merge(api::router())
        .merge(views::enterprise::routes())
        .merge(views::console::routes());
    middleware::wrap(router, app)
}
