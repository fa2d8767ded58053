//! The daily sums of violations: each change adds a row that says what it took away and what it added, in its own transaction; a job adds these
//! rows up into the sums. Readers take both together, so that a figure is exact at every moment and never counts the violations themselves.
//!
//! A line is the day on which it was raised, a severity, a state, whether it is closed, whether it is open in the inbox without a deadline
//! ([`super::violation_inbox::open`]), a rule, and an agency: the nil UUID where the report did not say which.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{AgencyId, ViolationId};
use crate::domain::violation::{Finding, RuleCode, Severity, ViolationState};
use chrono::NaiveDate;
use uuid::Uuid;

/// A period of local dates, both ends inclusive, and the gravest severity that is counted; the lightest is 2.
type Scope = ((NaiveDate, NaiveDate), u8);

statements! {
    /// There already, if another transaction has replaced that version a moment ago: what comes next finds it gone.
    MARK_BEFORE = "INSERT INTO figure_violation_changes
            (violation_id, version, n, day, agency_id, rule, severity, state, closed, open, taken)
        SELECT id, version, -1, raised_day, agency_id, rule, severity, state, closed_at IS NOT NULL,
            state = 'suspected' AND handling IN ('none', 'explained', 'reopened')
                AND (severity >= 2 OR handling = 'explained') AND act_by IS NULL AND appeal_by IS NULL,
            FALSE
        FROM violations WHERE id = $1 AND version = $2
        ON CONFLICT DO NOTHING";
    MARK = "INSERT INTO figure_violation_changes
            (violation_id, version, n, day, agency_id, rule, severity, state, closed, open, taken)
        SELECT id, version, 1, raised_day, agency_id, rule, severity, state, closed_at IS NOT NULL,
            state = 'suspected' AND handling IN ('none', 'explained', 'reopened')
                AND (severity >= 2 OR handling = 'explained') AND act_by IS NULL AND appeal_by IS NULL,
            FALSE
        FROM violations WHERE id = $1";
    /// Suspected, and not handled yet.
    MARK_NEW = "INSERT INTO figure_violation_changes
            (violation_id, version, n, day, agency_id, rule, severity, state, closed, open, taken)
        VALUES ($1, 1, 1, $2, $3, $4, $5, 'suspected', FALSE, $6, FALSE)";
    DAYS = "SELECT DISTINCT day FROM figure_violation_changes ORDER BY day LIMIT $1";
    TAKE = "UPDATE figure_violation_changes SET taken = TRUE WHERE day = $1 AND taken = FALSE";
    ADD = "INSERT INTO figure_violations (day, severity, state, closed, open, rule, agency_id, n)
        SELECT day, severity, state, closed, open, rule, COALESCE(agency_id, $2), SUM(n)
        FROM figure_violation_changes WHERE day = $1 AND taken = TRUE
        GROUP BY day, severity, state, closed, open, rule, agency_id HAVING SUM(n) <> 0
        ON CONFLICT (day, severity, state, closed, open, rule, agency_id) DO UPDATE SET n = figure_violations.n + excluded.n";
    DROP_EMPTY = "DELETE FROM figure_violations WHERE day = $1 AND n = 0";
    DROP_TAKEN = "DELETE FROM figure_violation_changes WHERE day = $1 AND taken = TRUE";
    BY_DAY = "SELECT day, state, CAST(SUM(n) AS BIGINT) AS n FROM (
            SELECT day, state, SUM(n) AS n FROM figure_violations
            WHERE day >= $1 AND day <= $2 AND severity >= 2 AND severity <= $3
            GROUP BY day, state
            UNION ALL
            SELECT day, state, n FROM figure_violation_changes
            WHERE day >= $1 AND day <= $2 AND severity >= 2 AND severity <= $3) lines
        GROUP BY day, state HAVING SUM(n) <> 0 ORDER BY day";
    BY_RULE_AND_AGENCY = "SELECT rule, agency_id, state, CAST(SUM(n) AS BIGINT) AS n FROM (
            SELECT rule, agency_id, state, n FROM figure_violations
            WHERE day >= $1 AND day <= $2 AND severity >= 2 AND severity <= $3
            UNION ALL
            SELECT rule, COALESCE(agency_id, $4), state, n FROM figure_violation_changes
            WHERE day >= $1 AND day <= $2 AND severity >= 2 AND severity <= $3) lines
        GROUP BY rule, agency_id, state HAVING SUM(n) <> 0 ORDER BY rule";
    CLOSED = "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) AS n FROM (
            SELECT n FROM figure_violations
            WHERE day >= $1 AND day <= $2 AND severity >= 2 AND severity <= $3 AND closed = TRUE
            UNION ALL
            SELECT n FROM figure_violation_changes
            WHERE day >= $1 AND day <= $2 AND severity >= 2 AND severity <= $3 AND closed = TRUE) lines";
    TALLY = "SELECT rule, severity, state, CAST(SUM(n) AS BIGINT) AS n FROM (
            SELECT rule, severity, state, n FROM figure_violations WHERE day >= $1 AND day <= $2 AND severity <= $3
            UNION ALL
            SELECT rule, severity, state, n FROM figure_violation_changes
            WHERE day >= $1 AND day <= $2 AND severity <= $3) lines
        GROUP BY rule, severity, state HAVING SUM(n) <> 0 ORDER BY rule, severity, state";
    COUNT = "SELECT COUNT(*) AS n FROM figure_violations";
    /// Lines that, with the changes that wait, say something else than the violations.
    DIFFERING = "SELECT COUNT(*) AS n FROM (
            SELECT day FROM (
                SELECT day, severity, state, closed, open, rule, agency_id, n FROM figure_violations
                UNION ALL
                SELECT day, severity, state, closed, open, rule, COALESCE(agency_id, $1), n FROM figure_violation_changes
                UNION ALL
                SELECT raised_day, severity, state, closed_at IS NOT NULL,
                    state = 'suspected' AND handling IN ('none', 'explained', 'reopened')
                    AND (severity >= 2 OR handling = 'explained') AND act_by IS NULL AND appeal_by IS NULL,
                    rule, COALESCE(agency_id, $1), -1
                FROM violations) lines
            GROUP BY day, severity, state, closed, open, rule, agency_id HAVING SUM(n) <> 0) odd";
    CLEAR = "DELETE FROM figure_violations";
    /// Less what waits, which is added later.
    FILL = "INSERT INTO figure_violations (day, severity, state, closed, open, rule, agency_id, n)
        SELECT day, severity, state, closed, open, rule, agency_id, SUM(n) FROM (
            SELECT day, severity, state, closed, open, rule, COALESCE(agency_id, $1) AS agency_id, -n AS n
            FROM figure_violation_changes
            UNION ALL
            SELECT raised_day, severity, state, closed_at IS NOT NULL,
                    state = 'suspected' AND handling IN ('none', 'explained', 'reopened')
                    AND (severity >= 2 OR handling = 'explained') AND act_by IS NULL AND appeal_by IS NULL,
                    rule, COALESCE(agency_id, $1), 1
            FROM violations) lines
        GROUP BY day, severity, state, closed, open, rule, agency_id HAVING SUM(n) <> 0";
    FORGET = "DELETE FROM figure_violations WHERE day = $1";
}

