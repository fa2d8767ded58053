//! Writes that share a COMMIT: fewer commits than filings, and no failure, drop or refusal of one that another notices.
//!
//! Sharing is SQLite's alone; on PostgreSQL the same calls are transactions of their own, and what is asserted of both holds there too.

use crate::support::filing::{FRIDAY, QUIET, borrowed, fields, review};
use crate::support::{Client, Database, TestApp, seed};
use mashang::storage::{Backend, Db, StorageError, Tx};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A table of numbers, each at most once, and one whose references are looked at by COMMIT alone.
async fn tables(db: &Db) {
    let mut tx = db.write().await.expect("a transaction");
    tx.execute("CREATE TABLE number (id BIGINT PRIMARY KEY)", &[]).await.expect("a table");
    tx.execute("CREATE TABLE child (id BIGINT REFERENCES number (id) DEFERRABLE INITIALLY DEFERRED)", &[])
        .await
        .expect("a table");
    tx.commit().await.expect("committed");
}

async fn insert(tx: &mut Tx, id: i64) -> Result<u64, StorageError> {
    tx.execute("INSERT INTO number (id) VALUES ($1)", &[id.into()]).await
}

/// The numbers that another connection sees.
async fn stored(db: &Db) -> Vec<i64> {
    let mut tx = db.read().await.expect("a connection");
    let rows = tx.fetch_all("SELECT id FROM number ORDER BY id", &[]).await.expect("rows");
    rows.iter().map(|row| row.get("id").expect("a number")).collect()
}

/// A write of its own task, which waits for its turn by the time this returns.
async fn waiting<F>(db: &Db, work: impl FnOnce(Tx) -> F + Send + 'static) -> JoinHandle<Result<(), StorageError>>
where
    F: Future<Output = Result<(), StorageError>> + Send,
{
    let db = db.clone();
    let task = tokio::spawn(async move { work(db.write_shared().await?).await });
    // The test's runtime has one thread: the task has run as far as it can alone.
    tokio::task::yield_now().await;
    task
}

async fn inserting(db: &Db, id: i64) -> JoinHandle<Result<(), StorageError>> {
    waiting(db, move |mut tx| async move {
        insert(&mut tx, id).await?;
        tx.commit().await
    })
    .await
}

/// One that has inserted a number, and commits when it is told to.
async fn held_up(db: &Db, id: i64) -> (oneshot::Sender<()>, JoinHandle<Result<(), StorageError>>) {
    let (go, wait) = oneshot::channel();
    let work = waiting(db, move |mut tx| async move {
        insert(&mut tx, id).await?;
        let _ = wait.await;
        tx.commit().await
    });
    (go, work.await)
}

/// A database with the tables, and an open write of the number 1 that others wait behind; `None` on PostgreSQL.
async fn open() -> Option<(Database, Tx)> {
    let database = Database::fresh().await;
    if database.db.backend() == Backend::Postgres {
        return None;
    }
    tables(&database.db).await;
    let mut tx = database.db.write_shared().await.expect("a turn");
    insert(&mut tx, 1).await.expect("inserted");
    Some((database, tx))
}

/// The reviewed form with a submission of its own, by this number: filings of different phones.
async fn reviewed(app: &TestApp, phone: &mut Client, times: &[(&str, &str)], n: u128) -> Vec<(String, String)> {
    let mut fields = fields(app, times);
    for (name, value) in &mut fields {
        if name == "submission" {
            *value = uuid::Uuid::from_u128(n).to_string();
        }
    }
    review(phone, &format!("/e/{}/file", app.token(0)), &fields).await
}

#[tokio::test]
async fn thirty_two_filings_at_once_are_all_stored_by_fewer_commits() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let before = app.app.db.shared_commits();
    let mut sends = Vec::new();
    for n in 0..32 {
        let sent = reviewed(&app, &mut phone, FRIDAY, 100 + n).await;
        let (mut phone, path) = (phone.clone(), path.clone());
        sends.push(async move { phone.post_form(&path, &borrowed(&sent)).await.location() });
    }
    let mut receipts = Vec::new();
    for send in sends.into_iter().map(tokio::spawn).collect::<Vec<_>>() {
        receipts.push(send.await.expect("no panic"));
    }
    receipts.sort_unstable();
    receipts.dedup();
    assert_eq!(receipts.len(), 32, "each has a receipt of its own");
    assert_eq!(seed::filings_at(&app, app.seed.enterprises[0].0).await, 32);
    for receipt in &receipts {
        phone.get(receipt).await.expect(200, "李芳");
    }
    if app.app.db.backend() == Backend::Sqlite {
        let (commits, writes) = app.app.db.shared_commits();
        assert_eq!(writes - before.1, 32);
        assert!(commits - before.0 < 32, "{} commits", commits - before.0);
    }
}

