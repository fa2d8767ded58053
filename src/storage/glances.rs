//! Connections to SQLite for a few short reads on the caller's own thread. In WAL mode a reader waits for nobody.
//!
//! sqlx hands each statement to a thread of the connection's own; the few statements of a page take less time than the changes of thread.
//! What may read much goes through sqlx: it would hold up whoever else the thread serves.

use super::error::Result;
use super::inline::Inline;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections that are kept for the next ones. Each holds pages in memory.
const MOST_RESTING: usize = 4;

/// The connections of one file that nobody reads by at the moment.
#[derive(Debug)]
pub(super) struct Glances {
    file: PathBuf,
    /// None once they are closed.
    resting: Mutex<Option<Vec<Inline>>>,
}

/// A connection while one reader has it. One on which nothing failed is kept for the next.
#[derive(Debug)]
pub(super) struct Glance {
    conn: Option<Inline>,
    home: Arc<Glances>,
}

impl Glances {
    /// Those of a file that is there; they are opened when they are wanted.
    pub(super) fn of(file: &Path) -> Arc<Self> {
        Arc::new(Self { file: file.to_owned(), resting: Mutex::new(Some(Vec::new())) })
    }

    /// A connection for one reader.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub(super) fn take(self: &Arc<Self>) -> Result<Glance> {
        let rested = self.resting().as_mut().and_then(Vec::pop);
        let conn = match rested {
            Some(conn) => conn,
            None => Inline::open_reading(&self.file)?,
        };
        Ok(Glance { conn: Some(conn), home: Arc::clone(self) })
    }

    /// Closes those that rest, and whichever comes back later.
    pub(super) fn close(&self) {
        let resting = self.resting().take();
        drop(resting);
    }

    fn resting(&self) -> MutexGuard<'_, Option<Vec<Inline>>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Glance {
    /// The connection, unless a statement has failed on it.
    pub(super) const fn conn(&self) -> Option<&Inline> {
        self.conn.as_ref()
    }

    /// Notes that a statement failed: the connection is closed.
    pub(super) fn failed(&mut self) {
        self.conn = None;
    }
}

impl Drop for Glance {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        if let Some(resting) = &mut *self.home.resting()
            && resting.len() < MOST_RESTING
        {
            resting.push(conn);
        }
    }
}
