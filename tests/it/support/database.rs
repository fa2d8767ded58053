//! A database for one test: a SQLite file in a temporary folder, or, where `MASHANG_TEST_DATABASE_URL` names a PostgreSQL server, a schema of
//! its own there. A schema is left behind when its test is over; the server is a throw-away one.

use mashang::storage::Db;
use std::sync::atomic::{AtomicU32, Ordering};

/// An open database and what keeps it alive.
pub struct Database {
    pub db: Db,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// A fresh one with the schema in place.
    pub async fn fresh() -> Self {
        if let Ok(url) = std::env::var("MASHANG_TEST_DATABASE_URL") {
            Self { db: postgres(&url).await, _folder: None }
        } else {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let db = Db::open_sqlite(&folder.path().join("mashang.db")).await.expect("a SQLite file");
            Self { db, _folder: Some(folder) }
        }
    }
}

async fn postgres(url: &str) -> Db {
    use sqlx::{Connection as _, Executor as _};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    // Unique among processes and among the tests of this one.
    let schema = format!("t{}_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed), nanos());
    let mut admin = sqlx::PgConnection::connect(url).await.expect("the PostgreSQL server of MASHANG_TEST_DATABASE_URL");
    admin.execute(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"))).await.expect("a schema of its own");
    let separator = if url.contains('?') { '&' } else { '?' };
    Db::open(&format!("{url}{separator}options=-csearch_path%3D{schema}")).await.expect("the schema opens")
}

fn nanos() -> u32 {
    // A process id may come again on the same server: the folder's name of a fresh temporary folder does not.
    let folder = tempfile::tempdir().expect("a temporary folder");
    folder
        .path()
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(7, |sum, byte| u32::from(*byte).wrapping_add(sum.wrapping_mul(31)))
}
