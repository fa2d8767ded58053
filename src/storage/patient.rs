//! A thread of its own for what may wait: for a lock that another program holds, or for the disk.

use super::error::{Result, StorageError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use tokio::sync::oneshot;

type Work = Box<dyn FnOnce() + Send>;

/// The thread; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Patient(mpsc::Sender<Work>);

impl Patient {
    /// Starts it. Where the system gives no thread, whatever it is asked for fails.
    pub(super) fn start(name: &'static str) -> Self {
        let (sender, works) = mpsc::channel::<Work>();
        let body = move || {
            for work in works {
                // Who waits for it is told that it is gone, since its end of the line is; why is in the log.
                let _ = catch_unwind(AssertUnwindSafe(work));
            }
        };
        if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(body) {
            tracing::error!(%error, name, "a thread was not given");
        }
        Self(sender)
    }

    /// Has it do some work, one after the other.
    ///
    /// # Errors
    /// The work's own; when the thread is gone.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let gone = || StorageError::from(sqlx::Error::WorkerCrashed);
        let (done, outcome) = oneshot::channel();
        let work = move || {
            // Nobody waits any more: what it made is dropped.
            let _ = done.send(work());
        };
        self.0.send(Box::new(work)).map_err(|_| gone())?;
        outcome.await.unwrap_or_else(|_| Err(gone()))
    }
}
