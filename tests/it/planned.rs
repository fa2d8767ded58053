//! Filings that are worked out before their turn: written if nothing has changed meanwhile, and otherwise done anew; never judged by what was there
//! before, never half.

use crate::support::district::District;
use crate::support::filing::{FRIDAY, borrowed, fields, file, review};
use crate::support::{Database, TestApp, seed};
use mashang::actions::edit_records::note_site;
use mashang::domain::bell::{BellKind, BellState};
use mashang::domain::id::SiteId;
use mashang::domain::user::{AlertChoice, Office};
use mashang::domain::violation::Subject;
use mashang::storage::bells::{self, Bell};
use mashang::storage::filings::{self, Scope};
use mashang::storage::sites::{self, Site};
use mashang::storage::{Backend, Db, StorageError, Tx};

/// A day of the no-disturb days.
const QUIET_DAY: &str = "2026-03-16";

async fn count(db: &Db, sql: &'static str) -> i64 {
    let mut tx = db.read().await.expect("a connection");
    tx.fetch_one(sql, &[]).await.expect("a row").get("n").expect("a number")
}

async fn plan(db: &Db) -> Tx {
    db.plan().await.expect("a plan")
}

/// A database with a table `number` beside its own.
async fn with_numbers() -> Database {
    let database = Database::fresh().await;
    let mut tx = database.db.write().await.expect("a transaction");
    tx.execute("CREATE TABLE number (id BIGINT PRIMARY KEY, twice BIGINT)", &[]).await.expect("a table");
    tx.commit().await.expect("committed");
    database
}

fn in_turn<T>(done: &Result<T, StorageError>) -> bool {
    matches!(done, Err(StorageError::InTurn))
}

#[tokio::test]
async fn of_two_at_one_enterprise_the_one_that_was_slower_is_not_written() {
    let app = TestApp::empty().await;
    let d = District::of(&app).await;
    let db = &app.app.db;
    let (mut first, mut second) = (plan(db).await, plan(db).await);
    let quick = d.file_in(&mut first, QUIET_DAY).await;
    let slow = d.file_in(&mut second, QUIET_DAY).await;
    first.commit().await.expect("written");
    let audited = count(db, "SELECT COUNT(*) AS n FROM audit").await;
    assert!(in_turn(&second.commit().await), "it was judged without the other");
    let mut tx = db.read().await.expect("a connection");
    assert!(filings::get(&mut tx, quick, Scope::All).await.expect("read").is_some());
    assert!(filings::get(&mut tx, slow, Scope::All).await.expect("read").is_none());
    drop(tx);
    assert_eq!(count(db, "SELECT COUNT(*) AS n FROM audit").await, audited, "no part of it");
    let mut third = plan(db).await;
    d.file_in(&mut third, QUIET_DAY).await;
    third.commit().await.expect("what is worked out now rests on what is there now");
    assert_eq!(count(db, "SELECT COUNT(DISTINCT seq) AS n FROM filings").await, 2);
    assert_eq!(count(db, "SELECT version AS n FROM enterprises").await, 2, "once for each that was written");
}

#[tokio::test]
async fn a_plan_of_which_one_part_finds_no_row_is_not_written_at_all_and_the_next_one_is() {
    let database = with_numbers().await;
    let db = &database.db;
    for nobody in [7_i64, 1] {
        let mut tx = plan(db).await;
        tx.later("number", "INSERT INTO number (id) VALUES ($1)", &[2_i64.into()]).await.expect("put off");
        tx.later("number", "UPDATE number SET twice = 4 WHERE id = $1", &[nobody.into()]).await.expect("put off");
        tx.later("number", "INSERT INTO number (id) VALUES ($1)", &[3_i64.into()]).await.expect("put off");
        assert!(in_turn(&tx.commit().await));
        assert_eq!(count(db, "SELECT COUNT(*) AS n FROM number").await, 0);
    }
    let mut tx = plan(db).await;
    tx.later("number", "INSERT INTO number (id) VALUES ($1)", &[1_i64.into()]).await.expect("put off");
    tx.commit().await.expect("written");
    let mut tx = plan(db).await;
    tx.later("number", "INSERT INTO number (id) VALUES ($1)", &[2_i64.into()]).await.expect("put off");
    tx.later("number", "UPDATE number SET twice = 2 WHERE id = $1", &[1_i64.into()]).await.expect("put off");
    tx.commit().await.expect("written");
    assert_eq!(count(db, "SELECT CAST(SUM(id) + SUM(twice) AS BIGINT) AS n FROM number").await, 5);
}

