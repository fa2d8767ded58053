//! Answers: a rendered template, or a redirect after a POST.

use super::error::AppError;
use askama::Template;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

/// What a handler returns.
pub type Answer = Result<Response, AppError>;

/// A page with status 200.
///
/// # Errors
/// When the template fails.
pub fn html(template: &impl Template) -> Answer {
    html_with(StatusCode::OK, template)
}

/// A page with another status: 422 for the form again.
///
/// # Errors
/// When the template fails.
pub fn html_with(status: StatusCode, template: &impl Template) -> Answer {
    let body = template.render().map_err(|error| AppError::internal(&error))?;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(response)
}

/// 303 to a path of this site: what a successful POST answers.
///
/// # Errors
/// When the path is no header value.
pub fn see_other(path: &str) -> Answer {
    let location = HeaderValue::from_str(path).map_err(|error| AppError::internal(&error))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}
