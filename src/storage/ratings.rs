//! Ratings of visits by enterprises, at most one for each filing.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::FilingId;
use chrono::{DateTime, Utc};

/// A rating as it is stored; each mark is 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// 亲近度
    pub closeness: i64,
    /// 清廉度
    pub integrity: i64,
    /// 满意度
    pub satisfaction: i64,
    /// The server's receipt time.
    pub created_at: DateTime<Utc>,
}

statements! {
    INSERT = "INSERT INTO ratings (filing_id, closeness, integrity, satisfaction, created_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (filing_id) DO NOTHING";
    GET = "SELECT closeness, integrity, satisfaction, created_at FROM ratings WHERE filing_id = $1";
}

/// Stores a rating unless the filing has one; returns whether it was stored.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, filing: FilingId, r: &Rating) -> Result<bool> {
    let bound = params![filing, r.closeness, r.integrity, r.satisfaction, r.created_at];
    Ok(tx.execute(INSERT, bound).await? == 1)
}

/// The rating of a filing.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, filing: FilingId) -> Result<Option<Rating>> {
    let Some(row) = tx.fetch_optional(GET, params![filing]).await? else { return Ok(None) };
    Ok(Some(Rating {
        closeness: row.get("closeness")?,
        integrity: row.get("integrity")?,
        satisfaction: row.get("satisfaction")?,
        created_at: row.get("created_at")?,
    }))
}
