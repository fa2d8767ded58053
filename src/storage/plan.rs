//! Writes that are worked out before their turn. On SQLite whoever holds the one connection that writes holds up all others, and on PostgreSQL each
//! statement of a transaction is a way there and back; so that only the writing itself is done in the turn, there in one statement ([`super::later`]).
//! What it rests on is read beside others, and what is to be written is put off ([`super::Tx::later`]).
//!
//! That holds if nothing has changed in between. Each part must change exactly one row, and one of them is the enterprise's row at the version
//! that was read (see [`super::dossiers::touch`]), as every change of what is judged raises it. If a part changes none, nothing is written and
//! the whole is done anew in its turn: [`StorageError::InTurn`]. So is what cannot be put off, and what would have to read what it has just put off.
//! The rest that is read, registries and readers of mails, is as it was a moment ago, as in any transaction of PostgreSQL.

use super::db::ACQUIRE_TIMEOUT;
use super::error::{Result, StorageError};
use super::glances::Glance;
use super::inline::Inline;
use super::later::Waiting;
use super::shared::Shared;
use super::turn::refused;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// A write that is being worked out, on SQLite.
pub(super) struct Plan {
    glance: Glance,
    shared: Arc<Shared>,
}

impl Plan {
    pub(super) const fn new(glance: Glance, shared: Arc<Shared>) -> Self {
        Self { glance, shared }
    }

    /// What it reads by, unless a statement has failed on it.
    pub(super) const fn conn(&self) -> Option<&Inline> {
        self.glance.conn()
    }

    /// Notes that a statement failed.
    pub(super) fn failed(&mut self) {
        self.glance.failed();
    }

    /// Writes it in a savepoint of its own, in a transaction that others share, and waits until that is durable.
    ///
    /// # Errors
    /// [`StorageError::InTurn`] when what it rests on has changed; when it cannot be written, or none of its group can.
    pub(super) async fn write(self, waiting: Vec<Waiting>) -> Result<()> {
        let Self { glance, shared } = self;
        drop(glance);
        if waiting.is_empty() { Ok(()) } else { shared.write(waiting, ACQUIRE_TIMEOUT).await }
    }
}

/// A plan on its way: whoever takes its parts first has it, the writer or the one who has waited long enough.
pub(super) struct Planned {
    parts: Arc<Mutex<Option<Vec<Waiting>>>>,
    /// Who wants to know what became of it.
    told: oneshot::Sender<Result<()>>,
}

/// Who waits for a plan to be written.
pub(super) struct Awaited {
    parts: Arc<Mutex<Option<Vec<Waiting>>>>,
    told: oneshot::Receiver<Result<()>>,
}

/// Both ends of a plan's way.
pub(super) fn planned(parts: Vec<Waiting>) -> (Planned, Awaited) {
    let (parts, (tell, told)) = (Arc::new(Mutex::new(Some(parts))), oneshot::channel());
    (Planned { parts: Arc::clone(&parts), told: tell }, Awaited { parts, told })
}

impl Planned {
    /// Whether nobody waits for it any more.
    pub(super) fn is_closed(&self) -> bool {
        self.told.is_closed()
    }

    /// The parts, if they are still wanted, and who is to be told.
    pub(super) fn take(self) -> Option<(Vec<Waiting>, oneshot::Sender<Result<()>>)> {
        let parts = taken(&self.parts).filter(|_| !self.told.is_closed())?;
        Some((parts, self.told))
    }
}

impl Awaited {
    /// Waits until it is durable; for at most so long until it is begun.
    ///
    /// # Errors
    /// Why it was not written; when it was not begun in time.
    pub(super) async fn written(mut self, at_most: Duration) -> Result<()> {
        let told = match tokio::time::timeout(at_most, &mut self.told).await {
            Ok(told) => told,
            Err(_) if taken(&self.parts).is_some() => return Err(sqlx::Error::PoolTimedOut.into()),
            Err(_) => self.told.await,
        };
        told.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))
    }
}

