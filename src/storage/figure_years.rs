//! The visits of an enterprise in a calendar year, as the list of the busiest reads them: kept with the daily sums ([`super::figure_days::fold`]),
//! compared with the filings, and made anew.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};

/// The calendar year of a row with a day.
macro_rules! year_of_day {
    () => {
        "CAST(SUBSTR(CAST(day AS TEXT), 1, 4) AS BIGINT)"
    };
}

/// All sums, counted from the filings.
macro_rules! counted {
    () => {
        concat!(
            "SELECT ",
            year_of_day!(),
            " AS year, enterprise_id, COUNT(*) AS visits
            FROM (SELECT first_day AS day, enterprise_id FROM filings
                WHERE cancelled_at IS NULL AND NOT unconfirmed AND kind <> 'service_visit') visits
            GROUP BY ",
            year_of_day!(),
            ", enterprise_id"
        )
    };
}

statements! {
    COUNT = "SELECT COUNT(*) AS n FROM figure_years WHERE visits > 0";
    ADD_TAKEN = concat!("INSERT INTO figure_years (year, enterprise_id, visits)
        SELECT ", year_of_day!(), ", enterprise_id, SUM(visits)
        FROM figure_changes WHERE taken = TRUE
        GROUP BY ", year_of_day!(), ", enterprise_id HAVING SUM(visits) <> 0
        ON CONFLICT (year, enterprise_id) DO UPDATE SET visits = figure_years.visits + excluded.visits");
    /// Enterprises whose sums, with the changes that wait, say something else than the filings.
    DIFFERING = concat!("SELECT COUNT(*) AS n FROM (
            SELECT enterprise_id FROM (
                SELECT year, enterprise_id, visits FROM figure_years
                UNION ALL
                SELECT ", year_of_day!(), ", enterprise_id, visits FROM figure_changes
                UNION ALL
                SELECT year, enterprise_id, -visits FROM (", counted!(), ") counted) lines
            GROUP BY year, enterprise_id HAVING SUM(visits) <> 0) odd");
    CLEAR = "DELETE FROM figure_years";
    /// Less what waits, which is added later.
    FILL = concat!("INSERT INTO figure_years (year, enterprise_id, visits)
        SELECT year, enterprise_id, SUM(visits) FROM (
            ", counted!(), "
            UNION ALL
            SELECT ", year_of_day!(), ", enterprise_id, -visits FROM figure_changes) lines
        GROUP BY year, enterprise_id");
}

/// Adds the changes that are being folded.
pub(super) async fn add_taken(tx: &mut Tx) -> Result<()> {
    tx.execute(ADD_TAKEN, params![]).await.map(drop)
}

/// How many sums there are, and how many of them do not agree with the filings.
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
