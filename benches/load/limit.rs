//! The smallest server that stores the rows of a filing, to compare with: axum and sqlx, a commit each, nothing validated and nothing judged.
//! Its rows are as many and about as large: a filing, two entries of the audit, a mail, a change of the figures, and the enterprise's counter.

use super::server::{Server, free};
use super::support::Failure;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::{get, post};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

/// Names, for the process of this server, what it stores into and where it listens.
pub const PLACE: &str = "MASHANG_BENCH_LIMIT";

const SCHEMA: &str = "DROP TABLE IF EXISTS limit_enterprises;
    DROP TABLE IF EXISTS limit_filings;
    DROP TABLE IF EXISTS limit_audit;
    DROP TABLE IF EXISTS limit_mails;
    DROP TABLE IF EXISTS limit_changes;
    CREATE TABLE limit_enterprises (id BIGINT PRIMARY KEY, seq BIGINT NOT NULL);
    INSERT INTO limit_enterprises
        WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 9999) SELECT n, 0 FROM numbers;
    CREATE TABLE limit_filings (id TEXT PRIMARY KEY, enterprise TEXT NOT NULL, body TEXT NOT NULL);
    CREATE INDEX limit_filings_by ON limit_filings (enterprise);
    CREATE TABLE limit_audit (id TEXT PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE limit_mails (id TEXT PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE limit_changes (id TEXT PRIMARY KEY)";
const STATEMENTS: [&str; 5] = [
    "INSERT INTO limit_filings (id, enterprise, body) VALUES ($1, $1, $2)",
    "INSERT INTO limit_audit (id, body) VALUES ('a' || $1, $2)",
    "INSERT INTO limit_audit (id, body) VALUES ('b' || $1, $2)",
    "INSERT INTO limit_mails (id, body) VALUES ($1, $2)",
    "INSERT INTO limit_changes (id) SELECT $1 WHERE $2 <> ''",
];

static PAGE: LazyLock<String> = LazyLock::new(|| "码上报备 ".repeat(10 * 1024 / 13));

#[derive(Clone)]
enum Store {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

/// Starts this server in a process of its own.
pub async fn start(folder: &Path, url: Option<&str>) -> Result<Server, Failure> {
    let address = free()?;
    let store = url.map_or_else(|| folder.join("limit.db").display().to_string(), str::to_owned);
    let mut command = Command::new(std::env::current_exe()?);
    command.env(PLACE, format!("{address} {store}"));
    Server::spawn(command, address).await
}

/// Serves until it is killed.
pub async fn serve(place: &str) -> Result<(), Failure> {
    let (address, store) = place.split_once(' ').ok_or("an address and a store")?;
    let store = Store::open(store).await?;
    let router = Router::new()
        .route("/readyz", get(async || "ready"))
        .route("/file", post(file))
        .route("/page", get(page))
        .with_state(store);
    let listener = tokio::net::TcpListener::bind(address).await?;
    Ok(axum::serve(listener, router).await?)
}

async fn file(State(store): State<Store>, body: String) -> Result<StatusCode, (StatusCode, String)> {
    let id = uuid::Uuid::now_v7();
    store.insert(id, &body).await.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(StatusCode::CREATED)
}

async fn page(State(store): State<Store>) -> Result<Html<&'static str>, (StatusCode, String)> {
    store.look().await.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(Html(&PAGE))
}

macro_rules! insert {
    ($pool:expr, $begin:expr, $id:ident, $body:ident) => {{
        let mut tx = $pool.begin_with($begin).await?;
        let enterprise = i64::try_from($id.as_u128() % 10_000).unwrap_or(0);
        let id = &$id.to_string();
        let counted = "UPDATE limit_enterprises SET seq = seq + 1 WHERE id = $1";
        sqlx::query(counted).bind(enterprise).execute(&mut *tx).await?;
        for statement in STATEMENTS {
            sqlx::query(statement).bind(id).bind($body).execute(&mut *tx).await?;
        }
        tx.commit().await
    }};
}

impl Store {
    async fn open(store: &str) -> Result<Self, Failure> {
        if store.starts_with("postgres") {
            let pool = PgPoolOptions::new().max_connections(16).connect(store).await?;
            sqlx::raw_sql(SCHEMA).execute(&pool).await?;
            return Ok(Self::Postgres(pool));
        }
        let options = SqliteConnectOptions::new()
            .filename(store)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::raw_sql(SCHEMA).execute(&write).await?;
        let read = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        Ok(Self::Sqlite { write, read })
    }

    async fn insert(&self, id: uuid::Uuid, body: &str) -> sqlx::Result<()> {
        match self {
            Self::Sqlite { write, .. } => insert!(write, "BEGIN IMMEDIATE", id, body),
            Self::Postgres(pool) => insert!(pool, "BEGIN", id, body),
        }
    }

    async fn look(&self) -> sqlx::Result<()> {
        let sql = "SELECT seq FROM limit_enterprises WHERE id = 1";
        match self {
            Self::Sqlite { read, .. } => sqlx::query(sql).fetch_one(read).await.map(drop),
            Self::Postgres(pool) => sqlx::query(sql).fetch_one(pool).await.map(drop),
        }
    }
}
