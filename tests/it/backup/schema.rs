//! Databases of older versions: copied, then brought up to date with all that is in them; and one of a newer version is refused.

use mashang::storage::Db;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Executor as _, Row as _, SqlitePool};
use std::borrow::Cow;
use std::path::Path;

static ALL: Migrator = sqlx::migrate!("./migrations");

async fn open(path: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).foreign_keys(true);
    SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a SQLite file")
}

/// A database as the first `count` migrations left it, with rows in what every version has.
async fn older(path: &Path, count: usize) {
    let pool = open(path).await;
    let some = Migrator { migrations: Cow::Owned(ALL.migrations[..count].to_vec()), ..Migrator::DEFAULT };
    some.run(&pool).await.expect("an older schema");
    for n in 0..50 {
        let sql = format!(
            "INSERT INTO audit (id, at, actor_kind, actor, action, object_kind, object_id, detail)
             VALUES (X'{n:032x}', '2026-01-01 00:00:00+00:00', 'system', '', 'sign.issued', 'sign', NULL, '{{}}')"
        );
        pool.execute(sqlx::AssertSqlSafe(sql)).await.expect("a row");
    }
    pool.close().await;
}

async fn rows(path: &Path) -> i64 {
    let pool = open(path).await;
    let n = sqlx::query("SELECT COUNT(*) AS n FROM audit").fetch_one(&pool).await.expect("rows").get("n");
    pool.close().await;
    n
}

/// The first migration after which there is an audit to put rows into.
const FIRST: usize = 2;

#[tokio::test]
async fn each_older_version_is_copied_and_then_brought_up_to_date_with_its_rows() {
    let newest = Db::newest_schema();
    for count in FIRST..ALL.migrations.len() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mashang.db");
        older(&path, count).await;
        Db::open_sqlite(&path).await.expect("brought up to date").close().await;
        assert_eq!(rows(&path).await, 50, "after {count} migrations");
        let kept = folder.path().join(format!("mashang.before-{newest:04}.db"));
        assert_eq!(rows(&kept).await, 50, "the copy of before, after {count} migrations");
        let pool = open(&kept).await;
        let version =
            sqlx::query("SELECT MAX(version) AS v FROM _sqlx_migrations").fetch_one(&pool).await.expect("a row");
        assert_eq!(version.get::<i64, _>("v"), ALL.migrations[count - 1].version);
        // Opened again, nothing is copied.
        std::fs::remove_file(&kept).expect("away");
        Db::open_sqlite(&path).await.expect("opened").close().await;
        assert!(!kept.exists());
    }
}

#[tokio::test]
async fn a_migration_that_is_cut_off_at_any_statement_leaves_the_version_before_and_can_be_done_again() {
    for (count, migration) in ALL.migrations.iter().enumerate().skip(FIRST) {
        let sql = migration.sql.as_str();
        let statements: Vec<&str> = sql.split(";\n").filter(|s| !s.trim().is_empty()).collect();
        // Each statement of the short ones, the first, middle and last of the long ones.
        let places = match statements.len() {
            few @ 0..=4 => (0..few).collect(),
            many => vec![0, many / 2, many - 1],
        };
        for place in places {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("mashang.db");
            older(&path, count).await;
            let pool = open(&path).await;
            let mut conn = pool.acquire().await.expect("a connection");
            conn.execute("BEGIN IMMEDIATE").await.expect("begun");
            for statement in &statements[..=place] {
                conn.execute(sqlx::AssertSqlSafe((*statement).to_owned())).await.expect("a statement");
            }
            // The process dies here: what is on the disk is the file and its journal, without anybody to tidy up.
            let crashed = folder.path().join("crashed.db");
            for suffix in ["", "-wal", "-journal"] {
                let from = format!("{}{suffix}", path.display());
                if Path::new(&from).exists() {
                    std::fs::copy(&from, format!("{}{suffix}", crashed.display())).expect("as it lies there");
                }
            }
            drop(conn);
            pool.close().await;
            Db::open_sqlite(&crashed).await.unwrap_or_else(|e| panic!("{count} at {place}: {e}")).close().await;
            assert_eq!(rows(&crashed).await, 50);
        }
    }
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("mashang.db");
    Db::open_sqlite(&path).await.expect("a database").close().await;
    let pool = open(&path).await;
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'of tomorrow', TRUE, X'00', 0)";
    pool.execute(sql).await.expect("a newer version");
    pool.close().await;
    let refused = Db::open_sqlite(&path).await.expect_err("refused").to_string();
    assert!(refused.contains("9999"), "{refused}");
}
