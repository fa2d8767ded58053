//! What protects those who report: who is watched over after something adverse was told (RET-01), how many enterprises an agency visited, and
//! whether a sealed contact can still be opened. No agency role ever reads what is here.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{AgencyId, EnterpriseId, ReportId};
use chrono::{DateTime, NaiveDate, Utc};

/// Something adverse that an enterprise told of an agency.
#[derive(Clone, Debug)]
pub struct Adverse {
    /// The enterprise.
    pub enterprise: EnterpriseId,
    /// Its name.
    pub name: String,
    /// The agency that it is about.
    pub about: AgencyId,
    /// When it was told.
    pub at: DateTime<Utc>,
    /// The report; `None` for a rating.
    pub report: Option<ReportId>,
}

statements! {
    VISITED = "SELECT COUNT(DISTINCT f.enterprise_id) AS n
        FROM filings f
        JOIN enterprises e ON e.id = f.enterprise_id
        WHERE f.agency_id = $1 AND f.first_day >= $2 AND f.first_day <= $3 AND e.town = $4 AND f.enterprise_id <> $5
            AND f.arrived_at IS NOT NULL";
    /// A report is adverse with one of the eight 不得, or where PRC-01 or DIS-01 is found, switched on or not.
    TOLD = "SELECT r.enterprise_id, e.name, COALESCE(r.agency_id, f.agency_id) AS about, r.filed_at, r.id
        FROM reports r
        JOIN enterprises e ON e.id = r.enterprise_id
        LEFT JOIN filings f ON f.id = r.matched_filing
        WHERE r.filed_at > $1 AND (r.enterprise_id = $2 OR $2 IS NULL) AND r.withdrawn_at IS NULL AND NOT r.held AND COALESCE(r.agency_id, f.agency_id) IS NOT NULL
            AND (CAST(r.prohibited AS TEXT) <> '[]'
                OR r.shown_certificate = 'no'
                OR (r.shown_notice = 'no' AND (f.kind IS NULL OR f.kind <> 'immediate'))
                OR ((r.service OR f.kind = 'service_visit')
                    AND (r.documents_demanded OR r.premises_inspected OR r.rectification_asked OR r.form_signed)))
        ORDER BY r.filed_at DESC, r.id DESC";
    RATED = "SELECT f.enterprise_id, e.name, f.agency_id AS about, g.created_at AS filed_at
        FROM ratings g
        JOIN filings f ON f.id = g.filing_id
        JOIN enterprises e ON e.id = f.enterprise_id
        WHERE g.created_at > $1 AND (f.enterprise_id = $2 OR $2 IS NULL) AND f.cancelled_at IS NULL AND NOT f.unconfirmed
            AND (g.closeness + g.integrity + g.satisfaction < 9 OR g.closeness = 1 OR g.integrity = 1 OR g.satisfaction = 1)
        ORDER BY g.created_at DESC, g.filing_id DESC";
    NEWEST_CONTACT = "SELECT sealed FROM report_contacts ORDER BY created_at DESC, report_id DESC LIMIT 1";
}

/// How many enterprises of a town but one an agency visited, by its own filings, on these days (both inclusive).
///
/// # Errors
/// When the store fails.
pub async fn enterprises_visited(
    tx: &mut Tx,
    agency: AgencyId,
    days: (NaiveDate, NaiveDate),
    town: &str,
    but: EnterpriseId,
) -> Result<i64> {
    tx.fetch_one(VISITED, params![agency, days.0, days.1, town, but]).await?.get("n")
}

/// What adverse things were told after `since`, the latest first.
///
/// # Errors
/// When the store fails.
pub async fn adverse(tx: &mut Tx, since: DateTime<Utc>) -> Result<Vec<Adverse>> {
    told(tx, since, None).await
}

/// What adverse things one enterprise told after `since`, the latest first.
///
/// # Errors
/// When the store fails.
pub async fn adverse_at(tx: &mut Tx, enterprise: EnterpriseId, since: DateTime<Utc>) -> Result<Vec<Adverse>> {
    told(tx, since, Some(enterprise)).await
}

async fn told(tx: &mut Tx, since: DateTime<Utc>, enterprise: Option<EnterpriseId>) -> Result<Vec<Adverse>> {
    let mut all = Vec::new();
    for row in tx.fetch_all(TOLD, params![since, enterprise]).await? {
        all.push(Adverse {
            enterprise: row.id("enterprise_id")?,
            name: row.get("name")?,
            about: row.id("about")?,
            at: row.get("filed_at")?,
            report: Some(row.id("id")?),
        });
    }
    for row in tx.fetch_all(RATED, params![since, enterprise]).await? {
        all.push(Adverse {
            enterprise: row.id("enterprise_id")?,
            name: row.get("name")?,
            about: row.id("about")?,
            at: row.get("filed_at")?,
            report: None,
        });
    }
    all.sort_by_key(|told| std::cmp::Reverse((told.at, told.report)));
    Ok(all)
}

/// The newest sealed contact, to find out whether the key still opens it.
///
/// # Errors
/// When the store fails.
pub async fn newest_contact(tx: &mut Tx) -> Result<Option<Vec<u8>>> {
    tx.fetch_optional(NEWEST_CONTACT, params![]).await?.map(|row| row.get("sealed")).transpose()
}
