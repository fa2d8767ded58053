//! What: only matters that the agency has published.

use super::context::{Context, FilingFacts};
use super::{Inputs, MatterFault, Outcome, UnpublishedMatter, Verdict};
use crate::domain::agency::Matter;

/// SCO-02 未公布事项 (ext): some matter is not on the agency's published list on the first day. 2 planned / 3 executed.
///
/// Source: RULES part 4. A list is published by an authority and serves its teams and stations: what one agency of a root
/// has published, every agency of that root may inspect.
pub(super) fn sco_02(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let matters: Vec<UnpublishedMatter> = f
        .filing
        .matters
        .iter()
        .zip(&f.matters)
        .filter_map(|(id, known)| Some(UnpublishedMatter { matter: *id, fault: fault(cx, f, *known)? }))
        .collect();
    if matters.is_empty() {
        return Outcome::CLEAR;
    }
    let inputs = Inputs::Sco02 { day: f.first.date, matters, executed: f.executed() };
    Outcome::raised(Verdict::new(f.planned_or_executed(), inputs))
}

/// Why this matter is not on the list.
fn fault(cx: &Context<'_>, f: &FilingFacts<'_>, matter: Option<&Matter>) -> Option<MatterFault> {
    let Some(matter) = matter else { return Some(MatterFault::Unknown) };
    if matter.agency != f.filing.agency && cx.registries.root(matter.agency) != f.root {
        Some(MatterFault::OtherAgency)
    } else if matter.published_on(f.first.date) {
        None
    } else if f.first.date < matter.published_from {
        Some(MatterFault::NotYet)
    } else {
        Some(MatterFault::NoLonger)
    }
}

#[cfg(test)]
mod tests;
