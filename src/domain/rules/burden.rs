//! How much: inspections with cause that become a habit, and what an enterprise bears of all agencies together.

use super::context::{Context, Day, FilingFacts, count};
use super::inputs::{Burden, Frq02, Frq03};
use super::{Inputs, Outcome, Verdict};
use crate::domain::exemption::ExemptionCode;
use crate::domain::id::FilingId;
use crate::domain::rule::Severity;
use chrono::{DateTime, NaiveDate, Utc};

/// FRQ-02 有因检查过频 (ext): more than 6 inspections with cause of a root agency at the enterprise in 365 days, or more than 2
/// on one complaint number. Exempt E01–E03; 1 planned / 2 executed.
///
/// Source: RULES part 5. Counted are those accepted before, not exempt, whose first day is fewer than 365 days from that of this one;
/// on a complaint those of the root agency that claim E04 with the same number, with cause or not. Evidence: the counted ones.
pub(super) fn frq_02(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().frq_02;
    if f.exempt(&params.exemptions) {
        return Outcome::CLEAR;
    }
    let near = |g: &&FilingFacts<'_>| g.first.number.abs_diff(f.first.number) < params.days;
    let earlier = || {
        let before = &cx.inspections[..f.at];
        before.iter().filter(|g| g.root == f.root && !g.exempt(&params.exemptions)).filter(near)
    };
    let verdict = |counted: Vec<FilingId>, max: u32, complaint: Option<String>| {
        let (root, rank, days) = (f.root, count(counted.iter()).saturating_add(1), params.days);
        let inputs = Inputs::Frq02(Frq02 { root, rank, max, days, complaint });
        (rank > max).then(|| Verdict::new(f.notice_or_warning(), inputs).resting_on(counted))
    };
    let on_complaint = complaint(f).and_then(|number| {
        let same = earlier().filter(|g| complaint(g) == Some(number)).map(|g| g.filing.id).collect();
        verdict(same, params.per_complaint, Some(number.to_owned()))
    });
    let with_cause = || {
        let counted = earlier().filter(|g| g.has_cause).map(|g| g.filing.id).collect();
        f.has_cause.then(|| verdict(counted, params.max, None)).flatten()
    };
    Outcome::from_verdict(on_complaint.or_else(with_cause))
}

/// The number of the complaint that it rests on.
fn complaint<'a>(f: &FilingFacts<'a>) -> Option<&'a str> {
    let claim = f.filing.exemption.as_ref().filter(|claim| claim.code == ExemptionCode::E04)?;
    Some(claim.evidence_ref.trim()).filter(|number| !number.is_empty())
}

/// A live filing as a burden: of a joint visit only the earliest accepted weighs as a visit.
pub(super) struct Load {
    id: FilingId,
    order: (DateTime<Utc>, i64),
    first: Day,
    /// In halves: an inspection two, a service visit one, the later ones of a joint visit none.
    halves: u32,
    /// Inspectors and assistants; of a service visit none.
    persons: u32,
}

/// FRQ-03 企业总负担 (ext): the filing with which the visits of a calendar year reach 10 (a joint one counts once, a service
/// visit half), or the inspector-persons of a calendar month 20. Severity 1.
///
/// Source: RULES part 5. A task of coordination, which blames nobody: it concerns no agency. Live filings in order of acceptance,
/// by their first day; the persons of a filing are its inspectors and assistants, each once, of service visits none.
pub(super) fn frq_03(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().frq_03;
    let loads = cx.loads.get_or_init(|| loads(cx));
    let Some(own) = loads.iter().find(|load| load.id == f.filing.id) else { return Outcome::CLEAR };
    let before = |same: fn(Day) -> i32, weight: fn(&Load) -> u32| -> u32 {
        let counted = loads.iter().filter(|g| g.order < own.order && same(g.first) == same(own.first));
        counted.map(weight).fold(0, u32::saturating_add)
    };
    let tips = |before: u32, weight: u32, limit: u32| before < limit && before.saturating_add(weight) >= limit;
    let of_year = before(Day::year, |g| g.halves);
    let of_month = before(|day| day.month, |g| g.persons);
    let first_of = |month: Option<u32>| {
        let day = own.first.date;
        chrono::Datelike::with_day(&day, 1)
            .and_then(|day| month.map_or(Some(day), |m| chrono::Datelike::with_month(&day, m)))
    };
    let reached = |burden, from: Option<NaiveDate>, reached: u32, limit| {
        let inputs = Inputs::Frq03(Frq03 { burden, from: from.unwrap_or(own.first.date), reached, limit });
        Outcome::raised(Verdict::new(Severity::Notice, inputs))
    };
    if tips(of_year, own.halves, params.visits.saturating_mul(2)) {
        reached(Burden::Visits, first_of(Some(1)), of_year + own.halves, params.visits)
    } else if tips(of_month, own.persons, params.persons) {
        reached(Burden::Persons, first_of(None), of_month.saturating_add(own.persons), params.persons)
    } else {
        Outcome::CLEAR
    }
}

fn loads(cx: &Context<'_>) -> Vec<Load> {
    let load = |f: &FilingFacts<'_>, halves, persons| Load {
        id: f.filing.id,
        order: (f.filing.filed_at, f.filing.seq),
        first: f.first,
        halves,
        persons,
    };
    let inspections =
        cx.inspections.iter().map(|f| load(f, if f.joint_before.is_some() { 0 } else { 2 }, count(f.people())));
    inspections.chain(cx.services.iter().map(|f| load(f, 1, 0))).collect()
}

#[cfg(test)]
mod tests;
