//! Who: enough inspectors, with valid certificates of the right agency.

use super::context::{Context, FilingFacts, count};
use super::{Inputs, InspectorFault, InvalidInspector, Outcome, Verdict};

/// PER-01 人员不足 (ext): fewer than 2 distinct inspectors that are valid by PER-02. 2 planned / 3 executed.
///
/// Source: RULES part 4; 行政处罚法 art. 42: no fewer than two.
pub(super) fn per_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let min = f.rules().per_01.min;
    let named = f.inspector_count();
    let valid = named.saturating_sub(count(invalid(cx, f).iter()));
    if valid >= min {
        return Outcome::CLEAR;
    }
    let inputs = Inputs::Per01 { named, valid, min, executed: f.executed() };
    Outcome::raised(Verdict::new(f.planned_or_executed(), inputs))
}

/// PER-02 证件无效 (ext): some inspector is not in the registry, of another root agency (unless in a joint group),
/// suspended, or on the first day outside the validity of the certificate. 2 planned / 3 executed.
///
/// Source: RULES part 4.
pub(super) fn per_02(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let invalid = invalid(cx, f);
    if invalid.is_empty() {
        return Outcome::CLEAR;
    }
    let invalid = invalid.iter().map(|(cert, fault)| InvalidInspector { cert_no: (*cert).to_owned(), fault: *fault });
    let invalid = invalid.collect();
    let inputs = Inputs::Per02 { day: f.first.date, invalid, executed: f.executed() };
    Outcome::raised(Verdict::new(f.planned_or_executed(), inputs))
}

/// Its inspectors that are not valid, each once, with the reason.
fn invalid<'f, 'a>(cx: &Context<'_>, f: &'f FilingFacts<'a>) -> &'f [(&'a str, InspectorFault)] {
    f.invalid.get_or_init(|| f.inspectors().filter_map(|cert| Some((cert, fault(cx, f, cert)?))).collect())
}

/// Why this inspector is not valid for this inspection.
fn fault(cx: &Context<'_>, f: &FilingFacts<'_>, cert_no: &str) -> Option<InspectorFault> {
    let Some(inspector) = cx.registries.inspectors.get(cert_no) else { return Some(InspectorFault::Unknown) };
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
