//! Filings of people whose phone is not enrolled, and what the agency's liaison said of them.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{AgencyId, FilingId, UserId};
use chrono::{DateTime, Utc};

/// An unverified filing.
#[derive(Clone, Debug)]
pub struct Unverified {
    /// The filing.
    pub filing: FilingId,
    /// The agency that it names.
    pub agency: AgencyId,
    /// The name that was given.
    pub name: String,
    /// The certificate number that was given.
    pub cert_no: String,
    /// The telephone number that was given.
    pub phone: String,
    /// When it was accepted.
    pub filed_at: DateTime<Utc>,
    /// Until when the liaison is to decide.
    pub due_at: DateTime<Utc>,
    /// `Some(true)` confirmed, `Some(false)` refused, `None` not decided.
    pub confirmed: Option<bool>,
    /// Why it was refused.
    pub reason: String,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

impl Unverified {
    /// Where it stands: `waits`, `confirmed` or `refused`.
    #[must_use]
    pub const fn standing(&self) -> &'static str {
        match self.confirmed {
            None => "waits",
            Some(true) => "confirmed",
            Some(false) => "refused",
        }
    }
}

/// One in the list, with what its filing says.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The row.
    pub row: Unverified,
    /// Number of the filing.
    pub number: String,
    /// The enterprise's name.
    pub enterprise: String,
}

statements! {
    INSERT = "INSERT INTO unverified_filings (
            filing_id, agency_id, name, cert_no, phone, filed_at, due_at, outcome, reason, decided_by, decided_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, '', NULL, NULL)";
    GET = "SELECT * FROM unverified_filings WHERE filing_id = $1";
    DECIDE = "UPDATE unverified_filings SET outcome = $2, reason = $3, decided_by = $4, decided_at = $5
        WHERE filing_id = $1 AND outcome IS NULL";
    OF_AGENCY = "SELECT u.*, f.number, e.name AS enterprise_name
        FROM unverified_filings u
        JOIN filings f ON f.id = u.filing_id
        JOIN enterprises e ON e.id = f.enterprise_id
        WHERE u.agency_id = $1 AND (u.outcome IS NULL OR u.filed_at >= $2)
        ORDER BY CASE WHEN u.outcome IS NULL THEN 0 ELSE 1 END, u.filed_at DESC
        LIMIT $3";
    OF_ALL = "SELECT u.*, f.number, e.name AS enterprise_name
        FROM unverified_filings u
        JOIN filings f ON f.id = u.filing_id
        JOIN enterprises e ON e.id = f.enterprise_id
        WHERE u.outcome IS NULL OR u.filed_at >= $1
        ORDER BY CASE WHEN u.outcome IS NULL THEN 0 ELSE 1 END, u.filed_at DESC
        LIMIT $2";
}

/// Stores that a filing is unverified.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, u: &Unverified) -> Result<()> {
    let bound = params![u.filing, u.agency, &u.name, &u.cert_no, &u.phone, u.filed_at, u.due_at];
    tx.execute_one("unverified filing", INSERT, bound).await
}

/// What is known of a filing's verification; `None` for one from an enrolled phone.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, filing: FilingId) -> Result<Option<Unverified>> {
    tx.fetch_optional(GET, params![filing]).await?.as_ref().map(from_row).transpose()
}

/// Stores the liaison's decision; false if there was one before.
///
/// # Errors
/// When the store fails.
pub async fn decide(
    tx: &mut Tx,
    filing: FilingId,
    confirmed: bool,
    reason: &str,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let outcome = if confirmed { "confirmed" } else { "refused" };
    Ok(tx.execute(DECIDE, params![filing, outcome, reason, by, now]).await? == 1)
}

/// At most `limit`: all that wait, then those since an instant that were decided; of one agency, or of all.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx, agency: Option<AgencyId>, since: DateTime<Utc>, limit: i64) -> Result<Vec<Listed>> {
    let rows = match agency {
        Some(agency) => tx.fetch_all(OF_AGENCY, params![agency, since, limit]).await?,
        None => tx.fetch_all(OF_ALL, params![since, limit]).await?,
    };
    rows.iter()
        .map(|row| {
            Ok(Listed { row: from_row(row)?, number: row.get("number")?, enterprise: row.get("enterprise_name")? })
        })
        .collect()
}

fn from_row(row: &Row) -> Result<Unverified> {
    Ok(Unverified {
        filing: row.id("filing_id")?,
        agency: row.id("agency_id")?,
        name: row.get("name")?,
        cert_no: row.get("cert_no")?,
        phone: row.get("phone")?,
        filed_at: row.get("filed_at")?,
        due_at: row.get("due_at")?,
        confirmed: row.get::<Option<String>>("outcome")?.map(|outcome| outcome == "confirmed"),
        reason: row.get("reason")?,
        decided_at: row.get("decided_at")?,
    })
}
