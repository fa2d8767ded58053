//! The supervisors' inbox: violations with their enterprises' names, the gravest first, page by page (keyset), and the counts of its tabs.

use super::enterprise_lists::containing;
use super::param::{Param, params};
use super::statements::statements;
use super::violations::{ViolationRecord, from_row};
use super::{Result, Tx};
use crate::domain::id::AgencyId;
use crate::domain::violation::{RuleCode, Severity, ViolationState};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// Which violations the inbox shows, beside its tab. Days are local dates on which they were raised, both ends inclusive.
#[derive(Clone, Debug)]
pub struct InboxFilter {
    /// The gravest that the reader may see.
    pub ceiling: Severity,
    /// Exactly this severity.
    pub severity: Option<Severity>,
    /// The rule.
    pub rule: Option<RuleCode>,
    /// The agency concerned.
    pub agency: Option<AgencyId>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Words in the enterprise's name, initials, address or credit code.
    pub words: Option<String>,
}

/// Where a page of the inbox begins: after this violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxCursor {
    /// Its severity.
    pub severity: i64,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// Its id.
    pub id: Uuid,
}

/// A line of the inbox.
#[derive(Clone, Debug)]
pub struct InboxRow {
    /// The violation.
    pub violation: ViolationRecord,
    /// The name of the enterprise visited.
    pub enterprise: String,
}

/// How many violations have a state and a severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxCount {
    /// Where they stand.
    pub state: ViolationState,
    /// How grave.
    pub severity: i64,
    /// How many.
    pub count: i64,
}

statements! {
    PAGE = "SELECT v.*, e.name AS enterprise_name
        FROM violations v
        JOIN enterprises e ON e.id = v.enterprise_id
        WHERE (v.severity, v.raised_at, v.id) < ($9, $10, $11)
            AND v.severity <= $1
            AND (v.severity = $2 OR $2 IS NULL)
            AND (v.rule = $3 OR $3 IS NULL)
            AND (v.agency_id = $4 OR $4 IS NULL)
            AND (v.raised_day >= $5 OR $5 IS NULL)
            AND (v.raised_day <= $6 OR $6 IS NULL)
            AND (e.search LIKE $7 ESCAPE '\\' OR $7 IS NULL)
            AND (v.state = $8 OR $8 IS NULL)
            AND v.severity >= $12
            AND v.severity <= $13
        ORDER BY v.severity DESC, v.raised_at DESC, v.id DESC
        LIMIT $14";
    COUNTS = "SELECT v.state, v.severity, COUNT(*) AS n
        FROM violations v
        JOIN enterprises e ON e.id = v.enterprise_id
        WHERE v.severity <= $1
            AND (v.severity = $2 OR $2 IS NULL)
            AND (v.rule = $3 OR $3 IS NULL)
            AND (v.agency_id = $4 OR $4 IS NULL)
            AND (v.raised_day >= $5 OR $5 IS NULL)
            AND (v.raised_day <= $6 OR $6 IS NULL)
            AND (e.search LIKE $7 ESCAPE '\\' OR $7 IS NULL)
        GROUP BY v.state, v.severity";
    OPEN = "SELECT COUNT(*) AS n FROM violations WHERE state = 'suspected' AND severity >= 2 AND severity <= $1";
}

fn bound(f: &InboxFilter) -> Vec<Param> {
    params![
        i64::from(f.ceiling.level()),
        f.severity.map(|s| i64::from(s.level())),
        f.rule.map(RuleCode::as_str),
        f.agency,
        f.from,
        f.to,
        f.words.as_deref().map(containing),
    ]
    .to_vec()
}

/// At most `limit` violations of a state and a range of severities after `after`, the gravest and newest first.
///
/// # Errors
/// When the store fails.
pub async fn page(
    tx: &mut Tx,
    filter: &InboxFilter,
    state: Option<ViolationState>,
    severities: (i64, i64),
    after: Option<InboxCursor>,
    limit: i64,
) -> Result<Vec<InboxRow>> {
    let after = after.unwrap_or(InboxCursor {
        severity: i64::from(u8::MAX),
        raised_at: super::filing_lists::newest_possible(),
        id: Uuid::max(),
    });
    let mut values = bound(filter);
    values.extend_from_slice(params![
        state.map(ViolationState::as_str),
        after.severity,
        after.raised_at,
        after.id,
        severities.0,
        severities.1,
        limit,
    ]);
    let rows = tx.fetch_all(PAGE, &values).await?;
    rows.iter().map(|row| Ok(InboxRow { violation: from_row(row)?, enterprise: row.get("enterprise_name")? })).collect()
}

/// How many violations pass the filter, by state and severity.
///
/// # Errors
/// When the store fails.
pub async fn counts(tx: &mut Tx, filter: &InboxFilter) -> Result<Vec<InboxCount>> {
    let rows = tx.fetch_all(COUNTS, &bound(filter)).await?;
    rows.iter()
        .map(|row| {
            Ok(InboxCount {
                state: row.code("state", ViolationState::parse)?,
                severity: row.get("severity")?,
                count: row.get("n")?,
            })
        })
        .collect()
}

/// How many violations wait for a decision: suspected, of severity 2 or more.
///
/// # Errors
/// When the store fails.
pub async fn open(tx: &mut Tx, ceiling: Severity) -> Result<i64> {
    tx.fetch_one(OPEN, params![i64::from(ceiling.level())]).await?.get("n")
}
