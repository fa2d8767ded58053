//! Logs on standard error: for people on a terminal, one JSON object a line otherwise. What is said while a request is answered carries
//! its id, method and route as `span`.

use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// What is logged unless `MASHANG_LOG` or `RUST_LOG` says otherwise.
const DEFAULT: &str = "info,sqlx=warn,hyper=warn,lettre=warn";

/// What is logged by a demonstration, which people read on a terminal.
const QUIET: &str = "warn";

/// Starts logging. Call it once; a second call changes nothing.
pub fn start() {
    start_with(DEFAULT);
}

/// The same, but only what went wrong is said unless a variable asks for more.
pub fn start_quietly() {
    start_with(QUIET);
}

fn start_with(default: &str) {
    let wanted = ["MASHANG_LOG", "RUST_LOG"].iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    let filter = filter(Some(wanted.as_deref().unwrap_or(default)));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if std::io::stderr().is_terminal() {
        builder.with_target(false).try_init()
    } else {
        builder.json().flatten_event(true).with_span_list(false).try_init()
    };
}

/// The filter for a wish such as `debug`; the default for none, or for one that cannot be read.
///
/// At its most talkative tower-http writes whole addresses, which carry the tokens of signs and the keys of receipts: it is held back
/// whatever is wished.
///
/// # Panics
/// Never: the directive is a constant.
#[must_use]
pub fn filter(wanted: Option<&str>) -> EnvFilter {
    let filter = wanted.and_then(|text| EnvFilter::try_new(text).ok()).unwrap_or_else(|| EnvFilter::new(DEFAULT));
    filter.add_directive("tower_http=warn".parse().expect("a constant directive"))
}
