//! Events at different enterprises that judge the same agencies: on PostgreSQL they happen at once, and never wait for each other in a circle.

use crate::console::world::{FIRE, MARKET, World};
use chrono::NaiveDate;
use mashang::actions::{Actor, Target, cancel_filing};
use mashang::domain::id::{FilingId, PolicyId};
use mashang::domain::policy::{Policy, PolicyVersion};
use mashang::domain::violation::{RuleCode, Subject, ViolationState};
use mashang::storage::filings::Scope;
use mashang::storage::{registries, violations};
use uuid::Uuid;

/// A visit that was to end two days before the tests begin, and to which nobody came: overdue for FIL-08.
const LATE: &str = "03-01 09:00";

/// How often two events meet.
const ROUNDS: usize = 20;

/// Puts the policy of a new installation in force, from long ago.
async fn all_rules(world: &World) {
    let app = &world.test.app;
    let from = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date");
    let version = PolicyVersion::new(PolicyId(Uuid::from_u128(7)), from, Policy::for_installation());
    let mut tx = app.db.write().await.expect("a transaction");
    registries::insert_policy(&mut tx, &version, "", None, app.clock.now()).await.expect("a policy");
    registries::bump(&mut tx).await.expect("a bump");
    tx.commit().await.expect("a commit");
}

/// Cancels a filing, which is no longer overdue then.
async fn cancel(world: &World, id: FilingId) {
    let app = &world.test.app;
    let target = Target { id, scope: Scope::All, version: None, actor: &Actor::System };
    let mut tx = app.db.write().await.expect("a transaction");
    cancel_filing(&mut tx, &app.service, app.clock.now(), target, "企业停产").await.expect("cancelled");
    tx.commit().await.expect("a commit");
}

/// How many of these filings FIL-08 stands on.
async fn flagged(world: &World, filings: &[FilingId]) -> usize {
    let mut tx = world.test.app.db.read().await.expect("a connection");
    let mut flagged = 0;
    for id in filings {
        let all = violations::by_subject(&mut tx, Subject::Filing(*id)).await.expect("violations");
        flagged += all.iter().filter(|v| v.rule == RuleCode::Fil08 && v.state == ViolationState::Suspected).count();
    }
    flagged
}

#[tokio::test]
async fn events_at_two_enterprises_where_two_agencies_are_overdue_wait_for_each_other_in_one_order() {
    let world = World::new().await;
    all_rules(&world).await;
    // Both agencies are overdue at both enterprises, so that every event there judges both, beginning with its own.
    let mut fire = vec![world.file_at(0, FIRE, LATE).await, world.file_at(1, FIRE, LATE).await];
    let mut market = vec![world.file_at(0, MARKET, LATE).await, world.file_at(1, MARKET, LATE).await];
    let mut cancelled = 0;
    for round in 0..ROUNDS {
        let dice = world.test.app.service.ids.number();
        let (here, there) = if dice & 1 == 0 { (0, 1) } else { (1, 0) };
        let (mine, other) = if dice & 2 == 0 {
            tokio::join!(world.file_at(here, FIRE, LATE), world.file_at(there, MARKET, LATE))
        } else {
            let (other, mine) = tokio::join!(world.file_at(there, MARKET, LATE), world.file_at(here, FIRE, LATE));
            (mine, other)
        };
        fire.push(mine);
        market.push(other);
        if round % 2 == 1 {
            tokio::join!(cancel(&world, mine), cancel(&world, other));
            cancelled += 1;
        }
    }
    // The first two of an agency in a quarter are not flagged.
    assert_eq!(flagged(&world, &fire).await, fire.len() - cancelled - 2);
    assert_eq!(flagged(&world, &market).await, market.len() - cancelled - 2);
}
