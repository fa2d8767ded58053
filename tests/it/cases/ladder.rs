//! The whole ladder of a deadline, walked by a clock that stops at every half hour.

use super::world::{Cases, answer, recipients, review};
use crate::console::world::{FIRE, at};
use chrono::TimeDelta;
use mashang::domain::day::Zone;
use mashang::domain::holidays::Holidays;
use mashang::domain::notice::is_daytime;
use mashang::domain::violation::{RuleCode, Severity, Subject};
use mashang::storage::users;

/// What leaves between two instants: local time, address and the beginning of the subject.
async fn walk(cases: &Cases, from: &str, to: &str) -> Vec<(String, String, String)> {
    let (mut now, end) = (at(from), at(to));
    let mut left = Vec::new();
    while now <= end {
        cases.world.test.app.clock.set(now);
        for mail in cases.run().await {
            let local = Zone::SHANGHAI.local(now).format("%m-%d %H:%M").to_string();
            let what = mail.subject.split('】').nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
            left.push((local, mail.to.clone(), what.to_owned()));
        }
        now += TimeDelta::minutes(30);
    }
    left
}

#[tokio::test]
async fn the_ladder_over_labour_day_is_walked_once_in_working_hours_only() {
    let cases = Cases::new().await;
    let test = &cases.world.test;
    let mut tx = test.app.db.write().await.expect("a transaction");
    // The supervisor of the discipline office is the lead; the liaison of the fire brigade is its head.
    users::set_lead(&mut tx, cases.world.users[1], true).await.expect("a lead");
    users::set_lead(&mut tx, cases.world.users[2], true).await.expect("a head");
    tx.commit().await.expect("committed");
    // Thursday 30 April: then Labour Day until 5 May, and Saturday 9 May is worked.
    cases.at("04-30 15:00").await;
    let violation = cases.conflict("05-20").await;
    cases.run().await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    assert_eq!(request.due_on.to_string(), "2026-05-11");
    let left = walk(&cases, "04-30 15:00", "05-22 12:00").await;
    let about: Vec<(&str, &str, &str)> =
        left.iter().map(|(when, to, what)| (when.as_str(), to.as_str(), what.as_str())).collect();
    let ours: Vec<_> = about.iter().filter(|(_, _, what)| *what != "提醒").copied().collect();
    assert_eq!(
        ours,
        [
            ("04-30 15:00", "fire@qh.gov.cn", "说明要求"),
            ("05-07 08:30", "fire@qh.gov.cn", "期限提醒"),
            ("05-09 08:30", "fire@qh.gov.cn", "期限提醒"),
            ("05-11 08:30", "fire@qh.gov.cn", "期限提醒"),
            ("05-12 08:30", "fire@qh.gov.cn", "逾期提醒"),
            ("05-19 08:30", "discipline@qh.gov.cn", "列入通报"),
        ]
    );
    let holidays = Holidays::official();
    for (when, to, _) in &about {
        // Supervisors of this district have chosen to hear of warnings at any hour; the ladder itself never goes out at night.
        assert!(is_daytime(at(when), Zone::SHANGHAI, &holidays) || !to.starts_with("fire"), "{when}");
    }
    let late = cases.found(RuleCode::Exp01, Subject::Request(request.id)).await.expect("raised");
    assert_eq!(late.severity, Severity::Violation);
    assert!(cases.request(&request.id.to_string()).await.listed_at.is_some());
    let mut later = cases.world.signed_in("reform").await;
    later.get("/console/circulation").await.expect(200, FIRE).expect(200, &request.number);
    assert!(walk(&cases, "05-22 12:00", "05-29 12:00").await.is_empty(), "each step once");
}

#[tokio::test]
async fn an_answer_cancels_what_is_still_ahead() {
    let cases = Cases::new().await;
    cases.at("04-30 15:00").await;
    let violation = cases.conflict("05-20").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let before = walk(&cases, "04-30 15:00", "05-08 12:00").await;
    assert!(before.iter().any(|(_, _, what)| what == "期限提醒"));
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "说明", &[]).await.location();
    let after = walk(&cases, "05-08 12:00", "05-22 12:00").await;
    let told: Vec<&str> = after.iter().map(|(_, to, _)| to.as_str()).collect();
    assert_eq!(told, ["reform@qh.gov.cn"], "only that there is an answer");
    assert!(cases.found(RuleCode::Exp01, Subject::Request(request.id)).await.is_none());
}

#[tokio::test]
async fn after_a_pause_one_reminder_says_it_all_and_none_goes_out_at_night() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    cases.ask(&mut supervisor, &[violation.id]).await;
    cases.run().await;
    // Down from 3 March to the night before the last day, Tuesday 10 March.
    assert!(cases.at("03-09 22:00").await.is_empty());
    let morning = cases.at("03-10 08:30").await;
    assert_eq!(recipients(&morning), ["fire@qh.gov.cn"], "{morning:?}");
}

#[tokio::test]
async fn an_extension_moves_the_ladder_and_clears_what_was_late() {
    let cases = Cases::new().await;
    let violation = cases.conflict("03-16").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    let path = format!("/console/explanations/{}", request.id);
    let version = crate::console::world::input(&liaison.get(&path).await, "version");
    liaison.post_form(&format!("{path}/extension"), &[("version", &version)]).await.location();
    cases.at("03-11 09:00").await;
    let subject = Subject::Request(request.id);
    assert!(cases.found(RuleCode::Exp01, subject).await.is_some(), "nobody has granted it in time");
    let mut supervisor = cases.world.signed_in("reform").await;
    review(&mut supervisor, &request, &[("act", "grant")]).await.location();
    let late = cases.found(RuleCode::Exp01, subject).await.expect("kept on record");
    assert_eq!(late.state, mashang::domain::violation::ViolationState::Cleared);
    cases.at("03-17 23:59").await;
    let still = cases.found(RuleCode::Exp01, subject).await.expect("there");
    assert_eq!(still.state, mashang::domain::violation::ViolationState::Cleared);
    cases.at("03-18 00:00").await;
    let again = cases.found(RuleCode::Exp01, subject).await.expect("there");
    assert_eq!(again.state, mashang::domain::violation::ViolationState::Suspected);
}

#[tokio::test]
async fn an_answer_returned_on_its_own_day_has_the_same_last_day_and_its_ladder_again() {
    let cases = Cases::new().await;
    cases.at("04-20 09:00").await;
    let violation = cases.conflict("05-20").await;
    let mut supervisor = cases.world.signed_in("reform").await;
    let request = cases.ask(&mut supervisor, &[violation.id]).await;
    let mut liaison = cases.world.signed_in("fire").await;
    answer(&mut liaison, &request, "说明", &[]).await.location();
    review(&mut supervisor, &request, &[("act", "return"), ("return_words", "请附依据")]).await.location();
    cases.run().await;
    assert_eq!(cases.request(&request.id.to_string()).await.due_on, request.due_on, "the same last day");
    let left = walk(&cases, "04-20 12:00", "05-08 12:00").await;
    let told = left.iter().filter(|(_, to, what)| to.starts_with("fire") && what != "提醒");
    let about: Vec<&str> = told.map(|(_, _, what)| what.as_str()).collect();
    assert_eq!(about, ["期限提醒", "期限提醒", "期限提醒", "逾期提醒"]);
    assert!(cases.found(RuleCode::Exp01, Subject::Request(request.id)).await.is_some());
    assert!(cases.request(&request.id.to_string()).await.listed_at.is_some());
}
