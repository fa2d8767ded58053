//! An import is read and compared beside those who write, and written only if what it rests on is still so.

use super::{HEADER, Office, code, row};
use chrono::{DateTime, Utc};
use mashang::actions::import_registry::{Import, Limits, Registry, Summary, import_registry};
use mashang::actions::imports::{Confirm, Confirmed, apply_import};
use mashang::actions::{Actor, Progress};
use mashang::app::App;
use mashang::domain::id::EnterpriseId;
use mashang::domain::import::ImportState;
use mashang::storage::enterprises::{self, EnterpriseRecord};
use mashang::storage::{Tx, registries, registry_activity};
use std::time::Duration;

async fn taken_over(app: &App, registry: Registry, file: &str) -> Summary {
    let import =
        Import { registry, name: "", bytes: file.as_bytes(), limits: Limits::COMMAND, skip_bad: false, dry_run: false };
    let done = import_registry(&app.db, &app.service, app.clock.now(), &Actor::System, &import).await;
    done.expect("the store works").expect("a table")
}

fn new(number: u32, name: &str, now: DateTime<Utc>) -> EnterpriseRecord {
    EnterpriseRecord {
        id: EnterpriseId(uuid::Uuid::from_u128(number.into())),
        uscc: code(number),
        name: name.to_owned(),
        town: String::new(),
        address: String::new(),
        industry: String::new(),
        credit_class: None,
        tags: Vec::new(),
        email: String::new(),
        search: String::new(),
        pin_hash: None,
        active: true,
        created_at: now,
    }
}

/// A transaction that holds up every import, on both databases.
async fn holding(app: &App) -> Tx {
    let mut tx = app.db.write().await.expect("a transaction");
    registry_activity::lock(&mut tx).await.expect("locked");
    tx
}

/// Lets an import come as far as the lock, then commits what it could not see when it read. Should it be slower than that, it sees it at once,
/// and comes to the same end.
async fn commit_later(tx: Tx) {
    tokio::time::sleep(Duration::from_millis(500)).await;
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn what_changes_nothing_waits_for_nobody() {
    let mut office = Office::new().await;
    let file = format!("{HEADER}{}", row(1, "甲公司", "陶家镇"));
    office.import("enterprises", &file).await;
    let app = &office.world.test.app;
    let tx = holding(app).await;
    assert_eq!(taken_over(app, Registry::Enterprises, &file).await.unchanged, 1);
    tx.rollback().await.expect("rolled back");
}

#[tokio::test]
async fn a_command_compares_again_with_what_came_in_between() {
    let office = Office::new().await;
    let app = &office.world.test.app;
    let mut tx = holding(app).await;
    enterprises::insert(&mut tx, &new(1, "甲公司", app.clock.now())).await.expect("entered");
    let file = format!("{HEADER}{}", row(1, "甲有限公司", "陶家镇"));
    let (done, ()) = tokio::join!(taken_over(app, Registry::Enterprises, &file), commit_later(tx));
    assert_eq!((done.new, done.changed, done.written), (0, 1, true));
    assert_eq!(office.enterprise(1).await.expect("stored").name, "甲有限公司");
    // The same of the registries that rules look up: by their version.
    let mut tx = holding(app).await;
    registries::bump(&mut tx).await.expect("raised");
    let matters = "单位名称,事项名称,公布日期\n青禾区消防救援大队,安全检查,2024-01-01\n";
    let (done, ()) = tokio::join!(taken_over(app, Registry::Matters, matters), commit_later(tx));
    assert_eq!((done.new, done.written), (1, true));
    assert_eq!(taken_over(app, Registry::Matters, matters).await.unchanged, 1);
}

/// What becomes of a confirmed import if somebody has done something by the time that it could be written.
async fn applied(office: &Office, page: &str, absent: Option<u64>, tx: Tx) -> Confirmed {
    let record = office.record(page).await;
    let confirm = Confirm { import: record.id, digest: record.digest, skip_bad: false, absent };
    let (app, progress) = (&office.world.test.app, Progress::default());
    let apply = apply_import(&app.db, &app.service, app.clock.now(), &Actor::System, &confirm, &progress);
    let (done, ()) = tokio::join!(apply, commit_later(tx));
    done.expect("the store works")
}

#[tokio::test]
async fn what_was_confirmed_is_shown_again_if_one_of_its_enterprises_has_changed() {
    let mut office = Office::new().await;
    office.import("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "陶家镇"))).await;
    let page = office.sent("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "二郎街道"))).await;
    let mut tx = holding(&office.world.test.app).await;
    let mut stored = office.enterprise(1).await.expect("stored");
    "甲老公司".clone_into(&mut stored.name);
    enterprises::update(&mut tx, &stored).await.expect("changed");
    let Confirmed::Stale(record) = applied(&office, &page, None, tx).await else { panic!("it was written") };
    assert_eq!((record.state, record.stale, record.counts.changed), (ImportState::Previewed, true, 1));
    assert_eq!(office.enterprise(1).await.expect("stored").town, "陶家镇", "nothing was written");
    // What the file does not name may change.
    let mut tx = holding(&office.world.test.app).await;
    enterprises::insert(&mut tx, &new(2, "乙公司", office.world.test.app.clock.now())).await.expect("entered");
    let Confirmed::Applied(_) = applied(&office, &page, None, tx).await else { panic!("it was not written") };
    let now = office.enterprise(1).await.expect("stored");
    assert_eq!((now.town.as_str(), now.name.as_str()), ("二郎街道", "甲公司"));
}

#[tokio::test]
async fn who_came_in_between_is_not_among_the_absent() {
    let mut office = Office::new().await;
    office.import("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "陶家镇"))).await;
    let page = office.sent("enterprises", &format!("{HEADER}{}", row(1, "甲公司", "二郎街道"))).await;
    let absent = office.record(&page).await.counts.absent;
    let mut tx = holding(&office.world.test.app).await;
    enterprises::insert(&mut tx, &new(2, "乙公司", office.world.test.app.clock.now())).await.expect("entered");
    let Confirmed::Stale(record) = applied(&office, &page, Some(absent), tx).await else { panic!("it was written") };
    assert_eq!(record.counts.absent, absent + 1);
    assert!(office.enterprise(2).await.expect("stored").active, "it was never shown");
}
