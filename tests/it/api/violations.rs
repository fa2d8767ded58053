//! Violations: found, read and decided by supervisors; severity 4 by the discipline office alone.

use super::{District, id, json_of, rules};
use serde_json::{Value, json};

async fn listed(d: &District, token: &str, query: &str) -> Vec<Value> {
    let page = json_of(&d.get(token, &format!("/api/v1/violations?{query}")).await, 200);
    page["items"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_violation_is_listed_read_and_confirmed_once() {
    let d = District::new().await;
    let filing = d.file(&d.token_a, &d.disturbing()).await;
    let found = listed(&d, &d.reform, &format!("subject={}", id(&filing))).await;
    assert_eq!(rules(&json!(found)), [("NDD-01".to_owned(), 2)]);
    let violation = &found[0];
    assert_eq!((&violation["subject_kind"], &violation["state"]), (&json!("filing"), &json!("suspected")));
    assert_eq!(violation["inputs"], filing["verdict"][0]["inputs"]);
    let path = format!("/api/v1/violations/{}", id(violation));
    assert_eq!(&json_of(&d.get(&d.reform, &path).await, 200), violation);
    let stale = d.post(&d.reform, &format!("{path}/confirm"), &json!({ "version": 99 })).await;
    assert_eq!(json_of(&stale, 409)["type"], "urn:mashang:problem:stale");
    let body = json!({ "version": violation["version"], "reason": "经核实属实" });
    let confirmed = json_of(&d.post(&d.reform, &format!("{path}/confirm"), &body).await, 200);
    assert_eq!((&confirmed["state"], &confirmed["decision_reason"]), (&json!("confirmed"), &json!("经核实属实")));
    assert_eq!(confirmed["decided_at"], "2026-03-03T02:00:00Z");
    let again = d.post(&d.reform, &format!("{path}/dismiss"), &json!({ "reason": "误报" })).await;
    assert_eq!(json_of(&again, 409)["type"], "urn:mashang:problem:state");
    // The agency's view of its own filing does not tell what a supervisor decided.
    let own = json_of(&d.get(&d.token_a, &format!("/api/v1/filings/{}", id(&filing))).await, 200);
    assert_eq!(own, filing);
}

#[tokio::test]
async fn dismissing_needs_a_reason() {
    let d = District::new().await;
    d.file(&d.token_a, &d.disturbing()).await;
    let path = format!("/api/v1/violations/{}/dismiss", id(&listed(&d, &d.reform, "").await[0]));
    for body in [json!({}), json!({ "reason": "  " }), json!({ "reason": null })] {
        let problem = json_of(&d.post(&d.reform, &path, &body).await, 422);
        assert_eq!(
            (&problem["errors"][0]["field"], &problem["errors"][0]["code"]),
            (&json!("reason"), &json!("required"))
        );
    }
    let dismissed = json_of(&d.post(&d.reform, &path, &json!({ "reason": "企业申请的指导" })).await, 200);
    assert_eq!(dismissed["state"], "dismissed");
}

#[tokio::test]
async fn severity_4_is_there_for_the_discipline_office_alone() {
    let d = District::new().await;
    let receipt = json_of(&d.post(&d.reform, "/api/v1/visit-reports", &d.unfiled_visit()).await, 201);
    assert_eq!(receipt["receipt"].as_str().expect("a receipt").chars().filter(char::is_ascii_digit).count(), 16);
    let secret = listed(&d, &d.discipline, "rule=INT-01").await;
    assert_eq!(rules(&json!(secret)), [("INT-01".to_owned(), 4)]);
    assert_eq!(secret[0]["subject"], receipt["id"]);
    assert_eq!(listed(&d, &d.reform, "rule=INT-01").await, Vec::<Value>::new());
    assert_eq!(rules(&json!(listed(&d, &d.reform, "rule=PRC-01").await)), [("PRC-01".to_owned(), 2)]);
    let path = format!("/api/v1/violations/{}", id(&secret[0]));
    for token in [&d.reform, &d.token_a, &d.token_b] {
        json_of(&d.get(token, &path).await, 404);
        json_of(&d.post(token, &format!("{path}/confirm"), &json!({})).await, 404);
        json_of(&d.post(token, &format!("{path}/dismiss"), &json!({ "reason": "无" })).await, 404);
    }
    let by_rule = async |token: &str| {
        let stats = json_of(&d.get(token, "/api/v1/stats").await, 200);
        rules(&stats["violations"]["by_rule"])
    };
    assert!(by_rule(&d.discipline).await.contains(&("INT-01".to_owned(), 4)));
    assert!(by_rule(&d.reform).await.iter().all(|(rule, _)| rule != "INT-01"));
    json_of(&d.get(&d.discipline, &path).await, 200);
    json_of(&d.post(&d.discipline, &format!("{path}/confirm"), &json!({})).await, 200);
}

#[tokio::test]
async fn violations_are_filtered_and_paged() {
    let d = District::new().await;
    let first = d.file(&d.token_a, &d.disturbing()).await;
    d.app.app.clock.advance(chrono::TimeDelta::days(1));
    let mut draft = d.disturbing();
    draft["inspectors"] = json!(["XF-1"]);
    d.file(&d.token_a, &draft).await;
    json_of(&d.post(&d.reform, "/api/v1/visit-reports", &d.unfiled_visit()).await, 201);
    let whole = listed(&d, &d.discipline, "").await;
    assert!(whole.len() >= 5, "{whole:?}");
    let expect = async |query: String, keep: &dyn Fn(&Value) -> bool| {
        let kept: Vec<Value> = whole.iter().filter(|v| keep(v)).cloned().collect();
        assert!(!kept.is_empty() && kept.len() < whole.len(), "{query} tells nothing");
        assert_eq!(listed(&d, &d.discipline, &query).await, kept, "{query}");
    };
    expect("rule=PER-01".to_owned(), &|v| v["rule"] == "PER-01").await;
    expect("min_severity=2".to_owned(), &|v| v["severity"].as_u64() >= Some(2)).await;
    expect(format!("enterprise={}", d.enterprise), &|v| v["enterprise"] == json!(d.enterprise)).await;
    expect(format!("subject={}", id(&first)), &|v| v["subject"] == first["id"]).await;
    expect("to=2026-03-03".to_owned(), &|v| v["raised_at"] == "2026-03-03T02:00:00Z").await;
    expect("from=2026-03-04".to_owned(), &|v| v["raised_at"] == "2026-03-04T02:00:00Z").await;
    let mut paged = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = json_of(&d.get(&d.discipline, &format!("/api/v1/violations?limit=2{cursor}")).await, 200);
        paged.extend(page["items"].as_array().expect("a list").clone());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, whole);
}
