//! Mails on their way: at least once, never because of what was rolled back, in order of patience; over a real SMTP conversation.

use crate::support::TestApp;
use crate::support::district::District;
use crate::support::smtp_server::{Fault, Received, Security, SmtpServer, Stage};
use chrono::{DateTime, TimeDelta, Utc};
use mashang::app::App;
use mashang::domain::id::MailId;
use mashang::domain::notice::{MailKind, MailState};
use mashang::domain::user::{AlertChoice, Office};
use mashang::jobs;
use mashang::mail::{Mailer, Smtp};
use mashang::storage::mails::{self, MailRecord, NewMail};
use mashang::storage::{StorageError, Tx};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

fn mailer(port: u16) -> Mailer {
    let url = format!("smtp://u:p@localhost:{port}");
    Mailer::Smtp(Smtp::with_step_limit(&url, None, Duration::from_millis(500)).expect("a mailer"))
}

async fn enqueue(app: &App, recipient: &str, kind: MailKind) -> MailId {
    let now = app.clock.now();
    let id = MailId(app.service.ids.uuid(now));
    let mail = NewMail {
        id,
        user: None,
        recipient: recipient.to_owned(),
        kind,
        subject: "【码上报备】提醒".to_owned(),
        text: "请登录查看。\n".to_owned(),
        html: "<p>请登录查看。</p>".to_owned(),
        message_id: format!("<{id}@example.org>"),
        in_reply_to: None,
    };
    let mut tx = app.db.write().await.expect("a transaction");
    mails::insert(&mut tx, &mail, now).await.expect("stored");
    tx.commit().await.expect("committed");
    id
}

async fn stored(app: &App, id: MailId) -> MailRecord {
    let mut tx = app.db.read().await.expect("a connection");
    mails::get(&mut tx, id).await.expect("read").expect("there")
}

async fn deliver(app: &App, mailer: &Mailer) -> usize {
    jobs::deliver_due(app, mailer).await.expect("the store works")
}

/// Which of the mails due since `from` are claimed for five minutes.
async fn claim(tx: &mut Tx, from: DateTime<Utc>, now: DateTime<Utc>, limit: i64) -> BTreeSet<MailId> {
    let claimed = mails::claim(tx, from, now, now + TimeDelta::minutes(5), limit).await.expect("claimed");
    claimed.into_iter().map(|record| record.mail.id).collect()
}

/// A port on which nobody listens.
async fn dead_port() -> u16 {
    let server = SmtpServer::start(Security::Plain).await;
    let port = server.port;
    drop(server);
    tokio::time::sleep(Duration::from_millis(20)).await;
    port
}

#[tokio::test]
async fn a_dead_server_is_tried_after_1_2_5_10_30_minutes_and_then_every_30_and_loses_nothing() {
    let test = TestApp::empty().await;
    let app = &test.app;
    let port = dead_port().await;
    let mailer = mailer(port);
    let ids =
        [enqueue(app, "a@example.org", MailKind::Alert).await, enqueue(app, "b@example.org", MailKind::Alert).await];
    for (tries, minutes) in (1..).zip([1, 2, 5, 10, 30, 30, 30]) {
        assert_eq!(deliver(app, &mailer).await, 0);
        for id in ids {
            let mail = stored(app, id).await;
            assert_eq!((mail.state, mail.attempts), (MailState::Retry, tries));
            assert_eq!(mail.next_attempt_at, app.clock.now() + TimeDelta::minutes(minutes));
            assert!(!mail.last_error.is_empty() && mail.leased_until.is_none());
        }
        app.clock.advance(TimeDelta::minutes(minutes) - TimeDelta::milliseconds(1));
        assert_eq!(deliver(app, &mailer).await, 0);
        assert_eq!(stored(app, ids[0]).await.attempts, tries, "tried too early");
        app.clock.advance(TimeDelta::milliseconds(1));
    }
    let server = SmtpServer::start_at(Security::Plain, port).await;
    assert_eq!(deliver(app, &mailer).await, 2);
    assert_eq!(server.received().len(), 2);
    assert_eq!(stored(app, ids[0]).await.state, MailState::Sent);
    app.clock.advance(TimeDelta::days(30));
    assert_eq!(deliver(app, &mailer).await, 0);
}

#[tokio::test]
async fn a_long_queue_is_emptied_at_once_whatever_was_due_first() {
    let test = TestApp::empty().await;
    let app = &test.app;
    for _ in 0..7 {
        enqueue(app, "a@example.org", MailKind::Alert).await;
    }
    let port = dead_port().await;
    assert_eq!(deliver(app, &mailer(port)).await, 0);
    for _ in 0..7 {
        app.clock.advance(TimeDelta::seconds(20));
        enqueue(app, "b@example.org", MailKind::Alert).await;
    }
    let server = SmtpServer::start_at(Security::Plain, port).await;
    assert_eq!(deliver(app, &mailer(port)).await, 14);
    assert_eq!(server.received().len(), 14);
}

