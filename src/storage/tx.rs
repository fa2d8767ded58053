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
use super::glances::Glance;
use super::inline::Inline;
use super::known::Known;
use super::later::{self, Waiting};
use super::own::Own;
use super::param::{self, Param};
use super::plan::{self, Plan};
use super::resting::Lent;
use super::row::Row;
use super::turn::Turn;
use sqlx::Sqlite;
use sqlx::pool::PoolConnection;

/// The connection of a transaction.
enum Conn {
    Sqlite(PoolConnection<Sqlite>),
    /// For reading on the caller's thread.
    Glance(Glance),
    /// The same for writing.
    Own(Own),
    /// In a transaction that other writers share.
    Shared(Turn),
    /// Worked out before there is a transaction.
    Plan(Plan),
    /// The same on PostgreSQL.
    Ahead(Lent),
    Postgres(Lent),
}

impl Conn {
    /// The connection that works on the caller's thread, if it is one and is still there.
    fn inline(&self) -> Option<&Inline> {
        match self {
            Self::Glance(glance) => glance.conn(),
            Self::Own(own) => Some(own.conn()),
            Self::Shared(turn) => turn.conn(),
            Self::Plan(plan) => plan.conn(),
            Self::Sqlite(_) | Self::Ahead(_) | Self::Postgres(_) => None,
        }
    }
}

/// A transaction for writing, or a connection for reading. Dropping a write that was not committed rolls it back.
pub struct Tx {
    conn: Option<Conn>,
    open: bool,
    /// A statement has failed.
    failed: bool,
    /// A statement was begun whose answer has not been read.
    amid: bool,
    /// Statements that were put off.
    waiting: Vec<Waiting>,
    /// What was read once and holds for as long as this lives.
    pub(super) known: Known,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tx")
    }
}

macro_rules! on_conn {
    ($self:ident, $sql:ident, $params:ident, $method:ident, $inline:expr) => {{
        $self.before($sql).await?;
        let done = match $self.conn.as_mut() {
            Some(Conn::Sqlite(conn)) => {
                param::sqlite($sql, $params).$method(&mut **conn).await.map(Done::Sqlite).map_err(StorageError::from)
            }
            Some(Conn::Postgres(conn) | Conn::Ahead(conn)) => {
                $self.amid = true;
                let done = param::postgres($sql, $params).$method(conn.conn()?).await;
                $self.amid = false;
                done.map(Done::Postgres).map_err(StorageError::from)
            }
            Some(conn @ (Conn::Glance(_) | Conn::Own(_) | Conn::Shared(_) | Conn::Plan(_))) => {
                conn.inline().map_or_else(
                    || Err(sqlx::Error::WorkerCrashed.into()),
                    |conn| $inline(conn).map(Done::Inline).map_err(StorageError::from),
                )
            }
            None => Err(sqlx::Error::WorkerCrashed.into()),
        };
        if let Err(error) = &done {
            $self.failed(error);
        }
        done
    }};
}

enum Done<S, I, P> {
    Sqlite(S),
    Inline(I),
    Postgres(P),
}

impl Tx {
    const fn over(conn: Conn, open: bool) -> Self {
        Self { conn: Some(conn), open, failed: false, amid: false, waiting: Vec::new(), known: Known::NOTHING }
    }

    /// Reads, each statement in a view of its own.
    pub(super) const fn reading_sqlite(conn: PoolConnection<Sqlite>) -> Self {
        Self::over(Conn::Sqlite(conn), false)
    }

    /// The same on the caller's thread.
    pub(super) const fn glancing_sqlite(glance: Glance) -> Self {
        Self::over(Conn::Glance(glance), false)
    }

    /// The same on PostgreSQL.
    pub(super) const fn reading_postgres(conn: Lent) -> Self {
        Self::over(Conn::Postgres(conn), false)
    }

    /// Writes; `IMMEDIATE` takes the lock before the first read, so that no upgrade can fail later.
    pub(super) async fn writing_sqlite(conn: PoolConnection<Sqlite>) -> Result<Self> {
        Self::begin(Conn::Sqlite(conn), "BEGIN IMMEDIATE").await
    }

