//! After a restore nothing is mailed a second time.

use crate::console::world::World;
use crate::support::TestApp;
use crate::support::district::District;
use chrono::TimeDelta;
use mashang::actions::hold_mails;
use mashang::domain::notice::MailState;
use mashang::domain::user::{AlertChoice, Office};
use mashang::storage::{backups, mails};

/// As a restore leaves the database.
async fn restored(test: &TestApp) {
    let app = &test.app;
    let now = app.clock.now();
    let mut tx = app.db.write().await.expect("a transaction");
    hold_mails(&mut tx, &app.service, now, now - TimeDelta::days(30), "sqlite").await.expect("held");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn what_waited_and_what_catches_up_stays_and_what_comes_after_the_release_goes() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Default, "zh-CN").await;
    district.supervisor("fagai@example.org", Office::Reform, AlertChoice::Digest, "zh-CN").await;
    // One waits in the outbox, one for the digest of the morning.
    district.file("2026-03-16").await;
    restored(&test).await;
    district.file("2026-03-17").await;
    assert!(district.mails().await.is_empty());
    district.clock("2026-03-04T08:30");
    assert!(district.mails().await.is_empty(), "the digest was made, and is held");

    let app = &test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let actor = mashang::actions::Actor::System;
    let set_aside =
        mashang::actions::release_mails(&mut tx, &app.service, app.clock.now(), &actor).await.expect("released");
    assert_eq!(set_aside, 3);
    let again = mashang::actions::release_mails(&mut tx, &app.service, app.clock.now(), &actor).await;
    assert!(again.is_err(), "once");
    tx.commit().await.expect("a commit");
    assert!(district.mails().await.is_empty(), "what waited is set aside");
    district.clock("2026-03-05T08:30");
    assert!(district.mails().await.is_empty());
    district.file("2026-03-18").await;
    let sent = district.mails().await;
    assert_eq!(sent.len(), 1, "the next violation is mailed as always");
    assert_eq!(sent[0].to, "jiwei@example.org");

    // One of those set aside is sent at a person's wish.
    let mut tx = app.db.write().await.expect("a transaction");
    let kept = mails::list(&mut tx, Some(MailState::Withheld), None, 10).await.expect("mails");
    assert_eq!(kept.len(), 3);
    mails::again(&mut tx, kept[0].mail.id, app.clock.now()).await.expect("again");
    tx.commit().await.expect("a commit");
    let sent = district.mails().await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].message_id, kept[0].mail.message_id);
}

#[tokio::test]
async fn an_administrator_sees_the_hold_and_releases_it_in_the_console() {
    let world = World::new().await;
    let mut admin = world.signed_in("admin").await;
    admin.get("/console/backups").await.expect(200, "还没有每夜备份").expect(200, "MASHANG_BACKUP_FOLDER");
    restored(&world.test).await;
    admin.get("/console/mails").await.expect(200, "邮件已暂停发送");
    let page = admin.get("/console/backups").await.expect(200, "邮件已暂停发送");
    assert!(page.text().contains("/console/backups/release"));
    admin.post_form("/console/backups/release", &[]).await.location();
    admin.post_form("/console/backups/release", &[]).await.location();
    assert!(!admin.get("/console/backups").await.text().contains("邮件已暂停发送"));
    let mut tx = world.test.app.db.read().await.expect("a connection");
    assert_eq!(backups::held(&mut tx).await.expect("read"), None);
    drop(tx);
    admin.get("/console/audit").await.expect(200, "放行邮件").expect(200, "从备份恢复");
}
