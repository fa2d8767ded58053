//! The daily sums of filings: each change adds a row that says what it took away and what it added, in its own transaction; a job adds these rows
//! up into the sums. Readers take both together, so that a figure is exact at every moment and never counts the filings themselves.
//!
//! A cell is a day, an agency and a kind. Filings that no agency has called its own yet (`unconfirmed`) count nowhere.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx, figure_years};
use crate::domain::figures::Sums;
use crate::domain::filing::Filing;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// The sums by their columns: of a cell, and with a sign of what a change took away or added.
macro_rules! sums {
    () => {
        "filed, cancelled, arrived, exempt, undone, backfiled, doubtful"
    };
}

/// As much taken away.
macro_rules! less {
    () => {
        "-filed, -cancelled, -arrived, -exempt, -undone, -backfiled, -doubtful"
    };
}

/// What a filing counts for, and its visits of the enterprise.
macro_rules! counts_for {
    () => {
        "1 AS filed, CASE WHEN cancelled_at IS NULL THEN 0 ELSE 1 END AS cancelled,
                CASE WHEN cancelled_at IS NULL AND arrived_at IS NOT NULL THEN 1 ELSE 0 END AS arrived,
                CASE WHEN cancelled_at IS NULL AND exemption IS NOT NULL THEN 1 ELSE 0 END AS exempt,
                CASE WHEN cancelled_at IS NULL AND arrived_at IS NOT NULL AND result IS NULL THEN 1 ELSE 0 END AS undone,
                CASE WHEN cancelled_at IS NULL AND backfiled THEN 1 ELSE 0 END AS backfiled,
                CASE WHEN cancelled_at IS NULL AND clock_doubtful THEN 1 ELSE 0 END AS doubtful,
                CASE WHEN cancelled_at IS NULL AND kind <> 'service_visit' THEN 1 ELSE 0 END AS visits"
    };
}

/// All cells, counted from the rows of filings.
macro_rules! counted {
    () => {
        "SELECT first_day AS day, agency_id, kind, COUNT(*) AS filed, COUNT(cancelled_at) AS cancelled,
            COUNT(CASE WHEN cancelled_at IS NULL THEN arrived_at END) AS arrived,
            COUNT(CASE WHEN cancelled_at IS NULL THEN exemption END) AS exempt,
            COUNT(CASE WHEN cancelled_at IS NULL AND arrived_at IS NOT NULL AND result IS NULL THEN 1 END) AS undone,
            COUNT(CASE WHEN cancelled_at IS NULL AND backfiled THEN 1 END) AS backfiled,
            COUNT(CASE WHEN cancelled_at IS NULL AND clock_doubtful THEN 1 END) AS doubtful
        FROM filings WHERE NOT unconfirmed
        GROUP BY first_day, agency_id, kind"
    };
}

/// Sums of lines.
macro_rules! added_up {
    () => {
        "CAST(SUM(filed) AS BIGINT) AS filed, CAST(SUM(cancelled) AS BIGINT) AS cancelled,
            CAST(SUM(arrived) AS BIGINT) AS arrived, CAST(SUM(exempt) AS BIGINT) AS exempt,
            CAST(SUM(undone) AS BIGINT) AS undone, CAST(SUM(backfiled) AS BIGINT) AS backfiled,
            CAST(SUM(doubtful) AS BIGINT) AS doubtful"
    };
}