    /// The same on PostgreSQL.
    pub(super) async fn writing_postgres(conn: Lent) -> Result<Self> {
        Self::begin(Conn::Postgres(conn), "BEGIN").await
    }

    /// Writes on the caller's thread.
    pub(super) const fn owning_sqlite(own: Own) -> Self {
        Self::over(Conn::Own(own), true)
    }

    /// Writes in a savepoint of its own, in a transaction that others share.
    pub(super) const fn sharing_sqlite(turn: Turn) -> Self {
        Self::over(Conn::Shared(turn), true)
    }

    /// Is worked out before its turn; [`Tx::commit`] writes it.
    pub(super) const fn planning_sqlite(plan: Plan) -> Self {
        Self::over(Conn::Plan(plan), true)
    }

    /// The same on PostgreSQL, where the turn is a transaction of one statement.
    pub(super) const fn planning_postgres(conn: Lent) -> Self {
        Self::over(Conn::Ahead(conn), true)
    }

    /// Whether what it writes rests on what was read before its turn.
    pub(super) const fn plans(&self) -> bool {
        matches!(self.conn, Some(Conn::Plan(_) | Conn::Ahead(_)))
    }

    /// Whether each statement is a way to another thread or another machine, and back.
    pub(super) fn is_far(&self) -> bool {
        self.conn.as_ref().is_none_or(|conn| conn.inline().is_none())
    }

    /// Whether it may write.
    pub(super) const fn writes(&self) -> bool {
        self.open
    }

    fn failed(&mut self, error: &StorageError) {
        self.failed = true;
        match &mut self.conn {
            Some(Conn::Shared(turn)) => turn.failed(error),
            Some(Conn::Glance(glance)) => glance.failed(),
            Some(Conn::Plan(plan)) => plan.failed(),
            Some(Conn::Sqlite(_) | Conn::Own(_) | Conn::Ahead(_) | Conn::Postgres(_)) | None => {}
        }
    }

    async fn begin(conn: Conn, begin: &'static str) -> Result<Self> {
        let mut tx = Self::over(conn, true);
        tx.execute(begin, &[]).await?;
        Ok(tx)
    }

