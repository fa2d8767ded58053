//! Whether a page is opened because somebody scanned a code: the link was opened from outside, by a person, to be looked at now.

use crate::app::App;
use crate::domain::id::SignId;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use std::convert::Infallible;

/// What the names of programs that open links by themselves have in them.
const ROBOTS: &[&str] = &[
    "bot/", "bot)", "spider", "crawl", "slurp", "preview", "monitor", "headless", "curl/", "wget/", "python-",
    "go-http", "okhttp",
];

/// A request that may be a scan. Only its headers are looked at, and nothing of them is kept.
#[derive(Clone, Copy, Debug)]
pub struct Scanning {
    /// By a person, as far as it can be told.
    person: bool,
    /// From another program, not from a page of this site.
    outside: bool,
}

impl Scanning {
    /// Counts the scan of a sign, in memory: nothing is written while the page is made.
    pub fn count(self, app: &App, sign: SignId) {
        if self.person && self.outside {
            note(app, sign);
        }
    }

    /// Counts that the short code of a sign was typed: on a page of this site, in front of the sign.
    pub fn count_typed(self, app: &App, sign: SignId) {
        if self.person {
            note(app, sign);
        }
    }
}

impl FromRequestParts<App> for Scanning {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Infallible> {
        let mut scanning = Self::read(&parts.headers);
        scanning.person &= parts.method == Method::GET;
        Ok(scanning)
    }
}

fn note(app: &App, sign: SignId) {
    let now = app.clock.now();
    app.service.scans.note(sign, app.service.settings.zone.local_date(now), now);
}

impl Scanning {
    fn read(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let contains = |name: &str, word: &str| text(name).to_ascii_lowercase().contains(word);
        // From a page of this site one comes back to the landing page; a code is opened from nowhere, or from another program.
        let from_here = contains("sec-fetch-site", "same-origin")
            || text("referer").split_once("://").is_some_and(|(_, rest)| {
                let host = rest.split('/').next().unwrap_or_default();
                !host.is_empty() && host.eq_ignore_ascii_case(text("host"))
            });
        let ahead = contains("sec-purpose", "prefetch")
            || contains("purpose", "prefetch")
            || contains("x-moz", "prefetch")
            || contains("x-purpose", "preview");
        let agent = text("user-agent").to_ascii_lowercase();
        Self { person: !ahead && !ROBOTS.iter().any(|robot| agent.contains(robot)), outside: !from_here }
    }
}

#[cfg(test)]
mod tests {
    use super::Scanning;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    fn is_scan(headers: &HeaderMap) -> bool {
        let scanning = Scanning::read(headers);
        scanning.person && scanning.outside
    }

    #[test]
    fn a_phone_that_scans_counts() {
        let phone = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 MicroMessenger/8.0.40";
        assert!(is_scan(&headers(&[("user-agent", phone), ("sec-fetch-site", "none"), ("host", "m.cn")])));
        assert!(is_scan(&headers(&[("user-agent", phone), ("referer", "https://other.cn/x"), ("host", "m.cn")])));
        assert!(is_scan(&headers(&[])), "an old browser tells nothing about itself");
    }

    #[test]
    fn coming_back_looking_ahead_and_robots_do_not() {
        for pairs in [
            [("sec-fetch-site", "same-origin"), ("host", "m.cn")],
            [("referer", "https://M.cn/e/X/file"), ("host", "m.cn")],
            [("sec-purpose", "prefetch;prerender"), ("host", "m.cn")],
            [("purpose", "prefetch"), ("host", "m.cn")],
            [("user-agent", "Mozilla/5.0 (compatible; Baiduspider/2.0)"), ("host", "m.cn")],
            [("user-agent", "curl/8.5.0"), ("host", "m.cn")],
        ] {
            assert!(!is_scan(&headers(&pairs)), "{pairs:?}");
        }
    }
}
