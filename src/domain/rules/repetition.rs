//! Too soon again: two inspections that look at the same thing within days.

use super::context::{Context, FilingFacts};
use super::{Inputs, Nearest, Outcome, Verdict};
use crate::domain::id::FilingId;
use crate::domain::policy::Codes;
use std::collections::BTreeSet;

/// DUP-01 同部门重复 (core): an earlier-filed live inspection of the same root agency shares a matter and `gap < 60`,
/// neither has cause, not of one joint group. Exempt on either side E01–E04, E06, E08–E10; 2 planned / 3 executed.
///
/// Source: RULES part 4. Evidence: all such filings.
pub(super) fn dup_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().dup_01;
    let matters = &f.filing.matters;
    let related = |g: &FilingFacts<'_>| g.root == f.root && matters.iter().any(|m| g.filing.matters.contains(m));
    Outcome::from_verdict(repetition(cx, f, params.days, &params.exemptions, related, |nearest, g| {
        let shared: BTreeSet<_> = matters.iter().filter(|m| g.filing.matters.contains(m)).copied().collect();
        Inputs::Dup01 { nearest, matters: shared.into_iter().collect(), executed: f.executed() }
    }))
}

/// DUP-02 跨部门同事项重复 (core): as DUP-01, but of different root agencies, sharing a matter group, and `gap < 30`.
/// Exempt on either side E01–E04, E06, E09, E10; 2 planned / 3 executed.
///
/// Source: RULES part 4. Evidence: all such filings.
pub(super) fn dup_02(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().dup_02;
    let related = |g: &FilingFacts<'_>| g.root != f.root && f.groups.iter().any(|name| g.groups.contains(name));
    Outcome::from_verdict(repetition(cx, f, params.days, &params.exemptions, related, |nearest, g| {
        let shared: BTreeSet<&str> = f.groups.iter().filter(|name| g.groups.contains(name)).copied().collect();
        Inputs::Dup02 { nearest, groups: shared.into_iter().map(str::to_owned).collect(), executed: f.executed() }
    }))
}

/// What the two rules have in common.
fn repetition<'a, 'c>(
    cx: &'c Context<'a>,
    f: &FilingFacts<'_>,
    limit: u32,
    exemptions: &Codes,
    related: impl Fn(&FilingFacts<'a>) -> bool,
    inputs: impl FnOnce(Nearest, &FilingFacts<'a>) -> Inputs,
) -> Option<Verdict> {
    if f.has_cause || f.exempt(exemptions) {
        return None;
    }
    let mut evidence: Vec<FilingId> = Vec::new();
    let mut nearest: Option<(i64, &'c FilingFacts<'a>)> = None;
    for g in cx.before(f) {
        let gap = gap(g, f);
        if gap < i64::from(limit) && !g.has_cause && related(g) && !f.joint_with(g) && !g.exempt(exemptions) {
            evidence.push(g.filing.id);
            if nearest.is_none_or(|(least, _)| gap < least) {
                nearest = Some((gap, g));
            }
        }
    }
    let (gap, g) = nearest?;
    let (filing, agency) = (g.filing.id, g.filing.agency);
    let nearest = Nearest { filing, agency, first: g.first.date, last: g.last.date, gap, limit };
    Some(Verdict::new(f.planned_or_executed(), inputs(nearest, g)).resting_on(evidence))
}

/// `gap(f, g)` in days, of which `g` is filed earlier: from the last day of the one that starts earlier to the first of
/// the other, 0 if they overlap.
fn gap(g: &FilingFacts<'_>, f: &FilingFacts<'_>) -> i64 {
    let (a, b) = if g.first.number <= f.first.number { (g, f) } else { (f, g) };
    (i64::from(b.first.number) - i64::from(a.last.number)).max(0)
}

#[cfg(test)]
mod tests;
