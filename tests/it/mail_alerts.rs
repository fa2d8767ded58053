//! Who is told of a violation, when and how: from the filing or report that raises it to the mail that goes out.

use crate::support::TestApp;
use crate::support::district::{AGENCY, District, ENTERPRISE, at};
use mashang::actions::{Decision, Raised, alert_supervisors, decide_violation};
use mashang::domain::id::FilingId;
use mashang::domain::notice::case_number;
use mashang::domain::user::{AlertChoice, Office};
use mashang::domain::violation::{Severity, Subject};
use mashang::mail::Letter;
use mashang::storage::{mails, users};

fn recipients(mails: &[Letter]) -> Vec<&str> {
    let mut all: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    all.sort_unstable();
    all
}

#[tokio::test]
async fn a_warning_in_the_daytime_is_mailed_at_once_to_each_supervisor_in_their_language() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    district.supervisor("reform@example.org", Office::Reform, AlertChoice::Default, "en").await;
    let filing = district.file("2026-03-16").await;
    let violation = district.violation(filing).await;
    let mails = district.mails().await;
    assert_eq!(recipients(&mails), ["jiwei@example.org", "reform@example.org"]);
    for mail in &mails {
        let zh = mail.to.starts_with("jiwei");
        assert!(mail.subject.contains(&case_number(violation.id)), "{}", mail.subject);
        let rule = if zh { "NDD-01 无扰日检查" } else { "Rule: NDD-01" };
        let when = if zh { "3月16日（周一）09:00" } else { "Mon 16 Mar, 09:00" };
        let link = format!("http://mashang.test/console/violations/{}", violation.id);
        for words in [rule, when, AGENCY, &link] {
            assert!(mail.text.contains(words), "“{words}” is not in\n{}", mail.text);
        }
        for secret in [ENTERPRISE, "91500107MAYPBPC761", "督查员", "长岭"] {
            assert!(!format!("{mail:?}").contains(secret), "“{secret}” is in\n{mail:?}");
        }
        assert_eq!(mail.created_at, test.app.clock.now());
    }
    assert!(district.mails().await.is_empty(), "mailed twice");
}

#[tokio::test]
async fn who_hears_of_it_is_as_the_store_says_at_that_moment_whichever_process_changed_it() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    let first = district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    district.file("2026-03-16").await;
    assert_eq!(recipients(&district.mails().await), ["jiwei@example.org"]);
    let second = district.supervisor("reform@example.org", Office::Reform, AlertChoice::Default, "en").await;
    district.file("2026-03-17").await;
    assert_eq!(recipients(&district.mails().await), ["jiwei@example.org", "reform@example.org"]);
    let mut tx = test.app.db.write().await.expect("a transaction");
    users::set_active(&mut tx, first, false).await.expect("gone");
    tx.commit().await.expect("committed");
    district.file("2026-03-18").await;
    assert_eq!(recipients(&district.mails().await), ["reform@example.org"]);
    let mut tx = test.app.db.write().await.expect("a transaction");
    users::set_preferences(&mut tx, second, AlertChoice::Digest, "zh-CN").await.expect("chosen");
    tx.commit().await.expect("committed");
    district.file("2026-03-19").await;
    assert!(district.mails().await.is_empty(), "it waits for the digest");
}

#[tokio::test]
async fn warnings_of_the_night_are_one_mail_in_the_morning() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    district.supervisor("demo@example.org", Office::Reform, AlertChoice::AnyHour, "zh-CN").await;
    district.clock("2026-03-06T20:00");
    let (one, two) = (district.file("2026-03-16").await, district.file("2026-03-17").await);
    assert_eq!(recipients(&district.mails().await), ["demo@example.org", "demo@example.org"]);
    // Friday evening, the weekend, and Monday until half past eight.
    for silent in ["2026-03-07T09:00", "2026-03-08T12:00", "2026-03-09T08:29"] {
        district.clock(silent);
        assert!(district.mails().await.is_empty(), "{silent}");
    }
    district.clock("2026-03-09T08:30");
    let mails = district.mails().await;
    assert_eq!(recipients(&mails), ["jiwei@example.org"]);
    for filing in [one, two] {
        let violation = district.violation(filing).await;
        assert!(mails[0].text.contains(&format!("/console/violations/{}", violation.id)), "{}", mails[0].text);
    }
    district.clock("2026-03-10T08:30");
    assert!(district.mails().await.is_empty());
}

#[tokio::test]
async fn who_wants_a_digest_gets_it_in_the_next_morning_but_violations_at_once() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Digest, "zh-CN").await;
    district.file("2026-03-16").await;
    let filing = district.file("2026-03-17").await;
    assert!(district.mails().await.is_empty());
    district.arrive(filing).await;
    let at_once = district.mails().await;
    assert_eq!(at_once.len(), 1);
    assert!(at_once[0].text.contains("3 违规"), "{}", at_once[0].text);
    district.clock("2026-03-04T08:30");
    let digest = district.mails().await;
    assert_eq!(digest.len(), 1);
    assert_eq!(digest[0].text.matches("/console/violations/").count(), 1, "{}", digest[0].text);
}

#[tokio::test]
async fn a_violation_that_rises_is_mailed_again_in_the_same_thread_at_any_hour() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    let filing = district.file("2026-03-16").await;
    let first = district.mails().await.remove(0);
    assert_eq!(first.in_reply_to, None);
    district.clock("2026-03-14T21:00");
    district.arrive(filing).await;
    let again = district.mails().await;
    let violation = district.violation(filing).await;
    assert_eq!(violation.severity, Severity::Violation);
    let again = again.iter().find(|mail| mail.text.contains(&violation.id.to_string())).expect("mailed at night");
    assert_eq!(again.in_reply_to.as_deref(), Some(first.message_id.as_str()));
    assert_ne!(again.message_id, first.message_id);
    assert_eq!(again.subject, first.subject);
}

