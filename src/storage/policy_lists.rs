//! The history of the policy: every version with its note and who added it.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{PolicyId, UserId};
use chrono::{DateTime, NaiveDate, Utc};

/// A version without its content.
#[derive(Clone, Debug)]
pub struct PolicyEntry {
    /// Identity.
    pub id: PolicyId,
    /// First local date in force.
    pub effective_from: NaiveDate,
    /// Why it was added.
    pub note: String,
    /// Who added it.
    pub created_by: Option<UserId>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

statements! {
    HISTORY = "SELECT id, effective_from, note, created_by, created_at
        FROM policies
        ORDER BY effective_from DESC, ordinal DESC";
}

/// All versions, the one that comes into force last first.
///
/// # Errors
/// When the store fails.
pub async fn history(tx: &mut Tx) -> Result<Vec<PolicyEntry>> {
    let rows = tx.fetch_all(HISTORY, params![]).await?;
    rows.iter()
        .map(|row| {
            Ok(PolicyEntry {
                id: row.id("id")?,
                effective_from: row.get("effective_from")?,
                note: row.get("note")?,
                created_by: row.id_opt("created_by")?,
                created_at: row.get("created_at")?,
            })
        })
        .collect()
}
