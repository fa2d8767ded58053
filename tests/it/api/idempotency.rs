//! The same `Idempotency-Key` and body give the same answer, byte for byte; another body gives 409.

use super::{District, id, json_of};
use crate::support::Answer;
use axum::http::Method;
use serde_json::{Value, json};

async fn post(d: &District, token: &str, path: &str, body: &Value, key: &str) -> Answer {
    d.send(Method::POST, token, path, Some(body), &[("idempotency-key", key)]).await
}

async fn filings(d: &District) -> usize {
    let page = json_of(&d.get(&d.discipline, "/api/v1/filings").await, 200);
    page["items"].as_array().expect("a list").len()
}

#[tokio::test]
async fn the_same_filing_sent_again_is_one_filing_and_one_answer() {
    let d = District::new().await;
    let first = post(&d, &d.token_a, "/api/v1/filings", &d.disturbing(), "k1").await;
    d.app.app.clock.advance(chrono::TimeDelta::days(1));
    let again = post(&d, &d.token_a, "/api/v1/filings", &d.disturbing(), "k1").await;
    assert_eq!(first.status.as_u16(), 201, "{}", first.text());
    assert_eq!((first.status, &first.bytes), (again.status, &again.bytes));
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(first.header("content-type"), again.header("content-type"));
    assert_eq!(filings(&d).await, 1);
    post(&d, &d.token_a, "/api/v1/filings", &d.disturbing(), "k2").await;
    d.post(&d.token_a, "/api/v1/filings", &d.disturbing()).await;
    assert_eq!(filings(&d).await, 3);
}

#[tokio::test]
async fn another_body_or_path_with_the_key_is_409_and_saves_nothing() {
    let d = District::new().await;
    let filed = json_of(&post(&d, &d.token_a, "/api/v1/filings", &d.fine(), "k").await, 201);
    let arrive = format!("/api/v1/filings/{}/arrive", id(&filed));
    for (path, body) in [
        ("/api/v1/filings", d.disturbing()),
        ("/api/v1/filings", json!({})),
        ("/api/v1/filings/check", d.fine()),
        (arrive.as_str(), json!({})),
    ] {
        let problem = json_of(&post(&d, &d.token_a, path, &body, "k").await, 409);
        assert_eq!(problem["type"], "urn:mashang:problem:key-reused", "{path}");
    }
    let now = json_of(&d.get(&d.token_a, &format!("/api/v1/filings/{}", id(&filed))).await, 200);
    assert_eq!(now, filed);
    assert_eq!(filings(&d).await, 1);
}

#[tokio::test]
async fn keys_of_two_tokens_never_meet() {
    let d = District::new().await;
    let first = json_of(&post(&d, &d.token_a, "/api/v1/filings", &d.fine(), "k").await, 201);
    let mut draft = d.fine();
    draft["matters"] = json!([d.matter_b]);
    draft["inspectors"] = json!(["YJ-1", "YJ-2"]);
    let second = json_of(&post(&d, &d.token_b, "/api/v1/filings", &draft, "k").await, 201);
    assert_ne!(first["id"], second["id"]);
}

#[tokio::test]
async fn twenty_at_once_with_one_key_are_one_filing_and_twenty_equal_answers() {
    let d = District::new().await;
    let mut sent = Vec::new();
    for _ in 0..20 {
        let (router, token, body) = (d.router.clone(), d.token_a.clone(), d.disturbing().to_string());
        sent.push(tokio::spawn(async move {
            let request = axum::http::Request::post("/api/v1/filings")
                .header("host", crate::support::HOST)
                .header("authorization", format!("Bearer {token}"))
                .header("content-type", "application/json")
                .header("idempotency-key", "once")
                .body(axum::body::Body::from(body))
                .expect("a request");
            super::send(&router, request).await
        }));
    }
    let mut answers = Vec::new();
    for one in sent {
        answers.push(one.await.expect("an answer"));
    }
    for answer in &answers {
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        assert_eq!(answer.bytes, answers[0].bytes);
        assert_eq!(answer.header("location"), answers[0].header("location"));
    }
    assert_eq!(filings(&d).await, 1);
}

#[tokio::test]
async fn a_refusal_is_kept_with_its_key_too() {
    let d = District::new().await;
    let refused = post(&d, &d.token_a, "/api/v1/filings", &json!({ "kind": "raid" }), "k").await;
    let again = post(&d, &d.token_a, "/api/v1/filings", &json!({ "kind": "raid" }), "k").await;
    assert_eq!(refused.status.as_u16(), 422);
    assert_eq!((refused.status, &refused.bytes), (again.status, &again.bytes));
    assert_eq!(again.header("content-type"), "application/problem+json");
    assert_eq!(post(&d, &d.token_a, "/api/v1/filings", &d.fine(), "k").await.status.as_u16(), 409);
    assert_eq!(filings(&d).await, 0);
}

#[tokio::test]
async fn every_post_heeds_the_key() {
    let d = District::new().await;
    let filed = d.file(&d.token_a, &d.disturbing()).await;
    let violations = json_of(&d.get(&d.discipline, "/api/v1/violations").await, 200);
    let path = format!("/api/v1/filings/{}", id(&filed));
    let violation = format!("/api/v1/violations/{}", id(&violations["items"][0]));
    let other = format!("/api/v1/filings/{}", id(&d.file(&d.token_a, &d.fine()).await));
    let posts = [
        (&d.token_a, "/api/v1/filings/check".to_owned(), d.fine()),
        (&d.discipline, format!("{violation}/confirm"), json!({ "reason": "属实" })),
        (&d.discipline, format!("{violation}/dismiss"), json!({ "reason": "误报" })),
        (&d.token_a, format!("{other}/cancel"), json!({ "reason": "误录" })),
        (&d.token_a, format!("{path}/arrive"), json!({})),
        (&d.token_a, format!("{path}/leave"), json!({})),
        (&d.token_a, format!("{path}/result"), json!({ "result": "other" })),
        (&d.token_a, format!("{path}/cancel"), json!({ "reason": "想撤掉" })),
        (&d.reform, "/api/v1/visit-reports".to_owned(), d.unfiled_visit()),
    ];
    for (number, (token, path, body)) in posts.iter().enumerate() {
        let key = format!("key-{number}");
        let first = post(&d, token, path, body, &key).await;
        d.app.app.clock.advance(chrono::TimeDelta::minutes(1));
        let again = post(&d, token, path, body, &key).await;
        assert_eq!((first.status, &first.bytes), (again.status, &again.bytes), "{path}");
        // A violation is decided once, and a visit that took place cannot be cancelled.
        let expected = if path.ends_with("dismiss") || body["reason"] == "想撤掉" {
            409
        } else if path.ends_with("reports") {
            201
        } else {
            200
        };
        assert_eq!(first.status.as_u16(), expected, "{path}: {}", first.text());
    }
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let d = District::new().await;
    for (key, code) in [("", "required"), ("a b", "invisible"), (&*"x".repeat(256), "too_long")] {
        let problem = json_of(&post(&d, &d.token_a, "/api/v1/filings", &d.fine(), key).await, 422);
        assert_eq!(problem["errors"][0]["field"], "Idempotency-Key");
        assert_eq!(problem["errors"][0]["code"], code);
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let answer = d.send(Method::POST, &d.token_a, "/api/v1/filings", Some(&d.fine()), &twice).await;
    assert_eq!(json_of(&answer, 422)["errors"][0]["code"], "repeated");
}
