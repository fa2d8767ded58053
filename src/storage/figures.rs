//! Figures of a period: violations out of their daily sums; and beside the sums reports, burden, and what is wrong with the data. Each has a list with the same filter.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx, figure_violations};
use crate::domain::id::{AgencyId, EnterpriseId};
use crate::domain::violation::{RuleCode, ViolationState};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashSet;

/// A period of local dates, both ends inclusive.
pub type Period = (NaiveDate, NaiveDate);

statements! {
    DECIDED = "SELECT raised_at, decided_at FROM violations
        WHERE raised_day >= $1 AND raised_day <= $2 AND severity >= 2 AND severity <= $3 AND decided_at IS NOT NULL
        ORDER BY raised_day DESC LIMIT $4";
    REPORTS = "SELECT COUNT(*) AS n FROM reports WHERE arrived_day >= $1 AND arrived_day <= $2 AND NOT held";
    REPORTS_UNKNOWN = "SELECT COUNT(*) AS n FROM reports
        WHERE arrived_day >= $1 AND arrived_day <= $2
            AND agency_id IS NULL AND matched_filing IS NULL AND withdrawn_at IS NULL AND NOT held";
    NOT_ARRIVED = "SELECT COUNT(*) AS n FROM filings
        WHERE arrived_at IS NULL AND cancelled_at IS NULL AND left_at IS NULL AND result IS NULL AND NOT unconfirmed
            AND planned_end <= $3 AND first_day >= $1 AND first_day <= $2";
    UNCONFIRMED = "SELECT COUNT(*) AS n FROM filings
        WHERE unconfirmed AND cancelled_at IS NULL AND first_day >= $1 AND first_day <= $2";
    BUSIEST = "SELECT y.enterprise_id, y.visits, e.name FROM figure_years y
        JOIN enterprises e ON e.id = y.enterprise_id
        WHERE y.year = $1 AND y.visits > 0
            AND y.enterprise_id NOT IN (SELECT enterprise_id FROM figure_changes WHERE day >= $3 AND day <= $4)
        ORDER BY y.visits DESC, y.enterprise_id DESC LIMIT $2";
    BUSIEST_CHANGED = "SELECT c.enterprise_id, CAST(c.visits + COALESCE(y.visits, 0) AS BIGINT) AS visits, e.name
        FROM (
            SELECT enterprise_id, SUM(visits) AS visits FROM figure_changes WHERE day >= $1 AND day <= $2
            GROUP BY enterprise_id) c
        JOIN enterprises e ON e.id = c.enterprise_id
        LEFT JOIN figure_years y ON y.year = $3 AND y.enterprise_id = c.enterprise_id
        WHERE c.visits + COALESCE(y.visits, 0) > 0";
    URGED = "SELECT DISTINCT agency_id FROM explanation_requests WHERE sent_day >= $1 AND sent_day <= $2";
}

/// How many violations of severity 2 or more are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// 疑似
    pub suspected: i64,
    /// 认定
    pub confirmed: i64,
    /// 排除
    pub dismissed: i64,
    /// 已消除
    pub cleared: i64,
}

impl Standing {
    /// Adds violations of one state.
    pub fn add(&mut self, state: ViolationState, n: i64) {
        match state {
            ViolationState::Suspected => self.suspected += n,
            ViolationState::Confirmed => self.confirmed += n,
            ViolationState::Dismissed => self.dismissed += n,
            ViolationState::Cleared => self.cleared += n,
        }
    }

    /// Adds another standing.
    pub fn merge(&mut self, other: Self) {
        self.suspected += other.suspected;
        self.confirmed += other.confirmed;
        self.dismissed += other.dismissed;
        self.cleared += other.cleared;
    }

    /// All that were raised and did not clear by themselves.
    #[must_use]
    pub const fn raised(self) -> i64 {
        self.suspected + self.confirmed + self.dismissed
    }
}

fn gather<K: PartialEq>(rows: Vec<(K, ViolationState, i64)>) -> Vec<(K, Standing)> {
    let mut all: Vec<(K, Standing)> = Vec::new();
    for (key, state, n) in rows {
        if let Some((_, standing)) = all.iter_mut().find(|(known, _)| *known == key) {
            standing.add(state, n);
        } else {
            let mut standing = Standing::default();
            standing.add(state, n);
            all.push((key, standing));
        }
    }
    all
}

