//! Copies what is committed from SQLite's write-ahead log into the file, by a connection and a thread of its own. Left to COMMIT, it holds up every
//! writer for as long as the disk takes for some hundred pages and two syncs.
//!
//! The log begins anew only where a COMMIT finds all of it copied, which under load it never is: one that finds a long log copies the rest
//! itself ([`super::db::LOG_PAGES`]).

use super::error::Result;
use super::inline::Inline;
use super::patient::Patient;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// It is done after so many writes.
const AFTER: u64 = 128;

/// Copies the log of one file.
pub(super) struct Copier {
    file: PathBuf,
    durable: bool,
    patient: Patient,
    /// Opened when it is first wanted.
    conn: Arc<Mutex<Option<Inline>>>,
    busy: AtomicBool,
    /// The writes that there had been when it last began.
    seen: AtomicU64,
}

impl Copier {
    /// For a file that is there.
    pub(super) fn of(file: &Path, durable: bool) -> Arc<Self> {
        Arc::new(Self {
            file: file.to_owned(),
            durable,
            patient: Patient::start("sqlite-copier"),
            conn: Arc::default(),
            busy: AtomicBool::new(false),
            seen: AtomicU64::new(0),
        })
    }

    /// Begins to copy, if many of these `writes` came since it last did. Nobody waits for it.
    pub(super) fn after(self: &Arc<Self>, writes: u64) {
        if writes < self.seen.load(Ordering::Relaxed) + AFTER || self.busy.swap(true, Ordering::Relaxed) {
            return;
        }
        self.seen.store(writes, Ordering::Relaxed);
        let copier = Arc::clone(self);
        tokio::spawn(async move {
            // A COMMIT will do it when the log has grown.
            if let Err(error) = copier.copy().await {
                tracing::warn!(%error, "the write-ahead log was not copied into the file");
            }
            copier.busy.store(false, Ordering::Relaxed);
        });
    }

    async fn copy(&self) -> Result<()> {
        let (conn, file, durable) = (Arc::clone(&self.conn), self.file.clone(), self.durable);
        let copy = move || {
            let mut kept = conn.lock().unwrap_or_else(PoisonError::into_inner);
            let conn = match kept.take() {
                Some(conn) => conn,
                None => Inline::open(&file, durable)?,
            };
            conn.copy_log()?;
            *kept = Some(conn);
            Ok(())
        };
        self.patient.run(copy).await
    }

    /// Closes the connection.
    ///
    /// # Errors
    /// When the thread is gone.
    pub(super) async fn close(&self) -> Result<()> {
        let conn = Arc::clone(&self.conn);
        let close = move || {
            drop(conn.lock().unwrap_or_else(PoisonError::into_inner).take());
            Ok(())
        };
        self.patient.run(close).await
    }
}
