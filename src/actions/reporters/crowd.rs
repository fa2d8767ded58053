//! How many enterprises fit what a request would say: where there are few, the agency could tell who reported, however neutral the words are.

use crate::actions::{Result, Service};
use crate::domain::id::{AgencyId, EnterpriseId};
use crate::storage::{Tx, protection};
use chrono::{DateTime, Days, Utc};

/// A request tells the week of a visit at most: so many days on either side of it fit.
const DAYS_AROUND: Days = Days::new(7);

/// The number of enterprises that the agency visited, by its own filings, around that time, the one at hand among them: below
/// [`crate::domain::reporter::CROWD`] a supervisor is warned before sending.
///
/// # Errors
/// When the store fails.
pub async fn fitting_enterprises(
    tx: &mut Tx,
    service: &Service,
    agency: AgencyId,
    enterprise: EnterpriseId,
    at: DateTime<Utc>,
) -> Result<i64> {
    let day = service.settings.zone.local_date(at);
    let others =
        protection::enterprises_visited(tx, agency, (day - DAYS_AROUND, day + DAYS_AROUND), enterprise).await?;
    Ok(others + 1)
}
