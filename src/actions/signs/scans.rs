//! Scans: counted in memory, so that opening a page writes nothing, and put into the store every few seconds. Nothing is known of who scanned.

use crate::actions::{Actor, Result, Service, audit};
use crate::domain::id::SignId;
use crate::domain::sign::SignState;
use crate::storage::{Tx, sign_scans};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Scans of one sign on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scans {
    /// How many.
    pub count: i64,
    /// The first of them.
    pub first: DateTime<Utc>,
    /// The last of them.
    pub last: DateTime<Utc>,
}

/// What was scanned since the last time that it was put into the store. Cheap to clone. A process that is killed loses a few seconds of it.
#[derive(Clone, Debug, Default)]
pub struct ScanCounter(Arc<Mutex<BTreeMap<(SignId, NaiveDate), Scans>>>);

impl ScanCounter {
    /// Counts a scan at `now`, which is on the local date `day`.
    pub fn note(&self, sign: SignId, day: NaiveDate, now: DateTime<Utc>) {
        self.add(sign, day, Scans { count: 1, first: now, last: now });
    }

    /// Takes at most `most` of what was counted, in the order of the signs: two processes never wait for each other crosswise.
    #[must_use]
    pub fn take(&self, most: usize) -> Vec<(SignId, NaiveDate, Scans)> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<_> = counted.keys().take(most).copied().collect();
        keys.into_iter().filter_map(|key| counted.remove(&key).map(|scans| (key.0, key.1, scans))).collect()
    }

    /// Puts back what could not be stored.
    pub fn give_back(&self, taken: Vec<(SignId, NaiveDate, Scans)>) {
        for (sign, day, scans) in taken {
            self.add(sign, day, scans);
        }
    }

    fn add(&self, sign: SignId, day: NaiveDate, more: Scans) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted
            .entry((sign, day))
            .and_modify(|scans| {
                scans.count += more.count;
                scans.first = scans.first.min(more.first);
                scans.last = scans.last.max(more.last);
            })
            .or_insert(more);
    }
}

/// Stores scans that were counted; the first scan of a sign makes it active.
///
/// # Errors
/// When the store fails.
pub async fn record_scans(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    counted: &[(SignId, NaiveDate, Scans)],
) -> Result<()> {
    for (sign, day, scans) in counted {
        let Some(state) = sign_scans::seen(tx, *sign, scans.first, scans.last).await? else { continue };
        sign_scans::add(tx, *sign, *day, scans.count).await?;
        let waits = matches!(state, SignState::Generated | SignState::Printed | SignState::Issued);
        if waits && sign_scans::activate(tx, *sign).await? {
            let detail = json!({ "from": state, "scanned_at": scans.first });
            audit::record(tx, service, now, &Actor::System, "sign.activated", ("sign", sign.0), detail).await?;
        }
    }
    Ok(())
}
