//! Filing, checking, and the course of a visit.

use super::{District, id, json_of, rules};
use axum::http::Method;
use chrono::TimeDelta;
use mashang::domain::id::{FilingId, SiteId};
use mashang::storage::sites::{self, Site};
use serde_json::json;

#[tokio::test]
async fn a_filing_is_judged_told_and_found_again() {
    let d = District::new().await;
    let answer = d.post(&d.token_a, "/api/v1/filings", &d.disturbing()).await;
    let filing = json_of(&answer, 201);
    assert_eq!(answer.header("location"), format!("/api/v1/filings/{}", id(&filing)));
    assert_eq!(filing["state"], "registered");
    assert_eq!(filing["agency"], json!(d.a));
    assert_eq!(filing["filed_at"], "2026-03-03T02:00:00Z");
    assert_eq!(filing["planned_start"], "2026-03-18T01:00:00Z");
    assert_eq!(rules(&filing["verdict"]), [("NDD-01".to_owned(), 2)]);
    assert_eq!(filing["verdict"][0]["inputs"]["days"], json!(["2026-03-18"]));
    let again = d.get(&d.token_a, answer.header("location")).await;
    assert_eq!(again.bytes, answer.bytes);
}

#[tokio::test]
async fn the_verdict_of_a_draft_is_the_later_verdict_and_saves_nothing() {
    let d = District::new().await;
    let first = d.file(&d.token_a, &d.fine()).await;
    assert_eq!(first["verdict"], json!([]));
    let mut drafts = vec![d.disturbing(), d.fine()];
    drafts[1]["exemption"] = json!("E04");
    drafts[1]["exemption_reason"] = json!("短");
    drafts[1]["inspectors"] = json!(["XF-1"]);
    for draft in drafts {
        let checked = json_of(&d.post(&d.token_a, "/api/v1/filings/check", &draft).await, 200);
        let filings = json_of(&d.get(&d.token_a, "/api/v1/filings").await, 200);
        let filed = d.file(&d.token_a, &draft).await;
        assert!(filings["items"].as_array().expect("a list").iter().all(|item| item["id"] != filed["id"]));
        assert!(!rules(&checked["verdict"]).is_empty());
        assert_eq!(checked["verdict"], filed["verdict"]);
    }
    let checked = json_of(&d.post(&d.token_a, "/api/v1/filings/check", &d.disturbing()).await, 200);
    assert_eq!(checked["no_disturb_days"], json!(["2026-03-18"]));
    assert_eq!(checked["next_open_days"], json!(["2026-03-24", "2026-03-25", "2026-03-26"]));
}

#[tokio::test]
async fn a_visit_goes_its_course() {
    let d = District::new().await;
    let filing = d.file(&d.token_a, &d.fine()).await;
    let path = format!("/api/v1/filings/{}", id(&filing));
    d.app.app.clock.set("2026-03-26T01:05:00Z".parse().expect("an instant"));
    let step = async |name: &str, body| json_of(&d.post(&d.token_a, &format!("{path}/{name}"), &body).await, 200);
    let arrived = step("arrive", json!({ "version": filing["version"] })).await;
    assert_eq!((&arrived["state"], &arrived["arrived_at"]), (&json!("arrived"), &json!("2026-03-26T01:05:00Z")));
    d.app.app.clock.advance(TimeDelta::minutes(50));
    assert_eq!(step("arrive", json!({})).await["arrived_at"], "2026-03-26T01:05:00Z");
    let left = step("leave", json!({})).await;
    assert_eq!((&left["state"], &left["left_at"]), (&json!("completed"), &json!("2026-03-26T01:55:00Z")));
    let done = step("result", json!({ "result": "no_problem" })).await;
    assert_eq!(done["result"], "no_problem");
    assert_eq!(json_of(&d.get(&d.discipline, &path).await, 200), done);
}

#[tokio::test]
async fn steps_need_no_body() {
    let d = District::new().await;
    let filing = d.file(&d.token_a, &d.fine()).await;
    let path = format!("/api/v1/filings/{}/arrive", id(&filing));
    let arrived = json_of(&d.send(Method::POST, &d.token_a, &path, None, &[]).await, 200);
    assert_eq!(arrived["state"], "arrived");
}

#[tokio::test]
async fn a_cancelled_filing_is_final_and_what_rests_on_it_clears() {
    let d = District::new().await;
    let first = d.file(&d.token_a, &d.fine()).await;
    let mut repeated = d.fine();
    repeated["planned_start"] = json!("2026-03-27T09:00:00+08:00");
    repeated["planned_end"] = json!("2026-03-27T11:00:00+08:00");
    let second = d.file(&d.token_a, &repeated).await;
    assert_eq!(rules(&second["verdict"]), [("DUP-01".to_owned(), 2)]);
    assert_eq!(second["verdict"][0]["evidence"], json!([first["id"]]));
    let path = format!("/api/v1/filings/{}", id(&first));
    let cancelled =
        json_of(&d.post(&d.token_a, &format!("{path}/cancel"), &json!({ "reason": "企业停产" })).await, 200);
    assert_eq!((&cancelled["state"], &cancelled["cancel_reason"]), (&json!("cancelled"), &json!("企业停产")));
    let second = json_of(&d.get(&d.token_a, &format!("/api/v1/filings/{}", id(&second))).await, 200);
    assert_eq!(second["verdict"], json!([]));
    let problem = json_of(&d.post(&d.token_a, &format!("{path}/arrive"), &json!({})).await, 409);
    assert_eq!(problem["type"], "urn:mashang:problem:state");
}

