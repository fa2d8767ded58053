//! The daily sums: exact before and after they are folded, whatever happens to a filing, and checked at night.

use crate::console::world::{FIRE, MARKET, World, at};
use chrono::{NaiveDate, TimeDelta};
use mashang::actions::{Actor, AmendFiling, Target, amend_filing, arrive, cancel_filing};
use mashang::domain::figures::Sums;
use mashang::domain::id::FilingId;
use mashang::jobs;
use mashang::storage::filings::Scope;
use mashang::storage::{figure_days, figures};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// The sums of March 2026 by day.
async fn march(world: &World) -> Vec<(NaiveDate, Sums)> {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    figure_days::by_day(&mut tx, (day("2026-03-01"), day("2026-03-31"))).await.expect("sums")
}

async fn fold(world: &World) -> u64 {
    jobs::fold_figures(&world.test.app).await.expect("folded")
}

/// The sums as they are, then folded, which must change nothing.
async fn same_before_and_after(world: &World) -> Vec<(NaiveDate, Sums)> {
    let before = march(world).await;
    assert!(fold(world).await > 0, "something had changed");
    assert_eq!(fold(world).await, 0, "and is folded");
    assert_eq!(march(world).await, before);
    before
}

const fn target(id: FilingId) -> Target<'static> {
    Target { id, scope: Scope::All, version: None, actor: &Actor::System }
}

#[tokio::test]
async fn sums_follow_a_filing_that_is_filed_moved_arrived_at_and_cancelled() {
    let world = World::new().await;
    let app = &world.test.app;
    let first = world.file(FIRE, "03-04 10:00").await;
    world.file(MARKET, "03-04 15:00").await;
    let sums = same_before_and_after(&world).await;
    assert_eq!(sums, [(day("2026-03-04"), Sums { filed: 2, ..Sums::default() })]);

    let moved = AmendFiling { planned: Some((at("03-05 10:00"), at("03-05 12:00"))), ..AmendFiling::default() };
    let mut tx = app.db.write().await.expect("a transaction");
    amend_filing(&mut tx, &app.service, app.clock.now(), target(first), moved).await.expect("moved");
    tx.commit().await.expect("a commit");
    let one = Sums { filed: 1, ..Sums::default() };
    assert_eq!(same_before_and_after(&world).await, [(day("2026-03-04"), one), (day("2026-03-05"), one)]);

    app.clock.set(at("03-05 10:05"));
    let mut tx = app.db.write().await.expect("a transaction");
    arrive(&mut tx, &app.service, app.clock.now(), target(first)).await.expect("arrived");
    tx.commit().await.expect("a commit");
    let arrived = Sums { filed: 1, arrived: 1, undone: 1, ..Sums::default() };
    assert_eq!(same_before_and_after(&world).await, [(day("2026-03-04"), one), (day("2026-03-05"), arrived)]);

    let second = world.file(MARKET, "03-06 15:00").await;
    let mut tx = app.db.write().await.expect("a transaction");
    cancel_filing(&mut tx, &app.service, app.clock.now(), target(second), "企业停产检修").await.expect("cancelled");
    tx.commit().await.expect("a commit");
    let cancelled = Sums { filed: 1, cancelled: 1, ..Sums::default() };
    assert_eq!(same_before_and_after(&world).await[2], (day("2026-03-06"), cancelled));
}

#[tokio::test]
async fn visits_of_a_year_at_an_enterprise_are_the_same_before_and_after_folding() {
    let world = World::new().await;
    world.file(FIRE, "03-04 10:00").await;
    world.file(MARKET, "03-05 15:00").await;
    let year = (2026, day("2026-01-01"), day("2026-12-31"));
    for folded in [false, true] {
        if folded {
            fold(&world).await;
        }
        let mut tx = world.test.app.db.read().await.expect("a connection");
        let busiest = figures::busiest(&mut tx, year, 5).await.expect("the busiest");
        assert_eq!(busiest.len(), 1);
        assert_eq!((busiest[0].visits, busiest[0].enterprise), (2, world.test.seed.enterprises[0].0));
    }
}

#[tokio::test]
async fn the_nightly_check_finds_no_difference_and_mends_one_if_there_is() {
    let world = World::new().await;
    let app = &world.test.app;
    world.file(FIRE, "03-04 10:00").await;
    fold(&world).await;
    let check = jobs::check_figures(app, app.clock.now()).await.expect("checked").expect("it is after three");
    // A day of an agency, the year of the enterprise, and a line of violations: it was filed one day before.
    assert_eq!((check.cells, check.differing, check.rebuilt), (3, 0, false));
    assert_eq!(jobs::check_figures(app, app.clock.now()).await.expect("checked"), None, "once a day");

    // A filing that no mark knows of: its mark is folded away as if the job had been cut short at the worst moment.
    world.file(MARKET, "03-04 10:00").await;
    let honest = march(&world).await;
    let mut tx = app.db.write().await.expect("a transaction");
    assert_eq!(figure_days::fold(&mut tx, 10).await.expect("folded"), 1);
    figure_days::forget(&mut tx, (day("2026-03-04"), world.test.seed.agencies[MARKET])).await.expect("forgotten");
    tx.commit().await.expect("a commit");
    assert_ne!(march(&world).await, honest);
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(jobs::check_figures(app, app.clock.now()).await.expect("checked"), None);
    app.clock.advance(TimeDelta::days(1));
    let check = jobs::check_figures(app, app.clock.now()).await.expect("checked").expect("a new day");
    assert_eq!((check.differing, check.rebuilt), (1, true));
    assert_eq!(march(&world).await, honest);
}