#[tokio::test]
async fn two_filings_of_one_day_are_judged_one_after_the_other_whatever_they_share() {
    let app = TestApp::new().await;
    let mut phone = app.inspector("陈小明").await;
    let path = format!("/e/{}/file", app.token(0));
    let mut sends = Vec::new();
    for n in 0..2 {
        let sent = reviewed(&app, &mut phone, QUIET, 200 + n).await;
        let (mut phone, path) = (phone.clone(), path.clone());
        sends.push(tokio::spawn(async move { phone.post_form(&path, &borrowed(&sent)).await.location() }));
    }
    let mut numbers = Vec::new();
    for send in sends {
        let receipt = send.await.expect("no panic");
        phone.get(&receipt).await.expect(200, "已记录并提示督查人员");
    }
    let mut tx = app.app.db.read().await.expect("a connection");
    for row in tx.fetch_all("SELECT seq FROM filings ORDER BY seq", &[]).await.expect("rows") {
        numbers.push(row.get::<i64>("seq").expect("a number"));
    }
    assert_eq!(numbers.len(), 2);
    assert_ne!(numbers[0], numbers[1], "the second saw the first");
}

#[tokio::test]
async fn nothing_is_acknowledged_before_the_commit_that_others_share() {
    let Some((database, tx)) = open().await else { return };
    let db = &database.db;
    let (go, second) = held_up(db, 2).await;
    let first = tokio::spawn(tx.commit());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!first.is_finished(), "the second is not done");
    assert!(stored(db).await.is_empty());
    go.send(()).expect("the second waits");
    first.await.expect("no panic").expect("committed");
    assert_eq!(stored(db).await, [1, 2], "durable, and of one commit");
    second.await.expect("no panic").expect("committed");
    assert_eq!(db.shared_commits(), (1, 2));
}

#[tokio::test]
async fn one_that_fails_or_is_taken_back_takes_no_other_with_it() {
    let Some((database, tx)) = open().await else { return };
    let db = &database.db;
    let refused = waiting(db, |mut tx| async move {
        insert(&mut tx, 5).await?;
        // Taken already, by one that nobody has committed yet.
        insert(&mut tx, 1).await?;
        tx.commit().await
    })
    .await;
    let back = waiting(db, |mut tx| async move {
        insert(&mut tx, 6).await?;
        tx.rollback().await
    })
    .await;
    let last = inserting(db, 2).await;
    tx.commit().await.expect("committed");
    refused.await.expect("no panic").expect_err("the number is taken");
    back.await.expect("no panic").expect("taken back");
    last.await.expect("no panic").expect("committed");
    assert_eq!(stored(db).await, [1, 2]);
    assert_eq!(db.shared_commits(), (1, 2));
}

#[tokio::test]
async fn who_goes_away_in_the_middle_leaves_nothing_and_keeps_nobody_waiting() {
    let Some((database, tx)) = open().await else { return };
    let db = &database.db;
    // One that goes while it has the connection, and one that goes while it waits for it.
    let (has, had) = oneshot::channel::<()>();
    let inside = waiting(db, move |mut tx| async move {
        insert(&mut tx, 7).await?;
        let _ = has.send(());
        std::future::pending::<()>().await;
        tx.commit().await
    })
    .await;
    let before = inserting(db, 8).await;
    let last = inserting(db, 2).await;
    before.abort();
    let first = tokio::spawn(tx.commit());
    had.await.expect("it has its turn");
    inside.abort();
    let all = async {
        first.await.expect("no panic").expect("committed");
        last.await.expect("no panic").expect("committed");
    };
    tokio::time::timeout(Duration::from_secs(5), all).await.expect("nobody waits for the one that went");
    assert_eq!(stored(db).await, [1, 2]);
}

#[tokio::test]
async fn who_goes_away_after_the_commit_was_asked_for_is_stored_with_the_others() {
    let Some((database, tx)) = open().await else { return };
    let db = &database.db;
    let (go, second) = held_up(db, 2).await;
    let first = tokio::spawn(tx.commit());
    tokio::time::sleep(Duration::from_millis(20)).await;
    first.abort();
    go.send(()).expect("the second waits");
    second.await.expect("no panic").expect("committed");
    assert_eq!(stored(db).await, [1, 2]);
}

