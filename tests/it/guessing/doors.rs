//! Doors that ask for no sign-in: typed codes, suggestions, wrong tokens; and how much one client of the API reads at a time.

use super::network;
use crate::api::{District, json_of, send};
use crate::support::{Answer, HOST, TestApp};
use axum::body::Body;
use axum::http::{Method, Request};
use chrono::TimeDelta;
use mashang::actions::limits::{Door, READS_AT_ONCE};
use mashang::app::App;
use mashang::domain::api_token::secret_hash;
use mashang::storage::api_tokens;
use mashang::web::ClientAddr;
use mashang::web::api::routes;
use std::sync::Arc;
use tokio::task::JoinSet;

const HERE: &str = "198.51.100.7";
const NEXT_DOOR: &str = "198.51.100.200";

/// As if the network of [`HERE`] had had all that it may at once.
fn crowd(app: &App, door: Door) {
    let (at_once, _) = door.share();
    for _ in 0..at_once {
        app.service.limits.take(app.clock.now(), door, "198.51.100").expect("within its share");
    }
}

#[tokio::test]
async fn a_network_that_types_codes_or_names_without_end_is_told_when_to_come_again() {
    let test = TestApp::new().await;
    let (app, mut client) = (&test.app, test.client());
    for (door, path, words) in [
        (Door::Go, "/go?code=%E7%A6%BE%E5%91%B3", "禾味食品厂"),
        (Door::Suggest, "/go/suggest?q=%E7%A6%BE%E5%91%B3", "禾味食品厂"),
    ] {
        client.get_from(HERE, path).await.expect(200, words);
        app.clock.advance(TimeDelta::minutes(2));
        crowd(app, door);
        let answer = client.get_from(NEXT_DOOR, path).await.expect(429, "操作太频繁");
        assert_eq!(answer.header("retry-after"), "1", "{path}");
        client.get_from(&network(1), path).await.expect(200, words);
        for this_machine in ["127.0.0.1", "::1"] {
            client.get_from(this_machine, path).await.expect(200, words);
        }
        app.clock.advance(TimeDelta::seconds(1));
        client.get_from(HERE, path).await.expect(200, words);
    }
    // The code on the wall opens as always.
    crowd(app, Door::Go);
    client.get_from(HERE, &format!("/e/{}", test.token(0))).await.expect(200, "青禾精密机械有限公司");
}

#[tokio::test]
async fn a_whole_room_that_types_at_five_suggestions_a_second_is_never_held_up() {
    let test = TestApp::new().await;
    let mut client = test.client();
    for _ in 0..120 {
        for _ in 0..10 {
            client.get_from(HERE, "/go/suggest?q=%E7%A6%BE").await.expect(200, "");
        }
        test.app.clock.advance(TimeDelta::milliseconds(200));
    }
}

async fn ask(d: &District, from: &str, method: Method, path: &str, token: &str) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", HOST)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .body(Body::from(if path.ends_with("/filings") { d.fine().to_string() } else { "{}".to_owned() }))
        .expect("a request");
    request.extensions_mut().insert(ClientAddr(Some(from.parse().expect("an address"))));
    send(&d.router, request).await
}

#[tokio::test]
async fn wrong_tokens_of_a_network_are_told_to_wait_and_a_right_one_beside_them_files_all_the_same() {
    let d = District::new().await;
    let wrong = "mashang_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for number in 0..60 {
        let token = if number % 2 == 0 { wrong } else { "nonsense" };
        json_of(&ask(&d, HERE, Method::GET, "/api/v1/filings", token).await, 401);
    }
    let answer = ask(&d, NEXT_DOOR, Method::GET, "/api/v1/filings", wrong).await;
    let problem = json_of(&answer, 429);
    assert_eq!((problem["type"].as_str(), answer.header("retry-after")), (Some("urn:mashang:problem:too-many"), "1"));
    assert_eq!(answer.header("content-type"), "application/problem+json");
    json_of(&ask(&d, HERE, Method::POST, "/api/v1/filings", &d.token_a).await, 201);
    json_of(&ask(&d, HERE, Method::GET, "/api/v1/filings", &d.token_a).await, 200);
    json_of(&ask(&d, &network(1), Method::GET, "/api/v1/filings", wrong).await, 401);
    d.app.app.clock.advance(TimeDelta::seconds(1));
    json_of(&ask(&d, HERE, Method::GET, "/api/v1/filings", wrong).await, 401);
}

#[tokio::test]
async fn lists_and_figures_of_one_token_have_eight_places_and_filings_need_none() {
    let d = District::new().await;
    let filing = d.file(&d.token_a, &d.fine()).await["id"].as_str().expect("an id").to_owned();
    let hash = secret_hash(&d.reform).expect("a token");
    let mut tx = d.app.app.db.read().await.expect("a connection");
    let token = api_tokens::valid(&mut tx, &hash).await.expect("read").expect("a token").id;
    drop(tx);
    let places = d.app.app.service.limits.reads(token);
    let most = u32::try_from(READS_AT_ONCE).expect("few");
    let held = places.clone().acquire_many_owned(most).await.expect("places");
    // Each waits for a second: all at once.
    let lists = ["filings", "violations", "enterprises", "agencies", "matters", "inspectors", "stats"];
    let paths = lists.map(|list| format!("/api/v1/{list}"));
    let d = Arc::new(d);
    let mut asked = JoinSet::new();
    for path in paths.clone() {
        let d = d.clone();
        asked.spawn(async move { (d.get(&d.reform, &path).await, path) });
    }
    for (answer, path) in asked.join_all().await {
        assert_eq!(json_of(&answer, 429)["type"], "urn:mashang:problem:too-many", "{path}");
        assert_eq!(answer.header("retry-after"), "1", "{path}");
    }
    let whole = routes().into_iter().filter(|route| route.0 == Method::GET && !route.1.contains("{id}")).count();
    assert_eq!(whole, paths.len() + 1, "a new list has places too; the document needs none");
    // Another client's are its own, and a single object or a filing needs none.
    json_of(&d.get(&d.token_a, "/api/v1/filings").await, 200);
    json_of(&d.get(&d.reform, &format!("/api/v1/filings/{filing}")).await, 200);
    json_of(&d.post(&d.reform, "/api/v1/visit-reports", &d.unfiled_visit()).await, 201);
    drop(held);
    json_of(&d.get(&d.reform, "/api/v1/stats").await, 200);
    assert_eq!(places.available_permits(), READS_AT_ONCE, "given back");
}

#[tokio::test]
async fn one_client_files_all_of_a_night_in_one_go() {
    let d = District::new().await;
    for _ in 0..200 {
        json_of(&ask(&d, HERE, Method::POST, "/api/v1/filings", &d.token_a).await, 201);
    }
}
