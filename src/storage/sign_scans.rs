//! How often signs are scanned, by day, and when they were last: nothing about who scanned.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::SignId;
use crate::domain::sign::SignState;
use chrono::{DateTime, NaiveDate, Utc};

statements! {
    ADD = "INSERT INTO sign_scans (sign_id, day, scans)
        VALUES ($1, $2, $3)
        ON CONFLICT (sign_id, day) DO UPDATE SET scans = sign_scans.scans + excluded.scans";
    SEEN = "UPDATE signs
        SET first_scanned_at = COALESCE(first_scanned_at, $2),
            last_scanned_at = CASE WHEN last_scanned_at > $3 THEN last_scanned_at ELSE $3 END
        WHERE id = $1
        RETURNING state";
    ACTIVATE = "UPDATE signs SET state = 'active' WHERE id = $1 AND state IN ('generated', 'printed', 'issued')";
    BY_DAY = "SELECT day, scans FROM sign_scans WHERE sign_id = $1 AND day >= $2 ORDER BY day";
    TOTAL = "SELECT COALESCE(CAST(SUM(scans) AS BIGINT), 0) AS scans FROM sign_scans WHERE sign_id = $1";
}

/// Adds scans of a day.
///
/// # Errors
/// When the store fails, or there is no such sign.
pub async fn add(tx: &mut Tx, sign: SignId, day: NaiveDate, scans: i64) -> Result<()> {
    tx.execute_one("scans", ADD, params![sign, day, scans]).await
}

/// Notes when a sign was scanned, the first and the last time of some scans; returns where it stands.
///
/// # Errors
/// When the store fails.
pub async fn seen(tx: &mut Tx, sign: SignId, first: DateTime<Utc>, last: DateTime<Utc>) -> Result<Option<SignState>> {
    let row = tx.fetch_optional(SEEN, params![sign, first, last]).await?;
    row.map(|row| row.code("state", SignState::parse)).transpose()
}

/// Makes a sign active; `false` if it is already, or no longer in use.
///
/// # Errors
/// When the store fails.
pub async fn activate(tx: &mut Tx, sign: SignId) -> Result<bool> {
    Ok(tx.execute(ACTIVATE, params![sign]).await? == 1)
}

/// The scans of a sign on each day from `from` on that had any.
///
/// # Errors
/// When the store fails.
pub async fn by_day(tx: &mut Tx, sign: SignId, from: NaiveDate) -> Result<Vec<(NaiveDate, i64)>> {
    let rows = tx.fetch_all(BY_DAY, params![sign, from]).await?;
    rows.iter().map(|row| Ok((row.get("day")?, row.get("scans")?))).collect()
}

/// All scans of a sign.
///
/// # Errors
/// When the store fails.
pub async fn total(tx: &mut Tx, sign: SignId) -> Result<i64> {
    tx.fetch_one(TOTAL, params![sign]).await?.get("scans")
}
