//! Who says what on which phone, and when: inspectors do not confirm or rate for the enterprise, and an arrival outside the plan is asked about.

use crate::support::TestApp;
use crate::support::filing::{FRIDAY, file};
use mashang::domain::id::FilingId;
use mashang::storage::filings::{self, FilingRecord, Scope};

async fn record(app: &TestApp, receipt: &str) -> FilingRecord {
    let id = FilingId::parse(receipt.rsplit('/').next().expect("an id")).expect("an id");
    let mut tx = app.app.db.read().await.expect("a connection");
    filings::get(&mut tx, id, Scope::All).await.expect("read").expect("a filing")
}

#[tokio::test]
async fn an_inspectors_phone_neither_confirms_nor_rates_for_the_enterprise() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(&app, &mut phone, &[("when", "now")]).await;
    phone.submit(&format!("{receipt}/arrive"), &[]).await.expect(200, "已到达");
    let filing = record(&app, &receipt).await;
    let inspection = format!("/i/{}", filing.inspection_code);
    let page = phone.get(&inspection).await.expect(200, "青禾区消防救援大队");
    assert!(!page.text().contains("/here") && !page.text().contains("/rate"), "nothing to press that is refused");
    let words = "请企业用自己的手机做";
    phone.post_form(&format!("{inspection}/here"), &[]).await.expect(403, words);
    let digits = [("digits", filing.arrival_pin.as_str())];
    phone.post_form(&format!("/e/{}/confirm", app.token(0)), &digits).await.expect(403, words);
    let marks = [("closeness", "5"), ("integrity", "5"), ("satisfaction", "5")];
    let rate = format!("{inspection}/rate");
    phone.get(&rate).await.expect(403, words);
    phone.post_form(&rate, &marks).await.expect(403, words);
    assert_eq!(record(&app, &receipt).await.presence_confirmed_at, None);
    // The enterprise's own phone does all three.
    let mut clerk = app.client();
    assert_eq!(clerk.post_form(&format!("/e/{}/confirm", app.token(0)), &digits).await.location(), inspection);
    clerk.submit(&format!("{inspection}/here"), &[]).await;
    assert!(record(&app, &receipt).await.presence_confirmed_at.is_some());
    clerk.post_form(&rate, &marks).await.expect(200, "谢谢");
}

#[tokio::test]
async fn an_arrival_outside_the_plan_is_asked_about_first() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(&app, &mut phone, FRIDAY).await;
    let page = phone.get(&receipt).await.expect(200, "计划是3月6日（周五）09:00–11:00。改期，还是现在就到？");
    assert!(!page.text().contains("我已到达"));
    let arrive = format!("{receipt}/arrive");
    phone.submit(&arrive, &[]).await.expect(200, "今天不在计划时间内").expect(200, "确认现在已到达");
    assert_eq!(record(&app, &receipt).await.filing.arrived_at, None);
    phone.submit(&arrive, &[("sure", "1")]).await.expect(200, "<h1>已到达</h1>");
    assert!(record(&app, &receipt).await.filing.arrived_at.is_some());
}

#[tokio::test]
async fn a_page_made_by_a_form_offers_no_switch_that_would_lose_it() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    phone.get(&path).await.expect(200, "action=\"/prefs\"");
    let page = phone.post_form(&path, &[("when", "now")]).await.expect(422, "请填写这一项");
    assert!(!page.text().contains("action=\"/prefs\""));
}

#[tokio::test]
async fn robots_stay_away_and_the_icon_is_found() {
    let mut client = TestApp::new().await.client();
    client.get("/robots.txt").await.expect(200, "Disallow: /");
    assert!(client.get("/favicon.ico").await.location().contains("favicon"));
}
