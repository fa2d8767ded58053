//! Batches of sheets: the tasks that made them, for every operator, with what became of them.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::task::TaskState;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A batch in the list.
#[derive(Clone, Debug)]
pub struct SheetBatch {
    /// The task, and the batch that signs are marked with.
    pub id: Uuid,
    /// Where the making stands.
    pub state: TaskState,
    /// The order, under `order`.
    pub params: Value,
    /// Why it failed.
    pub trouble: String,
    /// How many signs are done.
    pub done: i64,
    /// How many there are.
    pub total: i64,
    /// Who asked for it.
    pub by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when the document can be downloaded; `None` if there is none.
    pub kept_until: Option<DateTime<Utc>>,
    /// How many of its signs were noted as printed; 0 before anybody said so.
    pub printed: i64,
}

statements! {
    LIST = "SELECT t.id, t.state, t.params, t.trouble, t.done, t.total, t.created_at, COALESCE(u.name, '') AS by_name, f.expires_at,
            (SELECT COUNT(*) FROM sign_prints p WHERE p.batch_id = t.id) AS printed
        FROM tasks t
        LEFT JOIN users u ON u.id = t.created_by
        LEFT JOIN files f ON f.id = t.file_id
        WHERE t.kind = 'sheet' AND (t.created_at < $1 OR (t.created_at = $1 AND t.id < $2))
        ORDER BY t.created_at DESC, t.id DESC
        LIMIT $3";
    GET = "SELECT t.id, t.state, t.params, t.trouble, t.done, t.total, t.created_at, COALESCE(u.name, '') AS by_name, f.expires_at,
            (SELECT COUNT(*) FROM sign_prints p WHERE p.batch_id = t.id) AS printed
        FROM tasks t
        LEFT JOIN users u ON u.id = t.created_by
        LEFT JOIN files f ON f.id = t.file_id
        WHERE t.kind = 'sheet' AND t.id = $1";
    TAGS = "SELECT DISTINCT CAST(tags AS TEXT) AS tags FROM enterprises WHERE active AND CAST(tags AS TEXT) <> '[]'";
    TOWNS = "SELECT town FROM enterprises WHERE active AND town <> ''
        UNION
        SELECT town FROM sites WHERE active AND town <> ''
        ORDER BY town";
}

/// At most `limit` batches before a cursor, the newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx, before: (DateTime<Utc>, Uuid), limit: i64) -> Result<Vec<SheetBatch>> {
    tx.fetch_all(LIST, params![before.0, before.1, limit]).await?.iter().map(from_row).collect()
}

/// One batch.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<SheetBatch>> {
    tx.fetch_optional(GET, params![id]).await?.as_ref().map(from_row).transpose()
}

/// The towns that active enterprises and their sites are in.
///
/// # Errors
/// When the store fails.
pub async fn towns(tx: &mut Tx) -> Result<Vec<String>> {
    tx.fetch_all(TOWNS, params![]).await?.iter().map(|row| row.get("town")).collect()
}

/// The tags that active enterprises have, in order.
///
/// # Errors
/// When the store fails, or a row's tags are no list.
pub async fn tags(tx: &mut Tx) -> Result<Vec<String>> {
    let mut all = BTreeSet::new();
    for row in tx.fetch_all(TAGS, params![]).await? {
        let tags: String = row.get("tags")?;
        all.extend(serde_json::from_str::<Vec<String>>(&tags).unwrap_or_default());
    }
    Ok(all.into_iter().collect())
}

fn from_row(row: &Row) -> Result<SheetBatch> {
    Ok(SheetBatch {
        id: row.get("id")?,
        state: row.code("state", TaskState::parse)?,
        params: row.json("params")?,
        trouble: row.get("trouble")?,
        done: row.get("done")?,
        total: row.get("total")?,
        by: row.get("by_name")?,
        created_at: row.get("created_at")?,
        kept_until: row.get("expires_at")?,
        printed: row.get("printed")?,
    })
}
