//! The chain over the audit, and its checkpoints.

use super::audit::{AuditRow, from_row};
use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, StorageError, Tx};
use crate::domain::audit_chain::{Checkpoint, Hash};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A link of the chain with the entry that it belongs to; `None`: that entry is gone.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its number, from 1 on.
    pub seq: i64,
    /// The entry that was chained here.
    pub audit_id: Uuid,
    /// The hash.
    pub hash: Vec<u8>,
    /// The entry.
    pub entry: Option<AuditRow>,
}

/// The end of the chain.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// The number of the last link.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
    /// The instant of its entry; `None` when that entry is gone.
    pub at: Option<DateTime<Utc>>,
}

statements! {
    HEAD = "SELECT audit_chain.seq, audit_chain.hash, audit.at
        FROM audit_chain LEFT JOIN audit ON audit.id = audit_chain.audit_id
        ORDER BY audit_chain.seq DESC
        LIMIT 1";
    /// Entry by entry: PostgreSQL, asked for a join, reads the whole chain for each thousand.
    UNCHAINED = "SELECT audit.id, audit.at, audit.actor_kind, audit.actor, audit.action, audit.object_kind, audit.object_id,
            audit.detail
        FROM audit
        WHERE audit.at >= $1 AND (audit.at > $1 OR audit.id > $2)
            AND (SELECT audit_chain.seq FROM audit_chain WHERE audit_chain.audit_id = audit.id) IS NULL
        ORDER BY audit.at, audit.id
        LIMIT $3";
    UNCHAINED_BEFORE = "SELECT audit.id FROM audit LEFT JOIN audit_chain ON audit_chain.audit_id = audit.id
        WHERE audit.at < $1 AND audit_chain.seq IS NULL
        ORDER BY audit.at, audit.id
        LIMIT 1";
    APPEND = "INSERT INTO audit_chain (seq, audit_id, hash) VALUES ($1, $2, $3)";
    LINKS = "SELECT audit_chain.seq, audit_chain.audit_id, audit_chain.hash, audit.id, audit.at, audit.actor_kind,
            audit.actor, audit.action, audit.object_kind, audit.object_id, audit.detail
        FROM audit_chain LEFT JOIN audit ON audit.id = audit_chain.audit_id
        WHERE audit_chain.seq > $1
        ORDER BY audit_chain.seq
        LIMIT $2";
    ADD_CHECKPOINT = "INSERT INTO audit_checkpoints (seq, hash, at, signature) VALUES ($1, $2, $3, $4)
        ON CONFLICT (seq) DO NOTHING";
    CHECKPOINTS = "SELECT seq, hash, at, signature FROM audit_checkpoints ORDER BY seq";
    LAST_CHECKPOINT = "SELECT seq, hash, at, signature FROM audit_checkpoints ORDER BY seq DESC LIMIT 1";
}

/// The end of the chain; `None` before its first link.
///
/// # Errors
/// When the store fails.
pub async fn head(tx: &mut Tx) -> Result<Option<Head>> {
    let Some(row) = tx.fetch_optional(HEAD, params![]).await? else { return Ok(None) };
    Ok(Some(Head { seq: row.get("seq")?, hash: hash(row.get("hash")?)?, at: row.get("at")? }))
}

/// Entries behind an instant and an id that are not in the chain yet, in the order in which they join it.
///
/// # Errors
/// When the store fails.
pub async fn unchained(tx: &mut Tx, (at, id): (DateTime<Utc>, Uuid), limit: i64) -> Result<Vec<AuditRow>> {
    tx.fetch_all(UNCHAINED, params![at, id, limit]).await?.iter().map(from_row).collect()
}

/// The first entry before an instant that is not in the chain.
///
/// # Errors
/// When the store fails.
pub async fn unchained_before(tx: &mut Tx, before: DateTime<Utc>) -> Result<Option<Uuid>> {
    tx.fetch_optional(UNCHAINED_BEFORE, params![before]).await?.map(|row| row.get("id")).transpose()
}

/// Adds a link, which is not to be read in this transaction.
///
/// # Errors
/// When the store fails, also when the number is taken: somebody else chains too.
pub async fn append(tx: &mut Tx, seq: i64, entry: Uuid, hash: &Hash) -> Result<()> {
    tx.later("link of the audit", APPEND, params![seq, entry, hash.as_slice()]).await
}

/// At most `limit` links behind a number, in order.
///
/// # Errors
/// When the store fails.
pub async fn links(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Link>> {
    let rows = tx.fetch_all(LINKS, params![after, limit]).await?;
    rows.iter()
        .map(|row| {
            let entry = row.get::<Option<Uuid>>("id")?.map(|_| from_row(row)).transpose()?;
            Ok(Link { seq: row.get("seq")?, audit_id: row.get("audit_id")?, hash: row.get("hash")?, entry })
        })
        .collect()
}

/// Keeps a signed checkpoint; one of the same number stays as it is.
///
/// # Errors
/// When the store fails.
pub async fn add_checkpoint(tx: &mut Tx, point: &Checkpoint, signature: &[u8]) -> Result<()> {
    tx.execute(ADD_CHECKPOINT, params![point.seq, point.hash.as_slice(), point.at, signature]).await.map(drop)
}

/// All checkpoints with their signatures, in order.
///
/// # Errors
/// When the store fails.
pub async fn checkpoints(tx: &mut Tx) -> Result<Vec<(Checkpoint, Vec<u8>)>> {
    tx.fetch_all(CHECKPOINTS, params![]).await?.iter().map(checkpoint).collect()
}

/// The newest checkpoint.
///
/// # Errors
/// When the store fails.
pub async fn last_checkpoint(tx: &mut Tx) -> Result<Option<(Checkpoint, Vec<u8>)>> {
    tx.fetch_optional(LAST_CHECKPOINT, params![]).await?.as_ref().map(checkpoint).transpose()
}

fn checkpoint(row: &Row) -> Result<(Checkpoint, Vec<u8>)> {
    let point = Checkpoint { seq: row.get("seq")?, hash: hash(row.get("hash")?)?, at: row.get("at")? };
    Ok((point, row.get("signature")?))
}

fn hash(bytes: Vec<u8>) -> Result<Hash> {
    bytes.try_into().map_err(|bytes: Vec<u8>| StorageError::Unreadable {
        what: "hash of the audit",
        value: format!("{} bytes", bytes.len()),
    })
}