/// Takes away what a violation counts for in the version that is about to be replaced. Called by the store of violations itself.
pub(super) async fn mark_before(tx: &mut Tx, id: ViolationId, version: i64) -> Result<()> {
    tx.execute(MARK_BEFORE, params![id, version]).await.map(drop)
}

/// Adds what a violation counts for that is new.
pub(super) async fn mark_new(tx: &mut Tx, id: ViolationId, finding: &Finding, day: NaiveDate) -> Result<()> {
    let (severity, open) = (i64::from(finding.severity.level()), finding.severity >= Severity::Warning);
    let values = params![id, day, finding.agency, finding.rule.as_str(), severity, open];
    tx.later("change of the figures", MARK_NEW, values).await
}

/// Adds what a violation counts for now that it was stored.
pub(super) async fn mark(tx: &mut Tx, id: ViolationId) -> Result<()> {
    tx.execute(MARK, params![id]).await.map(drop)
}

/// At most `limit` days on which something changed that is not in the sums yet.
///
/// # Errors
/// When the store fails.
pub async fn changed_days(tx: &mut Tx, limit: i64) -> Result<Vec<NaiveDate>> {
    tx.fetch_all(DAYS, params![limit]).await?.iter().map(|row| row.get("day")).collect()
}

/// Adds the changes of a day to its sums. What is committed meanwhile waits for the next time.
///
/// # Errors
/// When the store fails.
pub async fn fold(tx: &mut Tx, day: NaiveDate) -> Result<()> {
    tx.execute(TAKE, params![day]).await?;
    tx.execute(ADD, params![day, Uuid::nil()]).await?;
    tx.execute(DROP_EMPTY, params![day]).await?;
    tx.execute(DROP_TAKEN, params![day]).await.map(drop)
}

