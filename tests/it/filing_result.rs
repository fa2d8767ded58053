//! Correcting a result: with a reason, and the audit keeps what stood there.

use crate::support::filing::{borrowed, fields, review};
use crate::support::{Client, TestApp};
use mashang::domain::id::FilingId;
use mashang::storage::audit;
use serde_json::{Value, json};

/// What the newest audit row of a filing's act says.
pub async fn audited(app: &TestApp, receipt: &str, action: &str) -> Value {
    let id = FilingId::parse(receipt.trim_start_matches("/f/")).expect("an id");
    let mut tx = app.app.db.read().await.expect("a connection");
    let rows = audit::by_object(&mut tx, id.0).await.expect("read");
    rows.into_iter().rfind(|row| row.action == action).expect("a row").detail
}

/// A visit that is over with the result 未发现问题; gives its receipt.
async fn completed(app: &TestApp, phone: &mut Client) -> String {
    let path = format!("/e/{}/file", app.token(0));
    let sent = review(phone, &path, &fields(app, &[("when", "now")])).await;
    let receipt = phone.post_form(&path, &borrowed(&sent)).await.location();
    phone.submit(&format!("{receipt}/arrive"), &[]).await.expect(200, "检查中");
    phone.submit(&format!("{receipt}/leave"), &[("result", "no_problem")]).await.expect(200, "未发现问题");
    receipt
}

#[tokio::test]
async fn a_result_is_corrected_with_a_reason_and_the_old_one_is_kept() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = completed(&app, &mut phone).await;
    let correct = format!("{receipt}/result");
    phone.get(&receipt).await.expect(200, &format!("href=\"{correct}\""));
    phone.get(&correct).await.expect(200, "更正结果").expect(200, "value=\"no_problem\" checked");
    let other = [("result", "order_to_rectify")];
    let asked = phone.post_form(&correct, &other).await.expect(422, "更正的原因：请填写这一项。");
    asked.expect(422, "value=\"order_to_rectify\" checked");
    phone.get(&receipt).await.expect(200, "未发现问题");
    let told = [other[0], ("correct_reason", "点错了")];
    for _ in 0..2 {
        phone.submit(&correct, &told).await.expect(200, "责令整改");
    }
    let detail = audited(&app, &receipt, "filing.result").await;
    assert_eq!(detail["result"], json!(["no_problem", "order_to_rectify"]));
    assert_eq!(detail["reason"], "点错了");
}

#[tokio::test]
async fn another_result_tapped_on_an_old_page_is_a_correction() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = completed(&app, &mut phone).await;
    let leave = format!("{receipt}/leave");
    assert_eq!(phone.post_form(&leave, &[("result", "other")]).await.location(), format!("{receipt}/result"));
    assert_eq!(phone.post_form(&leave, &[("result", "no_problem")]).await.location(), receipt);
    phone.get(&receipt).await.expect(200, "未发现问题");
}

#[tokio::test]
async fn a_visit_without_result_has_nothing_to_correct() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let sent = review(&mut phone, &path, &fields(&app, &[("when", "now")])).await;
    let receipt = phone.post_form(&path, &borrowed(&sent)).await.location();
    assert_eq!(phone.get(&format!("{receipt}/result")).await.location(), receipt);
    let mut other = app.inspector("王强").await;
    other.get(&format!("{receipt}/result")).await.expect(404, "没有找到");
}