#[tokio::test]
async fn what_has_been_due_longest_is_next_whether_it_was_tried_or_not() {
    let test = TestApp::empty().await;
    let app = &test.app;
    let tried = enqueue(app, "a@example.org", MailKind::Alert).await;
    assert_eq!(deliver(app, &mailer(dead_port().await)).await, 0, "it is due again a minute later");
    app.clock.advance(TimeDelta::seconds(30));
    let before = enqueue(app, "b@example.org", MailKind::Alert).await;
    app.clock.advance(TimeDelta::minutes(1));
    let after =
        [enqueue(app, "c@example.org", MailKind::Alert).await, enqueue(app, "d@example.org", MailKind::Alert).await];
    let now = app.clock.now();
    let mut tx = app.db.write().await.expect("a transaction");
    let latest = claim(&mut tx, now, now, 4).await;
    tx.rollback().await.expect("given back");
    assert_eq!(latest, after.into_iter().collect(), "none that was due earlier");
    for wanted in [vec![before], vec![tried], after.to_vec(), Vec::new()] {
        let limit = i64::try_from(wanted.len().max(1)).expect("a few");
        let mut tx = app.db.write().await.expect("a transaction");
        let claimed = claim(&mut tx, DateTime::UNIX_EPOCH, now, limit).await;
        tx.commit().await.expect("committed");
        assert_eq!(claimed, wanted.into_iter().collect());
    }
}

#[tokio::test]
async fn after_an_ambiguous_cut_the_same_mail_is_sent_again_byte_for_byte() {
    let test = TestApp::empty().await;
    let server = SmtpServer::start(Security::Plain).await;
    let mailer = mailer(server.port);
    enqueue(&test.app, "a@example.org", MailKind::Alert).await;
    server.fail_next([(Stage::Stored, Fault::Cut)]);
    assert_eq!(deliver(&test.app, &mailer).await, 0);
    test.app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(deliver(&test.app, &mailer).await, 1);
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].raw, received[1].raw);
}

#[tokio::test]
async fn a_refused_recipient_is_stuck_and_the_others_go_on() {
    let test = TestApp::empty().await;
    let server = SmtpServer::start(Security::Plain).await;
    let mailer = mailer(server.port);
    server.refuse("gone@example.org", "550 5.1.1 no such user");
    let gone = enqueue(&test.app, "gone@example.org", MailKind::Alert).await;
    let no_address = enqueue(&test.app, "no address", MailKind::Alert).await;
    enqueue(&test.app, "a@example.org", MailKind::Alert).await;
    assert_eq!(deliver(&test.app, &mailer).await, 1);
    assert_eq!(stored(&test.app, no_address).await.state, MailState::Stuck);
    let stuck = stored(&test.app, gone).await;
    assert_eq!(stuck.state, MailState::Stuck);
    assert!(stuck.last_error.contains("550"), "{}", stuck.last_error);
    let mut tx = test.app.db.read().await.expect("a connection");
    assert_eq!(mails::queue(&mut tx).await.expect("read").stuck, 2);
    drop(tx);
    test.app.clock.advance(TimeDelta::days(1));
    assert_eq!(deliver(&test.app, &mailer).await, 0, "a stuck mail is not tried by itself");

    server.refuse_nobody();
    let mut tx = test.app.db.write().await.expect("a transaction");
    mails::again(&mut tx, gone, test.app.clock.now()).await.expect("a person wants it");
    tx.commit().await.expect("committed");
    assert_eq!(deliver(&test.app, &mailer).await, 1);
}

#[tokio::test]
async fn what_waits_for_the_daytime_is_not_delivered_at_night_and_what_does_not_is() {
    let test = TestApp::empty().await;
    let app = &test.app;
    let server = SmtpServer::start(Security::Plain).await;
    app.clock.set("2026-03-06T11:59:00Z".parse().expect("Friday 19:59"));
    let warning = enqueue(app, "warning@example.org", MailKind::DaytimeAlert).await;
    enqueue(app, "violation@example.org", MailKind::Alert).await;
    let dead = mailer(dead_port().await);
    assert_eq!(deliver(app, &dead).await, 0);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(deliver(app, &mailer(server.port)).await, 1);
    assert_eq!(server.received()[0].to, "violation@example.org");
    let waiting = stored(app, warning).await;
    assert_eq!(waiting.next_attempt_at.to_rfc3339(), "2026-03-09T00:30:00+00:00");
    assert_eq!(waiting.attempts, 1, "waiting is no try");
    app.clock.set(waiting.next_attempt_at);
    assert_eq!(deliver(app, &mailer(server.port)).await, 1);
}

