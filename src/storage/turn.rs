//! The one connection that writes on SQLite, while it is lent to somebody: in a savepoint of their own, in a transaction that others share.

use super::error::{Result, StorageError};
use super::inline::Inline;
use rusqlite::ErrorCode;
use sqlx::Sqlite;
use sqlx::pool::PoolConnection;
use tokio::sync::oneshot;

/// A connection with an open transaction: closed when it is dropped, which rolls back, unless its transaction has ended. As long as it is held,
/// the pool's only connection is, so that nobody else writes.
pub(super) struct Held {
    pub(super) conn: Box<Inline>,
    pub(super) lock: PoolConnection<Sqlite>,
}

/// The connection on its way back from a writer.
pub(super) struct Back {
    pub(super) held: Held,
    /// What was written stays.
    pub(super) keep: bool,
    /// The transaction may be gone.
    pub(super) broken: bool,
    /// Who wants to know how the group ended.
    pub(super) told: Option<oneshot::Sender<Result<()>>>,
}

/// The connection while it is lent to one writer, inside its savepoint. Dropped, it goes back and the work is undone.
pub(super) struct Turn {
    lent: Option<(Held, oneshot::Sender<Back>)>,
    broken: bool,
}

impl Turn {
    /// Lends it; what comes back is where the second part says.
    pub(super) fn of(held: Held) -> (Self, oneshot::Receiver<Back>) {
        let (back, returned) = oneshot::channel();
        (Self { lent: Some((held, back)), broken: false }, returned)
    }

    /// The connection of a turn that nobody has taken.
    pub(super) fn untaken(mut self) -> Option<Held> {
        self.lent.take().map(|(held, _)| held)
    }

    /// The connection.
    pub(super) fn conn(&self) -> Option<&Inline> {
        self.lent.as_ref().map(|(held, _)| &*held.conn)
    }

    /// Notes that a statement failed. A refused constraint undoes the statement alone; the transaction stands.
    pub(super) fn failed(&mut self, error: &StorageError) {
        self.broken |= !refused(error);
    }

    /// Gives the connection back and waits until the group is durable.
    ///
    /// # Errors
    /// When the group could not be committed: nothing of it is stored.
    pub(super) async fn end(mut self, keep: bool) -> Result<()> {
        let (told, outcome) = oneshot::channel();
        self.give_back(keep, Some(told));
        outcome.await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))
    }

    fn give_back(&mut self, keep: bool, told: Option<oneshot::Sender<Result<()>>>) {
        if let Some((held, back)) = self.lent.take() {
            // Nobody takes it back when the runtime ends; the connection is closed then.
            let _ = back.send(Back { held, keep, broken: self.broken, told });
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.give_back(false, None);
    }
}

/// Whether a statement was refused by a constraint, which undoes it alone. After any other error the transaction may be gone.
pub(super) fn refused(error: &StorageError) -> bool {
    let code = if let StorageError::Inline(error) = error { error.sqlite_error_code() } else { None };
    code == Some(ErrorCode::ConstraintViolation)
}
