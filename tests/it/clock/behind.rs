//! A clock that is behind: what comes is taken and marked, nobody is accused, and all is judged when it has caught up.

use super::{at, file, id_of, raised, stored};
use crate::console::world::{FIRE, MARKET, World};
use crate::support::filing::QUIET;
use chrono::{DateTime, TimeDelta, Utc};
use mashang::domain::violation::{RuleCode, Subject};
use mashang::jobs;
use mashang::mail::{Letter, Mailer, Memory};
use mashang::storage::reports;

/// When the tests begin.
const START: &str = "2026-03-03 10:00";

/// What goes out when the jobs run now.
async fn mails(world: &World) -> Vec<Letter> {
    let app = &world.test.app;
    jobs::run_due(app, app.clock.now()).await.expect("what is due");
    let memory = Memory::default();
    jobs::deliver_everything(app, &Mailer::Memory(memory.clone())).await.expect("delivered");
    memory.take().into_iter().map(|delivered| delivered.letter).collect()
}

#[tokio::test]
async fn two_hours_behind_all_is_taken_and_marked_nobody_is_accused_and_it_is_caught_up_later() {
    let world = World::new().await;
    let app = &world.test;
    world.file(FIRE, "03-15 10:00").await;
    assert!(!mails(&world).await.is_empty(), "with a right clock the supervisors are told");
    app.app.clock.advance(TimeDelta::hours(-2));

    let mut phone = app.inspector("陈小明").await;
    let receipt = file(app, &mut phone, 1, QUIET).await;
    phone.get(&receipt).await.expect(200, "报备成功");
    let filing = id_of(&receipt);
    assert!(stored(app, filing).await.clock_doubtful);
    let report = world.report(Some(MARKET), "02-20 09:00", &[3]).await;
    let mut tx = app.app.db.read().await.expect("a connection");
    assert!(reports::get(&mut tx, report).await.expect("read").expect("a report").clock_doubtful);
    drop(tx);

    // The deadlines of the report are long over, and still: nothing, in the database or in the mail, until the clock is right.
    for _ in 0..3 {
        assert_eq!(mails(&world).await.len(), 0);
        assert_eq!(raised(app, Subject::Filing(filing)).await, []);
        assert_eq!(raised(app, Subject::Report(report)).await, []);
        app.app.clock.advance(TimeDelta::minutes(30));
    }
    let mut supervisor = world.signed_in("discipline").await;
    supervisor.get(&format!("/console/filings/{filing}")).await.expect(200, "服务器时钟存疑，没有自动判断");
    let marked = supervisor.get("/console/filings?mark=doubtful").await.expect(200, &filing.to_string());
    assert_eq!(marked.text().matches("href=\"/console/filings/").count(), 1, "the one filing, and not the other");
    supervisor.get("/console/dashboard").await.expect(200, "时钟落后，暂停自动判断");

    app.app.clock.set(at(START) + TimeDelta::minutes(1));
    let told = mails(&world).await;
    assert!(!told.is_empty());
    assert_eq!(raised(app, Subject::Filing(filing)).await, [RuleCode::Ndd01]);
    let rules = raised(app, Subject::Report(report)).await;
    assert!(rules.contains(&RuleCode::Int01) && rules.contains(&RuleCode::Fil04), "{rules:?}");
    let mut supervisor = world.signed_in("discipline").await;
    supervisor.get("/console/dashboard").await.expect(200, "正常");
}

/// Whether a filing is marked that comes in by a clock that is so much behind the newest entry.
async fn doubted(behind: TimeDelta) -> bool {
    let world = World::new().await;
    world.test.app.clock.advance(-behind);
    let filing = world.file(FIRE, "03-15 10:00").await;
    let doubtful = stored(&world.test, filing).await.clock_doubtful;
    assert_eq!(raised(&world.test, Subject::Filing(filing)).await.is_empty(), doubtful, "raised unless it is doubted");
    doubtful
}

#[tokio::test]
async fn ten_minutes_behind_are_the_end_of_what_is_not_doubted() {
    assert!(!doubted(TimeDelta::minutes(10)).await);
    assert!(doubted(TimeDelta::minutes(10) + TimeDelta::milliseconds(1)).await);
}

#[tokio::test]
async fn nobody_is_signed_out_or_locked_out_by_a_clock_that_goes_back() {
    let world = World::new().await;
    let mut supervisor = world.signed_in("reform").await;
    let mut phone = world.test.inspector("陈小明").await;
    let start: DateTime<Utc> = world.test.app.clock.now();
    world.test.app.clock.advance(TimeDelta::hours(-2));
    supervisor.get("/console/filings").await.expect(200, "周敏");
    phone.get(&format!("/e/{}/file", world.test.token(0))).await.expect(200, "入企报备");
    world.signed_in("fire").await.get("/console/filings").await.expect(200, "联络员甲");
    world.test.app.clock.set(start);
    supervisor.get("/console/filings").await.expect(200, "周敏");
    phone.get(&format!("/e/{}/file", world.test.token(0))).await.expect(200, "入企报备");
}
