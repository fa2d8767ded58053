//! Lists: pages without gaps or repeats, filters, searches, figures.

use super::{District, enterprise, json_of};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// All ids of a list, page by page.
async fn all(d: &District, token: &str, path: &str, limit: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = json_of(&d.get(token, &format!("{path}limit={limit}{cursor}")).await, 200);
        let items = page["items"].as_array().expect("a list");
        assert!(items.len() <= limit);
        let key = |item: &Value| item["id"].as_str().or(item["cert_no"].as_str()).expect("an id").to_owned();
        found.extend(items.iter().map(key));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
        assert_eq!(items.len(), limit, "only the last page is short");
    }
}

#[tokio::test]
async fn pages_of_filings_have_no_gaps_and_no_repeats() {
    let d = District::new().await;
    let mut filed = Vec::new();
    for number in 0..7 {
        // Several at the same instant: the id decides.
        if number % 3 == 0 {
            d.app.app.clock.advance(chrono::TimeDelta::minutes(1));
        }
        filed.push(d.file(&d.token_a, &d.fine()).await["id"].as_str().expect("an id").to_owned());
    }
    let whole = all(&d, &d.token_a, "/api/v1/filings?", 200).await;
    assert_eq!(whole.iter().collect::<BTreeSet<_>>(), filed.iter().collect::<BTreeSet<_>>());
    for limit in [1, 2, 3, 6, 7] {
        assert_eq!(all(&d, &d.token_a, "/api/v1/filings?", limit).await, whole, "limit {limit}");
        assert_eq!(all(&d, &d.reform, "/api/v1/filings?", limit).await, whole, "limit {limit}");
    }
    // What is filed while somebody reads on comes before the first page, not into the next.
    let page = json_of(&d.get(&d.token_a, "/api/v1/filings?limit=3").await, 200);
    d.app.app.clock.advance(chrono::TimeDelta::minutes(1));
    d.file(&d.token_a, &d.fine()).await;
    let next = page["next_cursor"].as_str().expect("a cursor");
    let rest = json_of(&d.get(&d.token_a, &format!("/api/v1/filings?cursor={next}")).await, 200);
    let rest: Vec<_> = rest["items"].as_array().expect("a list").iter().map(|f| f["id"].clone()).collect();
    assert_eq!(rest, whole[3..].iter().map(|id| json!(id)).collect::<Vec<_>>());
}

#[tokio::test]
async fn filings_are_filtered() {
    let d = District::new().await;
    let first = d.file(&d.token_a, &d.fine()).await;
    let second = d.file(&d.token_a, &d.disturbing()).await;
    let mut draft = d.fine();
    draft["enterprise"] = json!(d.other_enterprise);
    draft["agency"] = json!(d.b);
    let third = d.file(&d.reform, &draft).await;
    let ids = async |query: String| {
        let page = json_of(&d.get(&d.reform, &format!("/api/v1/filings?{query}")).await, 200);
        page["items"].as_array().expect("a list").iter().map(|f| f["id"].to_string()).collect::<BTreeSet<_>>()
    };
    let set = |list: &[&Value]| list.iter().map(|f| f["id"].to_string()).collect::<BTreeSet<_>>();
    assert_eq!(ids(String::new()).await, set(&[&first, &second, &third]));
    assert_eq!(ids(format!("agency={}", d.b)).await, set(&[&third]));
    assert_eq!(ids(format!("enterprise={}", d.enterprise)).await, set(&[&first, &second]));
    assert_eq!(ids("from=2026-03-19".to_owned()).await, set(&[&first, &third]));
    assert_eq!(ids("to=2026-03-25".to_owned()).await, set(&[&second]));
    assert_eq!(ids("from=2026-03-18&to=2026-03-18".to_owned()).await, set(&[&second]));
    assert_eq!(ids("state=arrived".to_owned()).await, set(&[]));
}

