//! What bad input gets: the form again with words that help, nothing saved, nothing lost of what was typed.

use crate::support::filing::{FRIDAY, borrowed, fields, review};
use crate::support::{TestApp, seed};

/// Sends a filing with some fields replaced and checks: status 422, these words, nothing saved, the note still there.
async fn refused(replaced: &[(&str, &str)], words: &str) {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let mut sent = fields(&app, FRIDAY);
    sent.push(("note".to_owned(), "带好记录仪".to_owned()));
    for (name, value) in replaced {
        sent.retain(|(key, _)| key != name);
        sent.push(((*name).to_owned(), (*value).to_owned()));
    }
    let again = phone.post_form(&path, &borrowed(&sent)).await.expect(422, words);
    let again = again.expect(422, "<title>错误：入企报备</title>").expect(422, "role=\"alert\"");
    if !replaced.iter().any(|(name, _)| *name == "note") {
        again.expect(422, "带好记录仪");
    }
    assert_eq!(seed::filings_at(&app, app.seed.enterprises[0].0).await, 0);
}

#[tokio::test]
async fn nul_and_bidi_controls_are_refused_at_their_field() {
    refused(&[("note", "a\0b")], "看不见的控制字符").await;
    refused(&[("note", "a\u{202E}b")], "看不见的方向符号").await;
    refused(&[("evidence_ref", "a\nb")], "看不见的控制字符").await;
}

#[tokio::test]
async fn a_tab_that_came_along_from_a_spreadsheet_is_a_space() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let mut sent = fields(&app, FRIDAY);
    sent.push(("note".to_owned(), "甲\t乙".to_owned()));
    sent.push(("joint_group".to_owned(), "春季\t联检".to_owned()));
    let sent = review(&mut phone, &path, &sent).await;
    let receipt = phone.post_form(&path, &borrowed(&sent)).await.location();
    phone.get(&receipt).await.expect(200, "甲 乙").expect(200, "春季 联检");
}

#[tokio::test]
async fn an_unknown_field_is_refused() {
    refused(&[("colour", "red")], "不认识的项目“colour”").await;
}

#[tokio::test]
async fn bad_dates_and_times_are_refused() {
    refused(&[("date", "2026-02-30")], "这不是一个日期").await;
    refused(&[("date", "")], "请填写这一项").await;
    refused(&[("planned_start", "25:00")], "这不是一个时间").await;
    refused(&[("when", "someday")], "这一项填得不对").await;
}

#[tokio::test]
async fn a_start_that_has_passed_is_led_to_filing_afterwards() {
    refused(
        &[("when", "today"), ("date", ""), ("planned_start", "09:00"), ("planned_end", "11:00")],
        "开始时间已经过了",
    )
    .await;
}

#[tokio::test]
async fn missing_and_unknown_matters_are_refused() {
    refused(&[("matters", "no-id")], "没有找到，请重新选择").await;
    refused(&[("kind", "picnic")], "这一项填得不对").await;
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let mut sent = fields(&app, FRIDAY);
    sent.retain(|(name, _)| name != "matters");
    phone.post_form(&path, &borrowed(&sent)).await.expect(422, "<a href=\"#matters\">检查事项：请填写这一项。</a>");
}

#[tokio::test]
async fn words_over_their_limit_are_refused() {
    refused(&[("note", &"字".repeat(501))], "太长了").await;
}

#[tokio::test]
async fn another_encoding_gets_a_page_that_helps() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    phone.post_bytes(&path, b"note=%BC%EC%B2%E9".to_vec()).await.expect(400, "换用微信或手机自带浏览器");
    phone
        .post_bytes(&path, b"note=".iter().copied().chain(std::iter::repeat_n(b'a', 70_000)).collect())
        .await
        .expect(413, "缩短");
}

#[tokio::test]
async fn the_same_submission_with_other_content_shows_what_was_saved() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let first = review(&mut phone, &path, &fields(&app, FRIDAY)).await;
    let receipt = phone.post_form(&path, &borrowed(&first)).await.location();
    let mut other = fields(&app, FRIDAY);
    other.push(("note".to_owned(), "另一份".to_owned()));
    let second = review(&mut phone, &path, &other).await;
    let page = phone.post_form(&path, &borrowed(&second)).await.expect(409, "这份表单已经提交过");
    page.expect(409, &receipt).expect(409, "3月6日（周五）09:00–11:00");
    assert_eq!(seed::filings_at(&app, app.seed.enterprises[0].0).await, 1);
}

#[tokio::test]
async fn an_unknown_enterprise_gets_a_page_that_helps() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let token = app.app.service.ids.sign_token();
    let path = format!("/e/{}/file", token.as_str());
    phone.get(&path).await.expect(404, "没有这个码");
    phone.post_form(&path, &borrowed(&fields(&app, FRIDAY))).await.expect(404, "没有这个码");
}
