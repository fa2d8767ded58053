//! What every change of a stored filing has in common: lock, fetch in scope, change, audit, judge.

use super::assess_agency;
use super::assess_dossier::{Occasion, assess_dossier};
use super::{ActionError, Actor, Result, Service, audit, reporters};
use crate::domain::id::FilingId;
use crate::storage::filings::{self, FilingRecord, Scope};
use crate::storage::{Tx, enterprises};
use chrono::{DateTime, Utc};
use serde_json::Value;

/// Which filing is changed, by whom, and what the caller last saw of it.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The filing.
    pub id: FilingId,
    /// Whose filings the caller may touch.
    pub scope: Scope,
    /// The version that the caller saw; `None` to change whatever is there.
    pub version: Option<i64>,
    /// Who changes it.
    pub actor: &'a Actor,
}

/// What a change wants recorded: `None` when there was nothing to change.
pub(super) type Change = Option<Value>;

/// Applies `change` to a live filing under the lock of its enterprise, stores it, records `action` and judges the enterprise anew.
///
/// # Errors
/// [`ActionError::NotFound`] outside the scope, [`ActionError::State`] for a cancelled filing, [`ActionError::Stale`] when it
/// is not the version that the caller saw; whatever `change` returns; otherwise when the store fails.
pub(super) async fn change_filing(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    target: Target<'_>,
    action: &str,
    change: impl FnOnce(&mut FilingRecord) -> Result<Change>,
) -> Result<FilingRecord> {
    let missing = || ActionError::NotFound("filing");
    let at = filings::enterprise_of(tx, target.id, target.scope).await?.ok_or_else(missing)?;
    let (_, enterprise) = enterprises::touch(tx, at).await?.ok_or_else(missing)?;
    let mut record = filings::get(tx, target.id, target.scope).await?.ok_or_else(missing)?;
    if target.version.is_some_and(|seen| seen != record.version) {
        return Err(ActionError::Stale("filing"));
    }
    if !record.filing.live() {
        return Err(ActionError::State("cancelled"));
    }
    let zone = service.settings.zone;
    let before = record.filing.clone();
    let first_before = before.first_day(zone);
    let Some(detail) = change(&mut record)? else { return Ok(record) };
    let days = (record.filing.first_day(zone), record.filing.last_day(zone));
    filings::update(tx, &record, days).await?;
    audit::record(tx, service, now, target.actor, action, ("filing", target.id.0), detail).await?;
    reporters::plan_invitation(tx, service, &record.filing).await?;
    let told = record.filing.presence_confirmed != before.presence_confirmed;
    let occasion = if told { Occasion::Telling } else { Occasion::Filing };
    let judged = assess_dossier(tx, service, now, enterprise, Some(first_before.min(days.0)), occasion).await?;
    assess_agency::after_change(tx, service, now, Some(&before), &record.filing, &judged).await?;
    filings::get(tx, target.id, Scope::All).await?.ok_or_else(missing)
}
