//! Who: enough inspectors, with valid certificates of the right agency.

use super::context::{Context, FilingFacts, count};
use super::{Inputs, InspectorFault, InvalidInspector, Outcome, Verdict};

/// PER-01 人员不足 (ext): fewer than 2 distinct inspectors that are valid by PER-02. 2 planned / 3 executed.
///
/// Source: RULES part 4; 行政处罚法 art. 42: no fewer than two.
pub(super) fn per_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let min = f.rules().per_01.min;
    let valid = count(f.inspectors().filter(|cert| fault(cx, f, cert).is_none()));
    if valid >= min {
        return Outcome::CLEAR;
    }
    let inputs = Inputs::Per01 { named: f.inspector_count(), valid, min, executed: f.executed() };
    Outcome::raised(Verdict::new(f.planned_or_executed(), inputs))
}

/// PER-02 证件无效 (ext): some inspector is not in the registry, of another root agency (unless in a joint group),
/// suspended, or on the first day outside the validity of the certificate. 2 planned / 3 executed.
///
/// Source: RULES part 4.
pub(super) fn per_02(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let invalid: Vec<InvalidInspector> = f
        .inspectors()
        .filter_map(|cert| Some(InvalidInspector { fault: fault(cx, f, cert)?, cert_no: cert.to_owned() }))
        .collect();
    if invalid.is_empty() {
        return Outcome::CLEAR;
    }
    let inputs = Inputs::Per02 { day: f.first.date, invalid, executed: f.executed() };
    Outcome::raised(Verdict::new(f.planned_or_executed(), inputs))
}

/// Why this inspector is not valid for this inspection.
fn fault(cx: &Context<'_>, f: &FilingFacts<'_>, cert_no: &str) -> Option<InspectorFault> {
    let Some(inspector) = cx.inspector(cert_no) else { return Some(InspectorFault::Unknown) };
    let of_the_agency = || inspector.agency == f.filing.agency || cx.registries.root(inspector.agency) == f.root;
    if f.joint.is_none() && !of_the_agency() {
        Some(InspectorFault::OtherAgency)
    } else if inspector.suspended {
        Some(InspectorFault::Suspended)
    } else if inspector.valid_on(f.first.date) {
        None
    } else if f.first.date < inspector.valid_from {
        Some(InspectorFault::NotYetValid)
    } else {
        Some(InspectorFault::Expired)
    }
}

#[cfg(test)]
mod tests;
