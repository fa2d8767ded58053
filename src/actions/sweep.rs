//! Judging an enterprise anew because a deadline has passed.

use super::assess_agency;
use super::assess_dossier::{Occasion, assess_dossier};
use super::{Result, Service};
use crate::domain::id::EnterpriseId;
use crate::storage::{Tx, enterprises};
use chrono::{DateTime, Utc};

/// Judges one enterprise as of `now`; running it twice changes nothing.
///
/// # Errors
/// When the store fails.
pub async fn sweep_enterprise(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: EnterpriseId) -> Result<()> {
    let Some((_, enterprise)) = enterprises::touch(tx, id).await? else { return Ok(()) };
    let judged = assess_dossier(tx, service, now, enterprise, None, Occasion::Deadline).await?;
    assess_agency::after_sweep(tx, service, now, &judged).await
}
