//! Connections to PostgreSQL between two uses. sqlx asks each whether it is still there when it is taken and again when it is given back, which
//! are two ways there and back for what often is one statement. One that was in use a moment ago is believed here.
//!
//! As many may be out as the pool has, so that whoever has a place need not wait for a connection. One that rests for long, or that was taken from
//! the pool long ago, goes back to the pool, which looks after its age.

use super::error::Result;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// One that was in use so recently is believed to be there.
const BELIEVED: Duration = Duration::from_secs(1);

/// Not kept from the pool for longer.
const KEPT: Duration = Duration::from_mins(5);

/// The connections of one pool.
#[derive(Debug)]
pub(super) struct Rest {
    pool: PgPool,
    places: Arc<Semaphore>,
    wait: Duration,
    /// None once they are closed; the one that was used last is at the end.
    resting: Mutex<Option<Vec<Resting>>>,
}

#[derive(Debug)]
struct Resting {
    conn: PoolConnection<Postgres>,
    taken: Instant,
    since: Instant,
}

/// A connection while somebody has it. Dropped, it rests.
#[derive(Debug)]
pub(super) struct Lent {
    conn: Option<PoolConnection<Postgres>>,
    taken: Instant,
    home: Arc<Rest>,
    /// Given back after the connection.
    _place: OwnedSemaphorePermit,
}

impl Rest {
    /// Those of a pool of so many connections, for which one waits for so long.
    pub(super) fn of(pool: PgPool, most: u32, wait: Duration) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(1)));
        Arc::new(Self { pool, places, wait, resting: Mutex::new(Some(Vec::new())) })
    }

    /// A connection.
    ///
    /// # Errors
    /// When none comes free in time, or the server does not answer.
    pub(super) async fn take(self: &Arc<Self>) -> Result<Lent> {
        // One wait for both: the pool has its own, which begins anew.
        tokio::time::timeout(self.wait, self.wait_for_one()).await.map_err(|_| sqlx::Error::PoolTimedOut)?
    }

    async fn wait_for_one(self: &Arc<Self>) -> Result<Lent> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let (conn, taken) = match self.rested() {
            Some(rested) => rested,
            None => (self.pool.acquire().await?, Instant::now()),
        };
        Ok(Lent { conn: Some(conn), taken, home: Arc::clone(self), _place: place })
    }

    /// The connection that was used last, if that was a moment ago. The others go back to the pool when they have rested for longer.
    fn rested(&self) -> Option<(PoolConnection<Postgres>, Instant)> {
        let (mut fresh, mut stale) = (None, Vec::new());
        if let Some(resting) = &mut *self.resting() {
            let old = resting.partition_point(|one| one.since.elapsed() > BELIEVED);
            stale.extend(resting.drain(..old));
            fresh = resting.pop();
        }
        drop(stale);
        fresh.map(|one| (one.conn, one.taken))
    }

    fn resting(&self) -> MutexGuard<'_, Option<Vec<Resting>>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends all connections, also those that come back later.
    pub(super) async fn close(&self) {
        let resting = self.resting().take();
        drop(resting);
        self.pool.close().await;
    }
}

impl Lent {
    /// The connection.
    ///
    /// # Errors
    /// Never as long as it is lent.
    pub(super) fn conn(&mut self) -> Result<&mut PgConnection> {
        Ok(self.conn.as_deref_mut().ok_or(sqlx::Error::WorkerCrashed)?)
    }

    /// Closes it, so that the server rolls back what is open.
    pub(super) fn close(mut self) {
        drop(self.conn.take().map(PoolConnection::detach));
    }

    /// Gives it back to the pool, which asks it whether it is sound: somebody stopped waiting for an answer.
    pub(super) fn doubt(mut self) {
        drop(self.conn.take());
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        if self.taken.elapsed() > KEPT {
            return;
        }
        if let Some(resting) = &mut *self.home.resting() {
            resting.push(Resting { conn, taken: self.taken, since: Instant::now() });
        }
    }
}
