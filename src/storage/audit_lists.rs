//! The console's list of the audit, newest first, page by page (keyset).

use super::audit::{AuditRow, from_row};
use super::filing_lists::newest_possible;
use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Which entries a list shows.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct AuditFilter {
    /// Kind of actor.
    pub actor_kind: Option<String>,
    /// Kind of object.
    pub object_kind: Option<String>,
    /// One object.
    pub object: Option<Uuid>,
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
}

statements! {
    LIST = "SELECT * FROM audit
        WHERE (at, id) < ($1, $2)
            AND (actor_kind = $3 OR $3 IS NULL)
            AND (object_kind = $4 OR $4 IS NULL)
            AND (object_id = $5 OR $5 IS NULL)
            AND (at >= $6 OR $6 IS NULL)
            AND (at < $7 OR $7 IS NULL)
        ORDER BY at DESC, id DESC
        LIMIT $8";
}

/// At most `limit` entries after the one that `after` names, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    f: &AuditFilter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<AuditRow>> {
    let (at, id) = after.unwrap_or((newest_possible(), Uuid::max()));
    let bound = params![at, id, f.actor_kind.clone(), f.object_kind.clone(), f.object, f.from, f.before, limit];
    tx.fetch_all(LIST, bound).await?.iter().map(from_row).collect()
}
