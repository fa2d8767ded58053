//! What happens to a filing after its receipt: moving, correcting, cancelling, filing afterwards, the list.

use crate::enterprise_world::input;
use crate::support::TestApp;
use crate::support::filing::{FRIDAY, QUIET, borrowed, fields, file, review};
use chrono::TimeDelta;
use mashang::actions::{Actor, AmendFiling, Target, amend_filing};
use mashang::domain::filing::Filing;
use mashang::domain::id::FilingId;
use mashang::storage::filings::{self, Scope};

#[tokio::test]
async fn moving_a_filing_to_an_open_day_clears_its_conflict() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(&app, &mut phone, QUIET).await;
    phone.get(&receipt).await.expect(200, "无扰日检查");
    let change = format!("{receipt}/change");
    let form = phone.get(&change).await.expect(200, "2026-03-10\" selected");
    let version = form.hidden_inputs().into_iter().find(|(name, _)| name == "version").expect("a version").1;
    let matter = app.seed.matters["消防安全检查"].to_string();
    let moved = [
        ("version", version.as_str()),
        ("matters", &matter),
        ("inspectors", "XF-002"),
        ("date", "2026-03-26"),
        ("planned_start", "09:00"),
        ("planned_end", "11:00"),
        ("change_reason", "企业停产"),
    ];
    let page = phone.submit(&change, &moved).await.expect(200, "3月26日（周四）09:00–11:00");
    assert!(!page.text().contains("无扰日检查"));
    // A form that is older than the filing changes nothing.
    phone.post_form(&change, &moved).await.expect(409, "刚刚被别人改过");
}

#[tokio::test]
async fn a_change_has_a_reason_which_the_audit_keeps() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(&app, &mut phone, FRIDAY).await;
    let change = format!("{receipt}/change");
    let matter = app.seed.matters["消防产品检查"].to_string();
    let fields =
        [("matters", matter.as_str()), ("date", "2026-03-06"), ("planned_start", "09:00"), ("planned_end", "11:00")];
    phone.post_form(&change, &fields).await.expect(422, "改期或更正的原因：请填写这一项。");
    let told = [&fields[..], &[("change_reason", "点错了事项")]].concat();
    phone.submit(&change, &told).await.expect(200, "消防产品检查");
    let detail = crate::filing_result::audited(&app, &receipt, "filing.amended").await;
    assert_eq!(detail["reason"], "点错了事项");
    assert!(detail["matters"].is_array() && detail["inspectors"].is_array(), "{detail}");
}

#[tokio::test]
async fn a_bad_change_is_shown_again() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let change = format!("{}/change", file(&app, &mut phone, FRIDAY).await);
    let matter = app.seed.matters["消防安全检查"].to_string();
    let bad = [("matters", matter.as_str()), ("date", "2026-03-06"), ("planned_start", "11:00"), ("planned_end", "9")];
    phone.post_form(&change, &bad).await.expect(422, "这不是一个时间");
    let worded = [
        ("matters", matter.as_str()),
        ("date", "2026-03-06"),
        ("planned_start", "22:00"),
        ("planned_end", "02:00"),
        ("change_reason", "改到夜间"),
        ("evidence_ref", "〔2026〕7号"),
    ];
    phone.post_form(&change, &worded).await.expect(422, "没有选是哪一种例外").expect(422, "〔2026〕7号");
    phone.submit(&change, &worded[..5]).await.expect(200, "3月6日（周五）22:00").expect(200, "3月7日（周六）02:00");
}

/// Of a filing with this span, planned a month ago: what its change page shows, and what it is after only its matter was corrected.
async fn corrected(start: &str, end: &str) -> (String, String, Filing) {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(&app, &mut phone, FRIDAY).await;
    let id = receipt.rsplit('/').next().expect("an id").to_owned();
    let id = FilingId::parse(&id).expect("an id");
    let planned = (start.parse().expect("an instant"), end.parse().expect("an instant"));
    let scope = Scope::All;
    let command = AmendFiling { planned: Some(planned), ..AmendFiling::default() };
    let target = Target { id, scope, version: None, actor: &Actor::System };
    let mut tx = app.app.db.write().await.expect("a transaction");
    amend_filing(&mut tx, &app.app.service, app.app.clock.now(), target, command).await.expect("moved");
    tx.commit().await.expect("committed");
    let change = format!("{receipt}/change");
    let page = phone.get(&change).await.expect(200, "改期");
    let chosen =
        page.text().split("\" selected").next().and_then(|text| text.rsplit("value=\"").next().map(str::to_owned));
    let matter = app.seed.matters["消防产品检查"].to_string();
    let day = chosen.expect("its own day is chosen");
    let (from, to) = (input(&page, "planned_start"), input(&page, "planned_end"));
    let sent = [
        ("matters", matter.as_str()),
        ("date", &day),
        ("planned_start", &from),
        ("planned_end", &to),
        ("change_reason", "点错了事项"),
    ];
    phone.submit(&change, &sent).await.expect(200, "消防产品检查");
    let mut tx = app.app.db.read().await.expect("a connection");
    let stored = filings::get(&mut tx, id, scope).await.expect("read").expect("a filing");
    (page.text(), day, stored.filing)
}

