//! The daily sums of filings: marked in the transaction of each change, folded by a job, exact at every moment.
//!
//! A cell is a day and an agency. Readers take the sums of all cells that nothing has changed since, and count the others from the rows.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::figures::Sums;
use crate::domain::filing::Filing;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// The sums of a cell by their columns.
macro_rules! sums {
    () => {
        "filed, cancelled, arrived, exempt, undone, backfiled, doubtful"
    };
}

/// The same sums, counted from the rows of filings.
macro_rules! counts {
    () => {
        "COUNT(*), COUNT(cancelled_at),
            COUNT(CASE WHEN cancelled_at IS NULL THEN arrived_at END),
            COUNT(CASE WHEN cancelled_at IS NULL THEN exemption END),
            COUNT(CASE WHEN cancelled_at IS NULL AND arrived_at IS NOT NULL AND result IS NULL THEN 1 END),
            COUNT(CASE WHEN cancelled_at IS NULL AND backfiled THEN 1 END),
            COUNT(CASE WHEN cancelled_at IS NULL AND clock_doubtful THEN 1 END)"
    };
}

/// Whole cells, counted from those filings.
macro_rules! counted {
    ($which:literal) => {
        concat!(
            "SELECT first_day, agency_id, kind, ",
            counts!(),
            "
        FROM filings WHERE ",
            $which,
            "NOT unconfirmed
        GROUP BY first_day, agency_id, kind"
        )
    };
}

