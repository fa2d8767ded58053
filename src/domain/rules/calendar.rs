//! When: inspections on no-disturb days, outside working hours, and for too long.

use super::context::{Context, FilingFacts, ReportFacts};
use super::inputs::Tim02;
use super::reporting::unreported;
use super::{Inputs, Outcome, Verdict};
use crate::domain::rule::{RuleCode, Severity};
use chrono::{NaiveDate, TimeDelta, Timelike};

/// How many no-disturb days a verdict lists: two months.
const LISTED_DAYS: usize = 62;

/// NDD-01 无扰日检查 (core): some local day of `span(f)` is a no-disturb day. Exempt E01–E12; 2 planned / 3 executed.
///
/// Source: RULES part 4; the district's no-disturb days (无扰日), 8th to 23rd of each month by default.
pub(super) fn ndd_01(_: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    if f.exempt(&f.policy.policy.no_disturb.exemptions) {
        return Outcome::CLEAR;
    }
    let calendar = &f.policy.calendar;
    let (first, last) = (f.first.date, f.last.date);
    let days: Vec<NaiveDate> = if calendar.ranges.is_empty() {
        calendar.extra.range(first..=last).take(LISTED_DAYS).copied().collect()
    } else {
        let touched = std::iter::successors(Some(first), NaiveDate::succ_opt).take_while(|day| *day <= last);
        touched.filter(|day| calendar.is_no_disturb(*day)).take(LISTED_DAYS).collect()
    };
    if days.is_empty() {
        return Outcome::CLEAR;
    }
    Outcome::raised(Verdict::new(f.planned_or_executed(), Inputs::Ndd01 { days, executed: f.executed() }))
}

/// NDD-01 on a report (core): FIL-04 stands at 3 on it and the local date of arrival is a no-disturb day. Severity 3.
///
/// Source: RULES part 4. FIL-04 must be switched on as well.
pub(super) fn ndd_01_on_report(cx: &Context<'_>, r: &ReportFacts<'_>) -> Outcome {
    let day = r.arrived.date();
    if !r.rules().enabled(RuleCode::Fil04) || !r.policy.calendar.is_no_disturb(day) {
        return Outcome::CLEAR;
    }
    match unreported(cx, r) {
        Some(u) if u.severity == Severity::Violation => {
            Outcome::raised(Verdict::new(Severity::Violation, Inputs::Ndd01 { days: vec![day], executed: true }))
        }
        Some(u) => Outcome { verdict: None, until: u.rises_at },
        None => Outcome::CLEAR,
    }
}

/// TIM-01 非工作时间 (ext): arrival, or else the planned start, is before 08:30, from 18:00 on, or not on a working day.
/// Exempt E01–E04, E06, E09, E10; severity 1, and 2 from 22:00 to before 06:00.
///
/// Source: RULES part 4; the hours are parameters.
pub(super) fn tim_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().tim_01;
    if f.exempt(&params.exemptions) {
        return Outcome::CLEAR;
    }
    let local = f.arrival.map_or(f.planned, |a| a.local);
    let (day, time) = (local.date(), local.time());
    let working_day = cx.registries.holidays.is_working_day(day);
    if working_day && params.from <= time && time < params.to {
        return Outcome::CLEAR;
    }
    let at_night = time.hour() >= 22 || time.hour() < 6;
    let severity = if at_night { Severity::Warning } else { Severity::Notice };
    let (from, to, executed) = (params.from, params.to, f.executed());
    Outcome::raised(Verdict::new(severity, Inputs::Tim01 { day, time, from, to, working_day, executed }))
}

/// TIM-02 超时 (ext): left more than 30 minutes after the planned end, or was on site for more than 4 hours. Exempt E01–E04, E06;
/// severity 1.
///
/// Source: RULES part 5. By the filing's own arrival and leaving; who has not left is not late yet.
pub(super) fn tim_02(_: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().tim_02;
    let (Some(arrived_at), Some(left_at)) = (f.filing.arrived_at, f.filing.left_at) else { return Outcome::CLEAR };
    if f.exempt(&params.exemptions) {
        return Outcome::CLEAR;
    }
    let planned_end = f.filing.planned.end();
    let late = (left_at - planned_end > TimeDelta::minutes(i64::from(params.minutes))).then_some(params.minutes);
    let long = (left_at - arrived_at > TimeDelta::hours(i64::from(params.hours))).then_some(params.hours);
    if late.is_none() && long.is_none() {
        return Outcome::CLEAR;
    }
    let inputs = Inputs::Tim02(Tim02 { arrived_at, left_at, planned_end, late, long });
    Outcome::raised(Verdict::new(Severity::Notice, inputs))
}

#[cfg(test)]
mod tests;
