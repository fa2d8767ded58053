//! Only hosts of this server are answered, so that no link or cookie is ever made for a foreign name (DNS rebinding, wrong proxies).

use crate::actions::Settings;
use crate::app::App;
use crate::domain::sign::host_of;
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
    if is_ours(&host, &app.service.settings) { next.run(request).await } else { AppError::WrongHost.into_response() }
}

/// Whether a host (and port) is that of the public URL, one that is answered as well, or this machine itself.
fn is_ours(host: &str, settings: &Settings) -> bool {
    let public = host_of(&settings.public_url);
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host.eq_ignore_ascii_case(public)
        || settings.also_hosts.iter().any(|also| host.eq_ignore_ascii_case(also))
        || matches!(name, "localhost" | "127.0.0.1" | "::1")
}

#[cfg(test)]
mod tests {
    use super::is_ours;
    use crate::actions::Settings;
    use crate::domain::day::Zone;

    #[test]
    fn only_the_public_host_the_old_one_and_this_machine_are_ours() {
        let settings = Settings {
            public_url: "https://bb.example.gov.cn".to_owned(),
            also_hosts: vec!["old.example.cn:8443".to_owned()],
            district: String::new(),
            hotline: String::new(),
            mail_from: String::new(),
            zone: Zone::SHANGHAI,
            contact_key: [0; 32],
        };
        for host in [
            "bb.example.gov.cn",
            "BB.example.gov.cn",
            "OLD.example.cn:8443",
            "localhost:8080",
            "127.0.0.1:9",
            "[::1]:8080",
        ] {
            assert!(is_ours(host, &settings), "{host}");
        }
        for host in [
            "evil.example",
            "bb.example.gov.cn.evil.example",
            "127.0.0.1.evil.example",
            "",
            "bb.example.gov.cn:81",
            "old.example.cn",
        ] {
            assert!(!is_ours(host, &settings), "{host}");
        }
    }
}
