//! The console's list of the audit for administrators, newest first, page by page (keyset). An administrator never learns who reported: of reports,
//! of violations and requests, which may rest on them, and of what an enterprise did, only the kind of event is told.

use super::audit::{AuditRow, from_row};
use super::ends_of_time::oldest_possible;
use super::param::{Param, params};
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx, newest_possible};
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

/// The lists whose filter may name an enterprise beside reports: what was looked for in one that was taken out is told to nobody.
pub const TELLING_LISTS: [&str; 5] = ["reports", "cases", "inbox", "ratings", "filings"];

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

/// A page of entries, newest first, of all or of one object, each by its index. What is hidden is not found by its object either. A history that was
/// loaded has no enterprise as actor.
macro_rules! newest_of {
    ($narrow:literal) => {
        concat!(
            "SELECT * FROM (
            SELECT a.*, (object_kind IN ('report', 'violation', 'request') OR actor_kind = 'enterprise'
                OR action IN ('filing.rated', 'filing.presence_confirmed')) AS hidden
            FROM audit a
        ) AS entries
        WHERE ",
            $narrow,
            " AND (at, id) < ($1, $2)
            AND at >= $3
            AND (actor_kind = $4 OR $4 IS NULL)
            AND (object_kind = $5 OR $5 IS NULL)
        ORDER BY at DESC, id DESC
        LIMIT $6"
        )
    };
}

statements! {
    OF_ALL = newest_of!("TRUE");
    OF_OBJECT = newest_of!("object_id = $7 AND NOT hidden");
}

/// At most `limit` entries after the one that `after` names, newest first: those that an administrator may not know have neither object nor detail,
/// and no actor but a user.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    f: &AuditFilter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<AuditRow>> {
    let (mut at, mut id) = after.unwrap_or((newest_possible(), Uuid::max()));
    if let Some(before) = f.before.filter(|before| *before <= at) {
        (at, id) = (before, Uuid::nil());
    }
    let from = f.from.unwrap_or_else(oldest_possible);
    let mut bound = params![at, id, from, f.actor_kind.clone(), f.object_kind.clone(), limit].to_vec();
    bound.extend(f.object.map(Param::from));
    let sql = if f.object.is_some() { OF_OBJECT } else { OF_ALL };
    tx.fetch_all(sql, &bound).await?.iter().map(veiled).collect()
}

fn veiled(row: &Row) -> Result<AuditRow> {
    let mut entry = from_row(row)?;
    if row.get("hidden")? {
        entry.object_id = None;
        entry.detail = Value::Null;
        if entry.actor_kind != "user" {
            entry.actor.clear();
        }
    }
    let of_telling_list = entry.detail["list"].as_str().is_some_and(|list| TELLING_LISTS.contains(&list));
    if let (true, Some(detail)) = (of_telling_list, entry.detail.as_object_mut()) {
        // Once the filter was kept.
        detail.remove("filter");
    }
    Ok(entry)
}
