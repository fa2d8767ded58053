//! Shared commits on SQLite: writes that wait at the same time follow each other in one transaction and share its COMMIT, which is what a disk
//! makes expensive. Each stands in a savepoint of its own, so that a failure of one takes no other with it.
//!
//! A task of its own owns the transaction, never a request. What was worked out before is written on a thread that may wait for a lock or the disk,
//! with BEGIN and COMMIT around it; to whoever needs it, the connection is lent, and a request that is dropped gives it back. A writer has its
//! answer only after the COMMIT, and so has one that took its work back: it may have read, and would tell, what another of its group wrote a moment
//! before and nobody has stored yet.
//!
//! The group ends with its transaction. Any error but a refused constraint may mean that SQLite has rolled back everything, or that the disk is
//! full or broken; then the connection is closed, which rolls back, and each writer of the group has an error.

use super::copier::Copier;
use super::error::{Result, StorageError};
use super::inline::Inline;
use super::later::Waiting;
use super::patient::Patient;
use super::plan;
use super::queue::{Place, Queue};
use super::turn::{Held, Turn};
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqlitePool};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// How long the thread waits for the next writer before it gives the connection back: to be called again takes as long as some filings.
const LINGER: Duration = Duration::from_millis(5);

/// The most writers of a group: so many may have to send again when its COMMIT fails.
const MOST: usize = 32;

/// The writers of one SQLite file that share commits.
pub(super) struct Shared {
    pool: SqlitePool,
    file: PathBuf,
    durable: bool,
    patient: Patient,
    /// The connection between two groups.
    rests: Mutex<Option<Box<Inline>>>,
    queue: Mutex<Queue>,
    /// Somebody was added to those who wait.
    added: Condvar,
    commits: AtomicU64,
    writes: AtomicU64,
    copier: Arc<Copier>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

/// Those who were served in a transaction.
#[derive(Default)]
struct Group {
    members: usize,
    /// How many of them wrote something.
    kept: u64,
    told: Vec<Told>,
}

/// A writer that waits for the end of the group, and what became of its own work if the group is stored.
struct Told {
    writer: oneshot::Sender<Result<()>>,
    own: Result<()>,
}

impl Group {
    /// Tells each of them how it ended: as it did for them alone, or by this error of the whole group.
    fn tell(self, error: Option<&Arc<StorageError>>) {
        for Told { writer, own } in self.told {
            let _ = writer.send(error.map_or(own, |error| Err(StorageError::Group(Arc::clone(error)))));
        }
    }
}

/// How far a group is.
enum Step {
    /// It is committed.
    Ended,
    /// Somebody wants the connection.
    Lend(Box<Inline>, oneshot::Sender<Result<Turn>>),
}

/// A writer waits for a transaction of its own as long as this lives.
pub(super) struct Alone<'a>(&'a Shared);

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        self.0.queue().end_alone();
    }
}

