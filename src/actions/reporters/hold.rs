//! Requests that rest on a report leave in batches: at 10:00 of the next working day, together with others and in random order, so that neither the
//! time nor the order of a request tells that somebody reported.

use crate::actions::cases::{draft_request, send_request};
use crate::actions::{ActionError, Actor, Result, Service, audit};
use crate::domain::id::{UserId, ViolationId};
use crate::domain::reporter::{HeldState, next_batch};
use crate::domain::violation::{RuleCode, Subject};
use crate::storage::filings::Scope;
use crate::storage::held_requests::{self, Held};
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, filings};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// Whether a violation rests on something that an enterprise told: a report, a rating, a confirmation. Its agency's own view, from filings
/// alone, does not have it, or not as grave. NDD-02 and FIL-08 are in no verdict, because they look across enterprises; they rest on filings.
///
/// # Errors
/// When the store fails.
pub async fn rests_on_report(tx: &mut Tx, violation: &ViolationRecord) -> Result<bool> {
    let Subject::Filing(id) = violation.subject else { return Ok(true) };
    if matches!(violation.rule, RuleCode::Ndd02 | RuleCode::Fil08) {
        return Ok(false);
    }
    let Some(record) = filings::get(tx, id, Scope::All).await? else { return Ok(true) };
    let same = |line: &crate::domain::violation::VerdictLine| {
        line.rule == violation.rule && line.severity >= violation.severity.level()
    };
    Ok(!record.verdict.iter().any(same))
}

/// Whether something among these rests on what an enterprise told: then the request leaves with the next batch.
///
/// # Errors
/// When the store fails.
pub async fn any_rests_on_report(tx: &mut Tx, violations: &[ViolationRecord]) -> Result<bool> {
    for violation in violations {
        if rests_on_report(tx, violation).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Holds a request about these violations, each with the version that the supervisor saw, until the next batch.
///
/// # Errors
/// As [`draft_request`]; [`ActionError::State`] `held` when one waits already; [`ActionError::Stale`] when one changed since it was seen.
pub async fn hold_request(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    holder: UserId,
    seen: &[(ViolationId, i64)],
) -> Result<Held> {
    let ids: Vec<ViolationId> = seen.iter().map(|(id, _)| *id).collect();
    for id in &ids {
        if waiting(tx, *id).await?.is_some() {
            return Err(ActionError::State("held"));
        }
    }
    let draft = draft_request(tx, service, now, &ids).await?;
    if draft.items.iter().zip(seen).any(|(drafted, (_, version))| drafted.violation.version != *version) {
        return Err(ActionError::Stale("violation"));
    }
    let snapshot = service.snapshot(tx).await?;
    let held = Held {
        id: service.ids.uuid(now),
        agency: draft.agency,
        state: HeldState::Held,
        held_by: holder,
        holder: String::new(),
        release_at: next_batch(now, service.settings.zone, &snapshot.registries.holidays),
    };
    held_requests::insert(tx, &held, seen, now).await?;
    for id in ids {
        let detail = json!({ "release_at": held.release_at });
        audit::record(tx, service, now, &Actor::User(holder), "violation.held", ("violation", id.0), detail).await?;
    }
    Ok(held)
}

/// What waits for its batch about a violation.
///
/// # Errors
/// When the store fails.
pub async fn waiting(tx: &mut Tx, violation: ViolationId) -> Result<Option<Held>> {
    let held = held_requests::of_violation(tx, violation).await?;
    Ok(held.into_iter().find(|held| held.state == HeldState::Held))
}

/// Takes a held request back before it leaves; returns its violations.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when it has left; otherwise when the store fails.
pub async fn take_back(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: Uuid,
) -> Result<Vec<ViolationId>> {
    held_requests::get(tx, id).await?.ok_or(ActionError::NotFound("held request"))?;
    let ids: Vec<ViolationId> = held_requests::items(tx, id).await?.into_iter().map(|(id, _)| id).collect();
    if !held_requests::end(tx, id, HeldState::TakenBack, None, now).await? {
        return Err(ActionError::State("left"));
    }
    for violation in &ids {
        audit::record(tx, service, now, actor, "violation.unheld", ("violation", violation.0), json!({})).await?;
    }
    Ok(ids)
}

/// Sends a held request whose batch leaves, in the name of the one who held it.
///
/// # Errors
/// As [`send_request`]: then nothing is to be kept of the transaction, and [`return_held`] says so.
pub async fn release_held(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: Uuid) -> Result<()> {
    let Some(held) = held_requests::get(tx, id).await?.filter(|held| held.state == HeldState::Held) else {
        return Ok(());
    };
    let seen = held_requests::items(tx, id).await?;
    let request = send_request(tx, service, now, &Actor::User(held.held_by), &seen).await?;
    held_requests::end(tx, id, HeldState::Sent, Some(request.id), now).await?;
    Ok(())
}

/// Gives a held request back that could not be sent, because something changed meanwhile: its supervisor looks again.
///
/// # Errors
/// When the store fails.
pub async fn return_held(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: Uuid) -> Result<()> {
    let items = held_requests::items(tx, id).await?;
    if held_requests::end(tx, id, HeldState::Returned, None, now).await? {
        for (violation, _) in items {
            let object = ("violation", violation.0);
            audit::record(tx, service, now, &Actor::System, "violation.unheld", object, json!({})).await?;
        }
    }
    Ok(())
}

/// The held requests whose batch leaves, in random order.
///
/// # Errors
/// When the store fails.
pub async fn due_in_random_order(tx: &mut Tx, service: &Service, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let mut drawn: Vec<(u32, Uuid)> =
        held_requests::due(tx, now).await?.into_iter().map(|id| (service.ids.number(), id)).collect();
    drawn.sort_unstable();
    Ok(drawn.into_iter().map(|(_, id)| id).collect())
}
