//! Shared commits on SQLite: writes that wait at the same time follow each other in one transaction and share its COMMIT, which is what a disk
//! makes expensive. Each stands in a savepoint of its own, so that a failure of one takes no other with it.
//!
//! A task of its own owns the transaction, never a request: it lends the connection to one writer after the other, and a request that is dropped
//! gives it back. A writer has its answer only after the COMMIT, and so has one that took its work back: it may have read, and would tell, what
//! another of its group wrote a moment before and nobody has stored yet.
//!
//! The group ends with its transaction. Any error but a refused constraint may mean that SQLite has rolled back everything, or that the disk is
//! full or broken; then the connection is closed, which rolls back, and each writer of the group has an error.

use super::copier::Copier;
use super::error::{Result, StorageError};
use super::inline::Inline;
use super::patient::Patient;
use rusqlite::ErrorCode;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqlitePool};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// The most writers of a group: so many may have to send again when its COMMIT fails.
const MOST: u32 = 32;

/// Who waits for the connection, and whether a task is lending it.
#[derive(Default)]
struct Queue {
    waiting: VecDeque<oneshot::Sender<Result<Turn>>>,
    driven: bool,
    /// Writers that wait for a transaction of their own.
    alone: usize,
    /// How many of those waiting came before the first of them.
    before: Option<usize>,
}

impl Queue {
    fn next(&mut self) -> Option<oneshot::Sender<Result<Turn>>> {
        self.before = self.before.map(|before| before.saturating_sub(1));
        self.waiting.pop_front()
    }

    /// Whether a group that is open takes in one more.
    fn goes_on(&self) -> bool {
        !self.waiting.is_empty() && self.before != Some(0)
    }
}

/// The writers of one SQLite file that share commits.
pub(super) struct Shared {
    pool: SqlitePool,
    file: PathBuf,
    durable: bool,
    patient: Patient,
    /// The connection between two groups.
    rests: Mutex<Option<Box<Inline>>>,
    queue: Mutex<Queue>,
    commits: AtomicU64,
    writes: AtomicU64,
    copier: Arc<Copier>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

/// A connection with an open transaction: closed when it is dropped, which rolls back, unless its transaction has ended. As long as it is held,
/// the pool's only connection is, so that nobody else writes.
struct Held {
    conn: Box<Inline>,
    _turn: PoolConnection<Sqlite>,
}

impl Held {
    /// Runs some statements that are the same for each group, one after the other.
    fn run(&self, sql: &'static str) -> Result<()> {
        Ok(self.conn.run(sql)?)
    }
}

/// The connection on its way back from a writer.
struct Back {
    held: Held,
    keep: bool,
    broken: bool,
    /// Who wants to know how the group ended.
    told: Option<oneshot::Sender<Result<()>>>,
}

/// The connection while it is lent to one writer, inside its savepoint. Dropped, it goes back and the work is undone.
pub(super) struct Turn {
    lent: Option<(Held, oneshot::Sender<Back>)>,
    broken: bool,
}

impl Turn {
    /// The connection.
    pub(super) fn conn(&self) -> Option<&Inline> {
        self.lent.as_ref().map(|(held, _)| &*held.conn)
    }

    /// Notes that a statement failed. A refused constraint undoes the statement alone; the transaction stands.
    pub(super) fn failed(&mut self, error: &StorageError) {
        let StorageError::Inline(error) = error else {
            self.broken = true;
            return;
        };
        self.broken |= error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation);
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

/// A writer waits for a transaction of its own as long as this lives.
pub(super) struct Alone<'a>(&'a Shared);

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue();
        queue.alone -= 1;
        queue.before = (queue.alone > 0).then_some(queue.waiting.len());
    }
}

/// A task lends the connection as long as this lives. If it ends before its time, those who wait are not left waiting.
struct Driving<'a>(Option<&'a Shared>);

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        if let Some(shared) = self.0 {
            let mut queue = shared.queue();
            queue.waiting.clear();
            queue.driven = false;
        }
    }
}

impl Shared {
    /// Writers over the pool of the one connection that writes.
    pub(super) fn over(pool: SqlitePool, file: &Path, durable: bool) -> Arc<Self> {
        let (commits, writes) = (AtomicU64::new(0), AtomicU64::new(0));
        Arc::new(Self {
            pool,
            file: file.to_owned(),
            durable,
            patient: Patient::start("sqlite-shared"),
            rests: Mutex::default(),
            queue: Mutex::default(),
            commits,
            writes,
            copier: Copier::of(file, durable),
        })
    }

    /// Closes the connection; the pool's are closed before.
    pub(super) async fn close(&self) {
        let rests = self.rests().take();
        let closed = self.patient.run(move || {
            drop(rests);
            Ok(())
        });
        for closed in [closed.await, self.copier.close().await] {
            if let Err(error) = closed {
                tracing::error!(%error, "a connection of shared writes was not closed");
            }
        }
    }

    fn rests(&self) -> MutexGuard<'_, Option<Box<Inline>>> {
        self.rests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Commits so far, and the writes that they stored.
    pub(super) fn counted(&self) -> (u64, u64) {
        (self.commits.load(Ordering::Relaxed), self.writes.load(Ordering::Relaxed))
    }