/// How many were raised on each day in each state.
///
/// # Errors
/// When the store fails.
pub(super) async fn by_day(tx: &mut Tx, ((from, to), ceiling): Scope) -> Result<Vec<(NaiveDate, ViolationState, i64)>> {
    let rows = tx.fetch_all(BY_DAY, params![from, to, i64::from(ceiling)]).await?;
    rows.iter().map(|row| Ok((row.get("day")?, row.code("state", ViolationState::parse)?, row.get("n")?))).collect()
}

/// A rule, the agency if it is known, a state, and how many.
pub(super) type Line = (RuleCode, Option<AgencyId>, ViolationState, i64);

/// How many were raised of each rule about each agency in each state, in the order of the rules.
///
/// # Errors
/// When the store fails.
pub(super) async fn by_rule_and_agency(tx: &mut Tx, ((from, to), ceiling): Scope) -> Result<Vec<Line>> {
    let rows = tx.fetch_all(BY_RULE_AND_AGENCY, params![from, to, i64::from(ceiling), Uuid::nil()]).await?;
    let line = |row: &super::row::Row| {
        let agency: AgencyId = row.id("agency_id")?;
        let known = Some(agency).filter(|agency| !agency.0.is_nil());
        Ok((row.code("rule", RuleCode::parse)?, known, row.code("state", ViolationState::parse)?, row.get("n")?))
    };
    rows.iter().map(line).collect()
}

/// How many violations of a period have this rule, severity and state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The rule.
    pub rule: RuleCode,
    /// How grave.
    pub severity: Severity,
    /// Where they stand.
    pub state: ViolationState,
    /// How many.
    pub count: i64,
}

/// The violations raised in a period, of every severity up to `ceiling`, counted by rule, severity and state.
///
/// # Errors
/// When the store fails or holds something unreadable.
pub async fn tally(tx: &mut Tx, (from, to): (NaiveDate, NaiveDate), ceiling: Severity) -> Result<Vec<Tally>> {
    let rows = tx.fetch_all(TALLY, params![from, to, i64::from(ceiling.level())]).await?;
    let read = |row: &super::row::Row| {
        let level: i64 = row.get("severity")?;
        let severity = super::error::readable("severity", &level.to_string(), Severity::from_level(level))?;
        let (rule, state) = (row.code("rule", RuleCode::parse)?, row.code("state", ViolationState::parse)?);
        Ok(Tally { rule, severity, state, count: row.get("n")? })
    };
    rows.iter().map(read).collect()
}

/// How many of a period are closed.
///
/// # Errors
/// When the store fails.
pub async fn closed(tx: &mut Tx, ((from, to), ceiling): Scope) -> Result<i64> {
    tx.fetch_one(CLOSED, params![from, to, i64::from(ceiling)]).await?.get("n")
}

/// How many sums there are, and how many lines of them do not agree with the violations.
///
/// # Errors
/// When the store fails.
pub async fn compare(tx: &mut Tx) -> Result<(i64, i64)> {
    let sums = tx.fetch_one(COUNT, params![]).await?.get("n")?;
    Ok((sums, tx.fetch_one(DIFFERING, params![Uuid::nil()]).await?.get("n")?))
}

/// Makes all sums anew from the violations.
///
/// # Errors
/// When the store fails.
pub async fn rebuild(tx: &mut Tx) -> Result<()> {
    tx.execute(CLEAR, params![]).await?;
    tx.execute(FILL, params![Uuid::nil()]).await.map(drop)
}

/// Takes the sums of a day away, so that the next check has something to find.
///
/// # Errors
/// When the store fails.
pub async fn forget(tx: &mut Tx, day: NaiveDate) -> Result<()> {
    tx.execute(FORGET, params![day]).await.map(drop)
}
