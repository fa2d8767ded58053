//! The end of a request: nothing of it is open any more, because its violations were decided or are gone.

use super::judge;
use super::letters::{self, Letter};
use crate::actions::{Actor, Result, Service, audit};
use crate::domain::cases::{Handling, RequestState, clears_openly};
use crate::domain::id::{RequestId, ViolationId};
use crate::domain::violation::Subject;
use crate::storage::Tx;
use crate::storage::cases::requests::{self, RequestRecord};
use crate::storage::cases::{items, steps};
use crate::storage::violations::{self, ViolationRecord};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Ends a request as accepted or closed.
pub(super) async fn end(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    request: &RequestRecord,
    state: RequestState,
) -> Result<()> {
    let over = RequestRecord { state, ended_at: Some(now), ..request.clone() };
    requests::update(tx, &over).await?;
    stop(tx, service, now, request.id).await
}

async fn stop(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: RequestId) -> Result<()> {
    steps::cancel(tx, Subject::Request(id), now).await?;
    judge::request(tx, service, now, id, true).await
}

/// Ends the requests of which nothing is open since this violation cleared.
///
/// # Errors
/// When the store fails or a mail cannot be rendered.
pub(in crate::actions) async fn after_clearing(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    cleared: &ViolationRecord,
) -> Result<()> {
    if !is_asked(cleared) {
        return Ok(());
    }
    for request in requests::of_violation(tx, cleared.id).await? {
        end_cleared(tx, service, now, &request).await?;
    }
    Ok(())
}

/// Ends a request of which nothing is open, and tells its agency that it need not answer any more; false if it does not end. One that asks for
/// anything that an enterprise's word may end stays for a supervisor to end: by trying which visit, filed late, ends it, its agency would find out
/// who told of it.
pub(super) async fn end_cleared(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    request: &RequestRecord,
) -> Result<bool> {
    if request.state.is_over() || items::open(tx, request.id).await? > 0 {
        return Ok(false);
    }
    let asked = items::of_request(tx, request.id).await?;
    let openly = asked.iter().all(|item| item.filing.is_some() && clears_openly(item.rule));
    if !openly || !requests::close(tx, request.id, now).await? {
        return Ok(false);
    }
    stop(tx, service, now, request.id).await?;
    let object = ("request", request.id.0);
    audit::record(tx, service, now, &Actor::System, "request.ended", object, json!({})).await?;
    letters::to_liaisons(tx, service, now, request, Letter::Ended, None).await?;
    Ok(true)
}

/// A violation that had cleared is there again: if nobody waits for an explanation of it any more, it is as if nobody had asked.
///
/// # Errors
/// When the store fails.
pub(in crate::actions) async fn after_return(tx: &mut Tx, now: DateTime<Utc>, id: ViolationId) -> Result<()> {
    let Some(back) = violations::get(tx, id).await?.filter(is_asked) else { return Ok(()) };
    if requests::of_violation(tx, id).await?.iter().all(|request| request.state.is_over()) {
        violations::stand(tx, id, back.version, &back.standing().unasked(), now).await?;
    }
    Ok(())
}

fn is_asked(violation: &ViolationRecord) -> bool {
    matches!(violation.handling, Handling::Explaining | Handling::Explained)
}
