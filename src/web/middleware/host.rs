//! Only hosts of this server are answered, so that no link or cookie is ever made for a foreign name (DNS rebinding, wrong proxies).

use crate::app::App;
use crate::web::error::AppError;
use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The most bytes of all headers together.
const HEADER_BYTES: usize = 32 * 1024;

/// Refuses a missing, repeated or foreign `Host`, and headers beyond 32 KiB. The two health checks are exempt: they are asked by address.
pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    if matches!(request.uri().path(), "/healthz" | "/readyz") {
        return next.run(request).await;
    }
    let headers = request.headers();
    if headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > HEADER_BYTES {
        return AppError::BadRequest("headers").into_response();
    }
    if headers.get_all(HOST).iter().count() > 1 {
        return AppError::BadRequest("two hosts").into_response();
    }
    let named = request
        .uri()
        .authority()
        .map(|authority| authority.as_str().to_owned())
        .or_else(|| request.headers().get(HOST)?.to_str().ok().map(str::to_owned));
    let Some(host) = named else { return AppError::BadRequest("no host").into_response() };
    if is_ours(&host, &app.service.settings.public_url) {
        next.run(request).await
    } else {
        AppError::WrongHost.into_response()
    }
}

/// Whether a host (and port) is that of the public URL, or this machine itself.
fn is_ours(host: &str, public_url: &str) -> bool {
    let public = public_url.split_once("://").map_or(public_url, |(_, rest)| rest);
    let public = public.split('/').next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case(public) || matches!(name, "localhost" | "127.0.0.1" | "::1")
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_the_public_host_and_this_machine_are_ours() {
        let url = "https://bb.example.gov.cn";
        for host in ["bb.example.gov.cn", "BB.example.gov.cn", "localhost:8080", "127.0.0.1:9", "[::1]:8080"] {
            assert!(is_ours(host, url), "{host}");
        }
        for host in
            ["evil.example", "bb.example.gov.cn.evil.example", "127.0.0.1.evil.example", "", "bb.example.gov.cn:81"]
        {
            assert!(!is_ours(host, url), "{host}");
        }
    }
}
