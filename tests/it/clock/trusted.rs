//! A clock that ran ten years ahead and was set right: in doubt until somebody says that it is right, and then as before.

use super::{at, file, id_of, raised, stored};
use crate::console::world::{FIRE, World};
use crate::support::filing::QUIET;
use chrono::TimeDelta;
use mashang::actions::{Actor, trust_clock};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::mail::{Mailer, Memory};
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