#[tokio::test]
async fn a_mail_is_leased_to_one_at_a_time_and_comes_back_when_its_holder_dies() {
    let test = TestApp::empty().await;
    let app = &test.app;
    for _ in 0..10 {
        enqueue(app, "a@example.org", MailKind::Alert).await;
    }
    let now = app.clock.now();
    let until = now + TimeDelta::minutes(5);
    let mut seen = BTreeSet::new();
    for expected in [6, 4, 0] {
        let mut tx = app.db.write().await.expect("a transaction");
        let claimed = mails::claim(&mut tx, DateTime::UNIX_EPOCH, now, until, 6).await.expect("claimed");
        tx.commit().await.expect("committed");
        assert_eq!(claimed.len(), expected);
        assert!(claimed.iter().all(|record| seen.insert(record.mail.id)), "claimed twice");
    }
    // The holders died: after the lease others send, and what the dead come back to note is not noted.
    app.clock.advance(TimeDelta::minutes(6));
    let server = SmtpServer::start(Security::Plain).await;
    assert_eq!(deliver(app, &mailer(server.port)).await, 10);
    let mut tx = app.db.write().await.expect("a transaction");
    let id = *seen.first().expect("a mail");
    // On PostgreSQL it is the commit that finds out.
    let noted = match mails::failed(&mut tx, id, until, MailState::Stuck, now, "late").await {
        Ok(()) => tx.commit().await,
        refused => refused,
    };
    assert!(matches!(noted, Err(StorageError::Stale(_))), "{noted:?}");
    assert_eq!(stored(app, id).await.state, MailState::Sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_mails_noted_together_one_whose_lease_is_lost_keeps_no_other_from_being_noted() {
    let test = TestApp::empty().await;
    let app = &test.app;
    let server = SmtpServer::start(Security::Plain).await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(enqueue(app, "a@example.org", MailKind::Alert).await);
    }
    // They are due at the same instant: the claim goes by the id.
    ids.sort_unstable();
    server.fail_next([(Stage::Greeting, Fault::Hang); 4]);
    let url = format!("smtp://u:p@localhost:{}", server.port);
    let patient = Mailer::Smtp(Smtp::with_step_limit(&url, None, Duration::from_secs(3)).expect("a mailer"));
    let sending = deliver(app, &patient);
    let stealing = async {
        loop {
            let fourth = stored(app, ids[3]).await;
            assert_eq!(fourth.attempts, 0, "the lease is taken while the server hangs");
            if fourth.leased_until.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        app.clock.advance(TimeDelta::minutes(6));
        let mut tx = app.db.write().await.expect("a transaction");
        let stolen = claim(&mut tx, DateTime::UNIX_EPOCH, app.clock.now(), 1).await;
        tx.commit().await.expect("committed");
        stolen
    };
    let (sent, stolen) = tokio::join!(sending, stealing);
    assert_eq!((sent, stolen.len()), (2, 1), "the last two are sent in the same round");
    for (nth, id) in ids.into_iter().enumerate() {
        let mail = stored(app, id).await;
        let (state, attempts) = match (nth < 4, stolen.contains(&id)) {
            (true, true) => (MailState::Pending, 0),
            (true, false) => (MailState::Retry, 1),
            (false, _) => (MailState::Sent, 1),
        };
        assert_eq!((mail.state, mail.attempts), (state, attempts), "mail {nth}");
        assert_eq!(mail.leased_until.is_some(), state == MailState::Pending, "mail {nth}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_side_by_side_send_each_mail_once() {
    let test = TestApp::empty().await;
    let server = SmtpServer::start(Security::Plain).await;
    for _ in 0..60 {
        enqueue(&test.app, "a@example.org", MailKind::Alert).await;
    }
    let mailer = mailer(server.port);
    let (a, b, c) = tokio::join!(deliver(&test.app, &mailer), deliver(&test.app, &mailer), deliver(&test.app, &mailer));
    assert_eq!(a + b + c, 60);
    assert_eq!(by_message_id(&server.received()).len(), 60);
    assert_eq!(server.received().len(), 60);
}

fn by_message_id(received: &[Received]) -> BTreeMap<String, Vec<&Received>> {
    let mut all: BTreeMap<String, Vec<&Received>> = BTreeMap::new();
    for mail in received {
        all.entry(mail.header("Message-ID").to_owned()).or_default().push(mail);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_chaos_each_mail_arrives_and_twice_only_after_an_ambiguous_cut() {
    const MAILS: usize = 500;
    let test = TestApp::empty().await;
    let server = SmtpServer::start(Security::Plain).await;
    let mailer = mailer(server.port);
    for _ in 0..MAILS {
        enqueue(&test.app, "a@example.org", MailKind::Alert).await;
    }
    // Each stage cut, and each refused for now, again and again, among good connections.
    let mut ambiguous = 0;
    let faults = (0..MAILS * 3 / 2).map(|nth| {
        let stage = Stage::ALL[nth % Stage::ALL.len()];
        ambiguous += usize::from(stage == Stage::Stored);
        (stage, if nth % 3 == 0 { Fault::Say("451 4.3.0 later") } else { Fault::Cut })
    });
    server.fail_next(faults);
    for _ in 0..20 {
        deliver(&test.app, &mailer).await;
        test.app.clock.advance(TimeDelta::minutes(30));
    }
    let received = server.received();
    let mails = by_message_id(&received);
    assert_eq!(mails.len(), MAILS, "a mail is lost");
    assert_eq!(received.len(), MAILS + ambiguous, "a mail arrives twice only when the server's answer was lost");
    assert!(mails.values().all(|copies| copies.iter().all(|copy| copy.raw == copies[0].raw)));
    let mut tx = test.app.db.read().await.expect("a connection");
    assert_eq!(mails::queue(&mut tx).await.expect("read"), mails::Queue::default());
}

#[tokio::test]
async fn after_a_long_outage_each_reader_gets_one_digest() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    let dead = mailer(dead_port().await);
    let mut filings = Vec::new();
    for day in 0..21 {
        filings.push(district.file(&format!("2026-{:02}-{:02}", 4 + day / 7, 10 + day % 7)).await);
    }
    district.cancel(filings[20]).await;
    assert_eq!(deliver(&test.app, &dead).await, 0);
    // Two hours are not long; a moment later they are.
    for (after, gathered) in [(TimeDelta::hours(2), false), (TimeDelta::milliseconds(1), true)] {
        test.app.clock.advance(after);
        jobs::run_due(&test.app, test.app.clock.now()).await.expect("run");
        let mut tx = test.app.db.read().await.expect("a connection");
        let list = mails::list(&mut tx, Some(MailState::Gathered), None, 100).await.expect("read");
        assert_eq!(list.len(), if gathered { 21 } else { 0 });
    }
    let server = SmtpServer::start(Security::Plain).await;
    assert_eq!(deliver(&test.app, &mailer(server.port)).await, 1);
    let mut tx = test.app.db.read().await.expect("a connection");
    let digest = mails::list(&mut tx, Some(MailState::Sent), None, 10).await.expect("read").remove(0);
    for (nth, filing) in filings.iter().enumerate() {
        let link = format!("/console/violations/{}\n", district.violation(*filing).await.id);
        assert_eq!(digest.mail.text.contains(&link), nth != 20, "{}", digest.mail.text);
    }
}

#[tokio::test]
async fn the_list_of_mails_is_paged_without_gaps() {
    let test = TestApp::empty().await;
    let mut expected = Vec::new();
    for nth in 0..7 {
        expected.push(enqueue(&test.app, "a@example.org", MailKind::Alert).await);
        if nth % 2 == 0 {
            test.app.clock.advance(TimeDelta::minutes(1));
        }
    }
    let mut tx = test.app.db.read().await.expect("a connection");
    for state in [None, Some(MailState::Pending)] {
        let mut found = Vec::new();
        let mut older_than = None;
        loop {
            let page = mails::list(&mut tx, state, older_than, 3).await.expect("read");
            let Some(last) = page.last() else { break };
            older_than = Some((last.created_at, last.mail.id));
            found.extend(page.iter().map(|record| record.mail.id));
        }
        assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), expected.iter().copied().collect());
        assert_eq!(found.len(), 7);
    }
    assert!(mails::list(&mut tx, Some(MailState::Sent), None, 3).await.expect("read").is_empty());
}

#[tokio::test]
async fn after_a_long_outage_notices_without_content_become_one_without_content() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    for _ in 0..21 {
        district.report(&[1]).await;
        test.app.clock.advance(TimeDelta::minutes(1));
    }
    assert_eq!(deliver(&test.app, &mailer(dead_port().await)).await, 0);
    test.app.clock.advance(TimeDelta::hours(3));
    let mails = district.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("线索") && !mails[0].text.contains("violations/"), "{}", mails[0].text);
}
