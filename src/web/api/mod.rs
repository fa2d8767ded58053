//! The JSON API under `/api/v1`: bearer tokens, problem details, keyset paging, idempotency keys, and its OpenAPI document.
//!
//! One file a resource. A handler reads ([`body`], [`query`]), calls an action inside [`call::Work`], and shows (`…View`). Field names are
//! those of the replay file; references are ids. What an agency's token gets is made of filings alone.

pub mod auth;
pub mod body;
pub mod call;
pub mod document;
pub mod enterprises;
pub mod filing_changes;
pub mod filing_draft;
pub mod filing_view;
pub mod filings;
pub mod path;
pub mod problem;
pub mod query;
pub mod registries;
pub mod schemas;
pub mod stats;
pub mod violations;
pub mod visit_reports;

use crate::app::App;
use axum::Router;
use axum::http::Method;
use axum::routing::{MethodRouter, get, patch, post};

pub use problem::{Refusal, response as problem_response};

/// One route: method, path, handler.
pub struct Route(pub Method, pub &'static str, MethodRouter<App>);

/// Every route of the API, one line each.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        Route(Method::POST, "/api/v1/filings/check", post(filing_draft::check)),
        Route(Method::POST, "/api/v1/filings", post(filing_draft::post)),
        Route(Method::GET, "/api/v1/filings", get(filings::list)),
        Route(Method::GET, "/api/v1/filings/{id}", get(filings::get)),
        Route(Method::PATCH, "/api/v1/filings/{id}", patch(filing_changes::patch)),
        Route(Method::POST, "/api/v1/filings/{id}/arrive", post(filing_changes::post_arrive)),
        Route(Method::POST, "/api/v1/filings/{id}/leave", post(filing_changes::post_leave)),
        Route(Method::POST, "/api/v1/filings/{id}/result", post(filing_changes::post_result)),
        Route(Method::POST, "/api/v1/filings/{id}/cancel", post(filing_changes::post_cancel)),
        Route(Method::POST, "/api/v1/visit-reports", post(visit_reports::post)),
        Route(Method::GET, "/api/v1/violations", get(violations::list)),
        Route(Method::GET, "/api/v1/violations/{id}", get(violations::get)),
        Route(Method::POST, "/api/v1/violations/{id}/confirm", post(violations::confirm)),
        Route(Method::POST, "/api/v1/violations/{id}/dismiss", post(violations::dismiss)),
        Route(Method::GET, "/api/v1/enterprises", get(enterprises::list)),
        Route(Method::GET, "/api/v1/agencies", get(registries::agencies)),
        Route(Method::GET, "/api/v1/matters", get(registries::matters)),
        Route(Method::GET, "/api/v1/inspectors", get(registries::inspectors)),
        Route(Method::GET, "/api/v1/stats", get(stats::get)),
        Route(Method::GET, document::PATH, get(document::get)),
    ]
}

/// The routes of the API as a router.
pub(super) fn router() -> Router<App> {
    routes().into_iter().fold(Router::new(), |router, Route(_, path, handler)| router.route(path, handler))
}
