//! Certificates that run out, and of which ends the liaisons have been told.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{AgencyId, InspectorId};
use chrono::{DateTime, NaiveDate, Utc};

/// A certificate that runs out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunsOut {
    /// Its inspector.
    pub inspector: InspectorId,
    /// Its number.
    pub cert_no: String,
    /// Its last day.
    pub valid_to: NaiveDate,
}

statements! {
    AGENCIES = "SELECT DISTINCT i.agency_id
        FROM inspectors i
        JOIN agencies a ON a.id = i.agency_id AND a.active
        WHERE i.valid_to >= $1 AND i.valid_to <= $2 AND i.valid_from <= $1 AND NOT i.suspended
            AND EXISTS (SELECT 1 FROM users u WHERE u.agency_id = i.agency_id AND u.role = 'liaison' AND u.active)
            AND NOT EXISTS (
                SELECT 1 FROM certificate_notices n WHERE n.inspector_id = i.id AND n.valid_to = i.valid_to)
        ORDER BY i.agency_id";
    OF_AGENCY = "SELECT i.id, i.cert_no, i.valid_to
        FROM inspectors i
        WHERE i.agency_id = $3 AND i.valid_to >= $1 AND i.valid_to <= $2 AND i.valid_from <= $1 AND NOT i.suspended
            AND NOT EXISTS (
                SELECT 1 FROM certificate_notices n WHERE n.inspector_id = i.id AND n.valid_to = i.valid_to)
        ORDER BY i.valid_to, i.cert_no";
    INSERT = "INSERT INTO certificate_notices (inspector_id, valid_to, announced_at) VALUES ($1, $2, $3)";
}

/// The active agencies that have a liaison and a certificate whose last day lies from `today` to `until` and was not announced. One that is
/// suspended, or not yet valid, is not.
///
/// # Errors
/// When the store fails.
pub async fn agencies(tx: &mut Tx, today: NaiveDate, until: NaiveDate) -> Result<Vec<AgencyId>> {
    tx.fetch_all(AGENCIES, params![today, until]).await?.iter().map(|row| row.id("agency_id")).collect()
}

/// Those certificates of an agency, the first to run out first.
///
/// # Errors
/// When the store fails.
pub async fn of_agency(tx: &mut Tx, agency: AgencyId, today: NaiveDate, until: NaiveDate) -> Result<Vec<RunsOut>> {
    let rows = tx.fetch_all(OF_AGENCY, params![today, until, agency]).await?;
    let read = |row: &super::row::Row| {
        Ok(RunsOut { inspector: row.id("id")?, cert_no: row.get("cert_no")?, valid_to: row.get("valid_to")? })
    };
    rows.iter().map(read).collect()
}

/// Remembers that a certificate's end was announced.
///
/// # Errors
/// When the store fails, or it was before.
pub async fn insert(tx: &mut Tx, told: &RunsOut, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("certificate notice", INSERT, params![told.inspector, told.valid_to, now]).await
}
