//! How many enterprises fit what a request says: where there are few, the agency could tell who reported, however neutral the words are.

use super::hold::rests_on_report;
use crate::actions::Result;
use crate::actions::cases::{DraftItem, Tells};
use crate::domain::id::EnterpriseId;
use crate::domain::reporter::CROWD;
use crate::storage::{Tx, protection};
use std::collections::BTreeSet;

/// What a supervisor is told before sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Care {
    /// Something in it rests on what an enterprise told: it leaves with the next batch.
    pub rests_on_report: bool,
    /// Fewer enterprises than [`CROWD`] fit what it says: how many.
    pub few: Option<i64>,
    /// It names an enterprise that told something of what it asks.
    pub named: bool,
}

/// What is to be told about a draft. The crowd is counted by what its words tell: for a town and a week, the enterprises of that town that the
/// agency visited in that week, by its own filings, the one at hand among them; where the words name the enterprise, this item or another of the
/// draft, it is that one alone.
///
/// # Errors
/// When the store fails.
pub async fn care(tx: &mut Tx, draft: &[DraftItem]) -> Result<Care> {
    let named: BTreeSet<EnterpriseId> =
        draft.iter().filter(|item| item.tells == Tells::Filing).map(|item| item.violation.enterprise).collect();
    let mut care = Care::default();
    for DraftItem { violation, tells, .. } in draft {
        if !rests_on_report(tx, violation).await? {
            continue;
        }
        care.rests_on_report = true;
        let fit = match (tells, violation.agency) {
            (Tells::Week { town, days }, Some(agency)) if !named.contains(&violation.enterprise) => {
                protection::enterprises_visited(tx, agency, *days, town, violation.enterprise).await? + 1
            }
            _ => {
                care.named = true;
                1
            }
        };
        if fit < CROWD && care.few.is_none_or(|few| fit < few) {
            care.few = Some(fit);
        }
    }
    Ok(care)
}