#[tokio::test]
async fn a_correction_is_judged_again_and_null_takes_an_exemption_back() {
    let d = District::new().await;
    let mut draft = d.disturbing();
    draft["exemption"] = json!("E04");
    draft["exemption_reason"] = json!("接到投诉后按规定时限核查");
    draft["evidence_ref"] = json!("12345-2026-0301");
    let filing = d.file(&d.token_a, &draft).await;
    assert_eq!(filing["verdict"], json!([]));
    let path = format!("/api/v1/filings/{}", id(&filing));
    let change = async |body| d.send(Method::PATCH, &d.token_a, &path, Some(&body), &[]).await;
    let plain = json_of(&change(json!({ "exemption": null })).await, 200);
    assert_eq!(plain["exemption"], json!(null));
    assert_eq!(rules(&plain["verdict"]), [("NDD-01".to_owned(), 2)]);
    let span = json!({ "planned_start": "2026-03-24T09:00:00+08:00", "planned_end": "2026-03-24T10:00:00+08:00" });
    let moved = json_of(&change(span).await, 200);
    assert_eq!(moved["verdict"], json!([]));
    assert_eq!(moved["rescheduled_at"], "2026-03-03T02:00:00Z");
    let stale = json_of(&change(json!({ "inspectors": ["XF-1"], "version": filing["version"] })).await, 409);
    assert_eq!(stale["type"], "urn:mashang:problem:stale");
    let half = json_of(&change(json!({ "planned_start": "2026-03-25T09:00:00+08:00" })).await, 422);
    assert_eq!(half["errors"][0]["field"], "planned_end");
    assert_eq!(half["errors"][0]["code"], "both_or_neither");
}

#[tokio::test]
async fn a_filing_without_arrival_becomes_overdue_by_time_alone() {
    let d = District::new().await;
    let filing = d.file(&d.token_a, &d.fine()).await;
    d.app.app.clock.set("2026-03-27T03:00:00Z".parse().expect("an instant"));
    let path = format!("/api/v1/filings/{}", id(&filing));
    assert_eq!(json_of(&d.get(&d.token_a, &path).await, 200)["state"], "overdue");
    let overdue = json_of(&d.get(&d.token_a, "/api/v1/filings?state=overdue").await, 200);
    assert_eq!(overdue["items"][0]["id"], filing["id"]);
    let registered = json_of(&d.get(&d.token_a, "/api/v1/filings?state=registered").await, 200);
    assert_eq!(registered["items"], json!([]));
}

#[tokio::test]
async fn a_filing_tells_the_site_that_it_names() {
    let district = District::new().await;
    let filed = district.file(&district.token_a, &district.fine()).await;
    assert!(filed["site"].is_null(), "{filed}");
    let path = format!("/api/v1/filings/{}", filed["id"].as_str().expect("an id"));
    let app = &district.app.app;
    let now = app.clock.now();
    let site = Site {
        id: SiteId(app.service.ids.uuid(now)),
        enterprise: district.enterprise,
        name: "二分厂".to_owned(),
        town: "陶家镇".to_owned(),
        address: "陶兴路9号".to_owned(),
        active: true,
        created_at: now,
    };
    let mut tx = app.db.write().await.expect("a transaction");
    sites::insert(&mut tx, &site).await.expect("a site");
    let id = FilingId::parse(filed["id"].as_str().expect("an id")).expect("an id");
    assert!(sites::set_on_filing(&mut tx, id, site.id).await.expect("noted"));
    tx.commit().await.expect("a commit");
    let shown = json!({ "id": site.id, "name": "二分厂", "town": "陶家镇", "address": "陶兴路9号" });
    assert_eq!(json_of(&district.get(&district.token_a, &path).await, 200)["site"], shown);
    let list = json_of(&district.get(&district.reform, "/api/v1/filings").await, 200);
    assert_eq!(list["items"][0]["site"], shown, "{list}");
    let arrived = district.post(&district.token_a, &format!("{path}/arrive"), &json!({})).await;
    assert_eq!(json_of(&arrived, 200)["site"], shown);
}

#[tokio::test]
async fn a_draft_is_checked_as_strictly_as_a_filing() {
    let d = District::new().await;
    let mut future = d.fine();
    future["arrived_at"] = json!("2026-03-03T10:11:00+08:00");
    let mut left = d.fine();
    left["arrived_at"] = json!("2026-03-03T09:00:00+08:00");
    left["left_at"] = json!("2026-03-04T09:00:00+08:00");
    let mut alone = d.fine();
    alone["left_at"] = json!("2026-03-03T09:00:00+08:00");
    for (draft, field) in [(future, "arrived_at"), (left, "left_at"), (alone, "arrived_at")] {
        let checked = json_of(&d.post(&d.token_a, "/api/v1/filings/check", &draft).await, 422);
        let filed = json_of(&d.post(&d.token_a, "/api/v1/filings", &draft).await, 422);
        assert_eq!((&checked["errors"], &checked["errors"][0]["field"]), (&filed["errors"], &json!(field)));
    }
    let mut ahead = d.fine();
    ahead["arrived_at"] = json!("2026-03-03T10:10:00+08:00");
    json_of(&d.post(&d.token_a, "/api/v1/filings/check", &ahead).await, 200);
}
