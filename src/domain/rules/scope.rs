//! What and where: only matters that the agency has published and filed, only in its area.

use super::context::{Context, FilingFacts};
use super::inputs::{Sco01, Sco03};
use super::{Inputs, MatterFault, Outcome, UnpublishedMatter, Verdict};
use crate::domain::agency::Matter;
use crate::domain::id::MatterId;
use crate::domain::rule::Severity;

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

/// SCO-01 超范围 (ext): what was inspected, by the uploaded result or by the matched report, includes a matter that was not filed.
/// Severity 2.
///
/// Source: RULES part 5. Neither the result nor a report needs to name matters.
pub(super) fn sco_01(_: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let not_filed = |matter: &&MatterId| !f.filing.matters.contains(matter);
    let mut matters: Vec<MatterId> = f.filing.matters_inspected.iter().filter(not_filed).copied().collect();
    let mut report = None;
    if let Some(told) = f.report {
        for matter in told.matters.iter().filter(not_filed) {
            if !matters.contains(matter) {
                matters.push(*matter);
                report = Some(told.id);
            }
        }
    }
    if matters.is_empty() {
        return Outcome::CLEAR;
    }
    Outcome::raised(Verdict::new(Severity::Warning, Inputs::Sco01(Sco01 { matters, report })))
}

/// SCO-03 越权异地 (ext): the enterprise's town is not in the agency's area. Exempt E05, E12, and whoever comes in a joint group;
/// 2 planned / 3 executed.
///
/// Source: RULES part 5; 行政处罚法 art. 22. An agency without a list of towns, and an enterprise without a town, are everywhere.
/// Blanks around names do not count.
pub(super) fn sco_03(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let Some(agency) = cx.registries.agencies.get(&f.filing.agency) else { return Outcome::CLEAR };
    let town = cx.enterprise.town.trim();
    let inside = agency.areas.is_empty() || town.is_empty() || agency.areas.iter().any(|area| area.trim() == town);
    if inside || f.joint.is_some() || f.exempt(&f.rules().sco_03.exemptions) {
        return Outcome::CLEAR;
    }
    let areas = agency.areas.iter().take(LISTED_AREAS).cloned().collect();
    let inputs = Inputs::Sco03(Sco03 { town: town.to_owned(), areas, executed: f.executed() });
    Outcome::raised(Verdict::new(f.planned_or_executed(), inputs))
}

/// How many towns a verdict lists.
const LISTED_AREAS: usize = 12;

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
