//! Backups that were made on schedule, the proofs that they can be restored, and the hold on mails after a restore.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx, audit_chain};
use crate::domain::audit_chain::hex;
use crate::domain::backup::{Contents, Drill};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A backup that was made, or failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Identity.
    pub id: Uuid,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Name of its file, without the folder.
    pub file: String,
    /// Size of the file.
    pub bytes: i64,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// What went wrong; empty if nothing.
    pub trouble: String,
}

/// A proof that a backup can be restored, or that it cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Identity.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Which file.
    pub file: String,
    /// How.
    pub how: Drill,
    /// Links of the chain over the audit that were checked.
    pub audit_links: i64,
    /// Filings that were counted.
    pub filings: i64,
    /// What went wrong; empty if nothing.
    pub trouble: String,
}

/// Mails are held since a restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Identity.
    pub id: Uuid,
    /// When it was restored.
    pub since: DateTime<Utc>,
    /// When the backup had been made.
    pub backup_at: DateTime<Utc>,
}

statements! {
    NOTE = "INSERT INTO backups (id, made_at, file, bytes, encrypted, trouble) VALUES ($1, $2, $3, $4, $5, $6)";
    LIST = "SELECT id, made_at, file, bytes, encrypted, trouble FROM backups ORDER BY made_at DESC, id DESC LIMIT $1";
    LAST_GOOD = "SELECT id, made_at, file, bytes, encrypted, trouble FROM backups WHERE trouble = ''
        ORDER BY made_at DESC, id DESC LIMIT 1";
    NOTE_PROOF = "INSERT INTO backup_drills (id, at, file, how, audit_links, filings, trouble)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    PROOFS = "SELECT id, at, file, how, audit_links, filings, trouble FROM backup_drills ORDER BY at DESC, id DESC LIMIT $1";
    LAST_PROOF = "SELECT id, at, file, how, audit_links, filings, trouble FROM backup_drills WHERE trouble = ''
        ORDER BY at DESC, id DESC LIMIT 1";
    HOLD = "INSERT INTO mail_holds (id, since, backup_at, released_at) VALUES ($1, $2, $3, NULL)";
    HELD = "SELECT id, since, backup_at FROM mail_holds WHERE released_at IS NULL ORDER BY since LIMIT 1";
    RELEASE = "UPDATE mail_holds SET released_at = $1 WHERE released_at IS NULL";
    FILINGS = "SELECT COUNT(*) AS n FROM filings";
    SCHEMA = "SELECT MAX(version) AS version FROM _sqlx_migrations";
}

/// Notes a backup.
///
/// # Errors
/// When the store fails.
pub async fn note(tx: &mut Tx, b: &Backup) -> Result<()> {
    tx.execute_one("backup", NOTE, params![b.id, b.made_at, &b.file, b.bytes, b.encrypted, &b.trouble]).await
}

/// The newest backups, failed ones too.
///
/// # Errors
/// When the store fails.
pub async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<Backup>> {
    tx.fetch_all(LIST, params![limit]).await?.iter().map(backup).collect()
}

/// The newest backup that did not fail.
///
/// # Errors
/// When the store fails.
pub async fn last_good(tx: &mut Tx) -> Result<Option<Backup>> {
    tx.fetch_optional(LAST_GOOD, params![]).await?.as_ref().map(backup).transpose()
}

/// Notes a proof.
///
/// # Errors
/// When the store fails.
pub async fn note_proof(tx: &mut Tx, p: &Proof) -> Result<()> {
    let values = params![p.id, p.at, &p.file, p.how.as_str(), p.audit_links, p.filings, &p.trouble];
    tx.execute_one("proof of a backup", NOTE_PROOF, values).await
}

/// The newest proofs, failed ones too.
///
/// # Errors
/// When the store fails.
pub async fn proofs(tx: &mut Tx, limit: i64) -> Result<Vec<Proof>> {
    tx.fetch_all(PROOFS, params![limit]).await?.iter().map(proof).collect()
}

/// The newest proof that held.
///
/// # Errors
/// When the store fails.
pub async fn last_proof(tx: &mut Tx) -> Result<Option<Proof>> {
    tx.fetch_optional(LAST_PROOF, params![]).await?.as_ref().map(proof).transpose()
}

/// Holds all mails from now on.
///
/// # Errors
/// When the store fails.
pub async fn hold(tx: &mut Tx, hold: Hold) -> Result<()> {
    tx.execute_one("hold on mails", HOLD, params![hold.id, hold.since, hold.backup_at]).await
}

/// The hold on mails, if there is one.
///
/// # Errors
/// When the store fails.
pub async fn held(tx: &mut Tx) -> Result<Option<Hold>> {
    let Some(row) = tx.fetch_optional(HELD, params![]).await? else { return Ok(None) };
    Ok(Some(Hold { id: row.get("id")?, since: row.get("since")?, backup_at: row.get("backup_at")? }))
}

/// Ends the hold; how many there were.
///
/// # Errors
/// When the store fails.
pub async fn release(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    tx.execute(RELEASE, params![now]).await
}

/// What the database holds.
///
/// # Errors
/// When the store fails.
pub async fn contents(tx: &mut Tx) -> Result<Contents> {
    let head = audit_chain::head(tx).await?;
    Ok(Contents {
        schema: tx.fetch_one(SCHEMA, params![]).await?.get("version")?,
        audit_links: head.map_or(0, |head| head.seq),
        audit_hash: head.map(|head| hex(&head.hash)).unwrap_or_default(),
        filings: tx.fetch_one(FILINGS, params![]).await?.get("n")?,
    })
}

fn backup(row: &Row) -> Result<Backup> {
    Ok(Backup {
        id: row.get("id")?,
        made_at: row.get("made_at")?,
        file: row.get("file")?,
        bytes: row.get("bytes")?,
        encrypted: row.get("encrypted")?,
        trouble: row.get("trouble")?,
    })
}

fn proof(row: &Row) -> Result<Proof> {
    Ok(Proof {
        id: row.get("id")?,
        at: row.get("at")?,
        file: row.get("file")?,
        how: row.code("how", Drill::parse)?,
        audit_links: row.get("audit_links")?,
        filings: row.get("filings")?,
        trouble: row.get("trouble")?,
    })
}
