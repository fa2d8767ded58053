//! The visits of an enterprise in a calendar year, as the list of the busiest reads them: compared with the filings, and made anew. The job that
//! folds the daily sums keeps them ([`super::figure_days::fold`]).

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};

statements! {
    COUNT = "SELECT COUNT(*) AS n FROM figure_years WHERE visits > 0";
    /// Lines that only one side has; enterprises with changes that wait to be folded are left out.
    DIFFERING = "SELECT COUNT(*) AS n FROM (
            SELECT enterprise_id FROM (
                SELECT year, enterprise_id, visits FROM figure_years WHERE visits > 0
                UNION ALL
                SELECT year, enterprise_id, COUNT(*) FROM (
                    SELECT CAST(SUBSTR(CAST(first_day AS TEXT), 1, 4) AS BIGINT) AS year, enterprise_id FROM filings
                    WHERE cancelled_at IS NULL AND NOT unconfirmed AND kind <> 'service_visit') visits
                GROUP BY year, enterprise_id) both_sides
            GROUP BY year, enterprise_id, visits HAVING COUNT(*) <> 2) odd
        WHERE enterprise_id NOT IN (SELECT enterprise_id FROM figure_changes)";
    CLEAR = "DELETE FROM figure_years";
    FILL = "INSERT INTO figure_years (year, enterprise_id, visits)
        SELECT year, enterprise_id, COUNT(*) FROM (
            SELECT CAST(SUBSTR(CAST(first_day AS TEXT), 1, 4) AS BIGINT) AS year, enterprise_id FROM filings
            WHERE cancelled_at IS NULL AND NOT unconfirmed AND kind <> 'service_visit') visits
        GROUP BY year, enterprise_id";
}

/// How many sums there are, and how many lines of them and of the filings do not agree.
///
/// # Errors
/// When the store fails.
pub async fn compare(tx: &mut Tx) -> Result<(i64, i64)> {
    let sums = tx.fetch_one(COUNT, params![]).await?.get("n")?;
    Ok((sums, tx.fetch_one(DIFFERING, params![]).await?.get("n")?))
}

/// Makes all of them anew from the filings.
///
/// # Errors
/// When the store fails.
pub async fn rebuild(tx: &mut Tx) -> Result<()> {
    tx.execute(CLEAR, params![]).await?;
    tx.execute(FILL, params![]).await.map(drop)
}
