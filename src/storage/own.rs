//! A transaction of one's own on SQLite for thousands of short statements: they run on the caller's thread. Only what may wait, for a lock or the
//! disk, is done on the thread that writes for others.

use super::error::Result;
use super::inline::Inline;
use super::shared::Shared;
use super::turn::Held;
use std::sync::Arc;

/// The connection that writes, with a transaction that nobody shares. Dropped, it is closed, which rolls back.
pub(super) struct Own {
    held: Held,
    shared: Arc<Shared>,
}

impl Own {
    /// Waits for the connection, as long as the pool lets it, and begins. `IMMEDIATE` takes the lock before the first read.
    ///
    /// # Errors
    /// When no connection can be had.
    pub(super) async fn begin(shared: &Arc<Shared>) -> Result<Self> {
        let waiting = shared.alone();
        let lock = shared.lock().await?;
        drop(waiting);
        let conn = shared.run_on(None, "BEGIN IMMEDIATE").await?;
        Ok(Self { held: Held { conn, lock }, shared: Arc::clone(shared) })
    }

    /// The connection.
    pub(super) fn conn(&self) -> &Inline {
        &self.held.conn
    }

    /// Ends it by this statement; the connection is there for the next writer afterwards.
    ///
    /// # Errors
    /// When the database refuses; the connection is closed then, and nothing is stored.
    pub(super) async fn end(self, statement: &'static str) -> Result<()> {
        let Held { conn, lock } = self.held;
        let conn = self.shared.run_on(Some(conn), statement).await?;
        self.shared.rest(conn);
        drop(lock);
        Ok(())
    }
}
