//! Times as they are meant: over midnight, without an end, and those that the choices above would drop.

use crate::support::filing::{borrowed, fields, file, review};
use crate::support::{TestApp, seed};

/// The form with these times: refused with these words, and what was typed is still there.
async fn asked(times: &[(&str, &str)], words: &str) {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let again = phone.post_form(&path, &borrowed(&fields(&app, times))).await;
    let mut again = again.expect(422, words);
    for (name, value) in times.iter().filter(|(name, _)| *name != "when") {
        let kept = if *name == "date" { format!("{value}\" selected") } else { (*value).to_owned() };
        again = again.expect(422, &kept);
    }
    assert_eq!(seed::filings_at(&app, app.seed.enterprises[0].0).await, 0);
}

#[tokio::test]
async fn what_the_choices_would_drop_is_asked_about() {
    asked(&[("when", "now"), ("date", "2026-03-10")], "没有选“其他日期”").await;
    let today = [("when", "today"), ("date", "2026-03-10"), ("planned_start", "15:00")];
    asked(&today, "没有选“其他日期”").await;
    asked(&[("when", "now"), ("planned_start", "15:00")], "上面选的是“现在”").await;
    asked(&[("when", "now"), ("arrived_at", "08:40")], "没有打开“先检查后补录”").await;
    asked(&[("when", "now"), ("arrived_date", "2026-03-02")], "没有打开“先检查后补录”").await;
    asked(&[("when", "now"), ("exemption_reason", "群众投诉粉尘大需要马上看")], "没有选是哪一种例外").await;
}

#[tokio::test]
async fn an_end_at_or_before_the_start_is_on_the_next_day() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let night = [("when", "day"), ("date", "2026-03-06"), ("planned_start", "22:00"), ("planned_end", "02:00")];
    let page = phone.post_form(&path, &borrowed(&fields(&app, &night))).await;
    page.expect(200, "3月6日（周五）22:00").expect(200, "3月7日（周六）02:00");
    let sent = review(&mut phone, &path, &fields(&app, &night)).await;
    let end = sent.iter().find(|(name, _)| name == "fixed_end").expect("an end").1.clone();
    assert_eq!(end, "2026-03-06T18:00:00+00:00");
    let whole_day = [("when", "day"), ("date", "2026-03-06"), ("planned_start", "09:00"), ("planned_end", "09:00")];
    phone.post_form(&path, &borrowed(&fields(&app, &whole_day))).await.expect(200, "3月7日（周六）09:00");
}

#[tokio::test]
async fn an_end_that_nobody_typed_stops_at_midnight() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    // 8 March is a no-disturb day, the 7th is not.
    let late = [("when", "day"), ("date", "2026-03-07"), ("planned_start", "23:30")];
    let sent = review(&mut phone, &path, &fields(&app, &late)).await;
    let end = sent.iter().find(|(name, _)| name == "fixed_end").expect("an end").1.clone();
    assert_eq!(end, "2026-03-07T16:00:00+00:00");
    let receipt = file(&app, &mut phone, &late).await;
    assert!(!phone.get(&receipt).await.text().contains("NDD-01"), "the 8th is not touched");
    let typed = [("when", "day"), ("date", "2026-03-07"), ("planned_start", "23:30"), ("planned_end", "00:30")];
    let page = phone.post_form(&path, &borrowed(&fields(&app, &typed))).await;
    page.expect(200, "NDD-01").expect(200, "3月8日（周日）00:30");
}

#[tokio::test]
async fn an_urgent_visit_over_midnight_is_filed_afterwards() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let urgent = [("urgent", "1"), ("arrived_date", "2026-03-02"), ("arrived_at", "22:00"), ("left_at", "02:00")];
    let receipt = file(&app, &mut phone, &urgent).await;
    phone.get(&receipt).await.expect(200, "3月2日（周一）22:00").expect(200, "3月3日（周二）02:00");
    let path = format!("/e/{}/file", app.token(0));
    let mistyped = fields(&app, &[("urgent", "1"), ("arrived_at", "08:40"), ("left_at", "08:10")]);
    phone.post_form(&path, &borrowed(&mistyped)).await.expect(422, "结束时间要晚于开始时间");
}
