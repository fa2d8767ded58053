//! A clock that ran ahead has written instants that are yet to come, and was set right. As long as nobody says so, the right clock is the one in
//! doubt: everything is accepted, and nothing raised, until those instants have passed.

use super::audit::{clock_doubtful, record};
use super::{Actor, Result, Service};
use crate::domain::notice::next_morning;
use crate::domain::reporter::next_batch;
use crate::storage::{Tx, alerts, audit, clock_faults, held_requests};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Takes it that the clock is right now: what is on record of later instants is no measure any more, and what was put off into them is done now,
/// a digest the next working morning, a held request with the next batch. Deadlines of requests that passed by the wrong clock have passed.
/// Returns the first and the last of them; `None` where the clock is not in doubt.
///
/// # Errors
/// When the store fails.
pub async fn trust_clock(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
) -> Result<Option<(DateTime<Utc>, DateTime<Utc>)>> {
    if !clock_doubtful(tx, now).await? {
        return Ok(None);
    }
    let (Some(begins), Some(ends)) = (clock_faults::first_after(tx, now).await?, audit::newest(tx).await?) else {
        return Ok(None);
    };
    let id = service.ids.uuid(now);
    clock_faults::note(tx, id, now, (begins, ends)).await?;
    let snapshot = service.snapshot(tx).await?;
    let (zone, holidays) = (service.settings.zone, &snapshot.registries.holidays);
    alerts::bring_forward(tx, begins, next_morning(now, zone, holidays)).await?;
    held_requests::bring_forward(tx, begins, next_batch(now, zone, holidays)).await?;
    record(tx, service, now, actor, "clock.trusted", ("clock", id), json!({ "begins": begins, "ends": ends })).await?;
    Ok(Some((begins, ends)))
}