/// A task serves those who wait as long as this lives.
struct Driving<'a>(Option<&'a Shared>);

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        if let Some(shared) = self.0 {
            shared.queue().deserted();
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
            added: Condvar::new(),
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

    /// The pool's only connection: as long as it is held, nobody else writes.
    pub(super) async fn lock(&self) -> Result<PoolConnection<Sqlite>> {
        Ok(self.pool.acquire().await?)
    }

    /// Runs a statement that may wait, on a connection or on the one that rests, and gives it back.
    pub(super) async fn run_on(
        self: &Arc<Self>,
        conn: Option<Box<Inline>>,
        statement: &'static str,
    ) -> Result<Box<Inline>> {
        let shared = Arc::clone(self);
        let run = move || {
            let conn = conn.map_or_else(|| shared.rested(), Ok)?;
            conn.run(statement)?;
            Ok(conn)
        };
        self.patient.run(run).await
    }

    /// Keeps a connection without a transaction for the next writer.
    pub(super) fn rest(&self, conn: Box<Inline>) {
        *self.rests() = Some(conn);
    }

    /// The connection that rests, or a new one.
    fn rested(&self) -> Result<Box<Inline>> {
        let rests = self.rests().take();
        Ok(match rests {
            Some(conn) => conn,
            None => Box::new(Inline::open(&self.file, self.durable)?),
        })
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
        self.queue().begin_alone();
        self.added.notify_one();
        Alone(self)
    }

    /// Waits for a turn, for at most so long.
    ///
    /// # Errors
    /// When none came, or no transaction can be begun.
    pub(super) async fn turn(self: &Arc<Self>, at_most: Duration) -> Result<Turn> {
        let (place, called) = oneshot::channel();
        self.wait(Place::Turn(place));
        match tokio::time::timeout(at_most, called).await {
            Ok(Ok(turn)) => turn,
            Ok(Err(_)) => Err(sqlx::Error::WorkerCrashed.into()),
            Err(_) => Err(sqlx::Error::PoolTimedOut.into()),
        }
    }

    /// Writes what was worked out and waits until it is durable; for at most so long until it is begun.
    ///
    /// # Errors
    /// [`StorageError::InTurn`] when it rests on what has changed since; when it cannot be written, or none of its group can.
    pub(super) async fn write(self: &Arc<Self>, parts: Vec<Waiting>, at_most: Duration) -> Result<()> {
        let (plan, awaited) = plan::planned(parts);
        self.wait(Place::Plan(plan));
        awaited.written(at_most).await
    }

    fn wait(self: &Arc<Self>, place: Place) {
        let served = !self.queue().add(place);
        if served {
            self.added.notify_one();
        } else {
            tokio::spawn(Arc::clone(self).drive());
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Group after group, until nobody waits. Between two, the pool gives the connection to whoever waits for it longest.
    async fn drive(self: Arc<Self>) {
        let mut driving = Driving(Some(&self));
        while self.queue().wanted() {
            self.serve().await;
        }
        driving.0 = None;
    }

    /// Groups, until the connection is to be given back.
    async fn serve(self: &Arc<Self>) {
        let mut group = Group::default();
        let Err(error) = self.groups(&mut group).await else { return };
        if group.members == 0 {
            // Where somebody else writes for long, each waits for as long as it may.
            if !error.timed_out() {
                let error = Arc::new(error);
                for place in self.queue().give_up() {
                    place.refuse(StorageError::Group(Arc::clone(&error)));
                }
            }
            return;
        }
        let writers = group.members;
        tracing::error!(%error, writers, "a group of writes could not be committed; none is stored");
        group.tell(Some(&Arc::new(error)));
    }

    async fn groups(self: &Arc<Self>, group: &mut Group) -> Result<()> {
        // It never goes to the thread: where there is no runtime, the pool cannot take it back.
        let mut lock = self.lock().await?;
        let mut open = None;
        loop {
            let (conn, place) = match self.advance(open.take(), group).await? {
                Step::Ended => return Ok(()),
                Step::Lend(conn, place) => (conn, place),
            };
            let (turn, returned) = Turn::of(Held { conn, lock });
            let held = if let Err(unsent) = place.send(Ok(turn)) {
                unsent.ok().and_then(Turn::untaken).ok_or(sqlx::Error::WorkerCrashed)?
            } else {
                let back = returned.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
                group.members += 1;
                group.told.extend(back.told.map(|writer| Told { writer, own: Ok(()) }));
                if back.broken {
                    return Err(StorageError::Spoilt);
                }
                group.kept += u64::from(back.keep);
                back.held.conn.run(if back.keep { plan::KEEP } else { plan::UNDO })?;
                back.held
            };
            (open, lock) = (Some(held.conn), held.lock);
        }
    }

    /// On the thread: group after group, until somebody wants the connection or nobody waits.
    async fn advance(self: &Arc<Self>, open: Option<Box<Inline>>, group: &mut Group) -> Result<Step> {
        let (shared, mut all, runtime) = (Arc::clone(self), std::mem::take(group), Handle::current());
        let advanced = self.patient.run(move || {
            // What is committed may have a task begun that copies the log.
            let _entered = runtime.enter();
            let step = shared.step(open, &mut all);
            Ok((all, step))
        });
        let step;
        (*group, step) = advanced.await?;
        step
    }

    fn step(&self, mut open: Option<Box<Inline>>, group: &mut Group) -> Result<Step> {
        loop {
            let conn = match open.take() {
                Some(conn) => conn,
                None => self.begin()?,
            };
            if let Some(place) = self.write_plans(&conn, group)? {
                return Ok(Step::Lend(conn, place));
            }
            // It also releases the savepoint that is open.
            conn.run("COMMIT")?;
            self.rest(conn);
            self.committed(std::mem::take(group));
            let waited = self.added.wait_timeout_while(self.queue(), LINGER, |queue| queue.is_quiet());
            if !waited.unwrap_or_else(PoisonError::into_inner).0.goes_on() {
                return Ok(Step::Ended);
            }
        }
    }

    /// Writes plans one after the other, until the group is full or nobody is next but one who wants the connection.
    fn write_plans(&self, conn: &Inline, group: &mut Group) -> Result<Option<oneshot::Sender<Result<Turn>>>> {
        while group.members < MOST {
            let next = self.queue().next(group.members > 0);
            match next {
                Some(Place::Turn(place)) => return Ok(Some(place)),
                Some(Place::Plan(plan)) => {
                    let Some((parts, writer)) = plan.take() else { continue };
                    group.members += 1;
                    group.told.push(Told { writer, own: Ok(()) });
                    let own = plan::write(conn, &parts)?;
                    group.kept += u64::from(own.is_ok());
                    if let Some(told) = group.told.last_mut() {
                        told.own = own;
                    }
                }
                None => break,
            }
        }
        Ok(None)
    }

    fn committed(&self, group: Group) {
        if group.kept > 0 {
            self.commits.fetch_add(1, Ordering::Relaxed);
            let writes = self.writes.fetch_add(group.kept, Ordering::Relaxed) + group.kept;
            self.copier.after(writes);
        }
        group.tell(None);
    }

    fn begin(&self) -> Result<Box<Inline>> {
        let conn = self.rested()?;
        conn.run("BEGIN IMMEDIATE; SAVEPOINT writer")?;
        Ok(conn)
    }
}
