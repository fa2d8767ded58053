//! Who: enough inspectors, not too many people, with valid certificates of the right agency.

use super::context::{Context, FilingFacts, count};
use super::inputs::{Per03, Per04};
use super::{Inputs, InspectorFault, InvalidInspector, Outcome, Verdict};
use crate::domain::inspector::InspectorKind;

/// PER-01 人员不足 (ext): fewer than 2 distinct inspectors that are valid by PER-02. 2 planned / 3 executed.
///
/// Source: RULES part 4; 行政处罚法 art. 42: no fewer than two. Assistants are no inspectors.
pub(super) fn per_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let min = f.rules().per_01.min;
    let named = officers(cx, f);
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
/// Source: RULES part 4. An assistant (辅助人员) by the registry is no inspector: PER-04 looks at those.
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

/// PER-03 人数过多 (ext): more than 5 people, inspectors and assistants together, each once; of a joint inspection more than 12
/// together with those of its group on the same first day that were accepted before it. Exempt E01–E03; 1 planned / 2 executed.
///
/// Source: RULES part 5. Of a joint inspection only the larger limit counts.
pub(super) fn per_03(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().per_03;
    if f.exempt(&params.exemptions) {
        return Outcome::CLEAR;
    }
    let joint = f.joint.is_some();
    let (people, max) = if joint {
        let mut people: Vec<&str> = f.people().collect();
        let mut before = f.joint_before;
        while let Some(g) = before.map(|at| &cx.inspections[at]) {
            let more: Vec<&str> = g.people().filter(|person| !people.contains(person)).collect();
            people.extend(more);
            before = g.joint_before;
        }
        (count(people.iter()), params.joint_max)
    } else {
        (count(f.people()), params.max)
    };
    if people <= max {
        return Outcome::CLEAR;
    }
    let inputs = Inputs::Per03(Per03 { people, max, joint, executed: f.executed() });
    Outcome::raised(Verdict::new(f.notice_or_warning(), inputs))
}

/// PER-04 无证人员单独入企 (ext): assistants come, and no officer that is valid by PER-02. 2 planned / 3 executed.
///
/// Source: RULES part 5; 行政处罚法 art. 42. An assistant is who is filed as one, or is one by the registry.
pub(super) fn per_04(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let officers = officers(cx, f);
    let assistants = count(f.people()).saturating_sub(officers);
    let valid = officers.saturating_sub(count(invalid(cx, f).iter()));
    if assistants == 0 || valid > 0 {
        return Outcome::CLEAR;
    }
    let inputs = Inputs::Per04(Per04 { assistants, officers, executed: f.executed() });
    Outcome::raised(Verdict::new(f.planned_or_executed(), inputs))
}

/// Whether this is an assistant by the registry.
fn assistant(cx: &Context<'_>, cert_no: &str) -> bool {
    cx.registries.inspectors.get(cert_no).is_some_and(|inspector| inspector.kind == InspectorKind::Assistant)
}

/// How many distinct inspectors it names that are not assistants.
fn officers(cx: &Context<'_>, f: &FilingFacts<'_>) -> u32 {
    count(f.inspectors().filter(|cert| !assistant(cx, cert)))
}

/// Its inspectors that are not valid, each once, with the reason.
fn invalid<'f, 'a>(cx: &Context<'_>, f: &'f FilingFacts<'a>) -> &'f [(&'a str, InspectorFault)] {
    f.invalid.get_or_init(|| {
        let officers = f.inspectors().filter(|cert| !assistant(cx, cert));
        officers.filter_map(|cert| Some((cert, fault(cx, f, cert)?))).collect()
    })
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
