//! The beginning and the end of a request: its instant, its id, its page, and one line in the log without addresses, tokens or bodies.

use crate::app::App;
use crate::web::extract::Now;
use crate::web::metrics;
use crate::web::page::Page;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Instant;
use tracing::Instrument as _;

/// The header that carries the id of a request, for those who report a problem.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: shown on error pages and written in the log.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub String);

/// Wakes whoever delivers mails after a request that went well, if mails were put in meanwhile: by it, or by one beside it that wakes once more.
fn wake_delivery(app: &App, (method, status): (&Method, StatusCode), before: u64) {
    let well = status.is_success() || status.is_redirection();
    if well && !method.is_safe() && app.service.outbox.put_in() > before {
        app.service.outbox.raise();
    }
}

/// Gives the request its instant, id and page.
pub(super) async fn request(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let now = app.clock.now();
    let id = app.service.ids.uuid(now).simple().to_string();
    // The end of a UUID of version 7 is random; twelve digits are enough to find a line and short enough to tell on the telephone.
    let id = id[id.len() - 12..].to_owned();
    let mut page = Page::new(&app, request.headers(), request.uri(), now);
    page.posted = request.method() == Method::POST;
    request.extensions_mut().insert(Now(now));
    request.extensions_mut().insert(page);
    request.extensions_mut().insert(RequestId(id.clone()));
    // The route, not the path: paths carry tokens.
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let (method, began) = (request.method().clone(), Instant::now());
    let span = tracing::info_span!("request", id, method = %request.method(), route);
    async {
        let before = app.service.outbox.put_in();
        let mut response = next.run(request).await;
        wake_delivery(&app, (&method, response.status()), before);
        let taken_ms = (app.clock.now() - now).num_milliseconds();
        tracing::info!(status = response.status().as_u16(), taken_ms, "answered");
        metrics::answered(&method, response.status(), began.elapsed());
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        response
    }
    .instrument(span)
    .await
}
