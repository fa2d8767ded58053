//! Requests that wait for their batch. No agency role ever reads this table.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{AgencyId, RequestId, UserId, ViolationId};
use crate::domain::reporter::HeldState;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A request that waits, or waited.
#[derive(Clone, Debug)]
pub struct Held {
    /// Identity.
    pub id: Uuid,
    /// The agency that it is for.
    pub agency: AgencyId,
    /// Where it stands.
    pub state: HeldState,
    /// Who holds it.
    pub held_by: UserId,
    /// Their name.
    pub holder: String,
    /// When it leaves.
    pub release_at: DateTime<Utc>,
}

statements! {
    INSERT = "INSERT INTO held_requests (id, agency_id, state, held_by, held_at, release_at)
        VALUES ($1, $2, 'held', $3, $4, $5)";
    INSERT_ITEM = "INSERT INTO held_items (held_id, violation_id, version) VALUES ($1, $2, $3)";
    OF_VIOLATION = "SELECT h.*, u.name AS holder
        FROM held_items i
        JOIN held_requests h ON h.id = i.held_id
        JOIN users u ON u.id = h.held_by
        WHERE i.violation_id = $1
        ORDER BY h.held_at, h.id";
    GET = "SELECT h.*, u.name AS holder FROM held_requests h JOIN users u ON u.id = h.held_by WHERE h.id = $1";
    ITEMS = "SELECT violation_id, version FROM held_items WHERE held_id = $1 ORDER BY violation_id";
    END = "UPDATE held_requests SET state = $2, ended_at = $3, request_id = $4 WHERE id = $1 AND state = 'held'";
    NEXT = "SELECT MIN(release_at) AS at FROM held_requests WHERE state = 'held'";
    BRING_FORWARD = "UPDATE held_requests SET release_at = $2 WHERE state = 'held' AND release_at >= $1 AND release_at > $2";
    DUE = "SELECT id FROM held_requests WHERE state = 'held' AND release_at <= $1 ORDER BY id";
}

/// Holds a request about these violations, each with the version that was seen.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, held: &Held, seen: &[(ViolationId, i64)], now: DateTime<Utc>) -> Result<()> {
    let bound = params![held.id, held.agency, held.held_by, now, held.release_at];
    tx.execute_one("held request", INSERT, bound).await?;
    for (violation, version) in seen {
        tx.execute_one("held item", INSERT_ITEM, params![held.id, *violation, *version]).await?;
    }
    Ok(())
}

/// What leaves at `from` or later leaves at `to`, if that is earlier: a clock that ran ahead put it off.
///
/// # Errors
/// When the store fails.
pub async fn bring_forward(tx: &mut Tx, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<()> {
    tx.execute(BRING_FORWARD, params![from, to]).await.map(drop)
}

/// What was held about a violation, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_violation(tx: &mut Tx, violation: ViolationId) -> Result<Vec<Held>> {
    tx.fetch_all(OF_VIOLATION, params![violation]).await?.iter().map(from_row).collect()
}

/// One of them.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<Held>> {
    tx.fetch_optional(GET, params![id]).await?.as_ref().map(from_row).transpose()
}

/// Its violations with the versions that were seen.
///
/// # Errors
/// When the store fails.
pub async fn items(tx: &mut Tx, id: Uuid) -> Result<Vec<(ViolationId, i64)>> {
    let rows = tx.fetch_all(ITEMS, params![id]).await?;
    rows.iter().map(|row| Ok((row.id("violation_id")?, row.get("version")?))).collect()
}

/// Ends the wait; returns whether it was still waiting.
///
/// # Errors
/// When the store fails.
pub async fn end(
    tx: &mut Tx,
    id: Uuid,
    state: HeldState,
    request: Option<RequestId>,
    now: DateTime<Utc>,
) -> Result<bool> {
    Ok(tx.execute(END, params![id, state.as_str(), now, request]).await? == 1)
}

/// When the next batch leaves that has something in it.
///
/// # Errors
/// When the store fails.
pub async fn next_due(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(NEXT, params![]).await?.get("at")
}

/// Those whose batch leaves.
///
/// # Errors
/// When the store fails.
pub async fn due(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    tx.fetch_all(DUE, params![now]).await?.iter().map(|row| row.get("id")).collect()
}

fn from_row(row: &Row) -> Result<Held> {
    Ok(Held {
        id: row.get("id")?,
        agency: row.id("agency_id")?,
        state: row.code("state", HeldState::parse)?,
        held_by: row.id("held_by")?,
        holder: row.get("holder")?,
        release_at: row.get("release_at")?,
    })
}
