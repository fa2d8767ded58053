//! Opening the database and its doors: `read` and `write`, and for what is short and frequent `glance`, `write_shared` and
//! `plan`.

use super::error::{Result, StorageError};
use super::glances::Glances;
use super::own::Own;
use super::plan::Plan;
use super::resting::Rest;
use super::shared::Shared;
use super::tx::Tx;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqlitePool};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// SQLite before this has a race that can corrupt a database in WAL mode.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// How long a connection to SQLite waits for another program that writes.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// A COMMIT that finds so many pages in the write-ahead log copies them into the file itself: 64 MiB. Before, that is done beside the writers.
pub(super) const LOG_PAGES: &str = "16384";

/// Pages that a connection to SQLite that writes keeps in memory: below zero in KiB.
pub(super) const CACHE_SIZE: &str = "-8000";

/// The same of one that reads. There are several, and the system keeps the file's pages once for all of them.
const READING_CACHE_SIZE: &str = "-4000";

/// How long a request waits for a connection before it fails.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Connections of one process for reading from PostgreSQL.
const POSTGRES_READERS: u32 = 12;

/// Connections of one process for writing to it.
const POSTGRES_WRITERS: u32 = 8;

/// Which database is behind a [`Db`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Embedded.
    Sqlite,
    /// A server.
    Postgres,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite { read: SqlitePool, glances: Arc<Glances>, write: SqlitePool, shared: Arc<Shared> },
    Postgres { read: Arc<Rest>, write: Arc<Rest> },
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Arc<Pools>,
}

impl Db {
    /// Opens a SQLite file, creating it if it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, SQLite is too old, or the schema is newer than this program.
    pub async fn open_sqlite(path: &Path) -> Result<Self> {
        // FULL, because WAL with NORMAL loses acknowledged commits at a power cut.
        Self::open_file(path, SqliteSynchronous::Full).await
    }

    /// Opens a SQLite file for something that is thrown away afterwards, such as a replay: fast, and lost at a power cut.
    ///
    /// # Errors
    /// As [`Db::open_sqlite`].
    pub async fn open_scratch(path: &Path) -> Result<Self> {
        Self::open_file(path, SqliteSynchronous::Off).await
    }

