//! What the form offers: other dates that really help, and below the usual choices those that a rule will flag.

use crate::support::filing::{FRIDAY, QUIET, borrowed, fields, file, review};
use crate::support::{Client, TestApp};
use chrono::NaiveDate;
use mashang::domain::agency::Matter;
use mashang::domain::id::{InspectorId, MatterId};
use mashang::domain::inspector::{Inspector, InspectorKind};
use mashang::storage::registries;

const FIRE: &str = "青禾区消防救援大队";

/// The days that the verdict of a draft at these times offers.
async fn offered(app: &TestApp, phone: &mut Client, times: &[(&str, &str)]) -> Vec<String> {
    let check = format!("/e/{}/check", app.token(0));
    let page = phone.post_form(&check, &borrowed(&fields(app, times))).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let days: Vec<String> = text
        .split("name=\"move_to\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
        .collect();
    for day in &days {
        assert!(text.contains(&format!("<option value=\"{day}\"")), "{day} is not in the form's list");
    }
    days
}

#[tokio::test]
async fn a_repetition_is_offered_the_days_after_its_gap() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let was = [("urgent", "1"), ("arrived_date", "2026-02-03"), ("arrived_at", "10:00"), ("left_at", "11:00")];
    file(&app, &mut phone, &was).await;
    // Sixty days after are the holidays of Qingming; 8 to 23 April are no-disturb days.
    assert_eq!(offered(&app, &mut phone, FRIDAY).await, ["2026-04-07", "2026-04-24", "2026-04-27"]);
}

#[tokio::test]
async fn where_no_day_of_the_list_helps_none_is_offered() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    file(&app, &mut phone, FRIDAY).await;
    let later = [("when", "day"), ("date", "2026-03-26"), ("planned_start", "09:00"), ("planned_end", "11:00")];
    assert!(offered(&app, &mut phone, &later).await.is_empty(), "sixty days are past the form's list");
}

#[tokio::test]
async fn a_short_notice_is_offered_days_that_are_far_enough() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let tomorrow = [("when", "day"), ("date", "2026-03-04"), ("planned_start", "09:00"), ("planned_end", "11:00")];
    assert_eq!(offered(&app, &mut phone, &tomorrow).await, ["2026-03-06", "2026-03-24", "2026-03-25"]);
    assert!(offered(&app, &mut phone, FRIDAY).await.is_empty(), "nothing is flagged");
}

#[tokio::test]
async fn a_visit_that_has_taken_place_is_not_moved() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let was = [("urgent", "1"), ("arrived_date", "2026-02-10"), ("arrived_at", "10:00"), ("left_at", "11:00")];
    assert!(offered(&app, &mut phone, &was).await.is_empty());
}

/// A matter that is no longer published, and a suspended colleague.
async fn unusual(app: &TestApp) -> MatterId {
    let agency = app.seed.agencies[FIRE];
    let (now, ids) = (app.app.clock.now(), &app.app.service.ids);
    let since = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date");
    let matter = Matter {
        id: MatterId(ids.uuid(now)),
        agency,
        name: "旧版消防检查".to_owned(),
        group: String::new(),
        legal_basis: String::new(),
        published_from: since,
        published_to: Some(since),
    };
    let colleague = Inspector {
        id: InspectorId(ids.uuid(now)),
        cert_no: "XF-009".to_owned(),
        name: "何停".to_owned(),
        agency,
        valid_from: since,
        valid_to: None,
        suspended: true,
        kind: InspectorKind::Officer,
    };
    let mut tx = app.app.db.write().await.expect("a transaction");
    registries::insert_matter(&mut tx, &matter, now).await.expect("a matter");
    registries::insert_inspector(&mut tx, &colleague, now).await.expect("an inspector");
    registries::bump(&mut tx).await.expect("a bump");
    tx.commit().await.expect("committed");
    matter.id
}

#[tokio::test]
async fn a_visit_is_filed_as_it_was_and_flagged() {
    let app = TestApp::new().await;
    let matter = unusual(&app).await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let form = phone.get(&path).await.expect(200, "其他事项").expect(200, "未公布，将记录");
    form.expect(200, "何停（停用或过期，将记录）");
    let mut sent = fields(&app, FRIDAY);
    sent.retain(|(name, _)| name != "matters");
    sent.extend([("matters".to_owned(), matter.to_string()), ("inspectors".to_owned(), "XF-009".to_owned())]);
    let reviewed = phone.post_form(&path, &borrowed(&sent)).await.expect(200, "SCO-02");
    reviewed.expect(200, "PER-02");
    let sent = review(&mut phone, &path, &sent).await;
    let receipt = phone.post_form(&path, &borrowed(&sent)).await.location();
    phone.get(&receipt).await.expect(200, "旧版消防检查").expect(200, "何停");
    // The change form has both, ticked and unfolded.
    let change = phone.get(&format!("{receipt}/change")).await;
    let change = change.expect(200, &format!("value=\"{matter}\" checked"));
    let change = change.expect(200, "value=\"XF-009\" checked").expect(200, "<details open><summary>其他事项");
    change.expect(200, "<details open><summary>其他人员");
}

#[tokio::test]
async fn an_agency_without_published_matters_is_told_what_to_do() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let mut tx = app.app.db.write().await.expect("a transaction");
    tx.execute("DELETE FROM matters", &[]).await.expect("deleted");
    registries::bump(&mut tx).await.expect("a bump");
    tx.commit().await.expect("committed");
    phone.get(&path).await.expect(200, "没有公布检查事项").expect(200, "请拨打监督电话");
}

#[tokio::test]
async fn what_is_optional_says_so_and_an_answer_is_marked() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let form = phone.get(&format!("/e/{}/file", app.token(0))).await;
    let form =
        form.expect(200, "结束时间（选填）").expect(200, "专项检查批准文号（选填）").expect(200, "公示链接（选填）");
    assert!(!form.text().contains("data-answered"), "a page that was got takes a draft");
    let check = format!("/e/{}/check", app.token(0));
    let answer = phone.post_form(&check, &borrowed(&fields(&app, QUIET))).await;
    answer.expect(200, "data-answered");
}