    /// Runs a statement; returns how many rows it changed.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn execute(&mut self, sql: &'static str, params: &[Param]) -> Result<u64> {
        Ok(match on_conn!(self, sql, params, execute, |conn: &Inline| conn.execute(sql, params))? {
            Done::Sqlite(done) => done.rows_affected(),
            Done::Inline(changed) => changed,
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

    /// Runs an `UPDATE` or `INSERT` that must change exactly one row, without waiting for its answer: on PostgreSQL it goes to the server together
    /// with the others that were put off, in one statement and so in no order, before whatever else is asked of this transaction. They must
    /// not build on each other, nor change the same row (see [`Tx::put_off`]). SQLite, which is no way off, runs it at once, or in its turn if it is
    /// worked out before.
    ///
    /// # Errors
    /// As [`Tx::execute_one`]; where it was put off, it is a later call that has them.
    pub async fn later(&mut self, what: &'static str, sql: &'static str, params: &[Param]) -> Result<()> {
        if !matches!(self.conn, Some(Conn::Postgres(_) | Conn::Plan(_) | Conn::Ahead(_))) {
            return self.execute_one(what, sql, params).await;
        }
        self.waiting.push(Waiting { what, sql, params: params.to_vec() });
        if self.waiting.len() >= later::MOST && !self.plans() { self.catch_up().await } else { Ok(()) }
    }

    /// What a plan has put off by this statement, with values that begin with these: a second change of the same row is to become one with it.
    pub(super) fn put_off(&mut self, sql: &'static str, key: &[Param]) -> Option<&mut Waiting> {
        let plans = self.plans();
        self.waiting.iter_mut().find(|one| plans && one.sql == sql && one.params.starts_with(key))
    }

    /// What is to be done before a statement is asked: what was put off is sent, or it is found that a plan cannot ask it.
    async fn before(&mut self, sql: &str) -> Result<()> {
        if !self.plans() {
            return self.catch_up().await;
        }
        if plan::answerable(sql, &self.waiting) { Ok(()) } else { Err(StorageError::InTurn) }
    }

    /// Runs what was put off.
    async fn catch_up(&mut self) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.waiting);
        let Some(Conn::Postgres(conn)) = self.conn.as_mut() else { return Err(sqlx::Error::WorkerCrashed.into()) };
        self.amid = true;
        let done = later::run(conn.conn()?, waiting).await;
        self.amid = false;
        if let Err(error) = &done {
            self.failed(error);
        }
        done
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn fetch_all(&mut self, sql: &'static str, params: &[Param]) -> Result<Vec<Row>> {
        Ok(match on_conn!(self, sql, params, fetch_all, |conn: &Inline| conn.fetch(sql, params, usize::MAX))? {
            Done::Sqlite(rows) => rows.into_iter().map(Row::Sqlite).collect(),
            Done::Inline(rows) => rows.into_iter().map(Row::Inline).collect(),
            Done::Postgres(rows) => rows.into_iter().map(Row::Postgres).collect(),
        })
    }

    /// The only row of a query, if there is one.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn fetch_optional(&mut self, sql: &'static str, params: &[Param]) -> Result<Option<Row>> {
        Ok(match on_conn!(self, sql, params, fetch_optional, |conn: &Inline| conn.fetch(sql, params, 1))? {
            Done::Sqlite(row) => row.map(Row::Sqlite),
            Done::Inline(mut rows) => rows.pop().map(Row::Inline),
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
        self.before(sql).await?;
        match self.conn.as_mut() {
            Some(Conn::Sqlite(conn)) => conn.prepare(sql.into_sql_str()).await.map(drop)?,
            Some(conn @ (Conn::Glance(_) | Conn::Own(_) | Conn::Shared(_) | Conn::Plan(_))) => {
                conn.inline().ok_or(sqlx::Error::WorkerCrashed)?.prepare(sql)?;
            }
            Some(Conn::Postgres(conn) | Conn::Ahead(conn)) => match conn.conn()?.prepare(sql.into_sql_str()).await {
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
        if !keep {
            self.waiting.clear();
        }
        let waiting = std::mem::take(&mut self.waiting);
        if keep && self.failed && self.plans() {
            // What it rests on could not be read.
            return Err(StorageError::InTurn);
        }
        if let Some(Conn::Ahead(conn)) = &mut self.conn {
            self.amid = true;
            let done = later::run_whole(conn.conn()?, waiting).await;
            self.amid = false;
            self.failed |= !matches!(done, Ok(()) | Err(StorageError::InTurn));
            return done.map_err(StorageError::of_commit);
        }
        match self.conn.take_if(|conn| matches!(conn, Conn::Own(_) | Conn::Shared(_) | Conn::Plan(_))) {
            Some(Conn::Own(own)) => return own.end(statement).await,
            Some(Conn::Shared(turn)) => return turn.end(keep).await,
            Some(Conn::Plan(plan)) => return plan.write(waiting).await,
            Some(_) | None => self.waiting = waiting,
        }
        if self.open {
            self.catch_up().await?;
            let ended = self.execute(statement, &[]).await;
            ended.map_err(|error| if keep { error.of_commit() } else { error })?;
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
            Conn::Postgres(conn) if self.open || self.failed => conn.close(),
            Conn::Ahead(conn) if self.failed => conn.close(),
            Conn::Postgres(conn) | Conn::Ahead(conn) if self.amid => conn.doubt(),
            // Back to where it came from.
            Conn::Sqlite(_) | Conn::Glance(_) | Conn::Plan(_) | Conn::Ahead(_) | Conn::Postgres(_) => {}
            // Back to its group, which undoes it, or closed.
            Conn::Shared(turn) => drop(turn),
            Conn::Own(own) => drop(own),
        }
    }
}