#[tokio::test]
async fn a_plan_of_which_a_statement_failed_is_not_written() {
    let database = with_numbers().await;
    let mut tx = plan(&database.db).await;
    tx.later("number", "INSERT INTO number (id) VALUES ($1)", &[1_i64.into()]).await.expect("put off");
    tx.fetch_all("SELECT nothing FROM users", &[]).await.expect_err("no such column");
    assert!(in_turn(&tx.commit().await));
    assert_eq!(count(&database.db, "SELECT COUNT(*) AS n FROM number").await, 0);
}

#[tokio::test]
async fn the_site_of_a_filing_is_written_with_it() {
    let app = TestApp::empty().await;
    let d = District::of(&app).await;
    let db = &app.app.db;
    let site = Site {
        id: SiteId(uuid::Uuid::from_u128(1)),
        enterprise: d.enterprise,
        name: "二号厂房".to_owned(),
        town: String::new(),
        address: String::new(),
        active: true,
        created_at: app.app.clock.now(),
    };
    let mut tx = db.write().await.expect("a transaction");
    sites::insert(&mut tx, &site).await.expect("a site");
    tx.commit().await.expect("committed");
    let mut tx = plan(db).await;
    let id = d.file_in(&mut tx, QUIET_DAY).await;
    note_site(&mut tx, Subject::Filing(id), Some(site.id)).await.expect("put off");
    tx.commit().await.expect("written");
    let mut tx = db.read().await.expect("a connection");
    let noted = sites::of_filing(&mut tx, id).await.expect("read").expect("a site");
    assert_eq!(noted.name, site.name);
}

#[tokio::test]
async fn whoever_is_to_hear_of_it_is_told_with_it() {
    let app = TestApp::empty().await;
    let d = District::of(&app).await;
    d.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::AnyHour, "zh-CN").await;
    let db = &app.app.db;
    let bell = Bell {
        id: uuid::Uuid::from_u128(1),
        kind: BellKind::WeCom,
        name: "督查组".to_owned(),
        host: "bell.invalid".to_owned(),
        sealed: Vec::new(),
        office: None,
        state: BellState::Active,
        created_by: None,
        created_at: app.app.clock.now(),
        version: 1,
    };
    let mut tx = db.write().await.expect("a transaction");
    bells::insert(&mut tx, &bell).await.expect("a bell");
    tx.commit().await.expect("committed");
    let mut tx = plan(db).await;
    d.file_in(&mut tx, QUIET_DAY).await;
    tx.commit().await.expect("written");
    for told in [
        "SELECT COUNT(*) AS n FROM mails",
        "SELECT COUNT(*) AS n FROM alerts",
        "SELECT COUNT(*) AS n FROM bell_messages",
    ] {
        assert_eq!(count(db, told).await, 1, "{told}");
    }
}

#[tokio::test]
async fn a_plan_cannot_read_what_it_is_to_write_nor_write_what_it_cannot_put_off() {
    let app = TestApp::empty().await;
    let d = District::of(&app).await;
    let mut tx = plan(&app.app.db).await;
    let id = d.file_in(&mut tx, QUIET_DAY).await;
    assert!(in_turn(&filings::get(&mut tx, id, Scope::All).await), "it would not find it");
    assert!(in_turn(&tx.execute("DELETE FROM sessions", &[]).await));
    assert!(in_turn(&tx.fetch_all("UPDATE sessions SET user_id = user_id RETURNING user_id", &[]).await));
    tx.fetch_all("SELECT user_id FROM sessions", &[]).await.expect("what else is there can be read");
    tx.commit().await.expect("written");
    assert_eq!(seed::filings_at(&app, d.enterprise).await, 1);
}

