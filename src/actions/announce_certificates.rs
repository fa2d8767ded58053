//! Certificates that run out within 30 days: one mail to each liaison of their agency, listing all that were not announced before.

use super::error::{ActionError, Result};
use super::outbox::{Reader, enqueue, letterhead};
use super::service::Service;
use crate::domain::id::AgencyId;
use crate::domain::inspector::RUNS_OUT_SOON;
use crate::domain::notice::{MailKind, is_daytime};
use crate::mail::compose::{self, Certificate};
use crate::storage::{Tx, certificate_notices, users};
use chrono::{DateTime, Utc};

/// The agencies whose liaisons are to be told now; none outside the daytime of working days.
///
/// # Errors
/// When the store fails.
pub async fn certificates_due(tx: &mut Tx, service: &Service, now: DateTime<Utc>) -> Result<Vec<AgencyId>> {
    let zone = service.settings.zone;
    let today = zone.local_date(now);
    let agencies = certificate_notices::agencies(tx, today, today + RUNS_OUT_SOON).await?;
    if agencies.is_empty() || is_daytime(now, zone, &service.snapshot(tx).await?.registries.holidays) {
        return Ok(agencies);
    }
    Ok(Vec::new())
}

/// Tells the liaisons of an agency, and remembers each certificate with its last day: a renewed one is announced anew when it runs out.
///
/// # Errors
/// When the store fails or the mail cannot be rendered.
pub async fn announce_certificates(tx: &mut Tx, service: &Service, now: DateTime<Utc>, agency: AgencyId) -> Result<()> {
    let today = service.settings.zone.local_date(now);
    let told = certificate_notices::of_agency(tx, agency, today, today + RUNS_OUT_SOON).await?;
    let liaisons = users::liaisons(tx, agency).await?;
    if told.is_empty() || liaisons.is_empty() {
        return Ok(());
    }
    let listed: Vec<Certificate> = told
        .iter()
        .map(|one| Certificate { inspector: one.inspector, number: one.cert_no.clone(), valid_to: one.valid_to })
        .collect();
    let head = letterhead(&service.settings);
    for liaison in liaisons.iter().map(Reader::of) {
        let words = compose::certificates(&head, liaison.lang, now, &listed)
            .map_err(|error| ActionError::Internal(error.to_string()))?;
        enqueue(tx, service, now, &liaison, MailKind::Certificates, words, None).await?;
    }
    for one in &told {
        certificate_notices::insert(tx, one, now).await?;
    }
    Ok(())
}
