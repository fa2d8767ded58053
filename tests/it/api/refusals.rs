//! Every refusal is a problem of RFC 9457, and nothing is saved.

use super::{District, json_of, send};
use crate::support::{Answer, HOST};
use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

/// Fails unless the answer is a well-formed problem of this status and kind.
#[track_caller]
fn problem(answer: &Answer, status: u16, kind: &str) -> Value {
    let problem = json_of(answer, status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(problem["type"], format!("urn:mashang:problem:{kind}"));
    assert_eq!(problem["status"], status);
    for field in ["title", "detail"] {
        assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {problem}");
    }
    problem
}

/// Field and code of each error of a problem; each has words too.
#[track_caller]
fn errors(problem: &Value) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for error in problem["errors"].as_array().expect("a list") {
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{error}");
        found.push((error["field"].as_str().expect("a field"), error["code"].as_str().expect("a code")));
    }
    found
}

#[tokio::test]
async fn no_token_a_wrong_token_and_a_revoked_token_are_401() {
    let d = District::new().await;
    let wrong = format!("{}x", d.token_a);
    for token in ["", "nonsense", wrong.as_str(), "mashang_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        for (method, path) in [(Method::GET, "/api/v1/filings"), (Method::POST, "/api/v1/filings")] {
            let answer = d.send(method, token, path, Some(&json!({})), &[]).await;
            problem(&answer, 401, "unauthorized");
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
        }
    }
    let mut tx = d.app.app.db.write().await.expect("a transaction");
    let tokens = mashang::storage::api_tokens::list(&mut tx).await.expect("tokens");
    for token in tokens {
        let now = d.app.app.clock.now();
        assert!(mashang::storage::api_tokens::revoke(&mut tx, token.id, now).await.expect("revoked"));
    }
    tx.commit().await.expect("committed");
    problem(&d.get(&d.token_a, "/api/v1/filings").await, 401, "unauthorized");
}

#[tokio::test]
async fn what_is_for_supervisors_is_403_for_an_agency() {
    let d = District::new().await;
    for path in ["/api/v1/violations", "/api/v1/violations?state=confirmed"] {
        problem(&d.get(&d.token_a, path).await, 403, "forbidden");
    }
    problem(&d.post(&d.token_a, "/api/v1/visit-reports", &d.unfiled_visit()).await, 403, "forbidden");
    let mut foreign = d.fine();
    foreign["agency"] = json!(d.b);
    problem(&d.post(&d.token_a, "/api/v1/filings", &foreign).await, 403, "forbidden");
    problem(&d.post(&d.token_a, "/api/v1/filings/check", &foreign).await, 403, "forbidden");
    problem(&d.get(&d.token_a, &format!("/api/v1/filings?agency={}", d.b)).await, 403, "forbidden");
    let mut own = d.fine();
    own["agency"] = json!(d.a);
    assert_eq!(d.file(&d.token_a, &own).await["agency"], json!(d.a));
}

#[tokio::test]
async fn a_supervisor_s_token_must_say_for_which_agency_it_files() {
    let d = District::new().await;
    let refused = problem(&d.post(&d.reform, "/api/v1/filings", &d.fine()).await, 422, "invalid");
    assert_eq!(errors(&refused), [("agency", "required")]);
    let mut draft = d.fine();
    draft["agency"] = json!(d.a);
    assert_eq!(d.file(&d.reform, &draft).await["agency"], json!(d.a));
}

#[tokio::test]
async fn every_wrong_field_is_told_at_once() {
    let d = District::new().await;
    let refused = problem(&d.post(&d.token_a, "/api/v1/filings", &json!({})).await, 422, "invalid");
    let required = ["enterprise", "kind", "matters", "inspectors", "planned_start", "planned_end"];
    assert_eq!(errors(&refused), required.map(|field| (field, "required")));
    let body = json!({
        "agency": 7, "enterprise": "x", "kind": "raid", "matters": ["x"], "inspectors": [""], "planned_start": "tomorrow",
        "planned_end": "2026-03-26 11:00:00+08:00", "exemption": "E99", "evidence_ref": "a\u{202e}b", "note": "x".repeat(501),
        "joint_group": "", "arrived_at": "0001-01-01T00:00:00Z", "colour": 1,
    });
    let refused = problem(&d.post(&d.token_a, "/api/v1/filings", &body).await, 422, "invalid");
    let expected = [
        ("agency", "type"),
        ("enterprise", "id"),
        ("kind", "code"),
        ("matters", "id"),
        ("inspectors", "required"),
        ("planned_start", "time"),
        ("planned_end", "time"),
        ("exemption", "code"),
        ("evidence_ref", "direction_mark"),
        ("joint_group", "required"),
        ("arrived_at", "bad_date"),
        ("note", "too_long"),
        ("colour", "unknown_field"),
    ];
    assert_eq!(errors(&refused), expected);
    assert_eq!(json_of(&d.get(&d.token_a, "/api/v1/filings").await, 200)["items"], json!([]));
}