#[tokio::test]
async fn a_warning_that_rises_before_its_digest_is_mailed_once() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    district.clock("2026-03-03T20:30");
    let filing = district.file("2026-03-16").await;
    district.clock("2026-03-03T21:00");
    district.arrive(filing).await;
    let mails = district.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].in_reply_to, None);
    district.clock("2026-03-04T08:30");
    assert!(district.mails().await.is_empty(), "the digest repeats it");
}

#[tokio::test]
async fn what_was_cleared_or_decided_before_the_digest_is_left_out() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    let user = district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    district.clock("2026-03-03T20:30");
    let (cancelled, dismissed) = (district.file("2026-03-16").await, district.file("2026-03-17").await);
    let cleared = district.violation(cancelled).await;
    district.cancel(cancelled).await;
    let decision = Decision::Dismiss;
    let violation = district.violation(dismissed).await;
    let mut tx = test.app.db.write().await.expect("a transaction");
    decide(&mut tx, &test, &violation, user, decision).await;
    tx.commit().await.expect("committed");
    district.clock("2026-03-04T08:30");
    assert!(district.mails().await.is_empty(), "an empty digest");

    // When it comes back after its digest was left out, it is told of after all.
    let raised = raised(&district, &cleared, cancelled);
    tell(&test, &[raised]).await;
    assert_eq!(district.mails().await.len(), 1);
}

async fn decide(
    tx: &mut mashang::storage::Tx,
    test: &TestApp,
    violation: &mashang::storage::violations::ViolationRecord,
    user: mashang::domain::id::UserId,
    decision: Decision,
) {
    let now = test.app.clock.now();
    let actor = mashang::actions::Actor::User(user);
    decide_violation(tx, &test.app.service, now, &actor, violation.id, None, decision, "误报").await.expect("decided");
}

fn raised(
    district: &District<'_>,
    violation: &mashang::storage::violations::ViolationRecord,
    filing: FilingId,
) -> Raised {
    Raised {
        violation: violation.id,
        rule: violation.rule,
        severity: violation.severity,
        subject: Subject::Filing(filing),
        agency: violation.agency,
        enterprise: district.enterprise,
        planned_or_arrived_at: at("2026-03-16T09:00"),
        new: false,
        unconfirmed: false,
    }
}

async fn tell(test: &TestApp, raised: &[Raised]) {
    let mut tx = test.app.db.write().await.expect("a transaction");
    alert_supervisors(&mut tx, &test.app.service, test.app.clock.now(), raised).await.expect("told");
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn telling_the_same_twice_mails_once() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    let filing = district.file("2026-03-16").await;
    let violation = district.violation(filing).await;
    let raised = raised(&district, &violation, filing);
    tell(&test, &[raised.clone(), raised.clone()]).await;
    tell(&test, &[raised]).await;
    assert_eq!(district.mails().await.len(), 1);
}

#[tokio::test]
async fn a_digest_that_was_missed_is_not_sent_at_night() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    district.clock("2026-03-03T20:30");
    district.file("2026-03-16").await;
    // The program was down all day.
    district.clock("2026-03-04T22:00");
    assert!(district.mails().await.is_empty());
    district.clock("2026-03-05T08:30");
    assert_eq!(district.mails().await.len(), 1);
}

#[tokio::test]
async fn a_lead_goes_to_the_discipline_office_only_and_without_content() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Digest, "zh-CN").await;
    district.supervisor("reform@example.org", Office::Reform, AlertChoice::AnyHour, "zh-CN").await;
    district.supervisor("justice@example.org", Office::Justice, AlertChoice::AnyHour, "zh-CN").await;
    district.clock("2026-03-03T23:00");
    district.report(&[1, 8]).await;
    let mails = district.mails().await;
    assert_eq!(recipients(&mails), ["jiwei@example.org"]);
    let all = format!("{} {} {}", mails[0].subject, mails[0].text, mails[0].html);
    for secret in [AGENCY, ENTERPRISE, "INT-01", "廉洁", "上报者", "violations/", "应急", "设备"] {
        assert!(!all.contains(secret), "“{secret}” is in\n{all}");
    }
}

#[tokio::test]
async fn a_report_without_filing_is_told_neutrally_when_its_deadline_passes() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    district.report(&[]).await;
    assert!(district.mails().await.is_empty(), "severity 1 is not mailed");
    // Three working days after Tuesday: the end of Friday, at midnight.
    district.clock("2026-03-06T23:59");
    assert!(district.mails().await.is_empty());
    district.clock("2026-03-07T00:00");
    let mails = district.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("情况：未报备入企"), "{}", mails[0].text);
    assert!(mails[0].text.contains("时间：3月3日（周二）\n"), "{}", mails[0].text);
}

#[tokio::test]
async fn a_filing_that_was_rolled_back_mails_nothing() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    let mut tx = test.app.db.write().await.expect("a transaction");
    district.file_in(&mut tx, "2026-03-16").await;
    let queued = mails::queue(&mut tx).await.expect("read");
    assert_eq!(queued.waiting, 1, "inside the transaction there is a mail");
    drop(tx);
    assert!(district.mails().await.is_empty());
    let mut tx = test.app.db.read().await.expect("a connection");
    assert!(mails::list(&mut tx, None, None, 10).await.expect("read").is_empty());
}
