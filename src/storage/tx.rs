//! A transaction on either database. Whatever is not committed cleanly takes its connection with it.
//!
//! sqlx's own transactions are not used: after one failed COMMIT, `Pool::begin` on that connection becomes a SAVEPOINT inside
//! a transaction that never commits, and writes are acknowledged that are not stored. Here BEGIN and COMMIT are plain
//! statements, a second BEGIN on an open transaction is an error of the database, and any connection whose transaction did not end by a
//! successful COMMIT or ROLLBACK is closed, which makes the database roll back.
//!
//! On PostgreSQL a connection is closed as well once a statement has failed on it. It keeps what it has prepared, and after a newer process has
//! changed the schema, one of those would fail on it for ever ("cached plan must not change result type").

use super::error::{Result, StorageError};
use super::param::{self, Param};
use super::row::Row;
use super::shared::Turn;
use sqlx::pool::PoolConnection;
use sqlx::{Postgres, Sqlite};

/// The connection of a transaction.
enum Conn {
    Sqlite(PoolConnection<Sqlite>),
    /// In a transaction that other writers share.
    Shared(Turn),
    Postgres(PoolConnection<Postgres>),
}

/// A transaction for writing, or a connection for reading. Dropping a write that was not committed rolls it back.
pub struct Tx {
    conn: Option<Conn>,
    open: bool,
    /// A statement has failed.
    failed: bool,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx")
    }
}

macro_rules! on_conn {
    ($self:ident, $sql:ident, $params:ident, $method:ident) => {{
        let done = match $self.conn.as_mut() {
            Some(Conn::Sqlite(conn)) => param::sqlite($sql, $params).$method(&mut **conn).await.map(Done::Sqlite),
            Some(Conn::Postgres(conn)) => param::postgres($sql, $params).$method(&mut **conn).await.map(Done::Postgres),
            Some(Conn::Shared(turn)) => match turn.conn() {
                Some(conn) => param::sqlite($sql, $params).$method(conn).await.map(Done::Sqlite),
                None => Err(sqlx::Error::WorkerCrashed),
            },
            None => Err(sqlx::Error::WorkerCrashed),
        };
        if let Err(error) = &done {
            $self.failed(error);
        }
        done
    }};
}

enum Done<S, P> {
    Sqlite(S),
    Postgres(P),
}

impl Tx {
    /// Reads, each statement in a view of its own.
    pub(super) const fn reading_sqlite(conn: PoolConnection<Sqlite>) -> Self {
        Self { conn: Some(Conn::Sqlite(conn)), open: false, failed: false }
    }

    /// The same on PostgreSQL.
    pub(super) const fn reading_postgres(conn: PoolConnection<Postgres>) -> Self {
        Self { conn: Some(Conn::Postgres(conn)), open: false, failed: false }
    }

    /// Writes; `IMMEDIATE` takes the lock before the first read, so that no upgrade can fail later.
    pub(super) async fn writing_sqlite(conn: PoolConnection<Sqlite>) -> Result<Self> {
        Self::begin(Conn::Sqlite(conn), "BEGIN IMMEDIATE").await
    }

    /// The same on PostgreSQL.
    pub(super) async fn writing_postgres(conn: PoolConnection<Postgres>) -> Result<Self> {
        Self::begin(Conn::Postgres(conn), "BEGIN").await
    }

    /// Writes in a savepoint of its own, in a transaction that others share.
    pub(super) const fn sharing_sqlite(turn: Turn) -> Self {
        Self { conn: Some(Conn::Shared(turn)), open: true, failed: false }
    }

    fn failed(&mut self, error: &sqlx::Error) {
        self.failed = true;
        if let Some(Conn::Shared(turn)) = &mut self.conn {
            turn.failed(error);
        }
    }

    async fn begin(conn: Conn, begin: &'static str) -> Result<Self> {
        let mut tx = Self { conn: Some(conn), open: true, failed: false };
        tx.execute(begin, &[]).await?;
        Ok(tx)
    }