    async fn open_file(path: &Path, synchronous: SqliteSynchronous) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("cache_size", CACHE_SIZE)
            .pragma("wal_autocheckpoint", LOG_PAGES)
            .pragma("temp_store", "memory");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options.clone())
            .await?;
        let version: String = sqlx::query("SELECT sqlite_version() AS v").fetch_one(&write).await?.get("v");
        if parse_version(&version).is_none_or(|v| v < OLDEST_SQLITE) {
            return Err(StorageError::Settings(format!(
                "SQLite {version} can corrupt a database in WAL mode; 3.51.3 or newer is needed"
            )));
        }
        if synchronous != SqliteSynchronous::Off {
            copy_before_migration(&write, path).await?;
        }
        MIGRATOR.run(&write).await?;
        // What is sorted for a sum over millions of rows goes into a file, not into memory.
        let reading = [("query_only", "ON"), ("cache_size", READING_CACHE_SIZE), ("temp_store", "file")];
        let reading = reading.into_iter().fold(options, |options, (name, value)| options.pragma(name, value));
        let read =
            SqlitePoolOptions::new().max_connections(4).acquire_timeout(ACQUIRE_TIMEOUT).connect_with(reading).await?;
        let shared = Shared::over(write.clone(), path, synchronous != SqliteSynchronous::Off);
        Ok(Self { pools: Arc::new(Pools::Sqlite { read, glances: Glances::of(path), write, shared }) })
    }

    /// Opens a SQLite file that nobody else has open, only to look at it: its schema stays as it is.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn look_into(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let read = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        let shared = Shared::over(read.clone(), path, true);
        Ok(Self { pools: Arc::new(Pools::Sqlite { write: read.clone(), glances: Glances::of(path), read, shared }) })
    }

    /// Opens a PostgreSQL database and brings its schema up to date.
    ///
    /// # Errors
    /// When the server does not answer, refuses, or the schema is newer than this program.
    pub async fn open_postgres(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("mashang");
        // Two pools as on SQLite: a request that has read may wait for a write, and must not hold what the writers wait for.
        let pool = |most| PgPoolOptions::new().max_connections(most).acquire_timeout(ACQUIRE_TIMEOUT);
        let write = pool(POSTGRES_WRITERS).connect_with(options.clone()).await?;
        MIGRATOR.run(&write).await?;
        let read = pool(POSTGRES_READERS).connect_lazy_with(options);
        let rest = |pool, most| Rest::of(pool, most, ACQUIRE_TIMEOUT);
        let (read, write) = (rest(read, POSTGRES_READERS), rest(write, POSTGRES_WRITERS));
        Ok(Self { pools: Arc::new(Pools::Postgres { read, write }) })
    }

    /// Opens what a database URL names: `sqlite:PATH` or `postgres://…`.
    ///
    /// # Errors
    /// As the two above; also for any other URL.
    pub async fn open(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Self::open_sqlite(Path::new(path.trim_start_matches("//"))).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::open_postgres(url).await;
        }
        Err(StorageError::Settings("the database URL must begin with postgres:// or sqlite:".to_owned()))
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match *self.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres { .. } => Backend::Postgres,
        }
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn read(&self) -> Result<Tx> {
        match &*self.pools {
            Pools::Sqlite { read, .. } => Ok(Tx::reading_sqlite(read.acquire().await?)),
            Pools::Postgres { read, .. } => Ok(Tx::reading_postgres(read.take().await?)),
        }
    }

    /// A connection for a few short reads, on SQLite on the caller's own thread; on PostgreSQL the same as [`Db::read`]. Not for a search, a sum
    /// or a list without an end: nobody else is served by the thread meanwhile.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn glance(&self) -> Result<Tx> {
        match &*self.pools {
            Pools::Sqlite { glances, .. } => Ok(Tx::glancing_sqlite(glances.take()?)),
            Pools::Postgres { .. } => self.read().await,
        }
    }

    /// A transaction for writing: the only one at a time on SQLite.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn write(&self) -> Result<Tx> {
        match &*self.pools {
            Pools::Sqlite { write, shared, .. } => {
                let waiting = shared.alone();
                let conn = write.acquire().await?;
                drop(waiting);
                Tx::writing_sqlite(conn).await
            }
            Pools::Postgres { write, .. } => Tx::writing_postgres(write.take().await?).await,
        }
    }

    /// The same for thousands of short statements: on SQLite they run on the caller's own thread, which lets others have their turn now and then.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn write_many(&self) -> Result<Tx> {
        match &*self.pools {
            Pools::Sqlite { shared, .. } => Ok(Tx::owning_sqlite(Own::begin(shared).await?)),
            Pools::Postgres { .. } => self.write().await,
        }
    }

    /// A write that may share its COMMIT with others on SQLite, each in a savepoint of its own; on PostgreSQL the same as [`Db::write`]. For what
    /// is short: the others of the group wait until the slowest is done. It must not wait for another connection while it holds this one.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn write_shared(&self) -> Result<Tx> {
        match &*self.pools {
            Pools::Sqlite { shared, .. } => Ok(Tx::sharing_sqlite(shared.turn(ACQUIRE_TIMEOUT).await?)),
            Pools::Postgres { .. } => self.write().await,
        }
    }

    /// A short write that is worked out beside others and written in its turn: on SQLite together with others, on PostgreSQL by one statement.
    /// Whatever of it gives [`StorageError::InTurn`] is to be done anew in a [`Db::write_shared`].
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn plan(&self) -> Result<Tx> {
        match &*self.pools {
            Pools::Sqlite { glances, shared, .. } => {
                Ok(Tx::planning_sqlite(Plan::new(glances.take()?, Arc::clone(shared))))
            }
            Pools::Postgres { write, .. } => Ok(Tx::planning_postgres(write.take().await?)),
        }
    }

    /// Shared commits since the database was opened, and the writes that they stored; none on PostgreSQL.
    #[must_use]
    pub fn shared_commits(&self) -> (u64, u64) {
        match &*self.pools {
            Pools::Sqlite { shared, .. } => shared.counted(),
            Pools::Postgres { .. } => (0, 0),
        }
    }

    /// Copies a SQLite database into a new file that only its owner may read, as it is at this moment, and checks the copy. Writers are not
    /// held up.
    ///
    /// # Errors
    /// When this is PostgreSQL, the file is there already, cannot be written, or is found damaged.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        let Pools::Sqlite { write, .. } = &*self.pools else {
            return Err(StorageError::Settings("only SQLite's file can be copied".to_owned()));
        };
        copy(write, file).await?;
        Self::check_sqlite(file).await
    }

    /// Has SQLite look through a whole file that nobody else has open, without changing it.
    ///
    /// # Errors
    /// When it cannot be read or is found damaged.
    pub async fn check_sqlite(file: &Path) -> Result<()> {
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let copy = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        let found = sqlx::query("PRAGMA integrity_check").fetch_one(&copy).await.map(|row| row.get::<String, _>(0));
        copy.close().await;
        match found? {
            found if found == "ok" => Ok(()),
            found => Err(StorageError::Unreadable { what: "copy of the database", value: found }),
        }
    }

    /// The number of the newest migration that this program knows.
    #[must_use]
    pub fn newest_schema() -> i64 {
        MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0)
    }

    /// Whether a PostgreSQL database has no tables of its own yet.
    ///
    /// # Errors
    /// When the server does not answer or refuses.
    pub async fn postgres_is_empty(url: &str) -> Result<bool> {
        let options = PgConnectOptions::from_str(url)?.application_name("mashang");
        let pool =
            PgPoolOptions::new().max_connections(1).acquire_timeout(ACQUIRE_TIMEOUT).connect_with(options).await?;
        let sql = "SELECT COUNT(*) AS n FROM information_schema.tables WHERE table_schema = current_schema()";
        let found = sqlx::query(sql).fetch_one(&pool).await.map(|row| row.get::<i64, _>("n"));
        pool.close().await;
        Ok(found? == 0)
    }

    /// Tidies up after a bulk load: PostgreSQL's searches wade through what it left until its own vacuum comes by a minute later. Nothing on
    /// SQLite. What was loaded is stored whatever comes of it, so that a refusal is only logged.
    pub async fn tidy(&self) {
        if let Pools::Postgres { write, .. } = &*self.pools {
            let done = async {
                let sql = "VACUUM (ANALYZE) enterprises, enterprise_keys, enterprise_gone";
                Ok::<_, StorageError>(sqlx::raw_sql(sql).execute(write.take().await?.conn()?).await?)
            };
            if let Err(error) = done.await {
                tracing::warn!(%error, "searches are slow until the database's own vacuum has been");
            }
        }
    }

    /// Ends all connections; on SQLite this checkpoints the write-ahead log.
    pub async fn close(&self) {
        match &*self.pools {
            Pools::Sqlite { read, glances, write, shared } => {
                read.close().await;
                glances.close();
                write.close().await;
                shared.close().await;
            }
            Pools::Postgres { read, write } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

/// Copies a SQLite file that has an older schema to one beside it, before it is brought up to date. One that is there already is left: it was
/// made by an attempt that did not end well.
async fn copy_before_migration(write: &SqlitePool, path: &Path) -> Result<()> {
    let known = sqlx::query("SELECT COUNT(*) AS n FROM sqlite_master WHERE name = '_sqlx_migrations'").fetch_one(write);
    if known.await?.get::<i64, _>("n") == 0 {
        return Ok(());
    }
    let row = sqlx::query("SELECT COALESCE(MAX(version), 0) AS v FROM _sqlx_migrations").fetch_one(write).await?;
    let (old, new): (i64, i64) = (row.get("v"), Db::newest_schema());
    if old == 0 || old >= new {
        return Ok(());
    }
    let kept = path.with_extension(format!("before-{new:04}.db"));
    if !kept.exists() {
        let draft = kept.with_extension("part");
        let _ = std::fs::remove_file(&draft);
        copy(write, &draft).await?;
        std::fs::rename(&draft, &kept).map_err(sqlx::Error::Io)?;
        tracing::info!(kept = %kept.display(), old, new, "the database was copied before its schema is brought up to date");
    }
    Ok(())
}

/// Copies the database into a new file that only its owner may read, and syncs it.
async fn copy(write: &SqlitePool, file: &Path) -> Result<()> {
    let path = file.to_string_lossy().into_owned();
    // By the pool's only connection it would hold up whoever writes, for as long as the file is large.
    let mut own = write.connect_options().connect().await?;
    // SQLite would leave the permissions to the umask; a file that is there and empty, it fills.
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    made.map_err(sqlx::Error::Io)?;
    if let Err(error) = sqlx::query("VACUUM INTO $1").bind(path).execute(&mut own).await {
        // The unfinished copy is of no use, and would be in the way of the next attempt.
        let _ = std::fs::remove_file(file);
        return Err(error.into());
    }
    own.close().await?;
    std::fs::File::open(file).and_then(|file| file.sync_all()).map_err(|error| sqlx::Error::Io(error).into())
}

fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}