#[tokio::test]
async fn registries_are_paged_and_searched() {
    let d = District::new().await;
    let mut tx = d.app.app.db.write().await.expect("a transaction");
    for number in 10..15 {
        enterprise(&d.app, &mut tx, "同名公司", &format!("9150010100000100{number}")).await;
    }
    tx.commit().await.expect("committed");
    for (list, many) in [("enterprises", 7), ("agencies", 2), ("matters", 2), ("inspectors", 4)] {
        let path = format!("/api/v1/{list}?");
        let whole = all(&d, &d.reform, &path, 200).await;
        assert_eq!(whole.iter().collect::<BTreeSet<_>>().len(), many, "{list}");
        for limit in 1..=3 {
            assert_eq!(all(&d, &d.reform, &path, limit).await, whole, "{list} by {limit}");
        }
    }
    for (path, many) in [
        ("enterprises?q=%E9%A3%9F%E5%93%81", 1),
        ("enterprises?q=915001010000000012", 1),
        ("enterprises?q=%25", 0),
        ("agencies?q=%E5%BA%94%E6%80%A5", 1),
        ("matters?q=fire", 2),
        ("inspectors?q=yj-1", 1),
        ("inspectors?q=nobody", 0),
    ] {
        let page = json_of(&d.get(&d.reform, &format!("/api/v1/{path}")).await, 200);
        assert_eq!(page["items"].as_array().expect("a list").len(), many, "{path}");
    }
    let page = json_of(&d.get(&d.reform, &format!("/api/v1/matters?agency={}", d.b)).await, 200);
    assert_eq!(page["items"][0]["id"], json!(d.matter_b));
    let page = json_of(&d.get(&d.token_a, "/api/v1/enterprises").await, 200);
    assert!(!page.to_string().contains("boss@example.org"), "an address of an enterprise is shown");
}

#[tokio::test]
async fn an_agency_lists_the_inspectors_of_its_own_authority() {
    let d = District::new().await;
    assert_eq!(all(&d, &d.token_a, "/api/v1/inspectors?", 50).await, ["XF-1", "XF-2"]);
    assert_eq!(all(&d, &d.token_b, "/api/v1/inspectors?", 50).await, ["YJ-1", "YJ-2"]);
}

#[tokio::test]
async fn a_supervisor_s_figures_keep_suspected_and_confirmed_apart() {
    let d = District::new().await;
    d.file(&d.token_a, &d.fine()).await;
    d.file(&d.token_a, &d.disturbing()).await;
    let violations = json_of(&d.get(&d.reform, "/api/v1/violations?rule=NDD-01").await, 200);
    let path = format!("/api/v1/violations/{}/confirm", super::id(&violations["items"][0]));
    json_of(&d.post(&d.reform, &path, &json!({})).await, 200);
    let stats = json_of(&d.get(&d.reform, "/api/v1/stats?from=2026-03-01&to=2026-03-31").await, 200);
    assert_eq!(stats["units"], json!({ "agencies": 2, "enterprises": 2, "inspectors": 4 }));
    assert_eq!((&stats["filings"]["total"], &stats["filings"]["registered"]), (&json!(2), &json!(2)));
    let v = &stats["violations"];
    assert_eq!((&v["suspected"], &v["confirmed"]), (&json!(1), &json!(1)));
    let dup = json!({ "rule": "DUP-01", "severity": 2, "suspected": 1, "confirmed": 0, "dismissed": 0, "cleared": 0 });
    let ndd = json!({ "rule": "NDD-01", "severity": 2, "suspected": 0, "confirmed": 1, "dismissed": 0, "cleared": 0 });
    assert_eq!(v["by_rule"], json!([dup, ndd]));
    let earlier = json_of(&d.get(&d.reform, "/api/v1/stats?from=2025-03-01&to=2025-03-31").await, 200);
    assert_eq!((&earlier["filings"]["total"], &earlier["violations"]["suspected"]), (&json!(0), &json!(0)));
    for wrong in ["from=2026-03-02&to=2026-03-01", "from=2024-01-01&to=2026-01-01", "from=x"] {
        json_of(&d.get(&d.reform, &format!("/api/v1/stats?{wrong}")).await, 422);
    }
}

#[tokio::test]
async fn an_agency_s_figures_are_of_its_own_filings_without_small_cells() {
    let d = District::new().await;
    for _ in 0..4 {
        d.file(&d.token_a, &d.disturbing()).await;
    }
    let month = "/api/v1/stats?from=2026-03-01&to=2026-03-31";
    let cell =
        |stats: &Value| stats["verdicts"].as_array().expect("a list").iter().find(|v| v["rule"] == "NDD-01").cloned();
    let stats = json_of(&d.get(&d.token_a, month).await, 200);
    assert_eq!((&stats["agency"], &stats["filings"]["total"]), (&json!(d.a), &json!(4)));
    assert_eq!((&stats["units"], &stats["violations"]), (&json!(null), &json!(null)));
    assert_eq!(cell(&stats), Some(json!({ "rule": "NDD-01", "severity": 2, "filings": null })));
    d.file(&d.token_a, &d.disturbing()).await;
    let stats = json_of(&d.get(&d.token_a, month).await, 200);
    assert_eq!(cell(&stats), Some(json!({ "rule": "NDD-01", "severity": 2, "filings": 5 })));
    let others = json_of(&d.get(&d.token_b, month).await, 200);
    assert_eq!((&others["filings"]["total"], &others["verdicts"]), (&json!(0), &json!([])));
}
