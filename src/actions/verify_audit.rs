//! Checking the chain over the audit from its first link to its last, and against checkpoints.

use super::Result;
use super::chain_audit::{link_of, signed_by};
use crate::domain::audit_chain::{Checkpoint, START};
use crate::storage::{Tx, audit_chain};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Links read at a time.
const PAGE: i64 = 1_000;

/// An entry that is newer than this before the end of the chain may still be on its way into it.
const ON_ITS_WAY: TimeDelta = TimeDelta::minutes(10);

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The link with this number is missing.
    MissingLink(i64),
    /// The entry of this link is gone.
    MissingEntry(i64, Uuid),
    /// This entry, or one before it together with its hash, is not what was chained.
    Changed(i64, Uuid),
    /// This entry was never chained although it is old: it was put there.
    Inserted(Uuid),
    /// The chain ends before this checkpoint: cut off, or an older copy was put back.
    Shorter(i64),
    /// At this checkpoint the chain had another hash: it was written anew.
    Rewritten(i64),
    /// This checkpoint is not signed by the key.
    BadSignature(i64),
}

/// What was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Links.
    pub links: i64,
    /// Checkpoints.
    pub checkpoints: usize,
}

/// Checks the chain against the checkpoints of the database and those `kept` elsewhere; `public` is the key that signs them.
///
/// # Errors
/// When the store fails. What is wrong with the chain is the inner error.
pub async fn verify_audit(
    tx: &mut Tx,
    public: Option<&[u8]>,
    kept: Vec<(Checkpoint, Vec<u8>)>,
) -> Result<std::result::Result<Checked, Broken>> {
    let mut points = BTreeMap::new();
    let mut count = 0;
    for (point, signature) in audit_chain::checkpoints(tx).await?.into_iter().chain(kept) {
        if public.is_some_and(|public| !signed_by(public, &point, &signature)) {
            return Ok(Err(Broken::BadSignature(point.seq)));
        }
        if points.insert(point.seq, point.hash).is_some_and(|other| other != point.hash) {
            return Ok(Err(Broken::Rewritten(point.seq)));
        }
        count += 1;
    }
    let (mut seq, mut before, mut end) = (0, START, DateTime::<Utc>::MIN_UTC);
    loop {
        let links = audit_chain::links(tx, seq, PAGE).await?;
        if links.is_empty() {
            break;
        }
        for link in links {
            if link.seq != seq + 1 {
                return Ok(Err(Broken::MissingLink(seq + 1)));
            }
            seq = link.seq;
            let Some(entry) = link.entry else { return Ok(Err(Broken::MissingEntry(seq, link.audit_id))) };
            before = link_of(&before, &entry);
            if before.as_slice() != link.hash {
                return Ok(Err(Broken::Changed(seq, entry.id)));
            }
            if points.remove(&seq).is_some_and(|hash| hash != before) {
                return Ok(Err(Broken::Rewritten(seq)));
            }
            end = entry.at;
        }
    }
    if let Some((beyond, _)) = points.into_iter().next() {
        return Ok(Err(Broken::Shorter(beyond)));
    }
    if seq > 0
        && let Some(id) = audit_chain::unchained_before(tx, end - ON_ITS_WAY).await?
    {
        return Ok(Err(Broken::Inserted(id)));
    }
    Ok(Ok(Checked { links: seq, checkpoints: count }))
}
