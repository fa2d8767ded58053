//! One decision on several violations: what the preview says of each is what then happens.

use super::world::{Cases, answer, decide, recipients};
use crate::console::world::at;
use crate::support::{Answer, Client};
use mashang::domain::cases::Handling;
use mashang::domain::id::ViolationId;
use mashang::domain::notice::case_number;

async fn preview(client: &mut Client, ids: &[ViolationId], kind: &str) -> Answer {
    let query: Vec<String> = ids.iter().map(|id| format!("v={id}")).collect();
    client.get(&format!("/console/violations/bulk?{}&kind={kind}", query.join("&"))).await
}

/// The row of a violation.
fn row(page: &Answer, id: ViolationId) -> String {
    let page = page.text();
    let rest = page.split(&format!(">{}<", case_number(id))).nth(1).expect("a row");
    rest.split("</tr>").next().expect("its end").to_owned()
}

/// Two violations of one request, which its agency has answered, and a supervisor who is signed in.
async fn two_answered() -> (Cases, [ViolationId; 2], Client) {
    let cases = Cases::new().await;
    let all = [cases.conflict("03-16").await.id, cases.conflict("03-17").await.id];
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &all).await;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "说明", &[]).await.location();
    cases.run().await;
    (cases, all, supervisor)
}

/// The violations and the decision of a preview.
fn chosen(shown: &Answer) -> Vec<(String, String)> {
    shown.hidden_inputs().into_iter().filter(|(name, _)| name == "v" || name == "kind").collect()
}

/// Makes the decision that a preview shows.
async fn make(client: &mut Client, shown: &Answer, typed: &[(&str, &str)]) {
    let hidden = chosen(shown);
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend_from_slice(typed);
    client.post_form("/console/violations/bulk", &fields).await.location();
}

#[tokio::test]
async fn the_preview_says_of_each_what_it_becomes_and_whether_its_agency_is_told() {
    let cases = Cases::new().await;
    let (asked, unasked) = (cases.conflict("03-16").await.id, cases.other_conflict("03-17").await.id);
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[asked]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "说明", &[]).await.location();
    cases.run().await;
    let first = supervisor.get(&format!("/console/violations/bulk?v={asked}&v={unasked}")).await;
    first.expect(200, "对 2 条作出同一个决定").expect(200, "转办并关闭").expect(200, "预览");
    let before = (cases.violation(asked).await.version, cases.violation(unasked).await.version);
    let shown = preview(&mut supervisor, &[asked, unasked], "transfer").await.expect(200, "2 条：转办并关闭");
    let (theirs, other) = (row(&shown, asked), row(&shown, unasked));
    assert!(theirs.contains("疑似 · 已说明") && theirs.contains("<b>疑似 · 转办关闭</b>"), "{theirs}");
    assert!(theirs.contains("作出 10 分钟后发邮件"), "{theirs}");
    assert!(other.contains("<b>疑似 · 转办关闭</b>") && other.contains("没有要求过说明，不告知"), "{other}");
    assert_eq!((cases.violation(asked).await.version, cases.violation(unasked).await.version), before, "only shown");
    make(&mut supervisor, &shown, &[("reason", "转主管部门"), ("told", "")]).await;
    for id in [asked, unasked] {
        supervisor.get(&format!("/console/violations/{id}")).await.expect(200, "疑似 · 转办关闭");
    }
    assert!(cases.at("03-03 10:09").await.is_empty());
    assert_eq!(recipients(&cases.at("03-03 10:40").await), ["fire@qh.gov.cn"]);
}

#[tokio::test]
async fn what_is_accepted_is_told_when_all_of_its_request_is_and_the_preview_knows() {
    let (cases, all, mut supervisor) = two_answered().await;
    let both = preview(&mut supervisor, &all, "accept").await;
    assert!(all.iter().all(|id| row(&both, *id).contains("作出 10 分钟后发邮件")));
    let one = preview(&mut supervisor, &all[..1], "accept").await.expect(200, "可以不填");
    assert!(row(&one, all[0]).contains("这份说明要求全部处理完时一并告知"));
    make(&mut supervisor, &one, &[("reason", ""), ("told", "")]).await;
    assert!(cases.at("03-03 10:40").await.is_empty());
    let mut supervisor = cases.world.signed_in("reform").await;
    let other = preview(&mut supervisor, &all[1..], "accept").await;
    assert!(row(&other, all[1]).contains("作出 10 分钟后发邮件"));
    make(&mut supervisor, &other, &[("reason", ""), ("told", "")]).await;
    assert_eq!(recipients(&cases.at("03-03 11:00").await), ["fire@qh.gov.cn"]);
}