    /// To be held while waiting for a transaction of one's own: a group that is open takes in those who came before, and nobody else.
    pub(super) fn alone(&self) -> Alone<'_> {
        let mut queue = self.queue();
        queue.alone += 1;
        let waiting = queue.waiting.len();
        queue.before.get_or_insert(waiting);
        drop(queue);
        Alone(self)
    }

    /// Waits for a turn, for at most so long.
    ///
    /// # Errors
    /// When none came, or no transaction can be begun.
    pub(super) async fn turn(self: &Arc<Self>, at_most: Duration) -> Result<Turn> {
        let (place, called) = oneshot::channel();
        {
            let mut queue = self.queue();
            queue.waiting.push_back(place);
            if !queue.driven {
                queue.driven = true;
                tokio::spawn(Arc::clone(self).drive());
            }
        }
        match tokio::time::timeout(at_most, called).await {
            Ok(Ok(turn)) => turn,
            Ok(Err(_)) => Err(sqlx::Error::WorkerCrashed.into()),
            Err(_) => Err(sqlx::Error::PoolTimedOut.into()),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Group after group, until nobody waits. Between two, the pool gives the connection to whoever waits for it longest.
    async fn drive(self: Arc<Self>) {
        let mut driving = Driving(Some(&self));
        loop {
            {
                let mut queue = self.queue();
                queue.waiting.retain(|place| !place.is_closed());
                if queue.waiting.is_empty() {
                    queue.driven = false;
                    driving.0 = None;
                    return;
                }
            }
            self.group().await;
            self.copier.after(self.writes.load(Ordering::Relaxed));
        }
    }

    async fn group(&self) {
        let held = match self.begin().await {
            Ok(held) => held,
            // Somebody else writes for long: each waits for as long as it may.
            Err(StorageError::Database(sqlx::Error::PoolTimedOut)) => return,
            Err(error) => {
                let error = Arc::new(error);
                for place in std::mem::take(&mut self.queue().waiting) {
                    let _ = place.send(Err(StorageError::Group(Arc::clone(&error))));
                }
                return;
            }
        };
        let mut told = Vec::new();
        let ended = self.lend(held, &mut told).await.map_err(Arc::new);
        if let Err(error) = &ended {
            tracing::error!(%error, writers = told.len(), "a group of writes could not be committed; none is stored");
        }
        for writer in told {
            let _ = writer.send(ended.clone().map_err(StorageError::Group));
        }
    }

    async fn begin(&self) -> Result<Held> {
        // It never goes to the thread: where there is no runtime, the pool cannot take it back.
        let turn = self.pool.acquire().await?;
        let (rests, file, durable) = (self.rests().take(), self.file.clone(), self.durable);
        let begun = self.patient.run(move || {
            let conn = match rests {
                Some(conn) => conn,
                None => Box::new(Inline::open(&file, durable)?),
            };
            conn.run("BEGIN IMMEDIATE; SAVEPOINT writer")?;
            Ok(conn)
        });
        Ok(Held { conn: begun.await?, _turn: turn })
    }

    /// Makes everything durable, then lets others write.
    async fn commit(&self, held: Held) -> Result<()> {
        let Held { conn, _turn: turn } = held;
        let committed = self.patient.run(move || {
            conn.run("COMMIT")?;
            Ok(conn)
        });
        *self.rests() = Some(committed.await?);
        drop(turn);
        Ok(())
    }

    /// Lends the connection to those who wait, and commits.
    async fn lend(&self, mut held: Held, told: &mut Vec<oneshot::Sender<Result<()>>>) -> Result<()> {
        let (mut members, mut kept) = (0, 0);
        loop {
            let back = match self.hand_on(held) {
                Ok(back) => back.await.map_err(|_| sqlx::Error::WorkerCrashed)?,
                Err(Some(unwanted)) => {
                    held = unwanted;
                    break;
                }
                Err(None) => return Err(sqlx::Error::WorkerCrashed.into()),
            };
            told.extend(back.told);
            if back.broken {
                return Err(StorageError::Spoilt);
            }
            held = back.held;
            members += 1;
            kept += u64::from(back.keep);
            let more = members < MOST && self.queue().goes_on();
            match (back.keep, more) {
                (true, true) => held.run("RELEASE writer; SAVEPOINT writer")?,
                (true, false) => {}
                (false, _) => held.run("ROLLBACK TO writer")?,
            }
            if !more {
                break;
            }
        }
        // It also releases the savepoint that is open.
        self.commit(held).await?;
        if kept > 0 {
            self.commits.fetch_add(1, Ordering::Relaxed);
            self.writes.fetch_add(kept, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Gives the connection to the next who still waits; gives it back if there is none.
    fn hand_on(&self, mut held: Held) -> std::result::Result<oneshot::Receiver<Back>, Option<Held>> {
        loop {
            let Some(place) = self.queue().next() else { return Err(Some(held)) };
            let (back, returned) = oneshot::channel();
            match place.send(Ok(Turn { lent: Some((held, back)), broken: false })) {
                Ok(()) => return Ok(returned),
                Err(unsent) => match unsent.ok().and_then(|mut turn| turn.lent.take()) {
                    Some((unwanted, _)) => held = unwanted,
                    None => return Err(None),
                },
            }
        }
    }
}
