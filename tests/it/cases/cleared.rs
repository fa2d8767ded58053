//! What was asked about and is gone: an answer about it can be accepted all the same, nobody is late with it, and no agency learns of a report by it.

use super::world::{Cases, answer, recipients, review};
use crate::console::world::{FIRE, at};
use chrono::TimeDelta;
use mashang::actions::{Actor, AmendFiling, Target, amend_filing, cancel_filing, withdraw_report};
use mashang::domain::cases::{ClosedAs, Handling, RequestState};
use mashang::domain::id::FilingId;
use mashang::domain::violation::{RuleCode, Subject, ViolationState};
use mashang::storage::filings::Scope;
use mashang::storage::violations::ViolationRecord;

fn filing_of(violation: &ViolationRecord) -> FilingId {
    FilingId(violation.subject.uuid())
}

/// The agency cancels the filing that a violation is about.
async fn cancel(cases: &Cases, violation: &ViolationRecord) {
    let app = &cases.world.test.app;
    let target = Target { id: filing_of(violation), scope: Scope::All, version: None, actor: &Actor::System };
    let mut tx = app.db.write().await.expect("a transaction");
    cancel_filing(&mut tx, &app.service, app.clock.now(), target, "不去了").await.expect("cancelled");
    tx.commit().await.expect("a commit");
}