#[tokio::test]
async fn a_correction_is_previewed_with_its_day_and_looking_again_tells_nobody() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await.id;
    let mut supervisor = cases.world.signed_in("reform").await;
    cases.ask(&mut supervisor, &[violation]).await;
    cases.run().await;
    decide(&mut supervisor, violation, &[("kind", "confirm"), ("reason", "")]).await.location();
    let shown = preview(&mut supervisor, &[violation], "correct").await;
    assert!(row(&shown, violation).contains("已认定 · 整改关闭，3月24日（周二）前复查"), "{}", row(&shown, violation));
    let hidden = chosen(&shown);
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("reason", ""), ("told", "请完善排期"), ("follow_up_on", "2026-03-20")]);
    let again = supervisor.post_form("/console/violations/bulk", &fields).await;
    again.expect(422, "请写明理由").expect(422, "请完善排期").expect(422, "3月20日（周五）前复查");
    make(&mut supervisor, &shown, &[("reason", "完善"), ("told", ""), ("follow_up_on", "2026-03-20")]).await;
    let shown = preview(&mut supervisor, &[violation], "follow_up").await.expect(200, "1 条：整改已复查");
    let line = row(&shown, violation);
    assert!(line.contains("整改关闭，已复查") && line.contains("不另行告知"), "{line}");
}

#[tokio::test]
async fn what_does_not_allow_the_decision_is_said_and_left_as_it_is() {
    let cases = Cases::new().await;
    let (confirmed, suspected) = (cases.conflict("03-16").await.id, cases.conflict("03-17").await.id);
    let mut supervisor = cases.world.signed_in("reform").await;
    decide(&mut supervisor, confirmed, &[("kind", "confirm"), ("reason", "")]).await.location();
    let shown = preview(&mut supervisor, &[confirmed, suspected], "circulate").await;
    let shown = shown.expect(200, "其中 1 条不适用这个决定");
    assert!(row(&shown, suspected).contains("不适用，保持原状"));
    assert!(row(&shown, confirmed).contains("<b>已认定 · 通报关闭</b>"), "{}", row(&shown, confirmed));
    make(&mut supervisor, &shown, &[("reason", "通报"), ("told", "")]).await;
    assert_eq!(cases.violation(confirmed).await.handling, Handling::Closed);
    assert_eq!(cases.violation(suspected).await.handling, Handling::Untouched);
    let none = preview(&mut supervisor, &[suspected], "circulate").await;
    assert!(!none.text().contains("method=\"post\" action=\"/console/violations/bulk\""));
}

#[tokio::test]
async fn the_preview_says_what_becomes_of_an_appeal() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await.id;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation]).await;
    decide(&mut supervisor, violation, &[("kind", "confirm"), ("reason", "")]).await.location();
    cases.world.test.app.clock.set(at("03-03 10:10"));
    let mut liaison = cases.world.signed_in("fire").await;
    let path = format!("/console/explanations/{}", request.id);
    let page = liaison.get(&path).await.text();
    let item = page.split("name=\"item\" value=\"").nth(1).expect("an item")[..36].to_owned();
    let sent = [("item", item.as_str()), ("appeal_words", "应急处置")];
    liaison.submit(&format!("{path}/appeal"), &sent).await.expect(200, "等待决定");
    let closing = preview(&mut supervisor, &[violation], "circulate").await;
    assert!(row(&closing, violation).contains("单位的异议仍待决定"));
    let reopening = preview(&mut supervisor, &[violation], "reopen").await;
    assert!(row(&reopening, violation).contains("单位的异议随之终结"));
}

#[tokio::test]
async fn several_decisions_on_one_request_are_one_mail_also_when_the_last_is_taken_back() {
    let (cases, all, mut supervisor) = two_answered().await;
    let both = preview(&mut supervisor, &all, "transfer").await;
    make(&mut supervisor, &both, &[("reason", "转主管部门"), ("told", "")]).await;
    assert!(cases.at("03-03 10:05").await.is_empty(), "it can still be taken back");
    // One of both is taken back: the other is told all the same, once.
    let mut supervisor = cases.world.signed_in("reform").await;
    supervisor.post_form(&format!("/console/violations/{}/undo", all[1]), &[]).await.location();
    let told = cases.at("03-03 11:00").await;
    assert_eq!(recipients(&told), ["fire@qh.gov.cn"]);
    assert!(told[0].subject.contains("处理结果"), "{}", told[0].subject);
    assert!(cases.at("03-03 15:00").await.is_empty(), "once");
}

#[tokio::test]
async fn with_nothing_ticked_there_is_nothing_to_decide() {
    let cases = Cases::new().await;
    let mut supervisor = cases.world.signed_in("reform").await;
    for query in ["", "?kind=confirm"] {
        let path = format!("/console/violations/bulk{query}");
        let page = supervisor.get(&path).await.expect(200, "还没有选择疑似违规").text();
        assert!(!page.contains("0 条") && !page.contains("<table"), "{page}");
    }
    let sent = supervisor.post_form("/console/violations/bulk", &[("kind", "confirm"), ("reason", "")]).await;
    sent.expect(422, "还没有选择疑似违规");
}
