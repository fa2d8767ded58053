//! The API: every answer with hostile words in all that it tells, every field of every body filled in with them, and bodies that are broken
//! within a string.

use super::corpus::{NOT_IN_A_LINE, TAKEN};
use super::crawl::Crawl;
use super::dressed::Dressed;
use crate::support::Client;
use axum::body::Body;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

async fn send(
    client: &mut Client,
    token: &str,
    method: &str,
    path: &str,
    body: Vec<u8>,
    key: &str,
) -> crate::support::Answer {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let request = client
        .request(method, path)
        .header("authorization", format!("Bearer {token}"))
        .header(CONTENT_TYPE, "application/json")
        .header("idempotency-key", key);
    client.send(request.body(Body::from(body)).expect("a request")).await
}

#[tokio::test]
async fn whatever_the_words_are_the_api_tells_them_as_they_are() {
    let dressed = Dressed::plain().await;
    dressed.complete().await;
    dressed.dress().await;
    let mut crawl = Crawl::new();
    let mut client = dressed.client();
    let mut start: Vec<String> = crawl
        .routes
        .iter()
        .filter(|route| route.method == "GET" && route.path.starts_with("/api") && !route.path.contains('{'))
        .map(|route| route.path.clone())
        .collect();
    start.extend(dressed.paths("/api/v1/filings/", "SELECT id AS value FROM filings LIMIT 30").await);
    start.extend(dressed.paths("/api/v1/violations/", "SELECT id AS value FROM violations LIMIT 30").await);
    start.push("/api/v1/enterprises?q=%3Cimg%20src%3Dx%3E".to_owned());
    for token in [&dressed.guide.api_token, &dressed.guide.agency_api_token] {
        crawl.walk("api", &mut client, token, &start).await;
    }
    assert!(crawl.wrong.is_empty(), "{}", crawl.wrong.join("\n"));
    assert!(crawl.seen.len() > 12, "only {} columns were told", crawl.seen.len());
    for route in crawl.routes.iter().filter(|route| route.method == "GET" && route.path.starts_with("/api")) {
        let excused = route.path == "/api/v1/stats";
        assert!(crawl.opened.contains(&route.to_string()) || excused, "{route} is not opened");
    }
}

/// The text fields of a body by the description of the API: those that have no format and no list of values.
fn text_fields(document: &Value, schema: &Value) -> Vec<String> {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => &document["components"]["schemas"][reference.rsplit('/').next().expect("a name")],
        None => schema,
    };
    let empty = Map::new();
    let fields = schema["properties"].as_object().unwrap_or(&empty).iter();
    let is_text = |field: &Value| {
        let kinds = field["type"].to_string();
        kinds.contains("\"string\"") && field["format"].is_null() && field["enum"].is_null()
    };
    fields.filter(|(_, field)| is_text(field)).map(|(name, _)| name.clone()).collect()
}

#[tokio::test]
async fn every_text_of_a_body_is_taken_as_it_is_or_refused_with_its_name() {
    let dressed = Dressed::plain().await;
    let document = mashang::web::api::document::document();
    let (mut client, mut crawl) = (dressed.client(), Crawl::new());
    let token = dressed.guide.api_token.clone();
    let filing = dressed
        .paths("", "SELECT id AS value FROM filings WHERE cancelled_at IS NULL ORDER BY filed_at DESC LIMIT 1")
        .await
        .remove(0);
    let violation =
        dressed.paths("", "SELECT id AS value FROM violations WHERE state = 'suspected' LIMIT 1").await.remove(0);
    let (mut bodies, mut number) = (0, 0);
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let fields = text_fields(&document, schema);
            if fields.is_empty() {
                continue;
            }
            bodies += 1;
            let id = if path.contains("violations") { &violation } else { &filing };
            let (path, method) = (path.replace("{id}", id), method.to_uppercase());
            for payload in TAKEN.iter().chain(NOT_IN_A_LINE).step_by(3) {
                number += 1;
                let body: Map<String, Value> = fields.iter().map(|name| (name.clone(), json!(payload.text))).collect();
                let body = Value::Object(body).to_string().into_bytes();
                let answer = send(&mut client, &token, &method, &path, body, &format!("key-{number}")).await;
                crawl.look(&format!("{method} {path} with {:?}", payload.text), &answer);
            }
            for broken in [
                &b"{\"note\":\"\\ud800\"}"[..],
                b"{\"note\":\"\\udc00\\ud800x\"}",
                b"{\"note\":\"\xed\xa0\x80\"}",
                b"{\"note\":\"a\0b\"}",
                b"{\"note\":\"\xff\"}",
                b"{\"note\":\"a\nb\"}",
                b"{\"note\":\"\\x\"}",
                b"{\"note\":",
                b"\xef\xbb\xbf{}",
            ] {
                number += 1;
                let answer = send(&mut client, &token, &method, &path, broken.to_vec(), &format!("key-{number}")).await;
                assert_eq!(answer.status, 400, "{method} {path} with {broken:?}: {}", answer.text());
                crawl.look(&format!("{method} {path}"), &answer);
            }
        }
    }
    assert!(bodies >= 5, "only {bodies} bodies with texts");
    assert!(crawl.wrong.is_empty(), "{}", crawl.wrong.join("\n"));
}
