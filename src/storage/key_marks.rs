//! Marks of the keys that all processes on a database share.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use chrono::{DateTime, Utc};

statements! {
    NOTE = "INSERT INTO key_marks (name, mark, noted_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    GET = "SELECT mark FROM key_marks WHERE name = $1";
    DROP = "DELETE FROM key_marks";
}

/// Notes the mark of a key if none is noted, and returns the one that stands.
///
/// # Errors
/// When the store fails.
pub async fn note(tx: &mut Tx, name: &str, mark: &[u8], now: DateTime<Utc>) -> Result<Vec<u8>> {
    tx.execute(NOTE, params![name, mark, now]).await?;
    tx.fetch_one(GET, params![name]).await?.get("mark")
}

/// Forgets all marks.
///
/// # Errors
/// When the store fails.
pub async fn drop_all(tx: &mut Tx) -> Result<()> {
    tx.execute(DROP, params![]).await.map(drop)
}
