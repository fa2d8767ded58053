//! Appeals that wait: their deadline outlives every other decision, taking one back restores it, and what ends one otherwise tells the agency.

use super::world::{Cases, answer, decide, recipients, review};
use crate::console::world::{at, input};
use crate::support::Client;
use mashang::domain::cases::{AppealState, ClosedAs, Handling};
use mashang::domain::id::ViolationId;
use mashang::domain::violation::{RuleCode, Subject, ViolationState};
use mashang::storage::cases::appeals::{self, Appeal};
use mashang::storage::cases::requests::RequestRecord;
use mashang::storage::{audit, violations};

/// Fifteen working days after 3 March.
const DUE: &str = "2026-03-24";

/// A violation that was asked about, answered if `answered`, confirmed at 10:00 of 3 March and appealed against at 10:10.
async fn appealed(cases: &Cases, answered: bool) -> (ViolationId, RequestRecord) {
    let violation = cases.conflict("03-16").await.id;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    if answered {
        answer(&mut liaison, &request, "说明", &[]).await.location();
    }
    decide(&mut supervisor, violation, &[("kind", "confirm"), ("reason", ""), ("told", "请举一反三")]).await.location();
    cases.at("03-03 10:10").await;
    appeal(&mut liaison, &request).await;
    cases.run().await;
    (violation, request)
}

/// The liaison appeals against the first outcome that is open to it.
async fn appeal(liaison: &mut Client, request: &RequestRecord) {
    let path = format!("/console/explanations/{}", request.id);
    let page = liaison.get(&path).await.expect(200, "提出异议").text();
    let item = page.split("name=\"item\" value=\"").nth(1).expect("an item")[..36].to_owned();
    let sent = [("item", item.as_str()), ("appeal_words", "当天是应急处置")];
    liaison.submit(&format!("{path}/appeal"), &sent).await.expect(200, "等待决定");
}

/// A supervisor decides the appeal.
async fn reply(supervisor: &mut Client, violation: ViolationId, grant: &str, words: &str) {
    let path = format!("/console/violations/{violation}");
    let version = input(&supervisor.get(&path).await, "version");
    let sent = [("version", version.as_str()), ("grant", grant), ("reply", words)];
    supervisor.post_form(&format!("{path}/appeal"), &sent).await.location();
}

async fn undo(supervisor: &mut Client, violation: ViolationId) {
    supervisor.submit(&format!("/console/violations/{violation}/undo"), &[]).await.expect(200, "撤销了");
}

/// The latest appeal about a violation.
async fn stored(cases: &Cases, violation: ViolationId) -> Appeal {
    let mut tx = cases.world.test.app.db.read().await.expect("a connection");
    appeals::of_violation(&mut tx, violation).await.expect("appeals").pop().expect("an appeal")
}

/// The actions of the audit about a violation.
async fn audited(cases: &Cases, violation: ViolationId) -> Vec<String> {
    let mut tx = cases.world.test.app.db.read().await.expect("a connection");
    audit::by_object(&mut tx, violation.0).await.expect("the audit").into_iter().map(|row| row.action).collect()
}

/// In which of these tabs of the inbox a violation is.
async fn tabs(cases: &Cases, violation: ViolationId) -> Vec<&'static str> {
    let mut supervisor = cases.world.signed_in("reform").await;
    let mut found = Vec::new();
    for tab in ["overdue", "due", "open", "waiting"] {
        let page = supervisor.get(&format!("/console/violations?tab={tab}&rule=NDD-01")).await.text();
        if page.contains(&violation.to_string()) {
            assert!(page.contains("3月24日（周二）前决定异议"), "{tab}");
            found.push(tab);
        }
    }
    found
}

#[tokio::test]
async fn an_appeal_keeps_its_deadline_whatever_else_is_decided_until_it_is_decided() {
    for (kind, closed_as) in
        [("correct", ClosedAs::Corrected), ("circulate", ClosedAs::Circulated), ("transfer", ClosedAs::Transferred)]
    {
        let cases = Cases::new().await;
        let (violation, _) = appealed(&cases, true).await;
        let mut supervisor = cases.world.signed_in("reform").await;
        decide(&mut supervisor, violation, &[("kind", kind), ("reason", "处理")]).await.location();
        assert_eq!(cases.violation(violation).await.closed_as, Some(closed_as));
        assert_eq!(tabs(&cases, violation).await, ["open"], "{kind}");
        let path = format!("/console/violations/{violation}");
        supervisor.get(&path).await.expect(200, "当天是应急处置").expect(200, "请在 3月24日（周二）前决定");
        let export = supervisor.get("/console/violations?tab=closed").await;
        export.expect(200, "3月24日（周二）前决定异议");
        cases.at("03-24 09:00").await;
        assert_eq!(tabs(&cases, violation).await, ["due"], "{kind}");
        cases.at("03-25 09:00").await;
        assert_eq!(tabs(&cases, violation).await, ["overdue"], "{kind}");
        let mut supervisor = cases.world.signed_in("reform").await;
        reply(&mut supervisor, violation, "no", "事实清楚").await;
        assert!(tabs(&cases, violation).await.is_empty(), "{kind}");
        assert_eq!(stored(&cases, violation).await.state, AppealState::Rejected);
    }
}

