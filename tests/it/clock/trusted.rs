//! A clock that ran ten years ahead and was set right: in doubt until somebody says that it is right, and then as before.

use super::{at, file, id_of, raised, stored};
use crate::console::world::{FIRE, World};
use crate::support::TestApp;
use crate::support::district::District;
use crate::support::filing::QUIET;
use chrono::TimeDelta;
use mashang::actions::{Actor, trust_clock};
use mashang::domain::reporter::HeldState;
use mashang::domain::user::{AlertChoice, Office};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::mail::{Mailer, Memory};
use mashang::storage::held_requests::{self, Held};
use mashang::storage::{audit, leases};
use uuid::Uuid;

/// How many mails go out when the jobs run now.
async fn mails(world: &World) -> usize {
    let app = &world.test.app;
    jobs::run_due(app, app.clock.now()).await.expect("what is due");
    let memory = Memory::default();
    jobs::deliver_everything(app, &Mailer::Memory(memory.clone())).await.expect("delivered");
    memory.take().len()
}

/// Says that the clock is right; whether that changed anything.
async fn trust(world: &World) -> bool {
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    let trusted = trust_clock(&mut tx, &app.service, app.clock.now(), &Actor::System).await.expect("taken");
    tx.commit().await.expect("a commit");
    trusted.is_some()
}

#[tokio::test]
async fn once_somebody_says_that_the_clock_is_right_all_goes_on_as_before() {
    let world = World::new().await;
    let app = &world.test.app;
    let right = app.clock.now();
    assert!(!trust(&world).await, "nothing is in doubt yet");

    app.clock.set(at("2036-03-03 10:00"));
    world.file(FIRE, "03-15 10:00").await;
    let mut tx = app.db.write().await.expect("a transaction");
    let ahead = app.clock.now();
    assert!(
        leases::acquire(&mut tx, "work", Uuid::from_u128(1), ahead, ahead + TimeDelta::minutes(2)).await.expect("held")
    );
    tx.commit().await.expect("a commit");

    app.clock.set(right + TimeDelta::hours(1));
    let mut phone = world.test.inspector("陈小明").await;
    let filing = id_of(&file(&world.test, &mut phone, 1, QUIET).await);
    assert!(stored(&world.test, filing).await.clock_doubtful);
    assert_eq!(mails(&world).await, 0, "nobody is accused, and what is to go out was put off for ten years");
    assert_eq!(raised(&world.test, Subject::Filing(filing)).await, []);

    assert!(trust(&world).await);
    assert!(!trust(&world).await, "said once");
    let mut tx = app.db.write().await.expect("a transaction");
    let now = app.clock.now();
    assert!(audit::newest(&mut tx).await.expect("read").expect("entries") <= now);
    assert!(
        leases::acquire(&mut tx, "work", Uuid::from_u128(2), now, now + TimeDelta::minutes(2)).await.expect("free")
    );
    tx.commit().await.expect("a commit");
    assert!(mails(&world).await > 0, "of the filing that is judged now, and of the one by the wrong clock");
    assert_eq!(raised(&world.test, Subject::Filing(filing)).await, [RuleCode::Ndd01]);
    let mut supervisor = world.signed_in("discipline").await;
    supervisor.get("/console/dashboard").await.expect(200, "正常");
    supervisor.get(&format!("/console/filings/{filing}")).await.expect(200, "服务器时钟存疑");

    // A clock that falls behind after that is doubted as ever.
    world.file(FIRE, "03-16 10:00").await;
    app.clock.advance(TimeDelta::hours(-2));
    let later = world.file(FIRE, "03-17 10:00").await;
    assert!(stored(&world.test, later).await.clock_doubtful);
}

#[tokio::test]
async fn two_faults_of_the_clock_are_each_no_measure() {
    let world = World::new().await;
    let app = &world.test.app;
    let right = app.clock.now();
    for (wrong, hours) in [("2030-01-01 10:00", 1), ("2036-03-03 10:00", 2)] {
        app.clock.set(at(wrong));
        world.file(FIRE, "03-15 10:00").await;
        app.clock.set(right + TimeDelta::hours(hours));
        assert!(trust(&world).await, "{wrong}");
    }
    let filing = world.file(FIRE, "03-16 10:00").await;
    assert!(!stored(&world.test, filing).await.clock_doubtful);
}

#[tokio::test]
async fn a_digest_that_the_wrong_clock_put_off_comes_the_next_working_morning() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Digest, "zh-CN").await;
    // Tuesday; the digest of the morning after.
    district.file("2026-03-16").await;
    district.clock("2036-03-03T23:00");
    district.file("2036-03-18").await;
    assert!(district.mails().await.is_empty(), "at night all wait for the morning, ten years from now");
    district.clock("2026-03-04T07:00");
    let mut tx = test.app.db.write().await.expect("a transaction");
    let now = test.app.clock.now();
    trust_clock(&mut tx, &test.app.service, now, &Actor::System).await.expect("taken").expect("a fault");
    tx.commit().await.expect("a commit");
    assert!(district.mails().await.is_empty(), "it is not morning yet");
    district.clock("2026-03-04T08:30");
    let mails = district.mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].text.matches("/console/violations/").count(), 2, "{}", mails[0].text);
}

#[tokio::test]
async fn a_request_that_the_wrong_clock_held_leaves_with_the_next_batch_and_what_leaves_sooner_stays() {
    let (mut held, until) = (Vec::new(), at("2026-03-06 18:00"));
    let world = World::new().await;
    let app = &world.test.app;
    let mut tx = app.db.write().await.expect("a transaction");
    for (n, leaves) in [(1, at("2036-03-05 16:00")), (2, at("2026-03-03 16:00"))] {
        let agency = world.test.seed.agencies[FIRE];
        let one = Held {
            id: Uuid::from_u128(n),
            agency,
            state: HeldState::Held,
            held_by: world.users[0],
            holder: String::new(),
            release_at: leaves,
        };
        held_requests::insert(&mut tx, &one, &[], app.clock.now()).await.expect("held");
        held.push(one.id);
    }
    held_requests::bring_forward(&mut tx, at("2036-01-01 00:00"), until).await.expect("brought forward");
    let mut leaves = Vec::new();
    for id in held {
        leaves.push(held_requests::get(&mut tx, id).await.expect("read").expect("held").release_at);
    }
    assert_eq!(leaves, [until, at("2026-03-03 16:00")]);
}
