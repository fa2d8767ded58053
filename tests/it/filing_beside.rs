//! What a filing is judged beside: reports, ratings and violations are read only where the enterprise has some, and then all of them are. What
//! the action answers is what was stored.

use crate::support::TestApp;
use crate::support::district::{District, at};
use mashang::actions::{
    Accompanying, Actor, Decision, FileInspection, Marks, decide_violation, file_inspection, rate_visit,
};
use mashang::domain::exemption::ExemptionCode;
use mashang::domain::filing::{Approval, Kind, SpecialPapers};
use mashang::domain::id::{FilingId, PolicyId};
use mashang::domain::policy::{Policy, PolicyVersion};
use mashang::domain::user::{AlertChoice, Office};
use mashang::domain::violation::{RuleCode, Subject, ViolationState};
use mashang::jobs;
use mashang::storage::filings::{self, Scope};
use mashang::storage::violations::{self, ViolationRecord};
use mashang::storage::{registries, reports};
use uuid::Uuid;

async fn all(district: &District<'_>) -> Vec<ViolationRecord> {
    let mut tx = district.test.app.db.read().await.expect("a connection");
    violations::by_enterprise(&mut tx, district.enterprise).await.expect("read")
}

async fn of(district: &District<'_>, rule: RuleCode) -> Vec<ViolationRecord> {
    all(district).await.into_iter().filter(|violation| violation.rule == rule).collect()
}

/// A visit of 16 March, filed afterwards with its times.
fn late(district: &District<'_>, matter: mashang::domain::id::MatterId) -> FileInspection {
    FileInspection {
        more: Accompanying {
            assistants: vec!["F1".to_owned()],
            approval: Some(Approval {
                approver: "赵局".to_owned(),
                position: "局长".to_owned(),
                document: "青应急〔2026〕3 号".to_owned(),
                approved_at: at("2026-03-02T09:00"),
                account: None,
            }),
            special: SpecialPapers { filing_reference: "备 7".to_owned(), ..SpecialPapers::default() },
        },
        agency: district.agency,
        enterprise: district.enterprise,
        kind: Kind::Special,
        matters: vec![matter],
        inspectors: vec!["1".to_owned(), "9".to_owned()],
        planned_start: at("2026-03-16T09:00"),
        planned_end: at("2026-03-16T11:00"),
        exemption: Some(ExemptionCode::E06),
        exemption_reason: "群众举报".to_owned(),
        evidence_ref: "举 12".to_owned(),
        joint_group: Some("春季联合".to_owned()),
        arrived_at: Some(at("2026-03-16T09:05")),
        left_at: Some(at("2026-03-16T10:30")),
        note: "补报".to_owned(),
        source: "api",
    }
}

#[tokio::test]
async fn the_answer_is_what_was_stored() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    let first = district.file("2026-03-17").await;
    district.clock("2026-03-16T12:00");
    let app = &test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let matter = filings::get(&mut tx, first, Scope::All).await.expect("read").expect("there").filing.matters[0];
    let command = late(&district, matter);
    let filed = file_inspection(&mut tx, &app.service, app.clock.now(), &Actor::System, None, command).await;
    let answered = filed.expect("accepted").record;
    tx.commit().await.expect("committed");
    let mut tx = app.db.read().await.expect("a connection");
    let stored = filings::get(&mut tx, answered.filing.id, Scope::All).await.expect("read").expect("there");
    assert!(!stored.verdict.is_empty(), "inspector 9 is unknown");
    assert!(stored.backfiled && stored.filing.approval.is_some());
    assert_eq!(format!("{answered:?}"), format!("{stored:?}"));
}

#[tokio::test]
async fn a_filing_meets_the_report_that_was_there_first() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.clock("2026-03-25T10:00");
    district.report(&[]).await;
    let [unreported] = &of(&district, RuleCode::Fil04).await[..] else { panic!("one visit that nobody filed") };
    assert_eq!(unreported.state, ViolationState::Suspected);
    district.clock("2026-03-25T11:00");
    let filing = district.file("2026-03-25").await;
    let [unreported] = &of(&district, RuleCode::Fil04).await[..] else { panic!("still the same one") };
    assert_eq!(unreported.state, ViolationState::Cleared, "the filing is found by the report");
    let Subject::Report(report) = unreported.subject else { panic!("it is about the report") };
    let mut tx = test.app.db.read().await.expect("a connection");
    let report = reports::get(&mut tx, report).await.expect("read").expect("there");
    assert_eq!(report.matched_filing, Some(filing));
}

#[tokio::test]
async fn what_a_supervisor_decided_is_not_raised_again_by_the_next_filing() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    let supervisor = district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    let decided = district.file("2026-03-16").await;
    assert_eq!(district.mails().await.len(), 1);
    let app = &test.app;
    let id = district.violation(decided).await.id;
    let mut tx = app.db.write().await.expect("a transaction");
    let actor = Actor::User(supervisor);
    let now = app.clock.now();
    decide_violation(&mut tx, &app.service, now, &actor, id, None, Decision::Dismiss, "误报").await.expect("decided");
    tx.commit().await.expect("committed");
    let next = district.file("2026-03-17").await;
    let mails = district.mails().await;
    assert_eq!(mails.len(), 1, "of the second alone: {mails:?}");
    let violation = district.violation(decided).await;
    assert_eq!((violation.id, violation.state), (id, ViolationState::Dismissed));
    assert_eq!(district.violation(next).await.state, ViolationState::Suspected);
    let on = |filing: FilingId| move |v: &ViolationRecord| v.subject == Subject::Filing(filing);
    let found = of(&district, RuleCode::Ndd01).await;
    assert_eq!((found.iter().filter(|v| on(decided)(v)).count(), found.len()), (1, 2));
}

#[tokio::test]
async fn what_rests_on_ratings_stands_after_the_next_filing() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    let app = &test.app;
    let version = PolicyVersion::new(
        PolicyId(Uuid::from_u128(7)),
        "2020-01-01".parse().expect("a date"),
        Policy::for_installation(),
    );
    let mut tx = app.db.write().await.expect("a transaction");
    registries::insert_policy(&mut tx, &version, "", None, app.clock.now()).await.expect("a policy");
    registries::bump(&mut tx).await.expect("a bump");
    tx.commit().await.expect("committed");
    let marks = Marks { closeness: 4, integrity: 5, satisfaction: 4 };
    let mut last = None;
    for day in ["2026-03-03", "2026-03-05"] {
        let filing = district.file(day).await;
        district.clock(&format!("{day}T18:00"));
        let mut tx = app.db.write().await.expect("a transaction");
        rate_visit(&mut tx, &app.service, app.clock.now(), filing, marks).await.expect("rated");
        tx.commit().await.expect("committed");
        last = Some(Subject::Filing(filing));
    }
    district.clock("2026-03-06T00:00");
    jobs::run_due(app, app.clock.now()).await.expect("what is due");
    let standing = async || -> Vec<Subject> {
        let found = of(&district, RuleCode::Prc02).await;
        found.iter().filter(|v| v.state == ViolationState::Suspected).map(|v| v.subject).collect()
    };
    assert_eq!(standing().await, Vec::from_iter(last), "rated twice, and nobody checked in");
    district.file("2026-03-25").await;
    assert_eq!(standing().await, Vec::from_iter(last), "and still");
}
