//! Too soon again: two inspections that look at the same thing within days.

use super::context::{Context, FilingFacts};
use super::keys::Key;
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
    let (key, matters) = (cx.key(f), &f.filing.matters);
    let perhaps = |g: &Key| g.root == key.root && g.matters & key.matters != 0;
    let related = |g: &FilingFacts<'_>| matters.iter().any(|m| g.filing.matters.contains(m));
    Outcome::from_verdict(repetition(cx, f, (params.days, &params.exemptions), perhaps, related, |nearest, g| {
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
    let key = cx.key(f);
    let perhaps = |g: &Key| g.root != key.root && g.groups & key.groups != 0;
    let related = |g: &FilingFacts<'_>| f.groups().any(|group| g.groups().any(|of_g| of_g == group));
    Outcome::from_verdict(repetition(cx, f, (params.days, &params.exemptions), perhaps, related, |nearest, g| {
        let shared: BTreeSet<&str> = f.groups().filter(|group| g.groups().any(|of_g| of_g == *group)).collect();
        Inputs::Dup02 { nearest, groups: shared.into_iter().map(str::to_owned).collect(), executed: f.executed() }
    }))
}

/// What the two rules have in common. `perhaps` is quick and may only be wrong in saying yes, `related` decides.
fn repetition<'a, 'c>(
    cx: &'c Context<'a>,
    f: &FilingFacts<'_>,
    (limit, exemptions): (u32, &Codes),
    perhaps: impl Fn(&Key) -> bool,
    related: impl Fn(&FilingFacts<'a>) -> bool,
    inputs: impl FnOnce(Nearest, &FilingFacts<'a>) -> Inputs,
) -> Option<Verdict> {
    if f.has_cause || f.exempt(exemptions) {
        return None;
    }
    let key = cx.key(f);
    let mut evidence: Vec<FilingId> = Vec::new();
    let mut nearest: Option<(i64, &'c FilingFacts<'a>)> = None;
    for (at, g) in cx.keys_before(f).iter().enumerate() {
        let gap = gap(g, key);
        if gap >= i64::from(limit) || !perhaps(g) || g.has_cause || g.joint_with(key) || g.exempt(exemptions) {
            continue;
        }
        let g = &cx.inspections[at];
        if related(g) {
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
fn gap(g: &Key, f: &Key) -> i64 {
    let (a, b) = if g.first <= f.first { (g, f) } else { (f, g) };
    (i64::from(b.first) - i64::from(a.last)).max(0)
}

#[cfg(test)]
mod tests;
