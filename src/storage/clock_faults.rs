//! What a clock left behind that ran ahead: spans that are no measure any more, and work that was put off to instants that are far away.

use super::known::Newest;
use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

statements! {
    NOTE = "INSERT INTO clock_faults (id, noted_at, begins, ends) VALUES ($1, $2, $3, $4)";
    AROUND = "SELECT MIN(begins) AS begins FROM clock_faults WHERE begins <= $1 AND ends >= $1";
    FIRST_AFTER = "SELECT MIN(at) AS at FROM audit WHERE at > $1";
    NEWEST_BEFORE = "SELECT MAX(at) AS at FROM audit WHERE at < $1";
    JUDGE_NOW = "UPDATE enterprises
        SET next_change_at = $1, own_change_at = CASE WHEN own_change_at >= $2 THEN $1 ELSE own_change_at END
        WHERE next_change_at >= $2";
    FREE_LEASES = "UPDATE leases SET leased_until = $1 WHERE leased_until >= $2";
    SEND_NOW = "UPDATE mails SET next_attempt_at = $1, leased_until = NULL
        WHERE state IN ('pending', 'retry') AND (next_attempt_at >= $2 OR leased_until >= $2)";
    RING_NOW = "UPDATE bell_messages SET next_attempt_at = $1, leased_until = NULL
        WHERE sent_at IS NULL AND (next_attempt_at >= $2 OR leased_until >= $2)";
    FORGET_WAITS = "UPDATE attempts SET last_at = $1 WHERE last_at >= $2";
    FREE_TASKS = "UPDATE tasks SET leased_until = $1 WHERE leased_until >= $2";
}

/// The beginning of the fault that an instant falls into, if it falls into one.
///
/// # Errors
/// When the store fails.
pub(super) async fn around(tx: &mut Tx, at: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(AROUND, params![at]).await?.get("begins")
}

/// The newest instant on record, but for those in a fault: of the newest of all, and the beginning of the fault that it falls into.
///
/// # Errors
/// When the store fails.
pub(super) async fn before(
    tx: &mut Tx,
    mut newest: Option<DateTime<Utc>>,
    mut fault: Option<DateTime<Utc>>,
) -> Result<Option<DateTime<Utc>>> {
    while let Some(begins) = fault {
        newest = tx.fetch_one(NEWEST_BEFORE, params![begins]).await?.get("at")?;
        fault = match newest {
            Some(at) => around(tx, at).await?,
            None => None,
        };
    }
    Ok(newest)
}

/// The first instant on record after another.
///
/// # Errors
/// When the store fails.
pub async fn first_after(tx: &mut Tx, at: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(FIRST_AFTER, params![at]).await?.get("at")
}

/// Notes a fault from its first to its last instant, and brings forward to `now` what was put off into it or beyond: judging, leases, tasks,
/// waits after wrong attempts, mails, messages of robots.
///
/// # Errors
/// When the store fails.
pub async fn note(
    tx: &mut Tx,
    id: Uuid,
    now: DateTime<Utc>,
    (begins, ends): (DateTime<Utc>, DateTime<Utc>),
) -> Result<()> {
    tx.known.newest_audit = Newest::Unread;
    tx.execute_one("fault of the clock", NOTE, params![id, now, begins, ends]).await?;
    for statement in [JUDGE_NOW, FREE_LEASES, FREE_TASKS, FORGET_WAITS, SEND_NOW, RING_NOW] {
        tx.execute(statement, params![now, begins]).await?;
    }
    Ok(())
}
