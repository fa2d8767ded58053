//! What happens when the database cannot at once: busy is told as busy, a lease that is lost amid the work ends it, and a connection on which a
//! statement failed is not used again.

use crate::support::district::{District, at};
use crate::support::filing::{FRIDAY, borrowed, fields, review};
use crate::support::{Database, TestApp, seed};
use chrono::TimeDelta;
use mashang::domain::user::{AlertChoice, Office};
use mashang::jobs;
use mashang::storage::{Backend, Db, Tx, leases};
use uuid::Uuid;

/// As many transactions as one process can have: one on SQLite.
async fn every_writer(db: &Db) -> Vec<Tx> {
    let most = if db.backend() == Backend::Sqlite { 1 } else { 8 };
    let mut held = Vec::new();
    for _ in 0..most {
        held.push(db.write().await.expect("a transaction"));
    }
    held
}

#[tokio::test]
async fn while_all_writers_are_taken_a_filing_is_answered_with_503_and_soon_after_it_is_taken() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let sent = review(&mut phone, &path, &fields(&app, FRIDAY)).await;
    let held = every_writer(&app.app.db).await;
    let answer = phone.post_form(&path, &borrowed(&sent)).await.expect(503, "");
    assert_eq!(answer.header("retry-after"), "1");
    drop(held);
    assert_eq!(seed::filings_at(&app, app.seed.enterprises[0].0).await, 0, "nothing of what was refused is stored");
    phone.submit(&path, &borrowed(&sent)).await.expect(200, "报备成功");
    assert_eq!(seed::filings_at(&app, app.seed.enterprises[0].0).await, 1);
}

/// From the first enterprise that is judged on, the lease is another process's for an hour.
async fn steal_the_lease_amid_the_work(tx: &mut Tx, backend: Backend) {
    let statements: &[&'static str] = match backend {
        Backend::Sqlite => &["CREATE TRIGGER thief AFTER UPDATE OF next_change_at ON enterprises BEGIN
                UPDATE leases SET holder = x'00000000000000000000000000000009', leased_until = '2026-03-04T09:30:00.000+00:00'
                WHERE name = 'deadlines';
            END"],
        Backend::Postgres => &[
            "CREATE FUNCTION steal() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
                UPDATE leases SET holder = '00000000-0000-0000-0000-000000000009', leased_until = '2026-03-04T09:30:00Z'
                WHERE name = 'deadlines';
                RETURN NEW;
            END $$",
            "CREATE TRIGGER thief AFTER UPDATE OF next_change_at ON enterprises FOR EACH ROW EXECUTE FUNCTION steal()",
        ],
    };
    for statement in statements {
        tx.execute(statement, &[]).await.expect("a trigger");
    }
}

async fn count(test: &TestApp, sql: &'static str) -> i64 {
    let mut tx = test.app.db.read().await.expect("a connection");
    tx.fetch_one(sql, &[]).await.expect("a count").get("n").expect("a number")
}

const MAILS: &str = "SELECT COUNT(*) AS n FROM mails";
const OVERDUE: &str = "SELECT COUNT(*) AS n FROM enterprises WHERE next_change_at < '2026-03-02T00:00:00.000+00:00'";

#[tokio::test]
async fn who_loses_the_lease_amid_the_work_does_no_more_of_it_and_the_next_holder_does_the_rest() {
    let test = TestApp::empty().await;
    let district = District::of(&test).await;
    district.supervisor("jiwei@example.org", Office::Discipline, AlertChoice::Digest, "zh-CN").await;
    district.file("2026-03-16").await;
    // At half past eight both a deadline and a digest are due.
    district.clock("2026-03-04T08:30");
    let now = test.app.clock.now();
    let mut tx = test.app.db.write().await.expect("a transaction");
    let overdue = "UPDATE enterprises SET next_change_at = '2026-03-01T00:00:00.000+00:00'";
    tx.execute(overdue, &[]).await.expect("a deadline that has passed");
    steal_the_lease_amid_the_work(&mut tx, test.app.db.backend()).await;
    tx.commit().await.expect("committed");
    assert_eq!((count(&test, OVERDUE).await, count(&test, MAILS).await), (1, 0));

    assert!(jobs::run_due(&test.app, now).await.expect("run"));
    assert_eq!(count(&test, OVERDUE).await, 0, "what was begun was done");
    assert_eq!(count(&test, MAILS).await, 0, "the digest is for who holds the lease now");
    let mut tx = test.app.db.write().await.expect("a transaction");
    let later = now + TimeDelta::minutes(2);
    let free = leases::acquire(&mut tx, "deadlines", Uuid::from_u128(1), now, later).await.expect("asked");
    assert!(!free, "who lost it did not give back what is another's");
    tx.rollback().await.expect("rolled back");

    test.app.clock.set(at("2026-03-04T17:31"));
    assert!(jobs::run_due(&test.app, test.app.clock.now()).await.expect("run"));
    assert_eq!(count(&test, MAILS).await, 1, "the other one died; its lease has run out");
}

/// What PostgreSQL calls the process behind a connection.
async fn process(tx: &mut Tx) -> i32 {
    let row = tx.fetch_one("SELECT pg_backend_pid() AS n", &[]).await.expect("a number");
    row.get("n").expect("a number")
}

#[tokio::test]
async fn on_postgresql_a_connection_on_which_a_statement_failed_is_not_used_again() {
    let database = Database::fresh().await;
    let db = &database.db;
    if db.backend() == Backend::Sqlite {
        // SQLite prepares again by itself; what happens to its one writing connection is in `shared_commit` and `storage`.
        return;
    }
    let mut tx = db.write().await.expect("a transaction");
    tx.execute("CREATE TABLE child (id BIGINT)", &[]).await.expect("a table");
    tx.commit().await.expect("committed");
    let all = "SELECT * FROM child";
    let mut reader = db.read().await.expect("a connection");
    reader.fetch_all(all, &[]).await.expect("prepared, with one column");
    let spoilt = process(&mut reader).await;
    let mut tx = db.write().await.expect("a transaction");
    tx.execute("ALTER TABLE child ADD COLUMN name TEXT", &[]).await.expect("a newer process changes the schema");
    tx.commit().await.expect("committed");
    let Err(error) = reader.fetch_all(all, &[]).await else { panic!("the plan is not spoilt") };
    assert!(error.to_string().contains("cached plan must not change result type"), "{error}");
    drop(reader);
    // All that the pool can give, side by side: none of them is the spoilt one, and each can do it.
    let mut held = Vec::new();
    for _ in 0..12 {
        let mut reader = db.read().await.expect("a connection");
        reader.fetch_all(all, &[]).await.expect("prepared anew");
        assert_ne!(process(&mut reader).await, spoilt);
        held.push(reader);
    }
    drop(held);
    // A writer likewise, whose transaction would be rolled back anyway.
    let mut writer = db.write().await.expect("a transaction");
    let spoilt = process(&mut writer).await;
    assert!(writer.execute("INSERT INTO child (id) VALUES (1 / 0)", &[]).await.is_err());
    writer.rollback().await.expect("rolled back");
    for mut writer in every_writer(db).await {
        assert_ne!(process(&mut writer).await, spoilt);
    }
}
