//! What can go wrong in the store.

/// A failure of the store. A business answer is never an error: "not there" is an `Option`, a conflict a value.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The driver or the database failed: the connection is closed, the transaction gone.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// SQLite failed on the caller's own thread: in a shared write or a glance.
    #[error("database: {0}")]
    Inline(#[from] rusqlite::Error),
    /// The answer to a COMMIT was lost: it may be stored, or not.
    #[error("database: {0}; whether it was stored is not known")]
    InDoubt(sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("schema: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored value that the program does not understand.
    #[error("stored {what} is not readable: {value}")]
    Unreadable {
        /// Which value.
        what: &'static str,
        /// Its text.
        value: String,
    },
    /// An `UPDATE` met another version than the one it was made for.
    #[error("{0} was changed by somebody else")]
    Stale(&'static str),
    /// What was worked out before its turn cannot be, or rests on what has changed since: nothing was written, and it is to be done in its turn.
    #[error("it has to be done in its turn")]
    InTurn,
    /// The transaction that was shared with other writers could not be committed: nothing of any of them is stored.
    #[error("{0}")]
    Group(std::sync::Arc<StorageError>),
    /// A statement of another writer failed so that the transaction shared with it had to be given up.
    #[error("the shared transaction was given up")]
    Spoilt,
    /// The settings do not name a usable database.
    #[error("{0}")]
    Settings(String),
}

/// What a database says when it could not do it now and may a moment later: deadlock and serialization failure of PostgreSQL, that it is being
/// stopped or started, and that it only reads, as the old one does after a failover; busy, its kinds of snapshot and recovery, and locked of SQLite.
const BUSY: [&str; 10] = ["40P01", "40001", "57P01", "57P02", "57P03", "25006", "5", "261", "517", "6"];

/// What PostgreSQL says when it ends a connection, a COMMIT that waits for a replica among them: that one is stored.
const ENDED: [&str; 2] = ["57P01", "57P02"];

impl StorageError {
    /// The same about a COMMIT, where it may have been stored nevertheless.
    pub(super) fn of_commit(self) -> Self {
        match self {
            Self::Database(error @ sqlx::Error::Io(_)) => Self::InDoubt(error),
            Self::Database(sqlx::Error::Database(error))
                if error.code().is_some_and(|c| ENDED.contains(&c.as_ref())) =>
            {
                Self::InDoubt(sqlx::Error::Database(error))
            }
            other => other,
        }
    }

    /// Whether no connection came in time.
    pub(super) const fn timed_out(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::PoolTimedOut))
    }

    /// Whether the same may well work a moment later.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match self {
            // A connection that broke: to a server that is gone, and that comes back or is replaced.
            Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) | Self::Spoilt | Self::InTurn => true,
            Self::Database(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| BUSY.contains(&code.as_ref()))
            }
            Self::Inline(rusqlite::Error::SqliteFailure(error, _)) => {
                BUSY.contains(&error.extended_code.to_string().as_str())
            }
            Self::Group(error) => error.is_busy(),
            _ => false,
        }
    }
}

/// The result of a storage function.
pub type Result<T> = std::result::Result<T, StorageError>;

/// Refuses a stored code that is none of an enum's.
pub(crate) fn readable<T>(what: &'static str, value: &str, parsed: Option<T>) -> Result<T> {
    parsed.ok_or_else(|| StorageError::Unreadable { what, value: value.to_owned() })
}
