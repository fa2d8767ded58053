//! Merging two records of one enterprise. What was filed, reported, suspected and hung up at one of them is the other's from now on; the first
//! stays as a pointer. The enterprise is judged as the one that it is, in the same transaction.

use super::assess_dossier::{Occasion, assess_dossier};
use super::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::id::EnterpriseId;
use crate::domain::search_text::fold;
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::{Tx, merges, record_updates};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Merges `from` into `into`. `typed` is the name or the credit code of the record that is given up, typed by the person who wants it.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when either was merged before; [`ActionError::Malformed`] when they are the same record,
/// the surviving one is not active, or something else was typed; otherwise when the store fails.
pub async fn merge_enterprises(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    from: EnterpriseId,
    into: EnterpriseId,
    typed: &str,
) -> Result<()> {
    // Both are held, always in the same order, so that two merges never wait for each other.
    for id in [from.min(into), from.max(into)] {
        enterprises::touch(tx, id).await?.ok_or(ActionError::NotFound("enterprise"))?;
    }
    let (given_up, survivor) = (record(tx, from).await?, record(tx, into).await?);
    if from == into || !survivor.active {
        return Err(FieldError::new("into", "unknown").into());
    }
    if !confirms(typed, &given_up) {
        return Err(FieldError::new("confirm", "not_the_name").into());
    }
    let moved = merges::holdings(tx, from).await?;
    merges::move_all(tx, from, into).await?;
    let counts = json!({ "filings": moved.filings, "signs": moved.signs, "sites": moved.sites });
    let pointer = json!({ "into": into, "name": survivor.name, "uscc": survivor.uscc, "moved": counts });
    audit::record(tx, service, now, actor, "enterprise.merged", ("enterprise", from.0), pointer).await?;
    let taken = json!({ "from": from, "name": given_up.name, "uscc": given_up.uscc, "moved": counts });
    audit::record(tx, service, now, actor, "enterprise.absorbed", ("enterprise", into.0), taken).await?;
    let first = merges::first_day(tx, into).await?;
    let (_, enterprise) = enterprises::touch(tx, into).await?.ok_or(ActionError::NotFound("enterprise"))?;
    assess_dossier(tx, service, now, enterprise, first, Occasion::Filing).await.map(drop)
}

/// Whether this is what the record is called, or its credit code.
fn confirms(typed: &str, record: &EnterpriseRecord) -> bool {
    let typed = fold(typed);
    !typed.is_empty() && (typed == fold(&record.name) || typed == fold(&record.uscc))
}

async fn record(tx: &mut Tx, id: EnterpriseId) -> Result<EnterpriseRecord> {
    let record = enterprises::get(tx, id).await?.ok_or(ActionError::NotFound("enterprise"))?;
    if record_updates::survivor(tx, id).await?.is_some() {
        return Err(ActionError::State("merged"));
    }
    Ok(record)
}
