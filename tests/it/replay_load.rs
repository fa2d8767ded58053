//! `mashang replay --into`: a past year in a fresh instance, which is served afterwards and mails nobody about it.

use super::support::TestApp;
use chrono::{DateTime, Utc};
use mashang::domain::violation::{Severity, ViolationState};
use mashang::jobs;
use mashang::mail::Mailer;
use mashang::replay::{History, Loaded, ReplayFailure, load};
use mashang::storage::violation_lists::{self, ViolationFilter};
use mashang::storage::{filing_lists, mails, registries};
use std::collections::HashSet;

const SCENARIO: &[u8] = include_bytes!("../data/scenario-2024.jsonl");

fn scenario() -> History {
    History::parse(SCENARIO).expect("the scenario is well formed")
}

/// The scenario in a program with an empty database, as of the test's now.
pub async fn loaded() -> (TestApp, Loaded) {
    let app = TestApp::empty().await;
    let result = load(&app.app.db, &app.app.service, app.app.clock.now(), &scenario(), |_| ()).await;
    let loaded = result.expect("the scenario is well formed").expect("the database is fresh");
    (app, loaded)
}

#[tokio::test]
async fn the_scenario_fills_a_fresh_instance_with_17_units_234_records_and_63_problems_at_7_units() {
    let (app, loaded) = loaded().await;
    assert_eq!((loaded.units, loaded.records, loaded.problems()), (17, 234, 63));
    let mut tx = app.app.db.read().await.expect("a connection");
    let snapshot = app.app.service.snapshot(&mut tx).await.expect("the registries");
    assert_eq!(snapshot.registries.agencies.len(), 17);
    let filter = ViolationFilter {
        ceiling: Severity::Referral,
        floor: Some(Severity::Warning),
        state: Some(ViolationState::Suspected),
        rule: None,
        agency: None,
        enterprise: None,
        subject: None,
        stage: None,
        from: None,
        to: None,
    };
    let stored = violation_lists::list(&mut tx, &filter, None, 1_000).await.expect("the violations");
    assert_eq!(stored.len(), 63);
    assert_eq!(stored.iter().filter_map(|v| v.agency).collect::<HashSet<_>>().len(), 7);
    assert!(!registries::is_fresh(&mut tx).await.expect("an answer"));
}

#[tokio::test]
async fn a_loaded_year_mails_nobody_then_or_later() {
    let (app, _) = loaded().await;
    let mailer = Mailer::memory();
    jobs::run_due(&app.app, app.app.clock.now()).await.expect("the jobs run");
    jobs::deliver_due(&app.app, &mailer).await.expect("the jobs run");
    let mut tx = app.app.db.read().await.expect("a connection");
    assert_eq!(mails::queue(&mut tx).await.expect("the queue").waiting, 0);
    assert!(mails::list(&mut tx, None, None, 10).await.expect("the mails").is_empty());
}

#[tokio::test]
async fn an_instance_in_which_somebody_entered_something_is_refused_and_stays_as_it_was() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    let refused = load(&app.app.db, &app.app.service, now, &scenario(), |_| ()).await.expect("an answer");
    assert!(refused.is_none());
    let mut tx = app.app.db.read().await.expect("a connection");
    let snapshot = app.app.service.snapshot(&mut tx).await.expect("the registries");
    assert_eq!(snapshot.registries.agencies.len(), 3);
}

#[tokio::test]
async fn a_line_that_lies_ahead_is_refused_and_nothing_is_stored() {
    let app = TestApp::empty().await;
    let then: DateTime<Utc> = "2024-02-01T00:00:00Z".parse().expect("an instant");
    let refused = load(&app.app.db, &app.app.service, then, &scenario(), |_| ()).await;
    assert!(matches!(refused, Err(ReplayFailure::Malformed(_))), "{refused:?}");
    let mut tx = app.app.db.read().await.expect("a connection");
    assert!(registries::is_fresh(&mut tx).await.expect("an answer"));
    let period = (then.date_naive(), then.date_naive());
    let scope = mashang::storage::filings::Scope::All;
    assert!(filing_lists::count_by_state(&mut tx, period, scope, then).await.expect("counts").is_empty());
}
