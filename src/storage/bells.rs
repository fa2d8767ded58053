//! Group robots and their outbox: written in the transaction of an event, claimed by lease, delivered at least once. The robots are part of the
//! registries: each change marks their snapshots as stale.

use super::param::{Param, params};
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx, registries};
use crate::domain::bell::{BellKind, BellState, RingState};
use crate::domain::id::{UserId, ViolationId};
use crate::domain::user::Office;
use crate::domain::violation::Severity;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A bell as it is stored.
#[derive(Clone, Debug)]
pub struct Bell {
    /// Identity.
    pub id: Uuid,
    /// Whose robot.
    pub kind: BellKind,
    /// What people call the group.
    pub name: String,
    /// The host of its address: all that is shown of it.
    pub host: String,
    /// Address and secret, sealed.
    pub sealed: Vec<u8>,
    /// The office whose group it is; `None`: any supervisors.
    pub office: Option<Office>,
    /// Whether it rings.
    pub state: BellState,
    /// Who set it up.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Grows with each change.
    pub version: i64,
}

/// A message to be stored.
#[derive(Clone, Debug)]
pub struct NewRing {
    /// Identity.
    pub id: Uuid,
    /// The bell.
    pub bell: Uuid,
    /// The violation that it is about; `None` for a notice about a request and for a test.
    pub violation: Option<ViolationId>,
    /// How grave that is; 2 for a notice about a request, which keeps the same hours, and 0 for a test.
    pub severity: i64,
    /// What it says.
    pub words: String,
    /// Not sent before this.
    pub due_at: DateTime<Utc>,
}

/// A message that was claimed.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Identity.
    pub id: Uuid,
    /// The bell.
    pub bell: Uuid,
    /// What it says.
    pub words: String,
    /// How often it was tried.
    pub attempts: i64,
}

/// The newest message of a bell and how many wait.
#[derive(Clone, Debug, Default)]
pub struct Ringing {
    /// Not yet taken.
    pub waiting: i64,
    /// Given up.
    pub stuck: i64,
    /// When the robot last took one.
    pub last_sent: Option<DateTime<Utc>>,
    /// What went wrong last with one that waits or was given up.
    pub trouble: String,
}

statements! {
    INSERT = "INSERT INTO bells (id, kind, name, host, sealed, office, state, created_by, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8, 1)";
    LIST = "SELECT id, kind, name, host, sealed, office, state, created_by, created_at, version FROM bells
        ORDER BY created_at, id";
    SET_STATE = "UPDATE bells SET state = $2, version = version + 1 WHERE id = $1 AND version = $3";
    RING = "INSERT INTO bell_messages (
            id, bell_id, violation_id, severity, words, created_at, state, attempts, next_attempt_at, leased_until, sent_at,
            last_error)
        VALUES ($1, $2, $3, $4, $5, $6, 'pending', 0, $7, NULL, NULL, '')
        ON CONFLICT (bell_id, violation_id, severity) DO UPDATE
            SET words = excluded.words, state = 'pending', next_attempt_at = excluded.next_attempt_at
            WHERE bell_messages.state = 'dropped'";
    DROP_WAITING = "UPDATE bell_messages SET state = 'dropped', last_error = '' WHERE state IN ('pending', 'retry')";
    SUPERSEDE = "UPDATE bell_messages SET state = 'superseded', last_error = ''
        WHERE violation_id = $1 AND severity < $2 AND state IN ('pending', 'retry')
            AND (leased_until IS NULL OR leased_until < $3)";
    DROP = "UPDATE bell_messages SET state = 'dropped', last_error = ''
        WHERE state IN ('pending', 'retry') AND next_attempt_at <= $1 AND (leased_until IS NULL OR leased_until < $1)
            AND violation_id IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM violations v
                WHERE v.id = bell_messages.violation_id AND v.state = 'suspected' AND v.severity >= bell_messages.severity)";
    /// The predicate is repeated outside the subquery: without it PostgreSQL hands out most rows twice.
    CLAIM = "UPDATE bell_messages SET leased_until = $1
        WHERE id IN (
                SELECT m.id FROM bell_messages m JOIN bells b ON b.id = m.bell_id
                WHERE m.state IN ('pending', 'retry') AND m.next_attempt_at <= $2 AND b.state = 'active'
                    AND m.severity <> $4 AND (m.leased_until IS NULL OR m.leased_until < $2)
                ORDER BY m.next_attempt_at, m.id
                LIMIT $3)
            AND state IN ('pending', 'retry') AND next_attempt_at <= $2 AND (leased_until IS NULL OR leased_until < $2)
        RETURNING id, bell_id, words, attempts";
    SENT = "UPDATE bell_messages
        SET state = 'sent', attempts = attempts + 1, sent_at = $3, leased_until = NULL, last_error = ''
        WHERE id = $1 AND leased_until = $2";
    FAILED = "UPDATE bell_messages
        SET state = $3, attempts = attempts + 1, next_attempt_at = $4, leased_until = NULL, last_error = $5
        WHERE id = $1 AND leased_until = $2";
    RINGING = "SELECT bell_id, COUNT(CASE WHEN state IN ('pending', 'retry') THEN 1 END) AS waiting,
            COUNT(CASE WHEN state = 'stuck' THEN 1 END) AS stuck, MAX(sent_at) AS last_sent, MAX(last_error) AS trouble
        FROM bell_messages GROUP BY bell_id";
}

