//! Sums and lists of ratings. What an agency sees of them is a sum of a whole quarter, and of enough of them; supervisors see each.

use super::param::params;
use super::ratings::Rating;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{AgencyId, FilingId};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The ratings of an agency within a span, summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: i64,
    /// Sum of 亲近度.
    pub closeness: i64,
    /// Sum of 清廉度.
    pub integrity: i64,
    /// Sum of 满意度.
    pub satisfaction: i64,
}

impl Sum {
    /// The three means with one digit.
    #[must_use]
    pub fn means(&self) -> [String; 3] {
        [self.closeness, self.integrity, self.satisfaction].map(|total| {
            let tenths = (total * 10 + self.count / 2) / self.count.max(1);
            format!("{}.{}", tenths / 10, tenths % 10)
        })
    }
}

/// One rating with what it is of.
#[derive(Clone, Debug)]
pub struct Rated {
    /// The filing of the visit.
    pub filing: FilingId,
    /// Its number.
    pub number: String,
    /// The agency.
    pub agency: AgencyId,
    /// The enterprise.
    pub enterprise: String,
    /// The marks.
    pub rating: Rating,
}

statements! {
    SUM = "SELECT COUNT(*) AS n, CAST(COALESCE(SUM(g.closeness), 0) AS BIGINT) AS closeness,
            CAST(COALESCE(SUM(g.integrity), 0) AS BIGINT) AS integrity,
            CAST(COALESCE(SUM(g.satisfaction), 0) AS BIGINT) AS satisfaction
        FROM ratings g
        JOIN filings f ON f.id = g.filing_id
        WHERE g.created_at >= $1 AND g.created_at < $2 AND f.agency_id = $3";
    SUMS = "SELECT f.agency_id, COUNT(*) AS n, CAST(SUM(g.closeness) AS BIGINT) AS closeness,
            CAST(SUM(g.integrity) AS BIGINT) AS integrity, CAST(SUM(g.satisfaction) AS BIGINT) AS satisfaction
        FROM ratings g
        JOIN filings f ON f.id = g.filing_id
        WHERE g.created_at >= $1 AND g.created_at < $2
        GROUP BY f.agency_id";
    LIST = "SELECT g.*, f.number, f.agency_id, e.name AS enterprise
        FROM ratings g
        JOIN filings f ON f.id = g.filing_id
        JOIN enterprises e ON e.id = f.enterprise_id
        WHERE (g.created_at, g.filing_id) < ($1, $2) AND g.created_at >= $3 AND g.created_at < $4
            AND (f.agency_id = $5 OR $5 IS NULL)
        ORDER BY g.created_at DESC, g.filing_id DESC
        LIMIT $6";
}

fn sum_of(row: &super::row::Row) -> Result<Sum> {
    Ok(Sum {
        count: row.get("n")?,
        closeness: row.get("closeness")?,
        integrity: row.get("integrity")?,
        satisfaction: row.get("satisfaction")?,
    })
}

/// The ratings of one agency within a span.
///
/// # Errors
/// When the store fails.
pub async fn sum(tx: &mut Tx, agency: AgencyId, span: (DateTime<Utc>, DateTime<Utc>)) -> Result<Sum> {
    sum_of(&tx.fetch_one(SUM, params![span.0, span.1, agency]).await?)
}

/// The ratings of each agency that has any within a span.
///
/// # Errors
/// When the store fails.
pub async fn sums(tx: &mut Tx, span: (DateTime<Utc>, DateTime<Utc>)) -> Result<Vec<(AgencyId, Sum)>> {
    let rows = tx.fetch_all(SUMS, params![span.0, span.1]).await?;
    rows.iter().map(|row| Ok((row.id("agency_id")?, sum_of(row)?))).collect()
}

/// At most `limit` ratings of a span after the one that `after` names, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    span: (DateTime<Utc>, DateTime<Utc>),
    agency: Option<AgencyId>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Rated>> {
    let (time, id) = after.unwrap_or((super::newest_possible(), Uuid::max()));
    let rows = tx.fetch_all(LIST, params![time, id, span.0, span.1, agency, limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Rated {
                filing: row.id("filing_id")?,
                number: row.get("number")?,
                agency: row.id("agency_id")?,
                enterprise: row.get("enterprise")?,
                rating: Rating {
                    closeness: row.get("closeness")?,
                    integrity: row.get("integrity")?,
                    satisfaction: row.get("satisfaction")?,
                    created_at: row.get("created_at")?,
                },
            })
        })
        .collect()
}
