//! `/metrics`: what an operator alarms on, and nothing about anybody.

use crate::console::world::World;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use chrono::TimeDelta;
use mashang::actions::held_up::Held;
use mashang::actions::limits::Door;
use mashang::web::metrics;
use std::collections::BTreeSet;
use tower::ServiceExt as _;

async fn read(world: &World) -> String {
    let router = metrics::router(world.test.app.clone(), std::env::temp_dir());
    let request = Request::get("/metrics").body(Body::empty()).expect("a request");
    let answer = router.oneshot(request).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn value(text: &str, name: &str) -> i64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} in {text}")).parse().expect("a number")
}

#[tokio::test]
async fn mails_that_wait_the_clock_and_requests_are_told() {
    let world = World::new().await;
    let clock = &world.test.app.clock;
    let text = read(&world).await;
    assert_eq!(value(&text, "mashang_database_up"), 1);
    assert_eq!(value(&text, "mashang_mails_waiting"), 0);
    assert!(value(&text, "mashang_disk_free_bytes") > 0);

    // A filing on a no-disturb day is mailed to the supervisors.
    world.file(crate::console::world::FIRE, "03-18 10:00").await;
    clock.advance(TimeDelta::minutes(90));
    world.signed_in("reform").await.get("/console/filings").await.expect(200, "");
    let text = read(&world).await;
    assert!(value(&text, "mashang_mails_waiting") > 0);
    assert_eq!(value(&text, "mashang_mails_oldest_wait_seconds"), 90 * 60);
    assert_eq!(value(&text, "mashang_clock_behind_seconds"), 0);
    assert!(
        text.contains("mashang_request_duration_seconds_bucket{le=\"0.05\",method=\"Read\",status=\"2xx\"}"),
        "{text}"
    );

    clock.advance(TimeDelta::hours(-3));
    assert_eq!(value(&read(&world).await, "mashang_clock_behind_seconds"), 3 * 60 * 60);
    for name in ["青禾", "@qh.gov.cn", "/console", "/e/"] {
        assert!(!text.contains(name), "{name}");
    }
}

/// How often which door held somebody up, of those that did.
fn held_up(text: &str) -> Vec<(String, u64)> {
    let of = |line: &str| {
        let (door, count) = line.strip_prefix("mashang_held_up_total{door=\"")?.split_once("\"} ")?;
        Some((door.to_owned(), count.parse().expect("a number")))
    };
    let mut all: Vec<(String, u64)> = text.lines().filter_map(of).filter(|(door, _)| door != "connection").collect();
    assert_eq!(all.len(), Held::ALL.len(), "each door is told of from the beginning:\n{text}");
    all.retain(|(_, count)| *count > 0);
    all.sort_unstable();
    all
}

#[tokio::test]
async fn whoever_is_held_up_is_counted_by_the_door_alone() {
    let world = World::new().await;
    assert_eq!(held_up(&read(&world).await), []);
    let token = world.test.token(0).to_owned();
    let mut client = world.test.client();
    for _ in 0..7 {
        let fields = [("email", "reform@qh.gov.cn"), ("password", "不是这个密码")];
        client.post_form("/console/sign-in", &fields).await;
        client.post_form(&format!("/e/{token}/confirm"), &[("digits", "0000")]).await;
    }
    let (limits, now) = (&world.test.app.service.limits, world.test.app.clock.now());
    while limits.take(now, Door::Go, "198.51.100").is_ok() {}
    client.get_from("198.51.100.7", "/go?code=x").await.expect(429, "");
    let text = read(&world).await;
    let counted = [("digits", 2), ("go", 1), ("password", 2)].map(|(door, count)| (door.to_owned(), count));
    assert_eq!(held_up(&text), counted);
    for name in ["reform", "198.51", &token] {
        assert!(!text.contains(name), "{name}");
    }
}

#[tokio::test]
async fn it_is_not_on_the_public_address() {
    let world = World::new().await;
    world.test.client().get("/metrics").await.expect(404, "");
}

/// Names of our metrics in a file.
fn named(text: &str) -> BTreeSet<&str> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !word(c)).filter(|name| name.starts_with("mashang_")).collect()
}

#[tokio::test]
async fn the_dashboard_and_the_alarms_of_the_repository_ask_for_nothing_that_is_not_there_and_leave_nothing_out() {
    let world = World::new().await;
    world.signed_in("reform").await.get("/console/filings").await.expect(200, "");
    let text = read(&world).await;
    let shown: BTreeSet<&str> =
        text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(['{', ' ']).next()).collect();
    assert!(shown.len() > 10, "{shown:?}");
    let file = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/grafana").join(name);
        std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{name}: {e}"))
    };
    let (board, alarms) = (file("mashang.json"), file("alerts.yml"));
    for (name, used) in [("mashang.json", named(&board)), ("alerts.yml", named(&alarms))] {
        let missing: Vec<&&str> = used.difference(&shown).collect();
        assert!(missing.is_empty(), "{name} asks for {missing:?}");
        // The sum of all times and the creation of a series serve nobody here.
        let unused: Vec<&&str> = shown.difference(&used).filter(|n| !n.ends_with("_sum")).collect();
        let needed = if name == "mashang.json" { unused } else { Vec::new() };
        assert!(needed.is_empty(), "{name} does not show {needed:?}");
    }
    let board: serde_json::Value = serde_json::from_str(&board).expect("JSON");
    let panels = board["panels"].as_array().expect("panels");
    let ids: BTreeSet<i64> = panels.iter().filter_map(|panel| panel["id"].as_i64()).collect();
    assert_eq!(ids.len(), panels.len(), "each panel has an id of its own");
    for panel in panels {
        let place = |name: &str| panel["gridPos"][name].as_i64().expect("a place");
        assert!(place("x") + place("w") <= 24 && place("h") > 0, "{}", panel["title"]);
        assert!(panel["targets"].as_array().is_some_and(|targets| !targets.is_empty()), "{}", panel["title"]);
    }
}