fn taken(parts: &Mutex<Option<Vec<Waiting>>>) -> Option<Vec<Waiting>> {
    parts.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// What was written in the savepoint stays, and the next is opened.
pub(super) const KEEP: &str = "RELEASE writer; SAVEPOINT writer";

/// What was written in the savepoint is undone; it is still open.
pub(super) const UNDO: &str = "ROLLBACK TO writer";

/// Writes a plan in the savepoint that is open, and opens the next one. The inner outcome is the plan's own: it was written, or nothing of it.
///
/// # Errors
/// What the whole transaction does not outlive: see [`super::shared`].
pub(super) fn write(conn: &Inline, parts: &[Waiting]) -> Result<Result<()>> {
    let written = parts.iter().try_for_each(|part| match conn.execute(part.sql, &part.params)? {
        1 => Ok(()),
        _ => Err(StorageError::InTurn),
    });
    let own = matches!(written, Err(StorageError::InTurn)) || written.as_ref().is_err_and(refused);
    match &written {
        Ok(()) => conn.run(KEEP)?,
        Err(_) if own => conn.run(UNDO)?,
        Err(_) => return written.map(Ok),
    }
    Ok(written)
}

/// Whether a statement can be answered before the turn: it only reads, and nothing that was put off.
pub(super) fn answerable(sql: &str, waiting: &[Waiting]) -> bool {
    sql.trim_start().starts_with("SELECT") && !waiting.iter().any(|part| names(sql, table(part.sql)))
}

/// The table that an `INSERT` or `UPDATE` changes.
fn table(sql: &str) -> &str {
    let sql = sql.trim_start();
    let behind = sql.strip_prefix("INSERT INTO ").or_else(|| sql.strip_prefix("UPDATE "));
    behind.and_then(|rest| rest.split_ascii_whitespace().next()).unwrap_or_default()
}

/// Whether a text has a name in it; every text has one that could not be told.
fn names(sql: &str, name: &str) -> bool {
    let part_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.is_empty() || sql.split(|c| !part_of_name(c)).any(|word| word == name)
}

#[cfg(test)]
mod tests {
    use super::{StorageError, Waiting, answerable, planned};
    use std::time::Duration;

    #[test]
    fn what_is_put_off_cannot_be_read() {
        let put_off = |sql| [Waiting { what: "a", sql, params: Vec::new() }];
        let filing = put_off("INSERT INTO filings (id) VALUES ($1)");
        assert!(answerable("SELECT id FROM users", &filing));
        assert!(answerable("\n    SELECT filings_of FROM agency_filings", &filing));
        assert!(!answerable("SELECT u.id FROM users u JOIN filings f ON f.id = u.id", &filing));
        assert!(!answerable("SELECT 1 FROM (SELECT * FROM filings)", &filing));
        assert!(!answerable("SELECT version FROM enterprises", &put_off("UPDATE enterprises SET version = $1")));
        assert!(!answerable("SELECT id FROM users", &put_off("DELETE FROM sessions")), "a table that is not told");
    }

    #[tokio::test]
    async fn who_has_waited_long_enough_goes_unless_it_is_being_written() {
        let (plan, awaited) = planned(Vec::new());
        let waited = awaited.written(Duration::ZERO).await;
        assert!(waited.is_err_and(|error| error.timed_out()));
        assert!(plan.take().is_none(), "nobody wants it any more");

        let (plan, awaited) = planned(Vec::new());
        let (_, told) = plan.take().expect("it is begun");
        let waiting = tokio::spawn(awaited.written(Duration::ZERO));
        tokio::task::yield_now().await;
        told.send(Err(StorageError::InTurn)).expect("somebody waits");
        assert!(matches!(waiting.await.expect("no panic"), Err(StorageError::InTurn)));
    }

    #[test]
    fn what_writes_has_its_turn() {
        for sql in [
            "UPDATE a SET b = 1 RETURNING b",
            "INSERT INTO a (b) VALUES (1)",
            "DELETE FROM a",
            "WITH c AS (SELECT 1) DELETE FROM a",
        ] {
            assert!(!answerable(sql, &[]), "{sql}");
        }
    }
}
