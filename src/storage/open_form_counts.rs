//! How many open forms were accepted: by network in minutes, by enterprise in hours.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use chrono::{DateTime, Utc};

statements! {
    ADD = "INSERT INTO open_form_counts (scope, subject, at, forms)
        VALUES ($1, $2, $3, 1)
        ON CONFLICT (scope, subject, at) DO UPDATE SET forms = open_form_counts.forms + 1";
    /// The first of its scope, subject and time.
    FIRST = "INSERT INTO open_form_counts (scope, subject, at, forms)
        VALUES ($1, $2, $3, 1)
        ON CONFLICT (scope, subject, at) DO NOTHING";
    SUM = "SELECT CAST(COALESCE(SUM(forms), 0) AS BIGINT) AS n FROM open_form_counts
        WHERE scope = $1 AND subject = $2 AND at >= $3";
    DROP_OLD = "DELETE FROM open_form_counts WHERE at < $1";
}

/// Counts one more in the minute or hour that begins at `at`.
///
/// # Errors
/// When the store fails.
pub async fn add(tx: &mut Tx, scope: &str, subject: &str, at: DateTime<Utc>) -> Result<()> {
    tx.execute_one("count of open forms", ADD, params![scope, subject, at]).await
}

/// Whether there was none so far.
///
/// # Errors
/// When the store fails.
pub async fn first(tx: &mut Tx, scope: &str, subject: &str, at: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(FIRST, params![scope, subject, at]).await? == 1)
}

/// How many there were since `from`.
///
/// # Errors
/// When the store fails.
pub async fn sum(tx: &mut Tx, scope: &str, subject: &str, from: DateTime<Utc>) -> Result<i64> {
    tx.fetch_one(SUM, params![scope, subject, from]).await?.get("n")
}

/// Forgets those before an instant; returns how many rows.
///
/// # Errors
/// When the store fails.
pub async fn drop_old(tx: &mut Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.execute(DROP_OLD, params![before]).await
}
