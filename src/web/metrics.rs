//! `/metrics` for Prometheus, on an address of its own that only the inside of the network reaches: what an operator alarms on, and nothing
//! about anybody. Requests are counted by the process, the rest is read from the database at each visit.

use super::crowd;
use crate::actions::held_up::Held;
use crate::app::App;
use crate::storage::{Result, audit, audit_chain, backups, mails};
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;
use uuid::Uuid;

/// Upper bounds of the times that requests take, in seconds: around the limits of 50 and 500 ms, up to the time limit.
const BOUNDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    method: Kind,
    status: &'static str,
}

/// GET and HEAD only look, everything else may write.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
enum Kind {
    Read,
    Write,
}

/// Which door held somebody up: no address, nobody's name, no object.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct DoorLabel {
    door: &'static str,
}

type Times = Family<Labels, Histogram, fn() -> Histogram>;

static REQUESTS: LazyLock<Times> = LazyLock::new(|| Times::new_with_constructor(|| Histogram::new(BOUNDS)));
static PANICS: LazyLock<Counter> = LazyLock::new(Counter::default);

/// Counts an answered request.
pub(super) fn answered(method: &Method, status: StatusCode, taken: Duration) {
    let method = if method.is_safe() { Kind::Read } else { Kind::Write };
    let status = match status.as_u16() / 100 {
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
    REQUESTS.get_or_create(&Labels { method, status }).observe(taken.as_secs_f64());
}

/// Counts a handler that panicked.
pub(super) fn panicked() {
    PANICS.inc();
}

/// `/metrics` alone, with the folder whose disk is watched. It is no route of the site, so it is in no list of routes.
pub fn router(app: App, data: PathBuf) -> Router {
    Router::new().fallback(show).with_state((app, data))
}

async fn show(State((app, data)): State<(App, PathBuf)>, uri: Uri) -> Response {
    if uri.path() != "/metrics" {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut registry = Registry::with_prefix("mashang");
    registry.register_with_unit("request_duration", "Time of answered requests", Unit::Seconds, REQUESTS.clone());
    registry.register("panics", "Requests whose handler panicked", PANICS.clone());
    let doors = Family::<DoorLabel, Counter>::default();
    let held = app.service.held_up.all().map(|(held, count): (Held, u64)| (held.as_str(), count));
    for (door, count) in held.chain([("connection", crowd::turned_away())]) {
        doors.get_or_create(&DoorLabel { door }).inc_by(count);
    }
    registry.register("held_up", "How often somebody was turned away or made to wait, by door", doors);
    if let Ok(disk) = rustix::fs::statvfs(&data) {
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        gauge(&mut registry, "disk_free_bytes", "Room on the disk of the data folder", free);
    }
    let (commits, writes) = app.db.shared_commits();
    counter(&mut registry, "shared_commits", "Commits on SQLite that several writers may have shared", commits);
    counter(&mut registry, "shared_writes", "Writes that those commits stored", writes);
    let found = stored(&app, app.clock.now()).await;
    gauge(&mut registry, "database_up", "Whether the database answers", u64::from(found.is_ok()));
    match found {
        Ok(figures) => figures.into_iter().for_each(|(name, help, value)| gauge(&mut registry, name, help, value)),
        Err(error) => tracing::error!(%error, "the metrics could not be read from the database"),
    }
    let mut text = String::new();
    if encode(&mut text, &registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
}

type Figure = (&'static str, &'static str, u64);

/// What the database tells.
async fn stored(app: &App, now: DateTime<Utc>) -> Result<Vec<Figure>> {
    let since = |at: Option<DateTime<Utc>>| at.map_or(0, |at| (now - at).num_seconds().max(0).unsigned_abs());
    let mut tx = app.db.read().await?;
    let queue = mails::queue(&mut tx).await?;
    let newest = audit::newest(&mut tx).await?;
    let nightly = backups::last_good(&mut tx).await?.map(|backup| backup.made_at);
    let backup = nightly.max(audit::last_backup(&mut tx).await?);
    let proof = backups::last_proof(&mut tx).await?.map(|proof| proof.at);
    let on_hold = backups::held(&mut tx).await?.is_some();
    let head = audit_chain::head(&mut tx).await?.and_then(|head| head.at);
    let unchained = audit_chain::unchained(&mut tx, (head.unwrap_or_default(), Uuid::nil()), 1).await?;
    let checkpoint = audit_chain::last_checkpoint(&mut tx).await?.map(|(point, _)| point.at);
    let behind = newest.map_or(0, |newest| (newest - now).num_seconds().max(0).unsigned_abs());
    Ok(vec![
        ("mails_waiting", "Mails that are not delivered yet", queue.waiting.unsigned_abs()),
        ("mails_stuck", "Mails that a server refused for good", queue.stuck.unsigned_abs()),
        ("mails_oldest_wait_seconds", "How long the oldest mail has waited", since(queue.oldest)),
        ("clock_behind_seconds", "How far the clock is behind the newest row", behind),
        (
            "audit_unchained_seconds",
            "How long the oldest audit row outside the chain has waited",
            since(unchained.first().map(|row| row.at)),
        ),
        (
            "audit_checkpoint_age_seconds",
            "Since the last signed checkpoint of the audit; 0 before the first",
            since(checkpoint),
        ),
        ("backup_age_seconds", "Since the last good backup; 0 before the first", since(backup)),
        (
            "backup_proof_age_seconds",
            "Since a backup was last proved to be restorable; 0 before the first",
            since(proof),
        ),
        ("mails_held", "Whether mails are held since a restore", u64::from(on_hold)),
    ])
}

fn counter(registry: &mut Registry, name: &str, help: &str, value: u64) {
    let counter = Counter::<u64>::default();
    counter.inc_by(value);
    registry.register(name, help, counter);
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: u64) {
    let gauge = Gauge::<i64>::default();
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    registry.register(name, help, gauge);
}
