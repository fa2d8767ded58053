//! What the console knows of inspectors beside the registry: enrolled phones, and the switch that suspends one (暂扣).

use super::param::{Param, params};
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{AgencyId, InspectorId};
use crate::domain::inspector::{Inspector, InspectorKind};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;

/// So many inspectors are asked for by one statement.
const ASKED: usize = 25;

/// An inspector with what the console shows.
#[derive(Clone, Debug)]
pub struct FoundInspector {
    /// The inspector.
    pub inspector: Inspector,
    /// When a phone was first enrolled.
    pub enrolled_at: Option<DateTime<Utc>>,
}

statements! {
    ENROLLED = "SELECT id, enrolled_at FROM inspectors
        WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25)";
    GET = "SELECT id, cert_no, name, agency_id, valid_from, valid_to, suspended, kind, enrolled_at
        FROM inspectors
        WHERE id = $1 AND (agency_id = $2 OR $2 IS NULL)";
    NOT_ENROLLED = "SELECT id, cert_no, name, agency_id, valid_from, valid_to, suspended, kind, enrolled_at
        FROM inspectors
        WHERE agency_id = $1 AND enrolled_at IS NULL AND NOT suspended AND (valid_to >= $2 OR valid_to IS NULL)
        ORDER BY name, id
        LIMIT $3";
    EXPIRING = "SELECT id, cert_no, name, agency_id, valid_from, valid_to, suspended, kind, enrolled_at
        FROM inspectors
        WHERE agency_id = $1 AND valid_to >= $2 AND valid_to <= $3
        ORDER BY valid_to, name, id
        LIMIT $4";
    BY_CERT = "SELECT id, cert_no, name, agency_id, valid_from, valid_to, suspended, kind, enrolled_at
        FROM inspectors
        WHERE cert_no = $1 AND agency_id = $2";
    SET_SUSPENDED = "UPDATE inspectors SET suspended = $2 WHERE id = $1 AND suspended <> $2";
}

/// When a phone of each of these inspectors was first enrolled; those without one are left out.
///
/// # Errors
/// When the store fails.
pub async fn enrolled(tx: &mut Tx, all: &[InspectorId]) -> Result<HashMap<InspectorId, DateTime<Utc>>> {
    let mut enrolled = HashMap::new();
    for some in all.chunks(ASKED) {
        let bound: Vec<Param> = (0..ASKED).map(|nth| Param::from(some[nth.min(some.len() - 1)])).collect();
        for row in tx.fetch_all(ENROLLED, &bound).await? {
            if let Some(at) = row.get::<Option<DateTime<Utc>>>("enrolled_at")? {
                enrolled.insert(row.id("id")?, at);
            }
        }
    }
    Ok(enrolled)
}

/// One inspector, if it is there and of the agency that the reader is limited to.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: InspectorId, own: Option<AgencyId>) -> Result<Option<FoundInspector>> {
    tx.fetch_optional(GET, params![id, own]).await?.as_ref().map(found).transpose()
}

/// Inspectors of an agency with a certificate that is valid today and without a phone so far.
///
/// # Errors
/// When the store fails.
pub async fn not_enrolled(tx: &mut Tx, agency: AgencyId, today: NaiveDate, limit: i64) -> Result<Vec<FoundInspector>> {
    tx.fetch_all(NOT_ENROLLED, params![agency, today, limit]).await?.iter().map(found).collect()
}

/// Inspectors of an agency whose certificate runs out from `from` to `to`, the first one first.
///
/// # Errors
/// When the store fails.
pub async fn expiring(
    tx: &mut Tx,
    agency: AgencyId,
    from: NaiveDate,
    to: NaiveDate,
    limit: i64,
) -> Result<Vec<FoundInspector>> {
    tx.fetch_all(EXPIRING, params![agency, from, to, limit]).await?.iter().map(found).collect()
}

/// The inspector of an agency with this certificate number.
///
/// # Errors
/// When the store fails.
pub async fn by_cert(tx: &mut Tx, agency: AgencyId, cert_no: &str) -> Result<Option<FoundInspector>> {
    tx.fetch_optional(BY_CERT, params![cert_no, agency]).await?.as_ref().map(found).transpose()
}

/// Suspends an inspector, or takes that back; `false` if it stood so already.
///
/// # Errors
/// When the store fails.
pub async fn set_suspended(tx: &mut Tx, id: InspectorId, suspended: bool) -> Result<bool> {
    Ok(tx.execute(SET_SUSPENDED, params![id, suspended]).await? == 1)
}

fn found(row: &Row) -> Result<FoundInspector> {
    Ok(FoundInspector {
        inspector: Inspector {
            id: row.id("id")?,
            cert_no: row.get("cert_no")?,
            name: row.get("name")?,
            agency: row.id("agency_id")?,
            valid_from: row.get("valid_from")?,
            valid_to: row.get("valid_to")?,
            suspended: row.get("suspended")?,
            kind: row.code("kind", InspectorKind::parse)?,
        },
        enrolled_at: row.get("enrolled_at")?,
    })
}