#[tokio::test]
async fn a_correction_leaves_the_span_alone_whatever_the_form_can_show_of_it() {
    for (start, end, day) in [
        // Yesterday; farther ahead than the form offers; several days; with seconds.
        ("2026-03-02T01:00:00Z", "2026-03-02T03:00:00Z", "2026-03-02"),
        ("2028-02-29T01:00:00Z", "2028-02-29T03:00:00Z", "2028-02-29"),
        ("2026-03-26T06:00:00Z", "2026-03-28T08:00:00Z", "2026-03-26"),
        ("2026-03-26T06:00:21Z", "2026-03-26T08:00:42Z", "2026-03-26"),
    ] {
        let (page, chosen, filing) = corrected(start, end).await;
        assert_eq!(chosen, day);
        assert_eq!(filing.planned.start(), start.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant"));
        assert_eq!(filing.planned.end(), end.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant"));
        assert_eq!(page.contains("开始后第 2 天结束"), end.starts_with("2026-03-28"), "{page}");
    }
}

#[tokio::test]
async fn cancelling_needs_a_reason_and_happens_once() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(&app, &mut phone, FRIDAY).await;
    let cancel = format!("{receipt}/cancel");
    phone.get(&cancel).await.expect(200, "青禾精密机械有限公司");
    phone.post_form(&cancel, &[("cancel_reason", " ")]).await.expect(422, "请填写这一项");
    for _ in 0..2 {
        phone.submit(&cancel, &[("cancel_reason", "企业停产")]).await.expect(200, "这次报备已取消");
    }
    let page = phone.get(&receipt).await.expect(200, "报备编号").expect(200, "企业停产").expect(200, "href=\"/my\"");
    page.expect(200, &format!("href=\"/e/{}/file\"", app.token(0)));
    phone.get(&format!("/e/{}", app.token(0))).await.expect(200, "今天没有登记的检查");
}

#[tokio::test]
async fn an_urgent_visit_is_filed_afterwards_with_its_arrival() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let urgent = &[("kind", "immediate"), ("urgent", "1"), ("arrived_at", "08:40"), ("left_at", "09:30")];
    let mut sent = fields(&app, urgent);
    sent.retain(|(name, value)| name != "kind" || value == "immediate");
    let sent = review(&mut phone, &path, &sent).await;
    phone.submit(&path, &borrowed(&sent)).await.expect(200, "3月3日（周二）08:40").expect(200, "已离开，待填结果");
    let future = fields(&app, &[("urgent", "1"), ("arrived_at", "10:01")]);
    phone.post_form(&path, &borrowed(&future)).await.expect(422, "这个时间还没有到");
}

#[tokio::test]
async fn my_filings_are_those_i_take_part_in() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    phone.get("/my").await.expect(200, "还没有报备");
    let receipt = file(&app, &mut phone, FRIDAY).await;
    phone.get("/my").await.expect(200, &receipt).expect(200, "青禾精密机械有限公司");
    app.inspector("李芳").await.get("/my").await.expect(200, &receipt);
    app.inspector("王强").await.get("/my").await.expect(200, "还没有报备");
}

#[tokio::test]
async fn the_inspection_code_is_a_picture_that_leads_to_our_host() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(&app, &mut phone, FRIDAY).await;
    let picture = phone.get(&format!("{receipt}/qr.png")).await;
    assert_eq!(picture.header("content-type"), "image/png");
    let image = image::load_from_memory(&picture.bytes).expect("a PNG").to_luma8();
    let link = rqrr::PreparedImage::prepare(image).detect_grids()[0].decode().expect("a readable code").1;
    let code = link.strip_prefix("http://mashang.test/i/").expect("a link to our host");
    app.client().get(&format!("/i/{code}")).await.expect(200, "青禾区消防救援大队");
}

#[tokio::test]
async fn the_enterprise_confirms_with_the_digits_that_the_inspector_shows() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let receipt = file(&app, &mut phone, &[("when", "now")]).await;
    let page = phone.submit(&format!("{receipt}/arrive"), &[]).await.text();
    let at = page.rfind("<p class=\"big\"><span>").expect("the digits") + 21;
    let digits = page[at..at + 4].to_owned();
    let mut clerk = app.client();
    let to = clerk.post_form(&format!("/e/{}/confirm", app.token(0)), &[("digits", &digits)]).await.location();
    clerk.submit(&format!("{to}/here"), &[]).await;
    app.app.clock.advance(TimeDelta::minutes(1));
    phone.get(&receipt).await.expect(200, "企业已确认到场");
}