/// Violations of severity 2 to `ceiling` by the day on which they were raised.
///
/// # Errors
/// When the store fails.
pub async fn violations_by_day(tx: &mut Tx, period: Period, ceiling: u8) -> Result<Vec<(NaiveDate, Standing)>> {
    let mut days: Vec<(NaiveDate, Standing)> = Vec::new();
    for (day, state, n) in figure_violations::by_day(tx, (period, ceiling)).await? {
        if days.last().is_none_or(|(last, _)| *last != day) {
            days.push((day, Standing::default()));
        }
        if let Some((_, standing)) = days.last_mut() {
            standing.add(state, n);
        }
    }
    Ok(days)
}

/// Violations by agency and by rule.
#[derive(Clone, Debug, Default)]
pub struct ByAgencyAndRule {
    /// By agency; `None` where the report did not say which.
    pub agencies: Vec<(Option<AgencyId>, Standing)>,
    /// By rule, in their order.
    pub rules: Vec<(RuleCode, Standing)>,
}

/// The same by agency and by rule, in one look at them.
///
/// # Errors
/// When the store fails.
pub async fn violations_by_agency_and_rule(tx: &mut Tx, period: Period, ceiling: u8) -> Result<ByAgencyAndRule> {
    let lines = figure_violations::by_rule_and_agency(tx, (period, ceiling)).await?;
    let (mut agencies, mut rules) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
    for (rule, agency, state, n) in lines {
        agencies.push((agency, state, n));
        rules.push((rule, state, n));
    }
    Ok(ByAgencyAndRule { agencies: gather(agencies), rules: gather(rules) })
}

/// When the newest decided violations of a period were raised and decided; at most `limit`.
///
/// # Errors
/// When the store fails.
pub async fn decided(
    tx: &mut Tx,
    (from, to): Period,
    ceiling: u8,
    limit: i64,
) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>)>> {
    let rows = tx.fetch_all(DECIDED, params![from, to, i64::from(ceiling), limit]).await?;
    rows.iter().map(|row| Ok((row.get("raised_at")?, row.get("decided_at")?))).collect()
}

/// Reports of arrivals in a period: all, and those of which nobody knows the agency.
///
/// # Errors
/// When the store fails.
pub async fn reports(tx: &mut Tx, (from, to): Period) -> Result<(i64, i64)> {
    let all = tx.fetch_one(REPORTS, params![from, to]).await?.get("n")?;
    Ok((all, tx.fetch_one(REPORTS_UNKNOWN, params![from, to]).await?.get("n")?))
}

/// Filings of a period without arrival, not cancelled, whose planned end was at `before` or earlier.
///
/// # Errors
/// When the store fails.
pub async fn not_arrived(tx: &mut Tx, (from, to): Period, before: DateTime<Utc>) -> Result<i64> {
    tx.fetch_one(NOT_ARRIVED, params![from, to, before]).await?.get("n")
}

/// Filings of a period from unknown phones that no agency has called its own, and that were not refused.
///
/// # Errors
/// When the store fails.
pub async fn unconfirmed(tx: &mut Tx, (from, to): Period) -> Result<i64> {
    tx.fetch_one(UNCONFIRMED, params![from, to]).await?.get("n")
}

/// An enterprise with its visits of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Burden {
    /// The enterprise.
    pub enterprise: EnterpriseId,
    /// Its name.
    pub name: String,
    /// Filed and not cancelled, service visits apart.
    pub visits: i64,
}

/// The enterprises with the most visits of a year (given with its first and last day), the most first.
///
/// # Errors
/// When the store fails.
pub async fn busiest(tx: &mut Tx, (year, first, last): (i64, NaiveDate, NaiveDate), limit: i64) -> Result<Vec<Burden>> {
    let mut rows = tx.fetch_all(BUSIEST, params![year, limit, first, last]).await?;
    rows.extend(tx.fetch_all(BUSIEST_CHANGED, params![first, last, year]).await?);
    let burden = |row: &super::row::Row| {
        Ok(Burden { enterprise: row.id("enterprise_id")?, name: row.get("name")?, visits: row.get("visits")? })
    };
    let mut all: Vec<Burden> = rows.iter().map(burden).collect::<Result<_>>()?;
    all.sort_by_key(|one| std::cmp::Reverse((one.visits, one.enterprise)));
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}

/// The agencies that were sent a request for an explanation in a period (督促).
///
/// # Errors
/// When the store fails.
pub async fn urged(tx: &mut Tx, (from, to): Period) -> Result<HashSet<AgencyId>> {
    tx.fetch_all(URGED, params![from, to]).await?.iter().map(|row| row.id("agency_id")).collect()
}
