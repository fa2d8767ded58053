//! Linking a report to a filing by hand: where the enterprise did not know which agency came, a supervisor may find out.

use super::assess_agency;
use super::assess_dossier::{Occasion, assess_dossier};
use super::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::id::{FilingId, ReportId};
use crate::domain::text::{self, PURPOSE_MAX};
use crate::storage::filings::Scope;
use crate::storage::reports::ReportRecord;
use crate::storage::{Tx, enterprises, filings, reports};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Links a report without agency to a filing at the same enterprise, or takes the link back, and judges the enterprise anew. `version` is
/// what the supervisor saw.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] for a report with an agency (it is matched by itself) or a withdrawn one;
/// [`ActionError::Malformed`] for a filing elsewhere, or without a reason; [`ActionError::Stale`]; otherwise when the store fails.
#[expect(clippy::too_many_arguments, reason = "what every action takes, and what the supervisor saw and says")]
pub async fn link_report(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: ReportId,
    version: i64,
    filing: Option<FilingId>,
    reason: &str,
) -> Result<ReportRecord> {
    let reason = text::paragraph(reason, PURPOSE_MAX).map_err(|e| FieldError::new("link_reason", e.code()))?;
    let missing = || ActionError::NotFound("report");
    let seen = reports::get(tx, id).await?.ok_or_else(missing)?;
    let (_, enterprise) = enterprises::touch(tx, seen.report.enterprise).await?.ok_or_else(missing)?;
    let record = reports::get(tx, id).await?.ok_or_else(missing)?;
    if record.report.withdrawn {
        return Err(ActionError::State("withdrawn"));
    }
    if record.report.agency.is_some() {
        return Err(ActionError::State("has_agency"));
    }
    if let Some(filing) = filing {
        let found = filings::get(tx, filing, Scope::All).await?;
        if found.is_none_or(|f| f.filing.enterprise != enterprise.id || !f.filing.live()) {
            return Err(FieldError::new("filing", "unknown").into());
        }
    }
    reports::set_linked(tx, id, filing, version).await?;
    let detail = json!({ "filing": [record.report.linked_filing, filing], "reason": reason });
    audit::record(tx, service, now, actor, "report.linked", ("report", id.0), detail).await?;
    let arrived = service.settings.zone.local_date(record.report.arrived_at);
    let judged = assess_dossier(tx, service, now, enterprise, Some(arrived), Occasion::Telling).await?;
    assess_agency::after_sweep(tx, service, now, &judged).await?;
    reports::get(tx, id).await?.ok_or_else(missing)
}
