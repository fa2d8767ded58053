//! Together: whether those who agreed on a joint inspection come together.

use super::context::{Context, FilingFacts};
use super::inputs::Jnt02;
use super::{Inputs, Outcome, Verdict};
use crate::domain::rule::Severity;
use chrono::{DateTime, TimeDelta, Utc};

/// JNT-02 联合后又单独入企 (ext): a member of an agreed joint group arrives on another local date than the group's first arrival,
/// or more than 60 minutes after it. Exempt E01–E03; severity 2.
///
/// Source: RULES part 5. A group is agreed if at least two root agencies filed live inspections under its name. Arrivals are the
/// filings' own: what an enterprise reports of one agency accuses no other. The first arrival is the earliest of the group within 30
/// days before this one; an earlier one belongs to another inspection under the same name.
pub(super) fn jnt_02(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().jnt_02;
    let (Some(group), Some(arrived_at)) = (&f.joint, f.filing.arrived_at) else { return Outcome::CLEAR };
    if f.exempt(&params.exemptions) {
        return Outcome::CLEAR;
    }
    let members = || cx.inspections.iter().filter(|g| g.joint.as_ref() == Some(group));
    if members().all(|g| g.root == f.root) {
        return Outcome::CLEAR;
    }
    let days = TimeDelta::days(i64::from(params.days));
    let own = |g: &FilingFacts<'_>| g.filing.arrived_at.filter(|at| *at <= arrived_at && arrived_at - *at <= days);
    let first = members().filter_map(|g| Some((own(g)?, g.at, g))).min_by_key(|(at, order, _)| (*at, *order));
    let Some((first_at, _, first)) = first else { return Outcome::CLEAR };
    let limit = TimeDelta::minutes(i64::from(params.minutes));
    let day = |at: DateTime<Utc>| cx.registries.zone.local_date(at);
    if day(first_at) == day(arrived_at) && arrived_at - first_at <= limit {
        return Outcome::CLEAR;
    }
    let inputs = Inputs::Jnt02(Jnt02 {
        group: f.filing.joint_group.clone().unwrap_or_default(),
        first: first.filing.id,
        agency: first.filing.agency,
        first_at,
        arrived_at,
        minutes: params.minutes,
    });
    Outcome::raised(Verdict::new(Severity::Warning, inputs))
}

#[cfg(test)]
mod tests;