/// The sums of a span of days by a column of the cells, which filings have under a name of their own.
macro_rules! sums_by {
    ($column:literal, $of_filings:literal) => {
        concat!(
            "SELECT ",
            $column,
            ", CAST(SUM(filed) AS BIGINT) AS filed, CAST(SUM(cancelled) AS BIGINT) AS cancelled,
            CAST(SUM(arrived) AS BIGINT) AS arrived, CAST(SUM(exempt) AS BIGINT) AS exempt,
            CAST(SUM(undone) AS BIGINT) AS undone, CAST(SUM(backfiled) AS BIGINT) AS backfiled,
            CAST(SUM(doubtful) AS BIGINT) AS doubtful
        FROM (
            SELECT ",
            $column,
            ", ",
            sums!(),
            " FROM figure_days d
            WHERE d.day >= $1 AND d.day <= $2
                AND NOT EXISTS (SELECT 1 FROM figure_changes c WHERE c.day = d.day AND c.agency_id = d.agency_id)
            UNION ALL
            SELECT f.",
            $of_filings,
            ", ",
            counts!(),
            "
            FROM (SELECT DISTINCT day, agency_id FROM figure_changes WHERE day >= $1 AND day <= $2) c
            JOIN filings f ON f.first_day = c.day AND f.agency_id = c.agency_id AND NOT f.unconfirmed
            GROUP BY f.",
            $of_filings,
            ") cells
        GROUP BY ",
            $column
        )
    };
}

statements! {
    MARK_NEXT = "INSERT INTO figure_changes (filing_id, version, day, agency_id, enterprise_id, taken)
        SELECT id, version + 1, first_day, agency_id, enterprise_id, FALSE FROM filings WHERE id = $1
        ON CONFLICT (filing_id, version, day) DO NOTHING";
    MARK = "INSERT INTO figure_changes (filing_id, version, day, agency_id, enterprise_id, taken)
        SELECT id, version, first_day, agency_id, enterprise_id, FALSE FROM filings WHERE id = $1
        ON CONFLICT (filing_id, version, day) DO NOTHING";
    MARK_NEW = "INSERT INTO figure_changes (filing_id, version, day, agency_id, enterprise_id, taken)
        VALUES ($1, 1, $2, $3, $4, FALSE)";
    /// Under versions that no change of a filing has, so that it keeps the marks of both enterprises apart.
    MARK_ENTERPRISE = "INSERT INTO figure_changes (filing_id, version, day, agency_id, enterprise_id, taken)
        SELECT id, -version, first_day, agency_id, enterprise_id, FALSE FROM filings WHERE enterprise_id = $1
        ON CONFLICT (filing_id, version, day) DO NOTHING";
    CELLS = "SELECT DISTINCT day, agency_id FROM figure_changes ORDER BY day, agency_id LIMIT $1";
    TAKE = "UPDATE figure_changes SET taken = TRUE WHERE day = $1 AND agency_id = $2 AND taken = FALSE";
    CLEAR_CELL = "DELETE FROM figure_days WHERE day = $1 AND agency_id = $2";
    FILL_CELL = concat!("INSERT INTO figure_days (day, agency_id, kind, ", sums!(), ") ",
        counted!("first_day = $1 AND agency_id = $2 AND "));
    DROP_TAKEN = "DELETE FROM figure_changes WHERE day = $1 AND agency_id = $2 AND taken = TRUE";
    /// Enterprise by enterprise: PostgreSQL, asked for a join, reads all filings of the year for the few enterprises of a cell.
    /// Without a WHERE, SQLite would take ON CONFLICT for the condition of a join.
    SET_YEARS = "INSERT INTO figure_years (year, enterprise_id, visits)
        SELECT $1, c.enterprise_id, (
            SELECT COUNT(*) FROM filings f
            WHERE f.enterprise_id = c.enterprise_id AND f.first_day >= $4 AND f.first_day <= $5
                AND f.cancelled_at IS NULL AND NOT f.unconfirmed AND f.kind <> 'service_visit')
        FROM (SELECT DISTINCT enterprise_id FROM figure_changes WHERE day = $2 AND agency_id = $3 AND taken = TRUE) c
        WHERE TRUE
        ON CONFLICT (year, enterprise_id) DO UPDATE SET visits = excluded.visits";
    BY_DAY = concat!(sums_by!("day", "first_day"), " ORDER BY day");
    BY_AGENCY = sums_by!("agency_id", "agency_id");
    CELL_COUNT = "SELECT COUNT(*) AS n FROM figure_days";
    /// Cells whose sums say something that the rows do not, and the other way round; cells that wait to be folded are left out.
    DIFFERING = concat!("SELECT COUNT(*) AS n FROM (
            SELECT day, agency_id FROM (
                SELECT day, agency_id, kind, ", sums!(), " FROM figure_days
                UNION ALL
                ", counted!(""), ") both_sides
            GROUP BY day, agency_id, kind, ", sums!(), "
            HAVING COUNT(*) <> 2) odd
        WHERE NOT EXISTS (SELECT 1 FROM figure_changes c WHERE c.day = odd.day AND c.agency_id = odd.agency_id)");
    CLEAR = "DELETE FROM figure_days";
    FILL = concat!("INSERT INTO figure_days (day, agency_id, kind, ", sums!(), ") ", counted!(""));
    NOTE_CHECK = "INSERT INTO figure_checks (id, at, cells, differing, rebuilt) VALUES ($1, $2, $3, $4, $5)";
    LAST_CHECK = "SELECT at, cells, differing, rebuilt FROM figure_checks ORDER BY at DESC, id DESC LIMIT 1";
}

/// Marks the day that a filing is on before it is changed. Called by the store of filings itself, so that nothing forgets it.
pub(super) async fn mark_before(tx: &mut Tx, id: FilingId) -> Result<()> {
    tx.execute(MARK_NEXT, params![id]).await.map(drop)
}

/// Marks the day that a new filing is on.
pub(super) async fn mark_new(tx: &mut Tx, f: &Filing, day: NaiveDate) -> Result<()> {
    tx.later("change of the figures", MARK_NEW, params![f.id, day, f.agency, f.enterprise]).await
}

/// Marks the day that a filing is on now that it was stored.
pub(super) async fn mark(tx: &mut Tx, id: FilingId) -> Result<()> {
    tx.execute(MARK, params![id]).await.map(drop)
}

/// Marks all filings of an enterprise, before they are moved from it or after they were moved to it.
pub(super) async fn mark_enterprise(tx: &mut Tx, id: EnterpriseId) -> Result<()> {
    tx.execute(MARK_ENTERPRISE, params![id]).await.map(drop)
}

/// At most `limit` cells that changed since their sums were made.
///
/// # Errors
/// When the store fails.
pub async fn changed_cells(tx: &mut Tx, limit: i64) -> Result<Vec<(NaiveDate, AgencyId)>> {
    let rows = tx.fetch_all(CELLS, params![limit]).await?;
    rows.iter().map(|row| Ok((row.get("day")?, row.id("agency_id")?))).collect()
}

/// Makes the sums of one cell anew, and those of the year of every enterprise that changed in it. `year` is the year of the day with its
/// first and last day. What is committed meanwhile stays marked.
///
/// # Errors
/// When the store fails.
pub async fn fold(
    tx: &mut Tx,
    (day, agency): (NaiveDate, AgencyId),
    (year, first, last): (i64, NaiveDate, NaiveDate),
) -> Result<()> {
    tx.execute(TAKE, params![day, agency]).await?;
    tx.execute(CLEAR_CELL, params![day, agency]).await?;
    tx.execute(FILL_CELL, params![day, agency]).await?;
    tx.execute(SET_YEARS, params![year, day, agency, first, last]).await?;
    tx.execute(DROP_TAKEN, params![day, agency]).await.map(drop)
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

/// How many sums there are, and how many lines of them and of the rows do not agree.
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
    tx.execute(CLEAR_CELL, params![day, agency]).await.map(drop)
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