#[tokio::test]
async fn a_commit_that_fails_fails_for_its_whole_group_and_the_next_works() {
    let Some((database, mut tx)) = open().await else { return };
    let db = &database.db;
    for _ in 0..3 {
        let orphan = waiting(db, |mut tx| async move {
            // COMMIT itself fails: the missing parent is looked for only then.
            tx.execute("INSERT INTO child (id) VALUES (99)", &[]).await?;
            tx.commit().await
        })
        .await;
        // It read what the first wrote: what it tells of it must not be told either.
        let reader = waiting(db, |mut tx| async move {
            tx.fetch_one("SELECT id FROM number WHERE id = 1", &[]).await?;
            tx.rollback().await
        })
        .await;
        let first = tx.commit().await.expect_err("nothing is stored");
        assert!(matches!(first, StorageError::Group(_)) && first.to_string().contains("FOREIGN KEY"), "{first}");
        orphan.await.expect("no panic").expect_err("nothing is stored");
        reader.await.expect("no panic").expect_err("what it read is not stored");
        assert!(stored(db).await.is_empty());
        tx = db.write_shared().await.expect("a turn on a new connection");
        insert(&mut tx, 1).await.expect("inserted");
    }
    assert_eq!(db.shared_commits(), (0, 0));
    insert(&mut tx, 3).await.expect("inserted");
    tx.commit().await.expect("committed");
    assert_eq!(stored(db).await, [1, 3]);
}

#[tokio::test]
async fn an_error_that_is_no_refused_constraint_ends_the_group_unstored() {
    let Some((database, tx)) = open().await else { return };
    let db = &database.db;
    let broken = waiting(db, |mut tx| async move {
        tx.execute("INSERT INTO no_such_table (id) VALUES (1)", &[]).await?;
        tx.commit().await
    })
    .await;
    let next = inserting(db, 2).await;
    tx.commit().await.expect_err("given up").is_busy().then_some(()).expect("it may be sent again");
    broken.await.expect("no panic").expect_err("no such table");
    next.await.expect("no panic").expect("in a group of its own");
    assert_eq!(stored(db).await, [2]);
}

#[tokio::test]
async fn a_transaction_that_was_rolled_back_under_a_group_stores_none_of_it() {
    let Some((database, tx)) = open().await else { return };
    let db = &database.db;
    // As SQLite does by itself when a disk is full.
    let rolled = waiting(db, |mut tx| async move {
        tx.execute("ROLLBACK", &[]).await?;
        insert(&mut tx, 2).await?;
        tx.commit().await
    })
    .await;
    let next = inserting(db, 3).await;
    tx.commit().await.expect_err("its savepoint is gone");
    rolled.await.expect("no panic").expect_err("its savepoint is gone");
    next.await.expect("no panic").expect("in a group of its own");
    assert!(!stored(db).await.contains(&1), "what was refused is not stored");
    assert!(stored(db).await.contains(&3));
}

#[tokio::test]
async fn a_write_of_its_own_ends_the_group_that_is_open() {
    let Some((database, tx)) = open().await else { return };
    let db = &database.db;
    let alone = {
        let db = db.clone();
        tokio::spawn(async move {
            let mut tx = db.write().await?;
            let seen = tx.fetch_all("SELECT id FROM number", &[]).await?.len();
            insert(&mut tx, 2).await?;
            tx.commit().await?;
            Ok::<usize, StorageError>(seen)
        })
    };
    tokio::task::yield_now().await;
    let after = inserting(db, 3).await;
    tx.commit().await.expect("committed");
    assert_eq!(alone.await.expect("no panic").expect("committed"), 1, "after the first, before the third");
    after.await.expect("no panic").expect("committed");
    assert_eq!(stored(db).await, [1, 2, 3]);
    assert_eq!(db.shared_commits(), (2, 2));
}

#[tokio::test]
async fn what_is_committed_is_copied_out_of_the_log_though_no_commit_does_it() {
    let Some((database, tx)) = open().await else { return };
    tx.rollback().await.expect("rolled back");
    let copied = async || -> i64 {
        let mut tx = database.db.read().await.expect("a connection");
        let row = tx.fetch_one("PRAGMA wal_checkpoint(NOOP)", &[]).await.expect("a row");
        row.get("checkpointed").expect("a number")
    };
    assert_eq!(copied().await, 0, "the log is short");
    for id in 0..200 {
        let mut tx = database.db.write_shared().await.expect("a turn");
        insert(&mut tx, id).await.expect("inserted");
        tx.commit().await.expect("committed");
    }
    let waited = async {
        while copied().await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waited).await.expect("copied");
    assert_eq!(stored(&database.db).await.len(), 200);
}