/// The agency moves it to another day.
async fn move_to(cases: &Cases, violation: &ViolationRecord, start: &str) {
    let app = &cases.world.test.app;
    let target = Target { id: filing_of(violation), scope: Scope::All, version: None, actor: &Actor::System };
    let planned = Some((at(start), at(start) + TimeDelta::hours(2)));
    let mut tx = app.db.write().await.expect("a transaction");
    let amended = AmendFiling { planned, ..AmendFiling::default() };
    amend_filing(&mut tx, &app.service, app.clock.now(), target, amended).await.expect("moved");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn an_answer_is_accepted_although_one_of_its_violations_has_cleared() {
    let cases = Cases::new().await;
    let (gone, stays) = (cases.conflict("03-16").await, cases.other_conflict("03-17").await);
    let mine = cases.conflict("04-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[gone.id, mine.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "第一次改期", &[]).await.location();
    cancel(&cases, &gone).await;
    assert_eq!(cases.violation(gone.id).await.state, ViolationState::Cleared);
    assert_eq!(cases.request(&request.id.to_string()).await.state, RequestState::Replied, "one is open");
    review(&mut supervisor, &request, &[("act", "accept"), ("reason", "")]).await.location();
    assert_eq!(cases.violation(mine.id).await.closed_as, Some(ClosedAs::Accepted));
    assert_eq!(cases.violation(gone.id).await.state, ViolationState::Cleared);
    assert_eq!(cases.request(&request.id.to_string()).await.state, RequestState::Accepted);
    assert_eq!(cases.violation(stays.id).await.state, ViolationState::Suspected);
}

#[tokio::test]
async fn a_request_ends_with_the_last_violation_that_it_asks_about_and_nobody_is_late_with_it() {
    for answered in [false, true] {
        let cases = Cases::new().await;
        let violation = cases.conflict("03-16").await;
        let mut supervisor = cases.world.signed_in("reform").await;
        let request = cases.ask(&mut supervisor, &[violation.id]).await;
        let mut liaison = cases.world.signed_in("fire").await;
        if answered {
            answer(&mut liaison, &request, "已取消", &[]).await.location();
        }
        cases.run().await;
        cancel(&cases, &violation).await;
        let told = cases.run().await;
        assert_eq!(recipients(&told), ["fire@qh.gov.cn"]);
        assert!(told[0].subject.contains("说明要求已结束") && told[0].text.contains("不用再说明"), "{}", told[0].text);
        let path = format!("/console/explanations/{}", request.id);
        let page = liaison.get(&path).await.expect(200, "已结束").text();
        assert!(!page.contains("提交说明"));
        supervisor.get(&path).await.expect(200, "所问事项均已消除，自动结束");
        let later = cases.at("03-20 09:00").await;
        assert!(later.iter().all(|mail| !mail.subject.contains(&request.number)), "nothing reminds of it");
        assert!(cases.found(RuleCode::Exp01, Subject::Request(request.id)).await.is_none());
    }
}

#[tokio::test]
async fn what_is_there_again_after_its_request_ended_can_be_asked_about_again() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    move_to(&cases, &violation, "03-25 10:00").await;
    assert_eq!(cases.violation(violation.id).await.state, ViolationState::Cleared);
    assert_eq!(cases.request(&request.id.to_string()).await.state, RequestState::Closed);
    move_to(&cases, &violation, "03-17 10:00").await;
    let back = cases.violation(violation.id).await;
    assert_eq!((back.state, back.handling, back.act_by), (ViolationState::Suspected, Handling::Untouched, None));
    let again = cases.ask(&mut supervisor, &[violation.id]).await;
    assert_ne!(again.id, request.id);
}

#[tokio::test]
async fn what_an_enterprise_told_ends_no_request_by_itself_and_only_a_supervisor_sees_that_it_is_gone() {
    let mut seen = Vec::new();
    for withdrawn in [false, true] {
        let cases = Cases::new().await;
        cases.world.file(FIRE, "03-05 10:00").await;
        cases.at("03-05 11:00").await;
        let report = cases.world.report(Some(FIRE), "03-05 10:02", &[]).await;
        let told = cases.world.violation(RuleCode::Prc01, Subject::Report(report)).await;
        let mut supervisor = cases.world.signed_in("reform").await;
        let request = cases.ask(&mut supervisor, &[told.id]).await;
        let app = &cases.world.test.app;
        if withdrawn {
            let mut tx = app.db.write().await.expect("a transaction");
            withdraw_report(&mut tx, &app.service, app.clock.now(), report).await.expect("withdrawn");
            tx.commit().await.expect("a commit");
            assert_eq!(cases.violation(told.id).await.state, ViolationState::Cleared);
        }
        let mut supervisor = cases.world.signed_in("reform").await;
        let path = format!("/console/explanations/{}", request.id);
        assert_eq!(supervisor.get(&path).await.text().contains("所问事项都已消除"), withdrawn);
        // What the agency reads and is mailed until the day after the deadline is the same.
        let mut own = Vec::new();
        while app.clock.now() < request.due_at + TimeDelta::days(1) {
            app.clock.advance(TimeDelta::hours(6));
            let mails = cases.run().await;
            own.extend(mails.into_iter().filter(|mail| mail.to == "fire@qh.gov.cn").map(|mail| mail.subject));
        }
        let mut liaison = cases.world.signed_in("fire").await;
        let number = request.number.as_str();
        for path in [path.as_str(), "/console/explanations"] {
            let page = liaison.get(path).await.text();
            own.push(page.replace(&request.id.to_string(), "").split("<main").nth(1).expect("a page").to_owned());
        }
        let (mut own, count) = (own.concat().replace(number, ""), own.len());
        own.retain(|c| !c.is_whitespace());
        seen.push((own, count));
        let late = cases.found(RuleCode::Exp01, Subject::Request(request.id)).await;
        assert_eq!(late.is_some(), !withdrawn, "nobody is late with what is gone");
        if withdrawn {
            answer(&mut liaison, &request, "说明", &[]).await.location();
            let page = cases.world.signed_in("reform").await.get(&path).await.expect(200, "采纳并关闭").text();
            assert!(!page.contains("name=\"return_words\""), "nothing is left to be explained better");
            let mut supervisor = cases.world.signed_in("reform").await;
            let refused = review(&mut supervisor, &request, &[("act", "return"), ("return_words", "再写")]).await;
            assert_eq!(refused.status, 409);
            review(&mut supervisor, &request, &[("act", "accept"), ("reason", "")]).await.location();
            assert_eq!(cases.request(&request.id.to_string()).await.state, RequestState::Accepted);
        }
    }
    assert_eq!(seen[0], seen[1]);
}