/// The sums of a span of days by a column of the cells.
macro_rules! sums_by {
    ($column:literal) => {
        concat!(
            "SELECT ",
            $column,
            ", ",
            added_up!(),
            "
        FROM (
            SELECT ",
            $column,
            ", ",
            sums!(),
            " FROM figure_days WHERE day >= $1 AND day <= $2
            UNION ALL
            SELECT ",
            $column,
            ", ",
            sums!(),
            " FROM figure_changes WHERE day >= $1 AND day <= $2) lines
        GROUP BY ",
            $column,
            " HAVING SUM(filed) <> 0"
        )
    };
}

/// A change of filings: -1 or 1 times what they count for, in this version and at this enterprise.
macro_rules! mark {
    ($n:literal, $version:literal, $enterprise:literal, $which:literal) => {
        concat!(
            "INSERT INTO figure_changes (filing_id, version, day, agency_id, kind, enterprise_id, ",
            sums!(),
            ", visits, taken)
        SELECT id, ",
            $version,
            ", first_day, agency_id, kind, ",
            $enterprise,
            ", n * filed, n * cancelled, n * arrived, n * exempt, n * undone, n * backfiled, n * doubtful, n * visits, FALSE
        FROM (
            SELECT id, version, first_day, agency_id, kind, enterprise_id, ",
            $n,
            " AS n, ",
            counts_for!(),
            "
            FROM filings WHERE ",
            $which,
            " AND NOT unconfirmed) f
        WHERE TRUE"
        )
    };
}

statements! {
    /// There already, if another transaction has replaced that version a moment ago: what comes next finds it gone.
    /// Without a WHERE, SQLite would take ON CONFLICT for the condition of a join.
    MARK_BEFORE = concat!(mark!("-1", "version", "enterprise_id", "id = $1 AND version = $2"), " ON CONFLICT DO NOTHING");
    MARK = mark!("1", "version", "enterprise_id", "id = $1");
    MARK_NEW = concat!("INSERT INTO figure_changes (filing_id, version, day, agency_id, kind, enterprise_id, ", sums!(), ", visits, taken)
        VALUES ($1, 1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, FALSE)");
    MARK_LEAVING = mark!("-1", "version", "enterprise_id", "enterprise_id = $1");
    /// As they will stand at the other enterprise.
    MARK_COMING = mark!("1", "version + 1", "$2", "enterprise_id = $1");
    CHANGED = "SELECT EXISTS (SELECT 1 FROM figure_changes) AS changed";
    /// All changes of a filing together.
    TAKE = "UPDATE figure_changes SET taken = TRUE
        WHERE filing_id IN (SELECT filing_id FROM figure_changes WHERE taken = FALSE LIMIT $1)";
    ADD = concat!("INSERT INTO figure_days (day, agency_id, kind, ", sums!(), ")
        SELECT day, agency_id, kind, ", added_up!(), "
        FROM figure_changes WHERE taken = TRUE
        GROUP BY day, agency_id, kind
        ON CONFLICT (day, agency_id, kind) DO UPDATE SET
            filed = figure_days.filed + excluded.filed, cancelled = figure_days.cancelled + excluded.cancelled,
            arrived = figure_days.arrived + excluded.arrived, exempt = figure_days.exempt + excluded.exempt,
            undone = figure_days.undone + excluded.undone, backfiled = figure_days.backfiled + excluded.backfiled,
            doubtful = figure_days.doubtful + excluded.doubtful");
    DROP_EMPTY = "DELETE FROM figure_days WHERE filed = 0 AND day IN (SELECT day FROM figure_changes WHERE taken = TRUE)";
    DROP_TAKEN = "DELETE FROM figure_changes WHERE taken = TRUE";
    BY_DAY = concat!(sums_by!("day"), " ORDER BY day");
    BY_AGENCY = sums_by!("agency_id");
    CELL_COUNT = "SELECT COUNT(*) AS n FROM figure_days";
    /// Cells whose sums, with the changes that wait, say something else than the filings.
    DIFFERING = concat!("SELECT COUNT(*) AS n FROM (
            SELECT day FROM (
                SELECT day, agency_id, kind, ", sums!(), " FROM figure_days
                UNION ALL
                SELECT day, agency_id, kind, ", sums!(), " FROM figure_changes
                UNION ALL
                SELECT day, agency_id, kind, ", less!(), " FROM (", counted!(), ") counted) lines
            GROUP BY day, agency_id, kind
            HAVING SUM(filed) <> 0 OR SUM(cancelled) <> 0 OR SUM(arrived) <> 0 OR SUM(exempt) <> 0 OR SUM(undone) <> 0
                OR SUM(backfiled) <> 0 OR SUM(doubtful) <> 0) odd");
    CLEAR = "DELETE FROM figure_days";
    /// Less what waits, which is added later.
    FILL = concat!("INSERT INTO figure_days (day, agency_id, kind, ", sums!(), ")
        SELECT day, agency_id, kind, ", added_up!(), "
        FROM (
            ", counted!(), "
            UNION ALL
            SELECT day, agency_id, kind, ", less!(), " FROM figure_changes) lines
        GROUP BY day, agency_id, kind");
    FORGET = "DELETE FROM figure_days WHERE day = $1 AND agency_id = $2";
    NOTE_CHECK = "INSERT INTO figure_checks (id, at, cells, differing, rebuilt) VALUES ($1, $2, $3, $4, $5)";
    LAST_CHECK = "SELECT at, cells, differing, rebuilt FROM figure_checks ORDER BY at DESC, id DESC LIMIT 1";
}

/// Takes away what a filing counts for in the version that is about to be replaced. Called by the store of filings itself, so that nothing
/// forgets it.
pub(super) async fn mark_before(tx: &mut Tx, id: FilingId, version: i64) -> Result<()> {
    tx.execute(MARK_BEFORE, params![id, version]).await.map(drop)
}

/// Adds what a new filing counts for on its first day.
pub(super) async fn mark_new(
    tx: &mut Tx,
    f: &Filing,
    (backfiled, doubtful): (bool, bool),
    day: NaiveDate,
) -> Result<()> {
    if f.unconfirmed {
        return Ok(());
    }
    let stands = f.cancelled_at.is_none();
    let (arrived, undone) = (stands && f.arrived_at.is_some(), stands && f.arrived_at.is_some() && f.result.is_none());
    let values = params![
        f.id,
        day,
        f.agency,
        f.kind.as_str(),
        f.enterprise,
        i64::from(!stands),
        i64::from(arrived),
        i64::from(stands && f.exemption.is_some()),
        i64::from(undone),
        i64::from(stands && backfiled),
        i64::from(stands && doubtful),
        i64::from(stands && f.inspection()),
    ];
    tx.later("change of the figures", MARK_NEW, values).await
}

/// Adds what a filing counts for now that it was stored.
pub(super) async fn mark(tx: &mut Tx, id: FilingId) -> Result<()> {
    tx.execute(MARK, params![id]).await.map(drop)
}

/// Moves what all filings of an enterprise count for to another one, before they are moved there.
pub(super) async fn mark_moving(tx: &mut Tx, from: EnterpriseId, into: EnterpriseId) -> Result<()> {
    tx.execute(MARK_LEAVING, params![from]).await?;
    tx.execute(MARK_COMING, params![from, into]).await.map(drop)
}

/// Whether there are changes that are not in the sums yet.
///
/// # Errors
/// When the store fails.
pub async fn changed(tx: &mut Tx) -> Result<bool> {
    tx.fetch_one(CHANGED, params![]).await?.get("changed")
}

/// Adds the changes of at most so many filings, or a few more, to the sums of their days and to the visits of their enterprises; gives how many
/// changes that were. What is committed meanwhile waits for the next time.
///
/// # Errors
/// When the store fails.
pub async fn fold(tx: &mut Tx, filings: i64) -> Result<u64> {
    tx.execute(TAKE, params![filings]).await?;
    tx.execute(ADD, params![]).await?;
    figure_years::add_taken(tx).await?;
    tx.execute(DROP_EMPTY, params![]).await?;
    tx.execute(DROP_TAKEN, params![]).await
}

/// The sums of each day of a period; days without filings are left out.
///
/// # Errors
/// When the store fails.
pub async fn by_day(tx: &mut Tx, (from, to): (NaiveDate, NaiveDate)) -> Result<Vec<(NaiveDate, Sums)>> {
    let rows = tx.fetch_all(BY_DAY, params![from, to]).await?;
    rows.iter().map(|row| Ok((row.get("day")?, sums(row)?))).collect()
}

/// The sums of each agency over a period; agencies without filings are left out.
///
/// # Errors
/// When the store fails.
pub async fn by_agency(tx: &mut Tx, (from, to): (NaiveDate, NaiveDate)) -> Result<Vec<(AgencyId, Sums)>> {
    let rows = tx.fetch_all(BY_AGENCY, params![from, to]).await?;
    rows.iter().map(|row| Ok((row.id("agency_id")?, sums(row)?))).collect()
}

fn sums(row: &Row) -> Result<Sums> {
    Ok(Sums {
        filed: row.get("filed")?,
        cancelled: row.get("cancelled")?,
        arrived: row.get("arrived")?,
        exempt: row.get("exempt")?,
        undone: row.get("undone")?,
        backfiled: row.get("backfiled")?,
        doubtful: row.get("doubtful")?,
    })
}

/// How the sums compared with the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// When.
    pub at: DateTime<Utc>,
    /// How many sums there were.
    pub cells: i64,
    /// How many did not agree with the rows.
    pub differing: i64,
    /// Whether all were made anew then.
    pub rebuilt: bool,
}

/// How many sums there are, and how many of them do not agree with the filings.
///
/// # Errors
/// When the store fails.
pub async fn compare(tx: &mut Tx) -> Result<(i64, i64)> {
    let cells = tx.fetch_one(CELL_COUNT, params![]).await?.get("n")?;
    Ok((cells, tx.fetch_one(DIFFERING, params![]).await?.get("n")?))
}

/// Makes all daily sums anew.
///
/// # Errors
/// When the store fails.
pub async fn rebuild(tx: &mut Tx) -> Result<()> {
    tx.execute(CLEAR, params![]).await?;
    tx.execute(FILL, params![]).await.map(drop)
}

/// Takes the sums of a cell away, so that the next check has something to find.
///
/// # Errors
/// When the store fails.
pub async fn forget(tx: &mut Tx, (day, agency): (NaiveDate, AgencyId)) -> Result<()> {
    tx.execute(FORGET, params![day, agency]).await.map(drop)
}

/// Notes what a check found.
///
/// # Errors
/// When the store fails.
pub async fn note_check(tx: &mut Tx, id: Uuid, check: Check) -> Result<()> {
    let values = params![id, check.at, check.cells, check.differing, check.rebuilt];
    tx.execute_one("check of the figures", NOTE_CHECK, values).await
}

/// The newest check.
///
/// # Errors
/// When the store fails.
pub async fn last_check(tx: &mut Tx) -> Result<Option<Check>> {
    let Some(row) = tx.fetch_optional(LAST_CHECK, params![]).await? else { return Ok(None) };
    Ok(Some(Check {
        at: row.get("at")?,
        cells: row.get("cells")?,
        differing: row.get("differing")?,
        rebuilt: row.get("rebuilt")?,
    }))
}
