//! What AGG-01 and EXP-02 look at: the confirmed and the closed violations of an agency.

use crate::domain::id::{AgencyId, ViolationId};
use crate::domain::rules::Inputs;
use crate::domain::violation::{RuleCode, Severity};
use crate::storage::param::params;
use crate::storage::row::Row;
use crate::storage::statements::statements;
use crate::storage::violations::{self, ViolationRecord};
use crate::storage::{Result, StorageError, Tx};
use chrono::{DateTime, Utc};

/// A confirmed violation in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfirmedRow {
    /// The violation.
    pub id: ViolationId,
    /// Its rule.
    pub rule: RuleCode,
    /// Its severity.
    pub severity: Severity,
    /// When it was confirmed.
    pub decided_at: DateTime<Utc>,
}

statements! {
    SINCE = "SELECT id, rule, severity, decided_at FROM violations
        WHERE agency_id = $1 AND state = 'confirmed' AND decided_at >= $2
        ORDER BY decided_at, id";
    CARDS = "SELECT inputs FROM violations
        WHERE agency_id = $1 AND rule = 'AGG-01' AND state IN ('suspected', 'confirmed')
        ORDER BY raised_at, id";
    BY_RULE_AND_SUBJECT = "SELECT * FROM violations WHERE rule = $1 AND subject_id = $2";
    CLOSED_SINCE = "SELECT * FROM violations
        WHERE agency_id = $1 AND rule = $2 AND closed_as IN ('corrected', 'circulated') AND closed_at >= $3
        ORDER BY closed_at, id";
    CONFIRMED_AFTER = "SELECT id, rule, severity, decided_at FROM violations
        WHERE agency_id = $1 AND rule = $2 AND state = 'confirmed' AND decided_at > $3
        ORDER BY decided_at, id
        LIMIT 1";
}

/// The violations of an agency that were confirmed since then and still are, oldest decision first.
///
/// # Errors
/// When the store fails.
pub async fn since(tx: &mut Tx, agency: AgencyId, from: DateTime<Utc>) -> Result<Vec<ConfirmedRow>> {
    tx.fetch_all(SINCE, params![agency, from]).await?.iter().map(short).collect()
}

/// The facts of the cards that an agency has, oldest first; not of those that were dismissed or cleared.
///
/// # Errors
/// When the store fails.
pub async fn cards(tx: &mut Tx, agency: AgencyId) -> Result<Vec<Inputs>> {
    tx.fetch_all(CARDS, params![agency]).await?.iter().map(|row| row.json("inputs")).collect()
}

/// The violation of a rule on a subject.
///
/// # Errors
/// When the store fails.
pub async fn by_key(
    tx: &mut Tx,
    rule: RuleCode,
    subject: crate::domain::violation::Subject,
) -> Result<Option<ViolationRecord>> {
    let row = tx.fetch_optional(BY_RULE_AND_SUBJECT, params![rule.as_str(), subject.uuid()]).await?;
    row.as_ref().map(violations::from_row).transpose()
}

/// The violations of a rule of an agency that were closed as corrected or circulated since then, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn closed_since(
    tx: &mut Tx,
    agency: AgencyId,
    rule: RuleCode,
    from: DateTime<Utc>,
) -> Result<Vec<ViolationRecord>> {
    let rows = tx.fetch_all(CLOSED_SINCE, params![agency, rule.as_str(), from]).await?;
    rows.iter().map(violations::from_row).collect()
}

/// The earliest violation of a rule of an agency that was confirmed after an instant.
///
/// # Errors
/// When the store fails.
pub async fn confirmed_after(
    tx: &mut Tx,
    agency: AgencyId,
    rule: RuleCode,
    after: DateTime<Utc>,
) -> Result<Option<ConfirmedRow>> {
    tx.fetch_optional(CONFIRMED_AFTER, params![agency, rule.as_str(), after]).await?.as_ref().map(short).transpose()
}

fn short(row: &Row) -> Result<ConfirmedRow> {
    let level: i64 = row.get("severity")?;
    Ok(ConfirmedRow {
        id: row.id("id")?,
        rule: row.code("rule", RuleCode::parse)?,
        severity: Severity::from_level(level)
            .ok_or_else(|| StorageError::Unreadable { what: "severity", value: level.to_string() })?,
        decided_at: row.get("decided_at")?,
    })
}
