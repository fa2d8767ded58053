//! Facts about the database that the rest relies on, on whichever of the two the tests run.

use crate::support::Database;
use mashang::storage::{Backend, StorageError, all_statements};
use std::collections::BTreeSet;

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let database = Database::fresh().await;
    let statements = all_statements();
    assert!(statements.len() > 40, "only {} statements are listed", statements.len());
    let mut tx = database.db.read().await.expect("a connection");
    let mut wrong = Vec::new();
    for statement in &statements {
        if let Err(error) = tx.prepare(statement.sql).await {
            wrong.push(format!("{}: {error}", statement.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let names: BTreeSet<&str> = statements.iter().map(|s| s.name).collect();
    assert_eq!(names.len(), statements.len(), "each statement has a name of its own");
}

#[tokio::test]
async fn a_statement_that_names_no_table_cannot_be_prepared() {
    let database = Database::fresh().await;
    let mut tx = database.db.read().await.expect("a connection");
    assert!(tx.prepare("SELECT id FROM no_such_table").await.is_err());
}

#[tokio::test]
async fn sqlite_is_new_enough_and_keeps_what_it_acknowledged_at_a_power_cut() {
    let database = Database::fresh().await;
    if database.db.backend() == Backend::Postgres {
        return;
    }
    // The writing connection is the one that counts.
    let mut tx = database.db.write().await.expect("a transaction");
    let row = tx.fetch_one("SELECT sqlite_version() AS v", &[]).await.expect("a version");
    let version: String = row.get("v").expect("a text");
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().expect("a number")).collect();
    assert!(parts >= vec![3, 51, 3], "{version} can corrupt a database in WAL mode");
    let mode: String =
        tx.fetch_one("PRAGMA journal_mode", &[]).await.expect("a row").get("journal_mode").expect("a mode");
    assert_eq!(mode, "wal");
    let synchronous: i64 =
        tx.fetch_one("PRAGMA synchronous", &[]).await.expect("a row").get("synchronous").expect("a number");
    assert_eq!(synchronous, 2, "2 is FULL; 1, NORMAL, loses acknowledged commits");
    let keys: i64 =
        tx.fetch_one("PRAGMA foreign_keys", &[]).await.expect("a row").get("foreign_keys").expect("a number");
    assert_eq!(keys, 1);
}

/// How many rows of `child` another connection sees.
async fn seen(reader: &mut mashang::storage::Tx) -> i64 {
    let row = reader.fetch_one("SELECT COUNT(*) AS n FROM child", &[]).await.expect("a count");
    row.get("n").expect("a number")
}

#[tokio::test]
async fn after_a_commit_that_failed_later_writes_are_stored_and_nothing_of_the_failed_one_is() {
    let database = Database::fresh().await;
    // Held throughout, so that it is a connection of its own: it sees only what is committed.
    let mut reader = database.db.read().await.expect("a connection");
    let mut tx = database.db.write().await.expect("a transaction");
    tx.execute("CREATE TABLE parent (id BIGINT PRIMARY KEY)", &[]).await.expect("a table");
    tx.execute("CREATE TABLE child (id BIGINT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)", &[])
        .await
        .expect("a table");
    tx.commit().await.expect("committed");
    // COMMIT itself fails: the missing parent is looked for only then.
    for _ in 0..3 {
        let mut tx = database.db.write().await.expect("a transaction");
        tx.execute("INSERT INTO child (id) VALUES (1)", &[]).await.expect("accepted for now");
        let error = tx.commit().await.expect_err("the parent is missing");
        assert!(matches!(error, StorageError::Database(_)), "{error}");
    }
    assert_eq!(seen(&mut reader).await, 0);
    for n in 0..20 {
        let mut tx = database.db.write().await.expect("a transaction");
        if n == 0 {
            tx.execute("INSERT INTO parent (id) VALUES (2)", &[]).await.expect("inserted");
        }
        tx.execute("INSERT INTO child (id) VALUES (2)", &[]).await.expect("inserted");
        tx.commit().await.expect("committed");
        assert_eq!(seen(&mut reader).await, n + 1, "acknowledged, so another connection sees it");
    }
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing_and_blocks_nobody() {
    let database = Database::fresh().await;
    let mut tx = database.db.write().await.expect("a transaction");
    tx.execute("CREATE TABLE child (id BIGINT)", &[]).await.expect("a table");
    tx.commit().await.expect("committed");
    let mut tx = database.db.write().await.expect("a transaction");
    tx.execute("INSERT INTO child (id) VALUES (1)", &[]).await.expect("inserted");
    drop(tx);
    let mut tx = database.db.write().await.expect("the next transaction");
    assert_eq!(seen(&mut tx).await, 0);
    tx.execute("INSERT INTO child (id) VALUES (2)", &[]).await.expect("inserted");
    tx.rollback().await.expect("rolled back");
    assert_eq!(seen(&mut database.db.read().await.expect("a connection")).await, 0);
}

#[tokio::test]
async fn what_is_put_off_is_stored_with_the_rest_and_seen_by_what_comes_after_it() {
    let database = Database::fresh().await;
    let mut tx = database.db.write().await.expect("a transaction");
    tx.execute("CREATE TABLE child (id BIGINT PRIMARY KEY, name TEXT)", &[]).await.expect("a table");
    tx.execute("CREATE TABLE other (name TEXT, id BIGINT)", &[]).await.expect("a table");
    for id in 1..=60_i64 {
        let name = id.to_string();
        tx.later("child", "INSERT INTO child (id, name) VALUES ($1, $2)", &[id.into(), (&name).into()])
            .await
            .expect("put off");
        tx.later("other", "INSERT INTO other (name, id) VALUES ($1, $2)", &[(&name).into(), id.into()])
            .await
            .expect("put off");
    }
    assert_eq!(seen(&mut tx).await, 60);
    tx.later("child", "UPDATE child SET name = $2 WHERE id = $1", &[7_i64.into(), "seven".into()])
        .await
        .expect("put off");
    tx.later("child", "UPDATE child SET name = 'eight' WHERE id = $1", &[8_i64.into()]).await.expect("put off");
    tx.commit().await.expect("committed");
    let mut tx = database.db.read().await.expect("a connection");
    let sql = "SELECT c.id, c.name, o.name AS other FROM child c JOIN other o ON o.id = c.id ORDER BY c.id";
    for (id, row) in (1_i64..).zip(tx.fetch_all(sql, &[]).await.expect("rows")) {
        let name: String = row.get("name").expect("a text");
        let wanted = match id {
            7 => "seven".to_owned(),
            8 => "eight".to_owned(),
            id => id.to_string(),
        };
        assert_eq!((row.get::<i64>("id").expect("a number"), name), (id, wanted));
        assert_eq!(row.get::<String>("other").expect("a text"), id.to_string());
    }
    assert_eq!(seen(&mut tx).await, 60);
}

#[tokio::test]
async fn what_is_put_off_and_fails_takes_the_transaction_with_it() {
    let database = Database::fresh().await;
    let mut tx = database.db.write().await.expect("a transaction");
    tx.execute("CREATE TABLE child (id BIGINT PRIMARY KEY)", &[]).await.expect("a table");
    tx.commit().await.expect("committed");
    let insert = "INSERT INTO child (id) VALUES ($1)";
    let no_row = async {
        let mut tx = database.db.write().await?;
        tx.later("child", insert, &[1_i64.into()]).await?;
        tx.later("nobody", "UPDATE child SET id = 3 WHERE id = $1", &[2_i64.into()]).await?;
        tx.commit().await
    };
    assert!(matches!(no_row.await, Err(StorageError::Stale("nobody"))));
    let twice = async {
        let mut tx = database.db.write().await?;
        tx.later("child", insert, &[1_i64.into()]).await?;
        tx.later("child", insert, &[1_i64.into()]).await?;
        tx.commit().await
    };
    assert!(matches!(twice.await, Err(StorageError::Database(_))));
    let mut tx = database.db.write().await.expect("a transaction");
    tx.later("child", insert, &[4_i64.into()]).await.expect("put off");
    tx.rollback().await.expect("rolled back");
    assert_eq!(seen(&mut database.db.read().await.expect("a connection")).await, 0);
}
