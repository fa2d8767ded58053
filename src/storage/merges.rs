//! What a merge of two records of one enterprise moves. Everything happens in the caller's transaction, which holds both records.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx, enterprise_index, figure_days};
use crate::domain::id::EnterpriseId;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// How much of what an operator may know is at an enterprise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Filings.
    pub filings: i64,
    /// Signs.
    pub signs: i64,
    /// Sites.
    pub sites: i64,
}

statements! {
    FILINGS = "UPDATE filings
        SET enterprise_id = $2, moved_from = COALESCE(moved_from, $1), version = version + 1
        WHERE enterprise_id = $1";
    REPORTS = "UPDATE reports
        SET enterprise_id = $2, moved_from = COALESCE(moved_from, $1), version = version + 1
        WHERE enterprise_id = $1";
    VIOLATIONS = "UPDATE violations SET enterprise_id = $2 WHERE enterprise_id = $1";
    REQUESTS = "UPDATE explanation_requests SET enterprise_id = $2 WHERE enterprise_id = $1";
    SIGNS = "UPDATE signs SET unit_id = $2 WHERE unit_id = $1 AND unit_kind = 'enterprise'";
    SITES = "UPDATE sites SET enterprise_id = $2 WHERE enterprise_id = $1";
    POINT = "UPDATE enterprises
        SET merged_into = $2, active = FALSE, next_change_at = NULL, own_change_at = NULL, pin_hash = NULL
        WHERE id = $1 AND merged_into IS NULL";
    TAKE_PIN = "UPDATE enterprises
        SET pin_hash = (SELECT given_up.pin_hash FROM enterprises given_up WHERE given_up.id = $1)
        WHERE id = $2 AND pin_hash IS NULL";
    POINT_ON = "UPDATE enterprises SET merged_into = $2 WHERE merged_into = $1";
    FILED = "SELECT id, seq, filed_at FROM filings WHERE enterprise_id = $1";
    REPORTED = "SELECT id, seq, filed_at FROM reports WHERE enterprise_id = $1";
    SET_FILING_SEQ = "UPDATE filings SET seq = $2 WHERE id = $1";
    SET_REPORT_SEQ = "UPDATE reports SET seq = $2 WHERE id = $1";
    RAISE_VERSION = "UPDATE enterprises SET version = $2 WHERE id = $1 AND version < $2";
    FIRST_FILED = "SELECT MIN(first_day) AS day FROM filings WHERE enterprise_id = $1";
    FIRST_REPORTED = "SELECT MIN(arrived_day) AS day FROM reports WHERE enterprise_id = $1";
    COUNT_FILINGS = "SELECT COUNT(*) AS n FROM filings WHERE enterprise_id = $1";
    COUNT_SIGNS = "SELECT COUNT(*) AS n FROM signs WHERE unit_id = $1";
    COUNT_SITES = "SELECT COUNT(*) AS n FROM sites WHERE enterprise_id = $1";
}

/// What is at an enterprise.
///
/// # Errors
/// When the store fails.
pub async fn holdings(tx: &mut Tx, id: EnterpriseId) -> Result<Holdings> {
    Ok(Holdings {
        filings: tx.fetch_one(COUNT_FILINGS, params![id]).await?.get("n")?,
        signs: tx.fetch_one(COUNT_SIGNS, params![id]).await?.get("n")?,
        sites: tx.fetch_one(COUNT_SITES, params![id]).await?.get("n")?,
    })
}

/// The first day that anything at an enterprise is about.
///
/// # Errors
/// When the store fails.
pub async fn first_day(tx: &mut Tx, id: EnterpriseId) -> Result<Option<NaiveDate>> {
    let filed: Option<NaiveDate> = tx.fetch_one(FIRST_FILED, params![id]).await?.get("day")?;
    let reported: Option<NaiveDate> = tx.fetch_one(FIRST_REPORTED, params![id]).await?.get("day")?;
    Ok(filed.into_iter().chain(reported).min())
}

/// Moves everything of one record to the other, and makes the first a pointer to it. The other keeps its PIN; without one it takes over the
/// first's, which people at the door know.
///
/// # Errors
/// [`super::StorageError::Stale`] when it was merged already; otherwise when the store fails.
pub async fn move_all(tx: &mut Tx, from: EnterpriseId, into: EnterpriseId) -> Result<()> {
    figure_days::mark_moving(tx, from, into).await?;
    for statement in [FILINGS, REPORTS, VIOLATIONS, REQUESTS, SIGNS, SITES, TAKE_PIN, POINT_ON] {
        tx.execute(statement, params![from, into]).await?;
    }
    enterprise_index::leave(tx, from).await?;
    tx.execute_one("enterprise", POINT, params![from, into]).await?;
    renumber(tx, into).await
}

/// Numbers what was accepted at an enterprise anew, in the order of acceptance: by time, at one instant by the number so far, then by id.
async fn renumber(tx: &mut Tx, id: EnterpriseId) -> Result<()> {
    let mut accepted: Vec<(DateTime<Utc>, i64, Uuid, &'static str)> = Vec::new();
    for (list, set) in [(FILED, SET_FILING_SEQ), (REPORTED, SET_REPORT_SEQ)] {
        for row in tx.fetch_all(list, params![id]).await? {
            accepted.push((row.get("filed_at")?, row.get("seq")?, row.get("id")?, set));
        }
    }
    accepted.sort_unstable();
    let mut last = 0;
    for (number, (_, seq, accepted, set)) in (1..).zip(accepted) {
        if seq != number {
            tx.execute_one("order of acceptance", set, params![accepted, number]).await?;
        }
        last = number;
    }
    tx.execute(RAISE_VERSION, params![id, last]).await.map(drop)
}
