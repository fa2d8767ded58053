//! The audit: append only, in the transaction of the event.

use super::known::Newest;
use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx, clock_faults, known};
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

/// One entry.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// Identity, ordered by time.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Kind of actor: `inspector`, `enterprise`, `user`, `token`, `replay`, `system`.
    pub actor_kind: String,
    /// Which one of its kind.
    pub actor: String,
    /// What was done: `filing.accepted`, `violation.confirmed`, ….
    pub action: String,
    /// Kind of object.
    pub object_kind: String,
    /// Which object.
    pub object_id: Option<Uuid>,
    /// What changed.
    pub detail: Value,
}

statements! {
    APPEND = "INSERT INTO audit (id, at, actor_kind, actor, action, object_kind, object_id, detail)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    NEWEST = "SELECT MAX(at) AS at FROM audit";
    LAST_BACKUP = "SELECT MAX(at) AS at FROM audit WHERE action = 'backup.made'";
    BY_OBJECT = "SELECT * FROM audit WHERE object_id = $1 ORDER BY at, id";
}

/// Appends an entry.
///
/// # Errors
/// When the store fails.
pub async fn append(tx: &mut Tx, row: &AuditRow) -> Result<()> {
    if let Newest::At(newest) = &mut tx.known.newest_audit {
        *newest = (*newest).max(Some(row.at));
    }
    tx.later(
        "audit",
        APPEND,
        params![
            row.id,
            row.at,
            &row.actor_kind,
            &row.actor,
            &row.action,
            &row.object_kind,
            row.object_id,
            row.detail.clone(),
        ],
    )
    .await
}

/// The newest instant on record, but for what a clock wrote that is known to have been ahead: a clock that is far behind it is wrong.
///
/// # Errors
/// When the store fails.
pub async fn newest(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    if let Newest::At(newest) = tx.known.newest_audit {
        return Ok(newest);
    }
    if tx.known.registries.is_none() && tx.writes() {
        return Ok(known::read(tx).await?.1);
    }
    let newest: Option<DateTime<Utc>> = tx.fetch_one(NEWEST, params![]).await?.get("at")?;
    let fault = match newest {
        Some(at) => clock_faults::around(tx, at).await?,
        None => None,
    };
    let newest = clock_faults::before(tx, newest, fault).await?;
    tx.known.newest_audit = Newest::At(newest);
    Ok(newest)
}

/// When the last backup was made with `mashang backup`.
///
/// # Errors
/// When the store fails.
pub async fn last_backup(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(LAST_BACKUP, params![]).await?.get("at")
}

/// What happened to an object, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn by_object(tx: &mut Tx, object: Uuid) -> Result<Vec<AuditRow>> {
    tx.fetch_all(BY_OBJECT, params![object]).await?.iter().map(from_row).collect()
}

/// Reads a whole row of `audit`.
///
/// # Errors
/// When a column is missing or unreadable.
pub fn from_row(row: &Row) -> Result<AuditRow> {
    Ok(AuditRow {
        id: row.get("id")?,
        at: row.get("at")?,
        actor_kind: row.get("actor_kind")?,
        actor: row.get("actor")?,
        action: row.get("action")?,
        object_kind: row.get("object_kind")?,
        object_id: row.get("object_id")?,
        detail: row.json("detail")?,
    })
}
