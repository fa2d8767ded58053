//! Turns an error into what the reader gets: a page with what to do and whom to call, or problem details (RFC 9457) below `/api/`.

use super::begin::RequestId;
use crate::app::App;
use crate::web::error::AppError;
use crate::web::extract::console;
use crate::web::page::Page;
use crate::web::{api, paths, respond};
use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What an error's page says.
struct Words {
    key: &'static str,
    do_key: String,
    id: String,
    show_id: bool,
}

#[derive(Template)]
#[template(path = "pages/error.html")]
struct ErrorPage {
    page: Page,
    error: Words,
}

/// The same for who is signed in to the console.
#[derive(Template)]
#[template(path = "pages/console/error.html")]
struct ConsoleErrorPage {
    page: Page,
    error: Words,
}

/// Logs an error once and renders it.
pub(super) async fn render(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let page = request.extensions().get::<Page>().cloned();
    let page = page.unwrap_or_else(|| Page::new(&app, request.headers(), request.uri(), app.clock.now()));
    let is_api = request.uri().path().starts_with(paths::API);
    let asked_by = in_console(request.uri().path()).then(|| request.headers().clone());
    let response = next.run(request).await;
    let Some(error) = error_of(&response) else { return response };
    log(&error);
    let status = response.status();
    let kept = response.headers().clone();
    let mut answer = if is_api {
        api::problem_response(&error)
    } else {
        let framed = match asked_by {
            // What broke inside may break again: its page reads nothing.
            Some(headers) if !status.is_server_error() => console::framed(&app, &headers, &page).await.unwrap_or(None),
            _ => None,
        };
        error_page(page, framed, &error, id)
    };
    *answer.status_mut() = status;
    keep(&kept, &mut answer);
    answer
}

/// The error that a response stands for: the one it carries, or, where a layer answered with a bare status, that status.
fn error_of(response: &Response) -> Option<AppError> {
    if let Some(error) = response.extensions().get::<AppError>() {
        return Some(error.clone());
    }
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    let rendered = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/"));
    (failed && !rendered).then(|| AppError::from_status(status))
}

fn log(error: &AppError) {
    match error {
        AppError::Internal(text) => tracing::error!(error = %text, "a request failed"),
        AppError::BadRequest(what) => tracing::info!(what, "a request was malformed"),
        AppError::State(why) => tracing::info!(why, "a request met another state"),
        other => tracing::debug!(key = other.key(), "a request was refused"),
    }
}

/// Headers that tell the client what to do next.
fn keep(from: &HeaderMap, to: &mut Response) {
    for name in [header::ALLOW, RETRY_AFTER] {
        if let Some(value) = from.get(&name) {
            to.headers_mut().insert(name, value.clone());
        }
    }
}

fn in_console(path: &str) -> bool {
    path.strip_prefix(paths::CONSOLE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The page of an error; `framed` is the same page with the console's frame, where somebody is signed in to it.
fn error_page(page: Page, framed: Option<Page>, error: &AppError, id: String) -> Response {
    let key = error.key();
    let mut words = Words { key, do_key: format!("{key}-do"), id, show_id: error.status().is_server_error() };
    let shown = match framed {
        Some(page) => {
            if matches!(error, AppError::NotFound) {
                "page-not-found-console".clone_into(&mut words.do_key);
            }
            respond::html_with(error.status(), &ConsoleErrorPage { page, error: words })
        }
        None => respond::html_with(error.status(), &ErrorPage { page, error: words }),
    };
    shown.unwrap_or_else(|error| {
        tracing::error!(?error, "the error page cannot be rendered");
        error.status().into_response()
    })
}
