//! Handing printed signs out to their units.

use super::fetch;
use crate::actions::{Actor, Result, Service, audit};
use crate::domain::id::SignId;
use crate::domain::sign::SignState;
use crate::storage::{Tx, signs};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Notes that printed signs were handed out; those in another state (scanned already, replaced in between) stay as they are. Returns how many were.
///
/// # Errors
/// [`crate::actions::ActionError::NotFound`] when there is no such sign; otherwise when the store fails.
pub async fn hand_out_signs(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    ids: &[SignId],
) -> Result<usize> {
    let mut done = 0;
    for id in ids {
        let mut sign = fetch(tx, *id).await?;
        if sign.state != SignState::Printed {
            continue;
        }
        sign.state = SignState::Issued;
        sign.issued_at = Some(now);
        signs::set_state(tx, &sign, SignState::Printed).await?;
        audit::record(tx, service, now, actor, "sign.handed_out", ("sign", id.0), json!({})).await?;
        done += 1;
    }
    Ok(done)
}
