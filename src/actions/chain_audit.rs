//! Chaining the audit: entries join the chain within seconds of their transaction, and signed checkpoints say how far it is.
//!
//! Not in the transaction of the event itself: then every transaction would wait for the one before it. What an entry says is fixed
//! from the next checkpoint on that leaves the machine.

use super::Result;
use crate::domain::audit_chain::{Checkpoint, Entry, START, hex, link};
use crate::storage::audit::AuditRow;
use crate::storage::{Tx, audit_chain};
use chrono::{DateTime, TimeDelta, Utc};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde_json::{Value, json};
use uuid::Uuid;

/// How far behind the newest link, or behind now where the clock ran ahead and was set right, an entry may be and still join: a transaction that
/// took its time. An older one was put there by somebody else.
const LATE: TimeDelta = TimeDelta::days(1);

/// How far back is looked where not all are looked for: most transactions take less than a second, and a request is ended after some.
const RECENT: TimeDelta = TimeDelta::minutes(2);

/// Which of the entries that are not chained yet.
#[derive(Clone, Copy, Debug)]
pub enum Unchained<'a> {
    /// All.
    All,
    /// Those of the last minutes: few are older, and the whole chain of a day is looked through for them.
    Recent,
    /// Those behind this one.
    Behind(&'a AuditRow),
}

/// Most entries that are read at once.
const PAGE: i64 = 1_000;

/// The key that signs checkpoints.
pub struct CheckpointKey(Ed25519KeyPair);

impl std::fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CheckpointKey({})", self.public())
    }
}

impl CheckpointKey {
    /// The key of this seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(Self)
    }

    /// The public key, as hexadecimal digits: what whoever checks must have from elsewhere.
    #[must_use]
    pub fn public(&self) -> String {
        hex(self.0.public_key().as_ref())
    }

    fn sign(&self, point: &Checkpoint) -> Vec<u8> {
        self.0.sign(point.message().as_bytes()).as_ref().to_vec()
    }
}

/// Whether a checkpoint was signed by the owner of a public key.
#[must_use]
pub fn signed_by(public: &[u8], point: &Checkpoint, signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(point.message().as_bytes(), signature).is_ok()
}

/// The hash of an entry behind another.
pub(super) fn link_of(before: &[u8; 32], row: &AuditRow) -> [u8; 32] {
    let entry = Entry {
        id: row.id,
        at: row.at,
        actor_kind: &row.actor_kind,
        actor: &row.actor,
        action: &row.action,
        object_kind: &row.object_kind,
        object_id: row.object_id,
        detail: &row.detail,
    };
    link(before, &entry)
}

/// Entries that are not chained yet, a thousand at most, in the order in which they join. Much is looked through for them, so that this is not done
/// while others wait to write.
///
/// # Errors
/// When the store fails.
pub async fn unchained_entries(tx: &mut Tx, now: DateTime<Utc>, which: Unchained<'_>) -> Result<Vec<AuditRow>> {
    let look_back = match which {
        Unchained::Behind(last) => return Ok(audit_chain::unchained(tx, (last.at, last.id), PAGE).await?),
        Unchained::All => LATE,
        Unchained::Recent => RECENT,
    };
    let newest = audit_chain::head(tx).await?.and_then(|head| head.at);
    let behind = (newest.map_or(DateTime::<Utc>::UNIX_EPOCH, |at| at.min(now) - look_back), Uuid::nil());
    Ok(audit_chain::unchained(tx, behind, PAGE).await?)
}

/// Chains these entries. For one process at a time, by a lease.
///
/// # Errors
/// When the store fails; also when somebody else chained one of them meanwhile: nothing is chained twice.
pub async fn chain_entries(tx: &mut Tx, rows: &[AuditRow]) -> Result<()> {
    let (mut seq, mut before) = audit_chain::head(tx).await?.map_or((0, START), |head| (head.seq, head.hash));
    for row in rows {
        seq += 1;
        before = link_of(&before, row);
        audit_chain::append(tx, seq, row.id, &before).await?;
    }
    Ok(())
}

/// Signs how far the chain is, if it grew since the last checkpoint; returns the checkpoint as JSON, to be kept elsewhere.
///
/// # Errors
/// When the store fails.
pub async fn checkpoint_audit(tx: &mut Tx, now: DateTime<Utc>, key: &CheckpointKey) -> Result<Option<Value>> {
    let Some(head) = audit_chain::head(tx).await? else { return Ok(None) };
    if audit_chain::last_checkpoint(tx).await?.is_some_and(|(last, _)| last.seq >= head.seq) {
        return Ok(None);
    }
    let point = Checkpoint { seq: head.seq, hash: head.hash, at: now };
    let signature = key.sign(&point);
    audit_chain::add_checkpoint(tx, &point, &signature).await?;
    let mut told = telling(&point, &signature);
    told["key"] = json!(key.public());
    Ok(Some(told))
}

/// The newest checkpoint as one line of JSON, to leave the machine in what supervisors are sent; `None` before the first. Never for agencies:
/// it tells how much happens, reports among it.
///
/// # Errors
/// When the store fails.
pub(super) async fn newest_checkpoint(tx: &mut Tx) -> Result<Option<String>> {
    let newest = audit_chain::last_checkpoint(tx).await?;
    Ok(newest.map(|(point, signature)| telling(&point, &signature).to_string()))
}

fn telling(point: &Checkpoint, signature: &[u8]) -> Value {
    json!({ "seq": point.seq, "hash": hex(&point.hash), "at": point.at, "signature": hex(signature) })
}
