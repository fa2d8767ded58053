//! Too often: visits in a day, week or month, inspections in a year, and inspections that keep finding nothing.

use super::context::{Context, FilingFacts, count};
use super::{Exceeded, Inputs, Outcome, Period, Verdict};
use crate::domain::filing::VisitResult;
use crate::domain::id::FilingId;
use crate::domain::policy::Codes;
use crate::domain::violation::Severity;

/// DUP-03 短期密集 (core): more than 1 visit on the local day, 2 in the ISO week or 3 in the calendar month of the first
/// day. Exempt E01–E03; severity 2, and 3 if it is the third or later of its day.
///
/// Source: RULES part 4. Inspections of one joint group that begin on the same day are one visit, which the earliest
/// filed stands for. Visits with cause count for the day only. Evidence: the visits counted before it in the exceeded
/// periods.
pub(super) fn dup_03(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().dup_03;
    let exemptions = &params.exemptions;
    if f.has_cause || f.exempt(exemptions) || !stands_for_its_visit(cx, f, exemptions) {
        return Outcome::CLEAR;
    }
    let (mut day, mut week, mut month) = (0, 0, 0);
    let visits = || cx.before(f).iter().filter(|g| near(g, f)).filter(|g| is_visit(cx, g, exemptions));
    for g in visits() {
        let planned_visit = u32::from(!g.has_cause);
        day += u32::from(g.first.number == f.first.number);
        week += u32::from(g.first.week == f.first.week) * planned_visit;
        month += u32::from(g.first.month == f.first.month) * planned_visit;
    }
    let exceeded: Vec<Exceeded> =
        [(Period::Day, day, params.day), (Period::Week, week, params.week), (Period::Month, month, params.month)]
            .into_iter()
            .filter(|(_, before, limit)| before >= limit)
            .map(|(period, before, limit)| Exceeded { period, before, limit })
            .collect();
    if exceeded.is_empty() {
        return Outcome::CLEAR;
    }
    let counted = |g: &FilingFacts<'_>| {
        exceeded.iter().any(|e| match e.period {
            Period::Day => g.first.number == f.first.number,
            Period::Week => g.first.week == f.first.week && !g.has_cause,
            Period::Month => g.first.month == f.first.month && !g.has_cause,
        })
    };
    let evidence = visits().filter(|g| counted(g)).map(|g| g.filing.id).collect();
    let day_rank = day + 1;
    let severity = if day_rank >= 3 { Severity::Violation } else { Severity::Warning };
    let inputs = Inputs::Dup03 { day: f.first.date, day_rank, exceeded };
    Outcome::raised(Verdict::new(severity, inputs).resting_on(evidence))
}

/// Whether both are in the same week or month.
fn near(g: &FilingFacts<'_>, f: &FilingFacts<'_>) -> bool {
    g.first.month == f.first.month || g.first.week == f.first.week
}

/// Whether it is counted as a visit of its own.
fn is_visit(cx: &Context<'_>, g: &FilingFacts<'_>, exemptions: &Codes) -> bool {
    !g.exempt(exemptions) && stands_for_its_visit(cx, g, exemptions)
}

/// Whether no earlier-filed inspection, itself not exempt, is part of the same visit.
fn stands_for_its_visit(cx: &Context<'_>, f: &FilingFacts<'_>, exemptions: &Codes) -> bool {
    let mut at = f.joint_before;
    while let Some(g) = at.map(|i| &cx.inspections[i]) {
        if !g.exempt(exemptions) {
            return false;
        }
        at = g.joint_before;
    }
    true
}

/// FRQ-01 年度频次超限 (ext): the rank among the root agency's inspections at the enterprise in the calendar year of the
/// first day exceeds the cap of the credit class (A 1, B 2, C 3, D none, unclassified 2). Exempt E05; 2 planned / 3 executed.
///
/// Source: RULES part 4. With cause, exempt and joint ones are neither counted nor flagged. Evidence: the counted ones
/// before it.
pub(super) fn frq_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().frq_01;
    let credit_class = cx.enterprise.credit_class;
    let Some(cap) = params.cap(credit_class) else { return Outcome::CLEAR };
    let counts = |g: &FilingFacts<'_>| !g.has_cause && g.joint.is_none() && !g.exempt(&params.exemptions);
    if !counts(f) {
        return Outcome::CLEAR;
    }
    let year = f.first.year();
    let same = |g: &&FilingFacts<'_>| g.root == f.root && g.first.year() == year && counts(g);
    let rank = count(cx.before(f).iter().filter(same)).saturating_add(1);
    if rank <= cap {
        return Outcome::CLEAR;
    }
    let evidence = cx.before(f).iter().filter(same).map(|g| g.filing.id).collect();
    let inputs = Inputs::Frq01 { year, root: f.root, rank, cap, credit_class, executed: f.executed() };
    Outcome::raised(Verdict::new(f.planned_or_executed(), inputs).resting_on(evidence))
}

/// LOW-01 低效检查 (ext): planned without cause, and for some of its inspectors the last 3 executed inspections at the
/// enterprise that the inspector took part in, within 365 days before, all had result `no_problem`. Severity 1.
///
/// Source: RULES part 4. The days go from the local date of arrival to the first planned day, that day excluded.
pub(super) fn low_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().low_01;
    let wanted = usize::try_from(params.count).unwrap_or(usize::MAX);
    if f.has_cause || f.executed() || cx.executed.len() < wanted || wanted == 0 {
        return Outcome::CLEAR;
    }
    let planned_on = f.planned.date();
    let within = |g: &FilingFacts<'_>| {
        g.arrival.is_some_and(|a| {
            let days = (planned_on - a.local.date()).num_days();
            0 <= days && days < i64::from(params.days)
        })
    };
    for cert_no in f.inspectors() {
        let last: Vec<&FilingFacts<'_>> = cx
            .executed
            .iter()
            .map(|at| &cx.inspections[*at])
            .filter(|g| within(g) && g.filing.inspectors.iter().any(|c| c == cert_no))
            .take(wanted)
            .collect();
        if last.len() == wanted && last.iter().all(|g| g.filing.result == Some(VisitResult::NoProblem)) {
            let inspections: Vec<FilingId> = last.iter().map(|g| g.filing.id).collect();
            let inputs = Inputs::Low01 { cert_no: cert_no.to_owned(), inspections, days: params.days };
            return Outcome::raised(Verdict::new(Severity::Notice, inputs));
        }
    }
    Outcome::CLEAR
}

#[cfg(test)]
mod tests;