#[tokio::test]
async fn an_appeal_and_the_deadline_of_an_answer_run_side_by_side() {
    let cases = Cases::new().await;
    // Confirmed before it was answered: the agency still owes the answer by 10 March.
    let (violation, request) = appealed(&cases, false).await;
    assert_eq!(request.due_on.to_string(), "2026-03-10");
    assert_eq!(tabs(&cases, violation).await, ["open"], "the appeal is for a supervisor");
    cases.at("03-11 09:00").await;
    assert_eq!(tabs(&cases, violation).await, ["overdue"]);
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "说明", &[]).await.location();
    assert_eq!(tabs(&cases, violation).await, ["open"], "an answer takes nothing from the appeal");
    let mut supervisor = cases.world.signed_in("reform").await;
    review(&mut supervisor, &request, &[("act", "return"), ("return_words", "请写明依据")]).await.location();
    reply(&mut supervisor, violation, "no", "事实清楚").await;
    let standing = cases.violation(violation).await.standing();
    let again = cases.request(&request.id.to_string()).await;
    assert_eq!((standing.handling, standing.act_by), (Handling::Explaining, Some(again.due_on)));
    let waiting = supervisor.get("/console/violations?tab=waiting&rule=NDD-01").await.text();
    assert!(waiting.contains(&violation.to_string()), "the answer is still owed");
}

#[tokio::test]
async fn taking_a_violation_up_again_by_hand_ends_its_appeal_and_tells_the_agency_once() {
    let cases = Cases::new().await;
    let (violation, request) = appealed(&cases, true).await;
    let mut supervisor = cases.world.signed_in("reform").await;
    decide(&mut supervisor, violation, &[("kind", "reopen"), ("reason", "有新情况")]).await.location();
    assert_eq!(stored(&cases, violation).await.state, AppealState::Moot);
    assert!(audited(&cases, violation).await.contains(&"violation.appeal-moot".to_owned()));
    let path = format!("/console/violations/{violation}");
    let page = supervisor.get(&path).await.expect(200, "原处理改变，异议终结").text();
    assert!(!page.contains("name=\"grant\""), "nothing waits for a decision");
    let theirs = format!("/console/explanations/{}", request.id);
    let mut liaison = cases.world.signed_in("fire").await;
    liaison.get(&theirs).await.expect(200, "等待决定");
    assert!(cases.at("03-03 10:19").await.is_empty(), "held while it can be taken back");
    let mails = cases.at("03-03 10:40").await;
    assert_eq!(recipients(&mails), ["fire@qh.gov.cn"]);
    assert!(mails[0].subject.contains("异议答复"), "{}", mails[0].subject);
    liaison.get(&theirs).await.expect(200, "原处理已改变");
}

#[tokio::test]
async fn taking_back_a_reopening_lets_the_appeal_wait_again() {
    let cases = Cases::new().await;
    let (violation, request) = appealed(&cases, true).await;
    let before = cases.violation(violation).await.standing();
    let mut supervisor = cases.world.signed_in("reform").await;
    decide(&mut supervisor, violation, &[("kind", "reopen"), ("reason", "有新情况")]).await.location();
    undo(&mut supervisor, violation).await;
    assert_eq!(cases.violation(violation).await.standing(), before);
    let appeal = stored(&cases, violation).await;
    assert_eq!((appeal.state, appeal.due_on.to_string().as_str()), (AppealState::Asked, DUE));
    assert_eq!((appeal.decided_at, appeal.decided_by), (None, None));
    assert_eq!(tabs(&cases, violation).await, ["open"]);
    assert!(cases.at("03-03 10:40").await.is_empty());
    let mut liaison = cases.world.signed_in("fire").await;
    let page = liaison.get(&format!("/console/explanations/{}", request.id)).await;
    page.expect(200, "认定为违规").expect(200, "请举一反三").expect(200, "等待决定");
}