#[tokio::test]
async fn nothing_is_written_of_a_plan_that_is_dropped_or_taken_back() {
    let app = TestApp::empty().await;
    let d = District::of(&app).await;
    let mut tx = plan(&app.app.db).await;
    d.file_in(&mut tx, QUIET_DAY).await;
    drop(tx);
    let mut tx = plan(&app.app.db).await;
    d.file_in(&mut tx, QUIET_DAY).await;
    tx.rollback().await.expect("taken back");
    assert_eq!(seed::filings_at(&app, d.enterprise).await, 0);
}

#[tokio::test]
async fn who_goes_away_before_their_turn_leaves_nothing_and_keeps_nobody_waiting() {
    let app = TestApp::empty().await;
    // PostgreSQL may have begun to write it at once.
    if app.app.db.backend() == Backend::Postgres {
        return;
    }
    let d = District::of(&app).await;
    let turn = app.app.db.write_shared().await.expect("a turn");
    let mut tx = plan(&app.app.db).await;
    d.file_in(&mut tx, QUIET_DAY).await;
    let goes = tokio::spawn(tx.commit());
    tokio::task::yield_now().await;
    goes.abort();
    assert!(goes.await.expect_err("gone").is_cancelled());
    turn.commit().await.expect("committed");
    let mut tx = plan(&app.app.db).await;
    d.file_in(&mut tx, QUIET_DAY).await;
    tx.commit().await.expect("written");
    assert_eq!(seed::filings_at(&app, d.enterprise).await, 1);
}

#[tokio::test]
async fn a_plan_that_a_constraint_refuses_takes_no_other_with_it() {
    let database = with_numbers().await;
    let db = &database.db;
    let turn = db.write_shared().await.expect("a turn");
    let mut waiting = Vec::new();
    for id in [1_i64, 1, 2] {
        let mut tx = plan(db).await;
        for part in [10, 20] {
            let put_off = tx.later("number", "INSERT INTO number (id) VALUES ($1)", &[(id + part).into()]).await;
            put_off.expect("put off");
        }
        waiting.push(tokio::spawn(tx.commit()));
        tokio::task::yield_now().await;
    }
    turn.commit().await.expect("committed");
    let mut ended = Vec::new();
    for plan in waiting {
        ended.push(plan.await.expect("no panic"));
    }
    let refused = |error: &StorageError| matches!(error, StorageError::Inline(_) | StorageError::Database(_));
    assert!(matches!(&ended[..], [Ok(()), Err(error), Ok(())] if refused(error)), "{ended:?}");
    assert_eq!(count(db, "SELECT COUNT(*) AS n FROM number").await, 4);
}

#[tokio::test]
async fn phones_at_one_enterprise_at_the_same_moment_are_all_taken_each_judged_with_those_before() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    file(&app, &mut phone, FRIDAY).await;
    let mut sends = Vec::new();
    for n in 0..16 {
        let mut form = fields(&app, FRIDAY);
        for (name, value) in &mut form {
            if name == "submission" {
                *value = uuid::Uuid::from_u128(500 + n).to_string();
            }
        }
        let sent = review(&mut phone, &path, &form).await;
        let (mut phone, path) = (phone.clone(), path.clone());
        sends.push(tokio::spawn(async move { phone.post_form(&path, &borrowed(&sent)).await.location() }));
    }
    for send in sends {
        let receipt = send.await.expect("no panic");
        phone.get(&receipt).await.expect(200, "李芳");
    }
    let db = &app.app.db;
    assert_eq!(count(db, "SELECT COUNT(DISTINCT seq) AS n FROM filings").await, 17);
    // Each but the first repeats all that were filed before it.
    assert_eq!(count(db, "SELECT COUNT(*) AS n FROM violations WHERE rule = 'DUP-01'").await, 16);
    let mut tx = db.read().await.expect("a connection");
    let rows = tx.fetch_all("SELECT evidence FROM violations WHERE rule = 'DUP-01'", &[]).await.expect("rows");
    let mut others: Vec<usize> =
        rows.iter().map(|row| row.json::<Vec<uuid::Uuid>>("evidence").expect("a list").len()).collect();
    others.sort_unstable();
    assert_eq!(others, (1..=16).collect::<Vec<_>>());
}
