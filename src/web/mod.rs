//! Pages and forms over HTTP. This layer alone names axum.
//!
//! A handler extracts, calls an action, commits, answers. One page or form a file under `views/`, mirrored by `templates/pages/`.
//! [`router`] lists every route, one line each; [`paths`] builds every link.

pub mod api;
pub mod assets;
pub mod cookies;
mod crowd;
mod doors;
pub mod error;
pub mod extract;
pub mod form;
pub mod metrics;
mod middleware;
mod name_errors;
pub mod page;
pub mod paths;
pub mod respond;
pub mod serve;
mod settle;
mod views;

use crate::app::App;
use axum::Router;
use axum::routing::{get, post};

pub use error::AppError;
pub use extract::{ClientAddr, Inspecting, MaybeInspecting, Now};
pub use form::Form;
pub use page::Page;

/// Every route of the program with all layers around them.
pub fn router(app: App) -> Router {
    middleware::wrap(routes(), app)
}

/// The same with the mailbox of the demonstration, where everybody reads everybody's mails.
pub fn demo_router(app: App) -> Router {
    let router =
        routes().route("/demo/mail", get(views::demo_mail::list)).route("/demo/mail/{id}", get(views::demo_mail::one));
    middleware::wrap(router, app)
}

fn routes() -> Router<App> {
    Router::new()
        .route("/", get(views::home::get))
        .route("/prefs", post(views::prefs::post))
        .route("/static/{*name}", get(assets::get))
        .route("/robots.txt", get(assets::robots))
        .route("/favicon.ico", get(assets::favicon))
        .route("/go", get(views::code::go::get))
        .route("/go/suggest", get(views::code::go::suggest))
        .route("/e/{token}", get(views::code::enterprise::get))
        .route("/e/{token}/file", get(views::filing::form::get).post(views::filing::form::post))
        .route("/e/{token}/check", get(views::filing::form::get_check).post(views::filing::form::post_check))
        .route("/e/{token}/urgent", get(views::filing::urgent::get).post(views::filing::urgent::post))
        .route("/e/{token}/urgent/{id}", get(views::filing::urgent::sent))
        .route("/a/{token}", get(views::code::agency::get))
        .route("/f/{id}", get(views::filing::receipt::get))
        .route("/f/{id}/qr.png", get(views::filing::receipt::picture))
        .route("/f/{id}/arrive", get(views::filing::visit::get_arrive).post(views::filing::visit::post_arrive))
        .route("/f/{id}/leave", post(views::filing::visit::post_leave))
        .route("/f/{id}/result", get(views::filing::correct::get).post(views::filing::correct::post))
        .route("/f/{id}/change", get(views::filing::change::get).post(views::filing::change::post))
        .route("/f/{id}/papers", get(views::filing::papers::get).post(views::filing::papers::post))
        .route("/f/{id}/cancel", get(views::filing::cancel::get).post(views::filing::cancel::post))
        .route("/screen/{token}", get(views::console::screen))
        .route("/my", get(views::filing::my::get))
        .route("/enrol", get(views::enrol::how::get))
        .route("/join/{secret}", get(views::enrol::join::get).post(views::enrol::join::post))
        .route("/pin", get(views::enrol::pin::get).post(views::enrol::pin::post))
        .route("/healthz", get(views::health::live))
        .route("/readyz", get(views::health::ready))
        .merge(api::router())
        .merge(views::enterprise::routes())
        .merge(views::console::routes())
}