#[tokio::test]
async fn what_the_registries_do_not_know_is_422() {
    let d = District::new().await;
    let nobody = "00000000-0000-7000-8000-000000000000";
    for (path, field, value) in [
        ("/api/v1/filings", "enterprise", json!(nobody)),
        ("/api/v1/filings/check", "enterprise", json!(nobody)),
        ("/api/v1/filings", "matters", json!([nobody])),
        ("/api/v1/filings/check", "matters", json!([nobody])),
    ] {
        let mut draft = d.fine();
        draft[field] = value;
        let refused = problem(&d.post(&d.token_a, path, &draft).await, 422, "invalid");
        assert_eq!(errors(&refused), [(field, "unknown")], "{path}");
    }
    let mut draft = d.fine();
    draft["planned_end"] = draft["planned_start"].clone();
    for path in ["/api/v1/filings", "/api/v1/filings/check"] {
        let refused = problem(&d.post(&d.token_a, path, &draft).await, 422, "invalid");
        assert_eq!(errors(&refused), [("planned_end", "end_before_start")]);
    }
}

#[tokio::test]
async fn broken_json_another_type_and_a_huge_body_are_told_apart() {
    let d = District::new().await;
    let request = |kind: &str, body: Vec<u8>| {
        let request = Request::builder().method(Method::POST).uri("/api/v1/filings").header("host", HOST);
        let request = request.header("authorization", format!("Bearer {}", d.token_a)).header("content-type", kind);
        request.body(Body::from(body)).expect("a request")
    };
    let json = "application/json";
    for broken in [b"{".to_vec(), b"\xbc\xec".to_vec(), b"{\"a\":\"\xff\"}".to_vec(), b"{} {}".to_vec()] {
        problem(&send(&d.router, request(json, broken)).await, 400, "malformed");
    }
    let list = problem(&send(&d.router, request(json, b"[]".to_vec())).await, 422, "invalid");
    assert_eq!(errors(&list), [("", "type")]);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk"] {
        problem(&send(&d.router, request(kind, b"{}".to_vec())).await, 415, "media-type");
    }
    let huge = format!("{{\"note\":\"{}\"}}", "x".repeat(64 * 1024));
    problem(&send(&d.router, request(json, huge.into_bytes())).await, 413, "too-large");
    let nul = "{\"note\":\"a\\u0000b\"}";
    let refused = problem(&send(&d.router, request(json, nul.into())).await, 422, "invalid");
    assert!(errors(&refused).contains(&("note", "control_character")));
}

#[tokio::test]
async fn wrong_methods_and_unknown_paths_are_problems_too() {
    let d = District::new().await;
    let answer = d.send(Method::DELETE, &d.token_a, "/api/v1/filings", None, &[]).await;
    problem(&answer, 405, "method");
    assert!(answer.header("allow").contains("POST"), "{}", answer.header("allow"));
    problem(&d.get(&d.token_a, "/api/v1/nothing").await, 404, "not-found");
    for id in ["1", "%ff", "00000000-0000-7000-8000-000000000000", "{00000000-0000-7000-8000-000000000000}"] {
        problem(&d.get(&d.token_a, &format!("/api/v1/filings/{id}")).await, 404, "not-found");
    }
}

#[tokio::test]
async fn wrong_query_parameters_are_told_at_once() {
    let d = District::new().await;
    let path = "/api/v1/filings?limit=0&from=2026-3-1&to=x&state=lost&enterprise=1&cursor=%00&colour=red&limit=5";
    let refused = problem(&d.get(&d.token_a, path).await, 422, "invalid");
    let expected = [
        ("enterprise", "id"),
        ("from", "date"),
        ("to", "date"),
        ("state", "code"),
        ("cursor", "cursor"),
        ("limit", "repeated"),
        ("colour", "unknown_parameter"),
    ];
    assert_eq!(errors(&refused), expected);
    for limit in ["0", "201", "-1", "1e2", "", "+5"] {
        problem(&d.get(&d.token_a, &format!("/api/v1/filings?limit={limit}")).await, 422, "invalid");
    }
}
