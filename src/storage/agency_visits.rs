//! What is judged across an agency's enterprises: its visits of a month or quarter, the ratings of its visits, and what was found there.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::violations::{self, ViolationRecord};
use super::{Result, StorageError, Tx};
use crate::domain::day::Span;
use crate::domain::dossier::Rating;
use crate::domain::exemption::ExemptionCode;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId};
use crate::domain::rules::agency_wide::AgencyVisit;
use crate::domain::violation::RuleCode;
use chrono::{DateTime, NaiveDate, Utc};

statements! {
    TOUCH = "INSERT INTO agency_judgements (agency_id, version) VALUES ($1, 1)
        ON CONFLICT (agency_id) DO UPDATE SET version = agency_judgements.version + 1";
    EXECUTED = "SELECT id, enterprise_id, agency_id, filed_at, planned_start, planned_end, arrived_at, left_at, exemption
        FROM filings
        WHERE agency_id = $1 AND first_day >= $2 AND first_day < $3 AND arrived_at IS NOT NULL AND cancelled_at IS NULL
            AND NOT unconfirmed AND kind <> 'service_visit'";
    NOT_ARRIVED = "SELECT id, enterprise_id, agency_id, filed_at, planned_start, planned_end, arrived_at, left_at, exemption
        FROM filings
        WHERE agency_id = $1 AND planned_end > $2 AND planned_end <= $3 AND arrived_at IS NULL AND cancelled_at IS NULL
            AND NOT unconfirmed AND kind <> 'service_visit'
            AND NOT ($4 AND EXISTS (SELECT 1 FROM reports WHERE matched_filing = filings.id AND withdrawn_at IS NULL))";
    RATED = "SELECT f.id, f.enterprise_id, f.agency_id, f.filed_at, f.planned_start, f.planned_end, f.arrived_at,
            f.left_at, f.exemption, r.closeness, r.integrity, r.satisfaction, r.created_at
        FROM ratings r
        JOIN filings f ON f.id = r.filing_id
        WHERE r.created_at > $2 AND f.agency_id = $1 AND f.cancelled_at IS NULL AND NOT f.unconfirmed";
    RATINGS_OF = "SELECT r.filing_id, r.closeness, r.integrity, r.satisfaction, r.created_at
        FROM filings f
        JOIN ratings r ON r.filing_id = f.id
        WHERE f.enterprise_id = $1 AND f.first_day >= $2";
    STANDING_BY_DAY = "SELECT v.* FROM violations v
        JOIN filings f ON f.id = v.subject_id
        WHERE v.rule = $1 AND v.agency_id = $2 AND f.first_day >= $3 AND f.first_day < $4";
    STANDING_BY_END = "SELECT v.* FROM violations v
        JOIN filings f ON f.id = v.subject_id
        WHERE v.rule = $1 AND v.agency_id = $2 AND f.planned_end > $3 AND f.planned_end <= $4";
    BY_RULE_AND_SUBJECT = "SELECT * FROM violations WHERE rule = $1 AND subject_id = $2";
}

/// Locks what is judged of an agency for this transaction; the enterprise's row is locked before it, never after.
///
/// # Errors
/// When the store fails.
pub async fn touch(tx: &mut Tx, agency: AgencyId) -> Result<()> {
    tx.execute_one("agency judgement", TOUCH, params![agency]).await
}

/// An agency's live inspections that arrived on a local date from `from` to before `until`.
///
/// # Errors
/// When the store fails.
pub async fn executed(tx: &mut Tx, agency: AgencyId, from: NaiveDate, until: NaiveDate) -> Result<Vec<AgencyVisit>> {
    tx.fetch_all(EXECUTED, params![agency, from, until]).await?.iter().map(visit).collect()
}

/// An agency's live inspections without arrival, by themselves or (where what was `told` counts) by a report, that were to end after `after` and by
/// `until`.
///
/// # Errors
/// When the store fails.
pub async fn not_arrived(
    tx: &mut Tx,
    agency: AgencyId,
    (after, until): (DateTime<Utc>, DateTime<Utc>),
    told: bool,
) -> Result<Vec<AgencyVisit>> {
    tx.fetch_all(NOT_ARRIVED, params![agency, after, until, told]).await?.iter().map(visit).collect()
}

/// The ratings of an agency's live filings that were received after `after`.
///
/// # Errors
/// When the store fails.
pub async fn rated(tx: &mut Tx, agency: AgencyId, after: DateTime<Utc>) -> Result<Vec<(AgencyVisit, Rating)>> {
    let rows = tx.fetch_all(RATED, params![agency, after]).await?;
    rows.iter().map(|row| Ok((visit(row)?, rating(row, row.id("id")?)?))).collect()
}

/// How an enterprise rated visits whose first day is `from` or later.
///
/// # Errors
/// When the store fails.
pub async fn ratings_of(tx: &mut Tx, enterprise: EnterpriseId, from: NaiveDate) -> Result<Vec<Rating>> {
    let rows = tx.fetch_all(RATINGS_OF, params![enterprise, from]).await?;
    rows.iter().map(|row| rating(row, row.id("filing_id")?)).collect()
}

/// What is stored of a rule and an agency, of filings whose first day is from `from` to before `until`.
///
/// # Errors
/// When the store fails.
pub async fn standing_by_day(
    tx: &mut Tx,
    rule: RuleCode,
    agency: AgencyId,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<ViolationRecord>> {
    let rows = tx.fetch_all(STANDING_BY_DAY, params![rule.as_str(), agency, from, until]).await?;
    rows.iter().map(violations::from_row).collect()
}

/// What is stored of a rule and an agency, of filings that were to end after `after` and by `until`.
///
/// # Errors
/// When the store fails.
pub async fn standing_by_end(
    tx: &mut Tx,
    rule: RuleCode,
    agency: AgencyId,
    (after, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<ViolationRecord>> {
    let rows = tx.fetch_all(STANDING_BY_END, params![rule.as_str(), agency, after, until]).await?;
    rows.iter().map(violations::from_row).collect()
}

/// What is stored of a rule and a filing.
///
/// # Errors
/// When the store fails.
pub async fn of_filing(tx: &mut Tx, rule: RuleCode, filing: FilingId) -> Result<Option<ViolationRecord>> {
    let row = tx.fetch_optional(BY_RULE_AND_SUBJECT, params![rule.as_str(), filing]).await?;
    row.as_ref().map(violations::from_row).transpose()
}

fn visit(row: &Row) -> Result<AgencyVisit> {
    let (start, end): (DateTime<Utc>, DateTime<Utc>) = (row.get("planned_start")?, row.get("planned_end")?);
    let planned = Span::new(start, end)
        .ok_or_else(|| StorageError::Unreadable { what: "planned span", value: format!("{start} to {end}") })?;
    Ok(AgencyVisit {
        filing: row.id("id")?,
        enterprise: row.id("enterprise_id")?,
        agency: row.id("agency_id")?,
        filed_at: row.get("filed_at")?,
        planned,
        arrived_at: row.get("arrived_at")?,
        left_at: row.get("left_at")?,
        exemption: row.code_opt("exemption", ExemptionCode::parse)?,
    })
}

fn rating(row: &Row, filing: FilingId) -> Result<Rating> {
    let mark = |column| {
        let value: i64 = row.get(column)?;
        u8::try_from(value).map_err(|_| StorageError::Unreadable { what: "mark", value: value.to_string() })
    };
    let marks = [mark("closeness")?, mark("integrity")?, mark("satisfaction")?];
    Ok(Rating { filing, marks, created_at: row.get("created_at")? })
}
