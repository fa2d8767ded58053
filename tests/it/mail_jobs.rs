//! The jobs as a server runs them: by lease, in a loop, until they are told to stop.

use crate::api;
use crate::support::TestApp;
use crate::support::district::District;
use crate::support::smtp_server::{Security, SmtpServer};
use chrono::TimeDelta;
use mashang::actions::{Actor, NewUser, create_user};
use mashang::app::App;
use mashang::domain::user::{AlertChoice, Office, Role};
use mashang::i18n::Lang;
use mashang::jobs;
use mashang::mail::{Mailer, Memory};
use mashang::storage::{alerts, leases};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

#[tokio::test]
async fn while_another_process_holds_the_lease_nothing_is_judged_and_when_it_dies_it_is() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    district.report(&[]).await;
    district.clock("2026-03-07T00:00");
    let now = test.app.clock.now();
    let mut tx = test.app.db.write().await.expect("a transaction");
    let other = Uuid::from_u128(1);
    let until = now + TimeDelta::minutes(2);
    assert!(leases::acquire(&mut tx, "deadlines", other, now, until).await.expect("asked"));
    assert!(!leases::acquire(&mut tx, "deadlines", Uuid::from_u128(2), now, until).await.expect("asked"));
    assert!(leases::acquire(&mut tx, "deadlines", other, now, until).await.expect("prolonged"));
    tx.commit().await.expect("committed");
    assert!(!jobs::run_due(&test.app, now).await.expect("run"));
    assert!(district.mails().await.is_empty());
    test.app.clock.advance(TimeDelta::minutes(2));
    assert_eq!(district.mails().await.len(), 1);
    // It was given back: the next one need not wait.
    let mut tx = test.app.db.write().await.expect("a transaction");
    let now = test.app.clock.now();
    assert!(leases::acquire(&mut tx, "deadlines", other, now, until).await.expect("asked"));
}

#[tokio::test]
async fn the_next_due_instant_is_that_of_the_deadline_or_the_digest() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Digest, "zh-CN").await;
    let mut tx = test.app.db.read().await.expect("a connection");
    assert_eq!(jobs::next_due(&mut tx).await.expect("read"), None);
    district.file("2026-03-16").await;
    let next = jobs::next_due(&mut tx).await.expect("read").expect("a digest");
    assert_eq!(next.to_rfc3339(), "2026-03-04T00:30:00+00:00");
    drop(tx);
    district.clock("2026-03-04T08:30");
    assert_eq!(district.mails().await.len(), 1);
    let mut tx = test.app.db.read().await.expect("a connection");
    assert_eq!(alerts::next_due(&mut tx).await.expect("read"), None);
}

#[tokio::test]
async fn the_loop_delivers_what_it_is_woken_for_and_ends_when_told() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::AnyHour, "zh-CN").await;
    let memory = Memory::default();
    let shutdown = CancellationToken::new();
    let mailer = Mailer::Memory(memory.clone());
    let running = tokio::spawn(jobs::run(test.app.clone(), mailer, shutdown.clone()));
    district.file("2026-03-16").await;
    test.app.service.outbox.raise();
    while memory.delivered().is_empty() {
        assert!(!running.is_finished(), "the loop ended by itself");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    shutdown.cancel();
    running.await.expect("ended well");
    assert_eq!(memory.delivered().len(), 1);
}

/// Waits for as many mails as a server should have by now; looks for a minute of a machine that is busy.
async fn arrived(server: &SmtpServer, many: usize) {
    for _ in 0..6_000 {
        if server.received().len() >= many {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} of {many} mails came", server.received().len());
}

/// A supervisor who is told at any hour.
async fn supervisor(app: &App) {
    let new = NewUser {
        email: "jiwei@example.org".to_owned(),
        name: "纪委".to_owned(),
        role: Role::Supervisor,
        office: Some(Office::Discipline),
        agency: None,
        alerts: AlertChoice::AnyHour,
        lang: Lang::Zh,
    };
    let mut tx = app.db.write().await.expect("a transaction");
    create_user(&mut tx, &app.service, app.clock.now(), &Actor::System, &new, "no password").await.expect("a user");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn a_filing_through_the_site_wakes_the_delivery_and_one_that_is_refused_does_not() {
    let d = api::District::new().await;
    supervisor(&d.app.app).await;
    let outbox = &d.app.app.service.outbox;
    let quiet = async || tokio::time::timeout(Duration::ZERO, outbox.raised()).await.is_err();
    assert!(quiet().await);
    d.file(&d.token_a, &d.fine()).await;
    api::json_of(&d.get(&d.token_a, "/api/v1/filings").await, 200);
    assert!(quiet().await, "nothing was put in");
    let mut refused = d.disturbing();
    refused["matters"] = serde_json::json!([]);
    api::json_of(&d.post(&d.token_a, "/api/v1/filings", &refused).await, 422);
    assert!(quiet().await, "nothing was stored");
    d.file(&d.token_a, &d.disturbing()).await;
    assert!(!quiet().await);

    // From its first look on it looks by itself an hour later only.
    let server = SmtpServer::start(Security::Plain).await;
    let mailer = Mailer::smtp(&format!("smtp://u:p@localhost:{}", server.port), None).expect("a mailer");
    let (app, shutdown) = (d.app.app.clone(), CancellationToken::new());
    let ended = shutdown.clone();
    let running = tokio::spawn(async move { jobs::watch_outbox(&app, &mailer, Duration::from_hours(1), &ended).await });
    arrived(&server, 1).await;
    d.file(&d.token_a, &d.disturbing()).await;
    arrived(&server, 2).await;
    shutdown.cancel();
    running.await.expect("ended well");
}

#[tokio::test]
async fn who_was_told_and_how_far_the_mail_came_is_known_of_each_violation() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("a@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    district.supervisor("b@example.org", Office::Reform, AlertChoice::Digest, "zh-CN").await;
    let filing = district.file("2026-03-16").await;
    district.mails().await;
    let violation = district.violation(filing).await;
    let mut tx = test.app.db.read().await.expect("a connection");
    let told = alerts::deliveries(&mut tx, violation.id).await.expect("read");
    let seen: Vec<_> = told.iter().map(|d| (d.recipient.as_str(), d.severity, d.sent_at.is_some())).collect();
    assert_eq!(seen, [("a@example.org", 2, true), ("b@example.org", 2, false)]);
}
