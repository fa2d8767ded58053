//! What a filing's state allows: a visit that took place is not undone, none is reported that did not, nobody arrives in the future.

use super::{District, id, json_of};
use axum::http::Method;
use serde_json::json;

#[tokio::test]
async fn a_visit_that_took_place_is_neither_cancelled_nor_replanned_nor_exempted_afterwards() {
    let d = District::new().await;
    let filing = d.file(&d.token_a, &d.disturbing()).await;
    let path = format!("/api/v1/filings/{}", id(&filing));
    let post =
        async |step: &str, body| d.send(Method::POST, &d.token_a, &format!("{path}/{step}"), Some(&body), &[]).await;
    json_of(&post("leave", json!({})).await, 409);
    json_of(&post("result", json!({ "result": "no_problem" })).await, 409);
    json_of(&post("arrive", json!({})).await, 200);
    json_of(&post("cancel", json!({ "reason": "误填" })).await, 409);
    let change = async |body| d.send(Method::PATCH, &d.token_a, &path, Some(&body), &[]).await;
    let moved = json!({ "planned_start": "2026-04-01T09:00:00+08:00", "planned_end": "2026-04-01T10:00:00+08:00" });
    json_of(&change(moved).await, 409);
    json_of(&change(json!({ "exemption": "E12" })).await, 409);
    json_of(&post("leave", json!({})).await, 200);
    json_of(&post("result", json!({ "result": "no_problem" })).await, 200);
    let over = json_of(&d.get(&d.token_a, &path).await, 200);
    assert_eq!((&over["state"], &over["exemption"]), (&json!("completed"), &json!(null)));
    assert_eq!(over["planned_start"], filing["planned_start"]);
}

#[tokio::test]
async fn an_arrival_or_leaving_in_the_future_is_refused_with_the_field_named() {
    let d = District::new().await;
    for field in ["arrived_at", "left_at"] {
        let mut draft = d.fine();
        draft["arrived_at"] = json!("2026-01-05T09:00:00+08:00");
        draft[field] = json!("2027-01-05T09:00:00+08:00");
        let problem = json_of(&d.send(Method::POST, &d.token_a, "/api/v1/filings", Some(&draft), &[]).await, 422);
        assert_eq!((&problem["errors"][0]["field"], &problem["errors"][0]["code"]), (&json!(field), &json!("future")));
    }
}