#[tokio::test]
async fn a_granted_appeal_is_told_after_ten_minutes_and_waits_again_when_it_is_taken_back() {
    let cases = Cases::new().await;
    let (violation, request) = appealed(&cases, true).await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let mut liaison = cases.world.signed_in("fire").await;
    let theirs = format!("/console/explanations/{}", request.id);
    reply(&mut supervisor, violation, "yes", "重新核实").await;
    assert_eq!(stored(&cases, violation).await.state, AppealState::Granted);
    assert!(cases.at("03-03 10:19").await.is_empty(), "held while it can be taken back");
    let early = liaison.get(&theirs).await.expect(200, "等待决定").text();
    assert!(!early.contains("重新核实") && !early.contains("已重新处理"));
    undo(&mut supervisor, violation).await;
    let appeal = stored(&cases, violation).await;
    assert_eq!((appeal.state, appeal.reply.as_str()), (AppealState::Asked, ""));
    assert_eq!(tabs(&cases, violation).await, ["open"]);
    assert!(audited(&cases, violation).await.contains(&"violation.appeal-waits".to_owned()));
    assert!(cases.at("03-03 10:40").await.is_empty(), "what was taken back is never told");
    liaison.get(&theirs).await.expect(200, "等待决定");
    // It is granted after all, and now the agency hears of it, by one mail.
    let mut supervisor = cases.world.signed_in("reform").await;
    reply(&mut supervisor, violation, "yes", "同意核实").await;
    let mails = cases.at("03-03 11:00").await;
    assert_eq!(recipients(&mails), ["fire@qh.gov.cn"]);
    assert!(mails[0].subject.contains("异议答复"), "{}", mails[0].subject);
    liaison.get(&theirs).await.expect(200, "同意核实");
    let reopened = cases.violation(violation).await;
    assert_eq!((reopened.state, reopened.handling), (ViolationState::Suspected, Handling::Reopened));
    // Confirmed once more, it can be appealed against once more.
    decide(&mut supervisor, violation, &[("kind", "confirm"), ("reason", "")]).await.location();
    cases.at("03-03 11:20").await;
    appeal_again(&cases, &request).await;
    assert_eq!(stored(&cases, violation).await.state, AppealState::Asked);
}

async fn appeal_again(cases: &Cases, request: &RequestRecord) {
    let mut liaison = cases.world.signed_in("fire").await;
    appeal(&mut liaison, request).await;
}

#[tokio::test]
async fn taking_a_later_decision_back_restores_what_the_agency_was_told_of_the_earlier_one() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await.id;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "说明", &[]).await.location();
    let fields = [("kind", "correct"), ("reason", "完善排期"), ("told", "请举一反三"), ("follow_up_on", "2026-03-20")];
    decide(&mut supervisor, violation, &fields).await.location();
    cases.at("03-03 10:20").await;
    let theirs = format!("/console/explanations/{}", request.id);
    let told = |page: &str| page.contains("请举一反三") && page.contains("3月20日");
    assert!(told(&liaison.get(&theirs).await.text()));
    for (kind, reason) in [("follow_up", ""), ("reopen", "有新情况")] {
        cases.world.test.app.clock.advance(chrono::TimeDelta::minutes(1));
        decide(&mut supervisor, violation, &[("kind", kind), ("reason", reason)]).await.location();
        undo(&mut supervisor, violation).await;
        assert!(told(&liaison.get(&theirs).await.text()), "{kind}");
    }
    // The ten working days of an appeal are counted from when the agency came to know, as before.
    cases.world.test.app.clock.set(at("03-17 23:59"));
    let mut liaison = cases.world.signed_in("fire").await;
    liaison.get(&theirs).await.expect(200, "提出异议");
}

#[tokio::test]
async fn deciding_an_appeal_by_an_old_page_is_refused() {
    let cases = Cases::new().await;
    let (violation, _) = appealed(&cases, true).await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let path = format!("/console/violations/{violation}");
    let version = input(&supervisor.get(&path).await, "version");
    decide(&mut supervisor, violation, &[("kind", "reopen"), ("reason", "有新情况")]).await.location();
    let sent = [("version", version.as_str()), ("grant", "yes"), ("reply", "重新核实")];
    supervisor.post_form(&format!("{path}/appeal"), &sent).await.expect(409, "您的决定没有保存");
    let mut tx = cases.world.test.app.db.read().await.expect("a connection");
    let stored = violations::get(&mut tx, violation).await.expect("read").expect("a violation");
    assert_eq!(stored.handling, Handling::Reopened);
}

#[tokio::test]
async fn a_rejected_appeal_can_be_taken_back_as_well_and_what_follows_from_the_decision_stays() {
    let cases = Cases::new().await;
    let (violation, request) = appealed(&cases, true).await;
    let mut supervisor = cases.world.signed_in("reform").await;
    decide(&mut supervisor, violation, &[("kind", "correct"), ("reason", "完善排期")]).await.location();
    let before = cases.violation(violation).await.standing();
    cases.at("03-03 10:30").await;
    reply(&mut supervisor, violation, "no", "事实清楚").await;
    assert_eq!(cases.violation(violation).await.standing(), before.appealed(None), "nothing else changes");
    let mut liaison = cases.world.signed_in("fire").await;
    let theirs = format!("/console/explanations/{}", request.id);
    let early = liaison.get(&theirs).await.expect(200, "等待决定").text();
    assert!(!early.contains("事实清楚"));
    undo(&mut supervisor, violation).await;
    assert_eq!(cases.violation(violation).await.standing(), before);
    assert!(cases.at("03-03 10:50").await.is_empty());
    let mut supervisor = cases.world.signed_in("reform").await;
    reply(&mut supervisor, violation, "no", "证据充分").await;
    let mails = cases.at("03-03 11:10").await;
    assert_eq!(recipients(&mails), ["fire@qh.gov.cn"]);
    liaison.get(&theirs).await.expect(200, "维持原处理").expect(200, "证据充分");
    // The correction is still looked at when its day has passed.
    cases.at("03-25 00:00").await;
    let late = cases.found(RuleCode::Exp02, Subject::Violation(violation)).await;
    assert!(late.is_some(), "its deadline still runs");
}