/// Drops every message that waits.
///
/// # Errors
/// When the store fails.
pub async fn drop_waiting(tx: &mut Tx) -> Result<u64> {
    tx.execute(DROP_WAITING, params![]).await
}

/// Stores a bell, which rings from now on.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, bell: &Bell) -> Result<()> {
    registries::bump(tx).await?;
    let office = bell.office.map(Office::as_str);
    let values = params![
        bell.id,
        bell.kind.as_str(),
        &bell.name,
        &bell.host,
        bell.sealed.clone(),
        office,
        bell.created_by,
        bell.created_at
    ];
    tx.execute_one("bell", INSERT, values).await
}

/// All bells, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx) -> Result<Vec<Bell>> {
    tx.fetch_all(LIST, params![]).await?.iter().map(from_row).collect()
}

/// Lets a bell ring or not; `bell.version` is the version that was read.
///
/// # Errors
/// [`super::StorageError::Stale`] when somebody else changed it since; otherwise when the store fails.
pub async fn set_state(tx: &mut Tx, bell: &Bell, state: BellState) -> Result<()> {
    registries::bump(tx).await?;
    tx.execute_one("bell", SET_STATE, params![bell.id, state.as_str(), bell.version]).await
}

/// Puts a message into the outbox, unless the bell was told of the same violation at the same severity. One that was dropped, because the
/// violation was cleared, rings again.
///
/// # Errors
/// When the store fails.
pub async fn ring(tx: &mut Tx, ring: &NewRing, now: DateTime<Utc>) -> Result<()> {
    tx.execute(RING, &of_ring(ring, now)).await.map(drop)
}

/// Puts the first message about a violation into the outbox, which its bell has not been told of at any severity.
///
/// # Errors
/// When the store fails.
pub async fn ring_first(tx: &mut Tx, ring: &NewRing, now: DateTime<Utc>) -> Result<()> {
    tx.later("message of a bell", RING, &of_ring(ring, now)).await
}

fn of_ring(ring: &NewRing, now: DateTime<Utc>) -> [Param; 7] {
    let NewRing { id, bell, violation, severity, ref words, due_at } = *ring;
    [id.into(), bell.into(), violation.into(), severity.into(), words.into(), now.into(), due_at.into()]
}

/// Takes out what waits about a violation below this severity: it is told of at the higher one.
///
/// # Errors
/// When the store fails.
pub async fn supersede(tx: &mut Tx, violation: ViolationId, below: Severity, now: DateTime<Utc>) -> Result<()> {
    tx.execute(SUPERSEDE, params![violation, i64::from(below.level()), now]).await.map(drop)
}

/// Takes up to `limit` messages that are due, for nobody else until `until`. `asleep` is the severity whose messages wait for the daytime, if it
/// is not. What is about a violation that was cleared or decided meanwhile, or is less grave now, is dropped as an alert is.
///
/// # Errors
/// When the store fails.
pub async fn claim(
    tx: &mut Tx,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
    asleep: Option<Severity>,
) -> Result<Vec<Ring>> {
    tx.execute(DROP, params![now]).await?;
    let waits = asleep.map_or(-1, |severity| i64::from(severity.level()));
    let rows = tx.fetch_all(CLAIM, params![until, now, limit, waits]).await?;
    let ring = |row: &Row| {
        Ok(Ring {
            id: row.get("id")?,
            bell: row.get("bell_id")?,
            words: row.get("words")?,
            attempts: row.get("attempts")?,
        })
    };
    rows.iter().map(ring).collect()
}

/// Notes that the robot has taken a message; `lease` is the one that it was claimed with.
///
/// # Errors
/// [`super::StorageError::Stale`] when the lease is lost; otherwise when the store fails.
pub async fn sent(tx: &mut Tx, id: Uuid, lease: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("message of a bell", SENT, params![id, lease, now]).await
}

/// Notes that it has not, and when it is tried again.
///
/// # Errors
/// As [`sent`].
pub async fn failed(
    tx: &mut Tx,
    id: Uuid,
    lease: DateTime<Utc>,
    state: RingState,
    next: DateTime<Utc>,
    error: &str,
) -> Result<()> {
    tx.execute_one("message of a bell", FAILED, params![id, lease, state.as_str(), next, error]).await
}

/// How the messages of each bell stand.
///
/// # Errors
/// When the store fails.
pub async fn ringing(tx: &mut Tx) -> Result<Vec<(Uuid, Ringing)>> {
    let rows = tx.fetch_all(RINGING, params![]).await?;
    let ringing = |row: &Row| {
        let ringing = Ringing {
            waiting: row.get("waiting")?,
            stuck: row.get("stuck")?,
            last_sent: row.get("last_sent")?,
            trouble: row.get::<Option<String>>("trouble")?.unwrap_or_default(),
        };
        Ok((row.get("bell_id")?, ringing))
    };
    rows.iter().map(ringing).collect()
}

fn from_row(row: &Row) -> Result<Bell> {
    Ok(Bell {
        id: row.get("id")?,
        kind: row.code("kind", BellKind::parse)?,
        name: row.get("name")?,
        host: row.get("host")?,
        sealed: row.get("sealed")?,
        office: row.code_opt("office", Office::parse)?,
        state: row.code("state", BellState::parse)?,
        created_by: row.id_opt("created_by")?,
        created_at: row.get("created_at")?,
        version: row.get("version")?,
    })
}
