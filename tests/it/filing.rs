//! Filing from the scan to the receipt.

use crate::support::filing::{FRIDAY, QUIET, borrowed, fields, review};
use crate::support::{TestApp, seed};
use chrono::TimeDelta;

#[tokio::test]
async fn a_filing_goes_from_the_scan_over_the_review_to_the_receipt() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    phone.get(&path).await.expect(200, "李芳").expect(200, "消防安全检查").expect(200, "3月10日（周二） 静");
    let sent = review(&mut phone, &path, &fields(&app, FRIDAY)).await;
    assert_eq!(seed::filings_at(&app, app.seed.enterprises[0].0).await, 0, "the review saves nothing");
    let receipt = phone.submit(&path, &borrowed(&sent)).await;
    receipt.expect(200, "报备成功").expect(200, "3月6日（周五）09:00–11:00").expect(200, "李芳");
    assert_eq!(seed::filings_at(&app, app.seed.enterprises[0].0).await, 1);
}

#[tokio::test]
async fn the_verdict_names_the_rule_the_fact_and_the_next_open_days() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let check = format!("/e/{}/check", app.token(0));
    let page = phone.post_form(&check, &borrowed(&fields(&app, QUIET))).await;
    let page = page.expect(200, "与无扰日冲突").expect(200, "检查时段涉及无扰日：3月10日（周二）");
    page.expect(200, "改到 3月24日（周二）").expect(200, "改到 3月26日（周四）");
    let mut moved = fields(&app, QUIET);
    moved.push(("move_to".to_owned(), "2026-03-24".to_owned()));
    phone.post_form(&check, &borrowed(&moved)).await.expect(200, "可以报备").expect(200, "2026-03-24\" selected");
}

#[tokio::test]
async fn a_filing_with_a_conflict_is_accepted_and_says_so() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let sent = review(&mut phone, &path, &fields(&app, QUIET)).await;
    phone.submit(&path, &borrowed(&sent)).await.expect(200, "报备成功").expect(200, "已记录并提示督查人员");
}

#[tokio::test]
async fn the_same_review_sent_again_later_is_the_same_filing() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let sent = review(&mut phone, &path, &fields(&app, &[("when", "now")])).await;
    let first = phone.post_form(&path, &borrowed(&sent)).await.location();
    app.app.clock.advance(TimeDelta::minutes(5));
    assert_eq!(phone.post_form(&path, &borrowed(&sent)).await.location(), first);
    assert_eq!(seed::filings_at(&app, app.seed.enterprises[0].0).await, 1);
}

#[tokio::test]
async fn twenty_same_submissions_at_once_are_one_filing_with_one_receipt() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let sent = review(&mut phone, &path, &fields(&app, FRIDAY)).await;
    let sends = (0..20).map(|_| {
        let (mut phone, path, sent) = (phone.clone(), path.clone(), sent.clone());
        tokio::spawn(async move { phone.post_form(&path, &borrowed(&sent)).await.location() })
    });
    let mut receipts = Vec::new();
    for send in sends.collect::<Vec<_>>() {
        receipts.push(send.await.expect("no panic"));
    }
    receipts.dedup();
    assert_eq!(receipts.len(), 1, "{receipts:?}");
    assert_eq!(seed::filings_at(&app, app.seed.enterprises[0].0).await, 1);
}

#[tokio::test]
async fn arriving_leaving_and_the_result_are_one_tap_each() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let sent = review(&mut phone, &path, &fields(&app, &[("when", "now")])).await;
    let receipt = phone.post_form(&path, &borrowed(&sent)).await.location();
    phone.get(&format!("/e/{}", app.token(0))).await.expect(200, "我已到达").expect(200, "陈**");
    phone.submit(&format!("{receipt}/arrive"), &[]).await.expect(200, "检查中");
    app.app.clock.advance(TimeDelta::minutes(40));
    let left = phone.submit(&format!("{receipt}/leave"), &[("result", "no_problem")]).await.expect(200, "已完成");
    assert!(
        left.expect(200, "报备时间 3月3日").text().find("服务器时间").is_none(),
        "it was filed then, not completed"
    );
    phone.get(&receipt).await.expect(200, "未发现问题").expect(200, "10:40");
}

#[tokio::test]
async fn another_agency_does_not_find_the_filing() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let sent = review(&mut phone, &path, &fields(&app, FRIDAY)).await;
    let receipt = phone.post_form(&path, &borrowed(&sent)).await.location();
    let mut other = app.inspector("王强").await;
    other.get(&receipt).await.expect(404, "没有找到");
    other.get(&format!("{receipt}/qr.png")).await.expect(404, "没有找到");
    other.post_form(&format!("{receipt}/arrive"), &[]).await.expect(404, "没有找到");
}
