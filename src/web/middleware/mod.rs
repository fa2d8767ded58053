//! The layers around every route, outermost first: compression, request id and log, security headers, errors, panics, time limit, host,
//! cross-site check.

mod begin;
mod errors;
mod headers;
mod host;

use super::error::AppError;
use super::extract::body::FORM_MAX;
use super::extract::upload::upload_limit;
use crate::app::App;
use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Redirect, Response};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

/// The most time for a whole request.
const REQUEST_TIME: Duration = Duration::from_secs(15);

/// Puts all layers around the routes.
pub(super) fn wrap(router: Router<App>, app: App) -> Router {
    router
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(upload_limit(FORM_MAX))
        .layer(csrf(&app))
        .layer(from_fn_with_state(app.clone(), host::check))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIME))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), errors::render))
        .layer(from_fn_with_state(app.clone(), headers::secure))
        .layer(from_fn_with_state(app.clone(), begin::request))
        .layer(CompressionLayer::new())
        .with_state(app)
}

/// What no route is for. A slash too many at the end, as some programs put one behind a link, leads to the page without it.
async fn not_found(method: Method, uri: Uri) -> Result<Response, AppError> {
    let path = uri.path().trim_end_matches('/');
    if !method.is_safe() || path.len() == uri.path().len() || !super::paths::is_local(path) {
        return Err(AppError::NotFound);
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Ok(Redirect::permanent(&format!("{path}{query}")).into_response())
}

async fn method_not_allowed() -> AppError {
    AppError::MethodNotAllowed
}

/// Refuses forms of other sites by `Sec-Fetch-Site` and `Origin`. The API reads bearer tokens and never cookies, so it is exempt.
fn csrf(app: &App) -> CsrfLayer {
    let url = &app.service.settings.public_url;
    // An unusable public URL is refused when the settings are read; here it only means that no origin is trusted beside the own host.
    CsrfLayer::new()
        .add_trusted_origin(url)
        .unwrap_or_else(|_| CsrfLayer::new())
        .with_insecure_bypass(|_method, uri: &Uri| uri.path().starts_with(super::paths::API))
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of tower-http")]
fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    super::metrics::panicked();
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a text");
    AppError::Internal(format!("panicked: {text}").into()).into_response()
}
