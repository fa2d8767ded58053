//! A new version of the policy, in force from tomorrow or later: what was judged before keeps the version that judged it.

use super::{Actor, FieldError, Result, Service, audit};
use crate::domain::id::{PolicyId, UserId};
use crate::domain::policy::{Policy, PolicyVersion};
use crate::domain::text::{self, PURPOSE_MAX};
use crate::storage::{Tx, filing_lists, registries};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

/// Gives a new installation its first version, in force from today: every rule on, those of the second wave too. Does nothing where there
/// is a version, or something was filed already.
///
/// # Errors
/// When the store fails.
pub async fn first_policy(tx: &mut Tx, service: &Service, now: DateTime<Utc>) -> Result<()> {
    let has_versions = !registries::policies(tx).await?.versions().is_empty();
    if has_versions || filing_lists::any(tx).await? {
        return Ok(());
    }
    let id = PolicyId(service.ids.uuid(now));
    let version = PolicyVersion::new(id, service.settings.zone.local_date(now), Policy::for_installation());
    registries::insert_policy(tx, &version, "系统初始版本", None, now).await?;
    registries::bump(tx).await?;
    let detail = json!({ "effective_from": version.effective_from });
    audit::record(tx, service, now, &Actor::System, "policy.added", ("policy", id.0), detail).await
}

/// Adds a version. Facts that the registries' version number guards are read anew from then on.
///
/// # Errors
/// [`super::ActionError::Malformed`] for a date that is not after today (`past`), a missing note, or wrong ranges (`ranges`); otherwise when
/// the store fails.
pub async fn add_policy(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: UserId,
    effective_from: NaiveDate,
    policy: Policy,
    note: &str,
) -> Result<PolicyId> {
    let mut wrong = Vec::new();
    if effective_from <= service.settings.zone.local_date(now) {
        wrong.push(FieldError::new("effective_from", "past"));
    }
    if policy.no_disturb.calendar().check().is_err() {
        wrong.push(FieldError::new("ranges", "invalid"));
    } else if policy.rules.tim_01.from >= policy.rules.tim_01.to {
        wrong.push(FieldError::new("tim_to", "end_before_start"));
    } else if policy.check().is_err() {
        wrong.push(FieldError::new("rules", "invalid"));
    }
    let note = text::paragraph(note, PURPOSE_MAX).map_err(|error| wrong.push(FieldError::new("note", error.code())));
    let (Ok(note), true) = (note, wrong.is_empty()) else { return Err(super::ActionError::Malformed(wrong)) };
    let id = PolicyId(service.ids.uuid(now));
    let version = PolicyVersion::new(id, effective_from, policy);
    registries::insert_policy(tx, &version, &note, Some(by), now).await?;
    registries::bump(tx).await?;
    let detail = json!({ "effective_from": effective_from, "note": note });
    audit::record(tx, service, now, &Actor::User(by), "policy.added", ("policy", id.0), detail).await?;
    Ok(id)
}