    /// Runs a statement; returns how many rows it changed.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn execute(&mut self, sql: &'static str, params: &[Param]) -> Result<u64> {
        Ok(match on_conn!(self, sql, params, execute)? {
            Done::Sqlite(done) => done.rows_affected(),
            Done::Postgres(done) => done.rows_affected(),
        })
    }

    /// Runs an `UPDATE` or `INSERT` that must change exactly one row.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when it changed none; otherwise as [`Tx::execute`].
    pub async fn execute_one(&mut self, what: &'static str, sql: &'static str, params: &[Param]) -> Result<()> {
        match self.execute(sql, params).await? {
            1 => Ok(()),
            _ => Err(StorageError::Stale(what)),
        }
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn fetch_all(&mut self, sql: &'static str, params: &[Param]) -> Result<Vec<Row>> {
        Ok(match on_conn!(self, sql, params, fetch_all)? {
            Done::Sqlite(rows) => rows.into_iter().map(Row::Sqlite).collect(),
            Done::Postgres(rows) => rows.into_iter().map(Row::Postgres).collect(),
        })
    }

    /// The only row of a query, if there is one.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn fetch_optional(&mut self, sql: &'static str, params: &[Param]) -> Result<Option<Row>> {
        Ok(match on_conn!(self, sql, params, fetch_optional)? {
            Done::Sqlite(row) => row.map(Row::Sqlite),
            Done::Postgres(row) => row.map(Row::Postgres),
        })
    }

    /// The row that a query must have.
    ///
    /// # Errors
    /// When there is none, or the database refuses it.
    pub async fn fetch_one(&mut self, sql: &'static str, params: &[Param]) -> Result<Row> {
        self.fetch_optional(sql, params).await?.ok_or(StorageError::Database(sqlx::Error::RowNotFound))
    }

    /// Has the database parse a statement and look up its names, without running it.
    ///
    /// # Errors
    /// When the database refuses it: a wrong name, a wrong type.
    pub async fn prepare(&mut self, sql: &'static str) -> Result<()> {
        use sqlx::{Executor as _, SqlSafeStr as _};
        match self.conn.as_mut() {
            Some(Conn::Sqlite(conn)) => conn.prepare(sql.into_sql_str()).await.map(drop)?,
            Some(Conn::Shared(turn)) => {
                let conn = turn.conn().ok_or(sqlx::Error::WorkerCrashed)?;
                conn.prepare(sql.into_sql_str()).await.map(drop)?;
            }
            Some(Conn::Postgres(conn)) => match conn.prepare(sql.into_sql_str()).await {
                Ok(_) => {}
                // `$1 IS NULL` alone does not tell a type; the binding does. All names have been looked up by then.
                Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("42P18") => {}
                Err(error) => return Err(error.into()),
            },
            None => return Err(sqlx::Error::WorkerCrashed.into()),
        }
        Ok(())
    }

    /// Makes everything durable. Only after this has returned may anything be acknowledged.
    ///
    /// # Errors
    /// When the database could not commit (a full disk); nothing is stored then, and the connection is closed.
    pub async fn commit(self) -> Result<()> {
        self.end("COMMIT", true).await
    }

    /// Takes everything back, keeping the connection; on PostgreSQL only if no statement failed on it. A shared write waits until the others
    /// of its group are durable, because it may have read of them.
    ///
    /// # Errors
    /// When the database does not answer; the connection is closed then, which rolls back as well. When the others could not be committed.
    pub async fn rollback(self) -> Result<()> {
        self.end("ROLLBACK", false).await
    }

    async fn end(mut self, statement: &'static str, keep: bool) -> Result<()> {
        if let Some(Conn::Shared(turn)) = self.conn.take_if(|conn| matches!(conn, Conn::Shared(_))) {
            return turn.end(keep).await;
        }
        if self.open {
            self.execute(statement, &[]).await?;
            self.open = false;
        }
        Ok(())
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        match conn {
            Conn::Sqlite(conn) if self.open => drop(conn.detach()),
            Conn::Postgres(conn) if self.open || self.failed => drop(conn.detach()),
            // Back to its pool.
            Conn::Sqlite(_) | Conn::Postgres(_) => {}
            // Back to its group, which undoes it.
            Conn::Shared(turn) => drop(turn),
        }
    }
}
