//! The invitation to confirm and rate: after every visit, the same for all, some hours later, to enterprises only.

use super::reported;
use crate::console::world::{FIRE, World, at};
use mashang::actions::{Actor, Target, arrive, cancel_filing, leave};
use mashang::domain::id::FilingId;
use mashang::jobs;
use mashang::mail::{Letter, Mailer, Memory};
use mashang::storage::enterprises;
use mashang::storage::filings::Scope;

const ADDRESS: &str = "boss@qh-jx.example";

/// The world in which enterprise 0 has an address.
async fn world() -> World {
    let world = World::new().await;
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let mut record = enterprises::get(&mut tx, world.test.seed.enterprises[0].0).await.expect("read").expect("there");
    ADDRESS.clone_into(&mut record.email);
    enterprises::update(&mut tx, &record).await.expect("changed");
    tx.commit().await.expect("a commit");
    world
}

async fn step(world: &World, id: FilingId, at_time: &str, leaving: bool) {
    let app = &world.test.app;
    app.clock.set(at(at_time));
    let target = Target { id, scope: Scope::All, version: None, actor: &Actor::System };
    let mut tx = app.db.write().await.expect("a transaction");
    let now = app.clock.now();
    let done = if leaving {
        leave(&mut tx, &app.service, now, target).await
    } else {
        arrive(&mut tx, &app.service, now, target).await
    };
    done.expect("done");
    tx.commit().await.expect("a commit");
}

/// What is sent to the enterprise when the clock stands at this instant.
async fn letters(world: &World, at_time: &str) -> Vec<Letter> {
    let app = &world.test.app;
    app.clock.set(at(at_time));
    let memory = Memory::default();
    jobs::run_due(app, app.clock.now()).await.expect("what is due");
    jobs::deliver_everything(app, &Mailer::Memory(memory.clone())).await.expect("delivered");
    memory.take().into_iter().map(|d| d.letter).filter(|letter| letter.to == ADDRESS).collect()
}

#[tokio::test]
async fn every_visit_is_followed_by_one_invitation_four_hours_after_leaving() {
    let world = world().await;
    let filing = world.file(FIRE, "03-03 10:30").await;
    step(&world, filing, "03-03 10:30", false).await;
    step(&world, filing, "03-03 11:00", true).await;
    assert_eq!(letters(&world, "03-03 14:59").await.len(), 0);
    let sent = letters(&world, "03-03 15:00").await;
    assert_eq!(sent.len(), 1);
    let letter = &sent[0];
    assert!(letter.subject.contains("请核对并评价") && letter.text.contains("/i/"), "{}", letter.text);
    for hidden in [FIRE, "青禾精密机械", "消防"] {
        assert!(!format!("{}{}{}", letter.subject, letter.text, letter.html).contains(hidden), "{hidden}");
    }
    let link = letter.text.split_whitespace().find(|word| word.starts_with("http")).expect("a link");
    let path = link.strip_prefix("http://mashang.test").expect("our host");
    world.test.client().get(path).await.expect(200, "青禾精密机械有限公司").expect(200, "/rate");
    assert_eq!(letters(&world, "03-04 10:00").await.len(), 0, "once");
}

#[tokio::test]
async fn a_report_changes_nothing_of_it_and_nobody_is_invited_to_a_visit_that_was_none() {
    for report in [false, true] {
        let world = world().await;
        let filing = world.file(FIRE, "03-03 14:00").await;
        let cancelled = world.file(FIRE, "03-04 14:00").await;
        if report {
            reported(&world, &[1]).await;
        }
        let app = &world.test.app;
        let mut tx = app.db.write().await.expect("a transaction");
        let target = Target { id: cancelled, scope: Scope::All, version: None, actor: &Actor::System };
        cancel_filing(&mut tx, &app.service, app.clock.now(), target, "人手不足").await.expect("cancelled");
        tx.commit().await.expect("a commit");
        assert_eq!(letters(&world, "03-03 20:30").await.len(), 0, "nobody has come");
        // They came and never said that they left: the planned end counts, and no mail comes at night.
        let other = world.file(FIRE, "03-05 18:00").await;
        step(&world, other, "03-05 18:10", false).await;
        assert_eq!(letters(&world, "03-05 23:59").await.len(), 0);
        assert_eq!(letters(&world, "03-06 08:59").await.len(), 0);
        assert_eq!(letters(&world, "03-06 09:00").await.len(), 1);
        let _ = filing;
    }
}

#[tokio::test]
async fn an_invitation_that_is_a_week_late_is_not_sent() {
    let world = world().await;
    let filing = world.file(FIRE, "03-03 10:30").await;
    step(&world, filing, "03-03 10:30", false).await;
    step(&world, filing, "03-03 11:00", true).await;
    assert_eq!(letters(&world, "03-10 11:00").await.len(), 0);
    assert_eq!(letters(&world, "03-10 12:00").await.len(), 0);
}
