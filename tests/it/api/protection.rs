//! What an agency's token learns rests on filings alone, and on its own ones.

use super::{District, id, json_of, send};
use crate::support::{Answer, HOST};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use mashang::actions::{Service, sweep_enterprise};
use mashang::app::App;
use mashang::ids::Ids;
use serde_json::{Value, json};

/// The same program with other random numbers, so that what reports use up changes nothing that comes later.
fn with_seed(d: &District, seed: u64) -> App {
    let settings = (*d.app.app.service.settings).clone();
    App { db: d.app.app.db.clone(), service: Service::new(Ids::seeded(seed), settings), clock: d.app.app.clock.clone() }
}

async fn ask(router: &Router, method: Method, token: &str, path: &str, body: Option<Value>) -> Answer {
    let request = Request::builder().method(method).uri(path).header("host", HOST);
    let request = request.header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    send(router, request.body(body).expect("a request")).await
}

/// Everything that the first agency can ask, in a history in which enterprises report or do not.
async fn history(reported: bool) -> Vec<(String, u16, String)> {
    let d = District::new().await;
    let mut kept = Vec::new();
    let filing = d.file(&d.token_a, &d.fine()).await;
    let late = d.file(&d.token_a, &json!({
        "enterprise": d.other_enterprise, "kind": "daily", "matters": [d.matter_a], "inspectors": ["XF-1", "XF-2"],
        "planned_start": "2026-03-06T09:00:00+08:00", "planned_end": "2026-03-06T11:00:00+08:00",
    })).await;
    d.app.app.clock.set("2026-03-06T02:00:00Z".parse().expect("an instant"));
    if reported {
        let supervisor = mashang::web::router(with_seed(&d, 1 << 40));
        let before = json!({
            "enterprise": d.other_enterprise, "agency": d.a, "arrived_at": "2026-03-05T09:00:00+08:00", "verified": true,
            "visitors": 5, "shown_certificate": "no", "prohibited": [1], "words": "提前来了",
        });
        for report in [d.unfiled_visit(), before] {
            let answer = ask(&supervisor, Method::POST, &d.discipline, "/api/v1/visit-reports", Some(report)).await;
            json_of(&answer, 201);
        }
        let violations = json_of(&ask(&supervisor, Method::GET, &d.discipline, "/api/v1/violations", None).await, 200);
        let violations = violations["items"].as_array().expect("a list");
        assert!(violations.iter().any(|v| v["subject_kind"] == "report"), "the reports raise nothing");
        assert!(violations.iter().any(|v| v["rule"] == "REC-01"), "no report contradicts a filing: {violations:?}");
        let path = format!("/api/v1/violations/{}/confirm", id(&violations[0]));
        json_of(&ask(&supervisor, Method::POST, &d.discipline, &path, Some(json!({}))).await, 200);
    }
    // Deadlines of reports pass; both histories are swept.
    d.app.app.clock.set("2026-03-20T02:00:00Z".parse().expect("an instant"));
    let app = with_seed(&d, 1 << 50);
    for enterprise in [d.enterprise, d.other_enterprise] {
        let mut tx = app.db.write().await.expect("a transaction");
        sweep_enterprise(&mut tx, &app.service, app.clock.now(), enterprise).await.expect("swept");
        tx.commit().await.expect("committed");
    }
    let router = mashang::web::router(with_seed(&d, 1 << 60));
    let path = format!("/api/v1/filings/{}", id(&filing));
    let late_path = format!("/api/v1/filings/{}", id(&late));
    let nobody = "00000000-0000-7000-8000-000000000000";
    let mut asked: Vec<(Method, String, Option<Value>)> = Vec::new();
    for get in [
        "filings",
        "filings?limit=1",
        "filings?state=overdue",
        "enterprises",
        "agencies",
        "matters",
        "inspectors",
        "stats?from=2026-03-01&to=2026-03-31",
        "violations",
        "violations?subject=1",
        "openapi.json",
    ] {
        asked.push((Method::GET, format!("/api/v1/{get}"), None));
    }
    asked.push((Method::GET, format!("/api/v1/violations/{nobody}"), None));
    asked.push((Method::POST, format!("/api/v1/violations/{nobody}/confirm"), Some(json!({}))));
    asked.push((Method::POST, "/api/v1/visit-reports".to_owned(), Some(d.unfiled_visit())));
    asked.push((Method::GET, path.clone(), None));
    asked.push((Method::GET, late_path.clone(), None));
    asked.push((Method::POST, "/api/v1/filings/check".to_owned(), Some(d.disturbing())));
    asked.push((Method::POST, "/api/v1/filings".to_owned(), Some(d.disturbing())));
    asked.push((Method::POST, format!("{late_path}/arrive"), Some(json!({ "version": 1 }))));
    asked.push((Method::POST, format!("{late_path}/result"), Some(json!({ "result": "no_problem" }))));
    asked.push((Method::PATCH, path.clone(), Some(json!({ "inspectors": ["XF-1"] }))));
    asked.push((Method::POST, format!("{path}/cancel"), Some(json!({ "reason": "改期" }))));
    asked.push((Method::GET, "/api/v1/filings".to_owned(), None));
    for (method, path, body) in asked {
        let answer = ask(&router, method.clone(), &d.token_a, &path, body).await;
        kept.push((format!("{method} {path}"), answer.status.as_u16(), answer.text()));
    }
    kept
}

#[tokio::test]
async fn reports_change_not_one_byte_of_what_an_agency_gets() {
    let (without, with) = (history(false).await, history(true).await);
    assert_eq!(without.len(), with.len());
    for (a, b) in without.iter().zip(&with) {
        assert_eq!(a, b);
    }
    assert!(without.iter().any(|(path, status, _)| path.ends_with("/arrive") && *status == 200), "{without:?}");
}

#[tokio::test]
async fn the_filings_of_another_agency_are_not_there() {
    let d = District::new().await;
    let filing = d.file(&d.token_a, &d.fine()).await;
    let path = format!("/api/v1/filings/{}", id(&filing));
    json_of(&d.get(&d.token_b, &path).await, 404);
    for (step, body) in [
        ("arrive", json!({})),
        ("leave", json!({})),
        ("result", json!({ "result": "other" })),
        ("cancel", json!({ "reason": "无" })),
    ] {
        json_of(&d.post(&d.token_b, &format!("{path}/{step}"), &body).await, 404);
    }
    json_of(&d.send(Method::PATCH, &d.token_b, &path, Some(&json!({ "inspectors": [] })), &[]).await, 404);
    let listed = json_of(&d.get(&d.token_b, "/api/v1/filings").await, 200);
    assert_eq!(listed["items"], json!([]));
    assert_eq!(json_of(&d.get(&d.token_a, &path).await, 200), filing);
}
