//! The course of a visit: arrival, the enterprise's confirmation, leaving, the result, or cancellation before it.

use super::change_filing::{Target, change_filing};
use super::file_inspection::without_repeats;
use super::{ActionError, FieldError, Result, Service};
use crate::domain::filing::VisitResult;
use crate::domain::id::MatterId;
use crate::domain::text::{self, PURPOSE_MAX};
use crate::storage::Tx;
use crate::storage::filings::FilingRecord;
use chrono::{DateTime, Utc};
use serde_json::json;

/// Records that the inspectors have arrived (我已到达). A second arrival changes nothing: the first one counts.
///
/// # Errors
/// As every change of a filing.
pub async fn arrive(tx: &mut Tx, service: &Service, now: DateTime<Utc>, target: Target<'_>) -> Result<FilingRecord> {
    change_filing(tx, service, now, target, "filing.arrived", |record| {
        let first = record.filing.arrived_at.is_none();
        record.filing.arrived_at.get_or_insert(now);
        Ok(first.then(|| json!({})))
    })
    .await
}

/// Records that the enterprise confirmed the inspectors' presence, by scanning the inspection code or hearing the four digits.
///
/// # Errors
/// As every change of a filing.
pub async fn confirm_presence(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    target: Target<'_>,
) -> Result<FilingRecord> {
    change_filing(tx, service, now, target, "filing.presence_confirmed", |record| {
        let first = record.presence_confirmed_at.is_none();
        record.presence_confirmed_at.get_or_insert(now);
        record.filing.presence_confirmed = true;
        Ok(first.then(|| json!({})))
    })
    .await
}

/// Records that the inspectors have left, which only those can who have arrived. A second leaving changes nothing.
///
/// # Errors
/// As every change of a filing.
pub async fn leave(tx: &mut Tx, service: &Service, now: DateTime<Utc>, target: Target<'_>) -> Result<FilingRecord> {
    change_filing(tx, service, now, target, "filing.left", |record| {
        needs_arrival(record, target)?;
        let first = record.filing.left_at.is_none();
        record.filing.left_at.get_or_insert(now);
        Ok(first.then(|| json!({})))
    })
    .await
}

/// What came out of a visit, and what was inspected.
#[derive(Clone, Debug)]
pub struct VisitOutcome {
    /// The result.
    pub result: VisitResult,
    /// The matters that were really inspected; `None` leaves what was named before.
    pub matters: Option<Vec<MatterId>>,
    /// Why what was told before is corrected, for the audit; empty if nobody said.
    pub reason: String,
}

impl From<VisitResult> for VisitOutcome {
    fn from(result: VisitResult) -> Self {
        Self { result, matters: None, reason: String::new() }
    }
}

/// Records what came out of a visit that took place; it may be corrected, and the audit keeps what stood before.
///
/// # Errors
/// [`ActionError::Malformed`] for a matter that is unknown or a reason that cannot be read; otherwise as every change of a filing.
pub async fn record_result(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    target: Target<'_>,
    outcome: impl Into<VisitOutcome>,
) -> Result<FilingRecord> {
    let VisitOutcome { result, matters, reason } = outcome.into();
    let reason =
        text::optional_paragraph(&reason, PURPOSE_MAX).map_err(|e| FieldError::new("correct_reason", e.code()))?;
    let matters = matters.map(without_repeats);
    if let Some(matters) = &matters {
        let snapshot = service.snapshot(tx).await?;
        if matters.iter().any(|matter| !snapshot.registries.matters.contains_key(matter)) {
            return Err(FieldError::new("matters_inspected", "unknown").into());
        }
    }
    change_filing(tx, service, now, target, "filing.result", |record| {
        needs_arrival(record, target)?;
        let before = record.filing.result.replace(result);
        record.result_at.get_or_insert(now);
        let mut changed = (before != Some(result)).then(|| json!({ "result": [before, result] }));
        if let Some(matters) = matters.filter(|matters| *matters != record.filing.matters_inspected) {
            let old = std::mem::replace(&mut record.filing.matters_inspected, matters);
            let change = json!([old, record.filing.matters_inspected]);
            changed.get_or_insert_with(|| json!({}))["matters_inspected"] = change;
        }
        if let (Some(changed), Some(reason)) = (&mut changed, reason) {
            changed["reason"] = json!(reason);
        }
        Ok(changed)
    })
    .await
}

fn needs_arrival(record: &FilingRecord, target: Target<'_>) -> Result<()> {
    if record.filing.arrived_at.is_none() && !target.actor.tells_history() {
        return Err(ActionError::State("not_arrived"));
    }
    Ok(())
}

/// Cancels a filing of a visit that has not taken place: its violations, and those of others that rest on it, clear.
///
/// # Errors
/// [`super::ActionError::Malformed`] without a reason; otherwise as every change of a filing.
pub async fn cancel_filing(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    target: Target<'_>,
    reason: &str,
) -> Result<FilingRecord> {
    let reason = text::paragraph(reason, PURPOSE_MAX).map_err(|e| FieldError::new("reason", e.code()))?;
    change_filing(tx, service, now, target, "filing.cancelled", |record| {
        let began = record.filing.arrived_at.is_some() || record.presence_confirmed_at.is_some();
        if began && !target.actor.tells_history() {
            return Err(ActionError::State("arrived"));
        }
        record.filing.cancelled_at = Some(now);
        record.cancel_reason.clone_from(&reason);
        Ok(Some(json!({ "reason": reason })))
    })
    .await
}
