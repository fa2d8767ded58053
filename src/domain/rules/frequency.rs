//! Too often: visits in a day, week or month, inspections in a year, and inspections that keep finding nothing.

use super::context::{Context, FilingFacts, count};
use super::keys::{Executed, Key, trace};
use super::{Exceeded, Inputs, Outcome, Period, Verdict};
use crate::domain::filing::VisitResult;
use crate::domain::id::FilingId;
use crate::domain::policy::Codes;
use crate::domain::rule::Severity;
use chrono::Datelike;

/// DUP-03 短期密集 (core): more than 1 visit on the local day, 2 in the ISO week or 3 in the calendar month of the first
/// day. Exempt E01–E03; severity 2, and 3 if it is the third or later of its day.
///
/// Source: RULES part 4. Inspections of one joint group that begin on the same day are one visit, which the earliest
/// filed stands for. Visits with cause count for the day only. Evidence: the visits counted before it in the exceeded
/// periods.
pub(super) fn dup_03(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().dup_03;
    let exemptions = &params.exemptions;
    if f.has_cause || f.exempt(exemptions) || !stands_for_its_visit(cx, f.at, exemptions) {
        return Outcome::CLEAR;
    }
    let key = cx.key(f);
    let (mut day, mut week, mut month) = (0, 0, 0);
    let visits = || {
        let near = |g: &Key| g.month == key.month || g.week == key.week;
        let earlier = cx.keys_before(f).iter().enumerate().filter(move |(_, g)| near(g));
        earlier.filter(|(at, g)| !g.exempt(exemptions) && stands_for_its_visit(cx, *at, exemptions))
    };
    for (_, g) in visits() {
        let without_cause = u32::from(!g.has_cause);
        day += u32::from(g.first == key.first);
        week += u32::from(g.week == key.week) * without_cause;
        month += u32::from(g.month == key.month) * without_cause;
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
    let counted = |g: &Key| {
        exceeded.iter().any(|e| match e.period {
            Period::Day => g.first == key.first,
            Period::Week => g.week == key.week && !g.has_cause,
            Period::Month => g.month == key.month && !g.has_cause,
        })
    };
    let evidence = visits().filter(|(_, g)| counted(g)).map(|(at, _)| cx.inspections[at].filing.id).collect();
    let day_rank = day + 1;
    let severity = if day_rank >= 3 { Severity::Violation } else { Severity::Warning };
    let inputs = Inputs::Dup03 { day: f.first.date, day_rank, exceeded };
    Outcome::raised(Verdict::new(severity, inputs).resting_on(evidence))
}

/// Whether no earlier-filed inspection, itself not exempt, is part of the same visit as this one.
fn stands_for_its_visit(cx: &Context<'_>, at: usize, exemptions: &Codes) -> bool {
    let mut before = cx.inspections[at].joint_before;
    while let Some(g) = before.map(|at| &cx.inspections[at]) {
        if !g.exempt(exemptions) {
            return false;
        }
        before = g.joint_before;
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
    let counts = |g: &Key| !g.has_cause && g.joint == 0 && !g.exempt(&params.exemptions);
    let key = cx.key(f);
    if !counts(key) {
        return Outcome::CLEAR;
    }
    let same = |(_, g): &(usize, &Key)| g.root == key.root && g.year == key.year && counts(g);
    let earlier = || cx.keys_before(f).iter().enumerate().filter(same);
    let rank = count(earlier()).saturating_add(1);
    if rank <= cap {
        return Outcome::CLEAR;
    }
    let evidence = earlier().map(|(at, _)| cx.inspections[at].filing.id).collect();
    let year = key.year;
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
    let planned_on = i64::from(f.planned.date().num_days_from_ce());
    let within = |e: &&Executed| (0..i64::from(params.days)).contains(&(planned_on - i64::from(e.day)));
    for cert_no in f.inspectors() {
        let bit = trace(cert_no.as_bytes());
        let last: Vec<&FilingFacts<'_>> = cx
            .executed
            .iter()
            .filter(|e| e.inspectors & bit != 0)
            .filter(within)
            .map(|e| &cx.inspections[e.at])
            .filter(|g| g.filing.inspectors.iter().any(|c| c == cert_no))
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
