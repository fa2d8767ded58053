//! What one decision would make of several violations, and whether their agencies would be told: shown before it is made, and changing nothing.

use super::consequences;
use super::decide;
use crate::actions::{Result, Service};
use crate::domain::cases::{DecisionKind, Standing};
use crate::domain::id::ViolationId;
use crate::storage::Tx;
use crate::storage::cases::{items, requests};
use crate::storage::violations::ViolationRecord;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;

/// Whether an agency hears of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// It was never asked, so it hears nothing.
    Unasked,
    /// The decision says nothing new to it.
    Silent,
    /// By mail, when the decision can no longer be taken back.
    Mailed,
    /// When everything else that its request asks for is decided as well.
    WithRequest,
}

/// What a decision would make of one violation.
#[derive(Clone, Debug)]
pub struct Preview {
    /// How it would stand; `None` where its state does not allow the decision.
    pub after: Option<Standing>,
    /// Whether its agency would be told.
    pub telling: Telling,
}

/// What a decision of this kind would make of each of these violations, if it were made on all that allow it. `follow_up_on` is the last day of a
/// correction; the policy's where none is given.
///
/// # Errors
/// When the store fails.
pub async fn preview_decision(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    records: &[ViolationRecord],
    kind: DecisionKind,
    follow_up_on: Option<NaiveDate>,
) -> Result<Vec<Preview>> {
    let follow_up = match follow_up_on {
        Some(day) => Some(day),
        None => decide::default_follow_up(tx, service, now, kind).await?,
    };
    let after = |record: &ViolationRecord| record.standing().decided(kind, now, None, "", None, follow_up).ok();
    let decided: BTreeSet<ViolationId> = records.iter().filter(|r| after(r).is_some()).map(|r| r.id).collect();
    let mut previews = Vec::with_capacity(records.len());
    for record in records {
        previews.push(Preview { after: after(record), telling: telling(tx, record, kind, &decided).await? });
    }
    Ok(previews)
}

async fn telling(
    tx: &mut Tx,
    record: &ViolationRecord,
    kind: DecisionKind,
    decided: &BTreeSet<ViolationId>,
) -> Result<Telling> {
    let mut telling = Telling::Unasked;
    for request in requests::of_violation(tx, record.id).await? {
        if Some(request.agency) != record.agency {
            continue;
        }
        let asked = items::of_request(tx, request.id).await?;
        let closing = asked.iter().filter(|item| decided.contains(&item.violation)).count();
        let open = usize::try_from(items::open(tx, request.id).await?).unwrap_or(usize::MAX);
        let ends = !request.state.is_over() && closing >= open;
        if consequences::is_told(kind, ends) {
            return Ok(Telling::Mailed);
        }
        telling = if consequences::is_told(kind, true) { Telling::WithRequest } else { Telling::Silent };
    }
    Ok(telling)
}
