//! Filed at all, and in time: before the visit, early enough, and not only by the enterprise.

use super::context::{Context, FilingFacts, ReportFacts};
use super::{Inputs, Outcome, Verdict};
use crate::domain::filing::Kind;
use crate::domain::policy::Phase;
use crate::domain::rule::Severity;
use crate::domain::visit_report::ArrivalKnown;
use chrono::{DateTime, TimeDelta, Utc};

/// FIL-01 提前报备不足 (ext): in phase `at_planning` a daily or special inspection is filed, or rescheduled, fewer than 3
/// working days before its planned start. Exempt E01–E04, E06, E09, E10; severity 1.
///
/// Source: RULES part 4. Working days are counted as in 民法典 201: the day of filing is not counted.
pub(super) fn fil_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().fil_01;
    let due = f.policy.policy.phase == Phase::AtPlanning && matches!(f.filing.kind, Kind::Daily | Kind::Special);
    if !due || f.exempt(&params.exemptions) {
        return Outcome::CLEAR;
    }
    let planned_on = cx.registries.zone.local_date(f.filing.planned_at());
    let first = f.planned.date();
    let working_days = cx.registries.holidays.wdiff(planned_on, first);
    if working_days >= i64::from(params.working_days) {
        return Outcome::CLEAR;
    }
    let (rescheduled, required) = (f.filing.rescheduled_at.is_some(), params.working_days);
    Outcome::raised(Verdict::new(
        Severity::Notice,
        Inputs::Fil01 { planned_on, rescheduled, first, working_days, required },
    ))
}

/// FIL-02 先查后报 (core): anything but an immediate inspection is filed after the arrival. Severity 2 if on the same local
/// date, else 3.
///
/// Source: RULES part 4. A check-in scan that itself opens the filing carries `filed_at = arrival` and is in time.
pub(super) fn fil_02(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let filed_at = f.filing.filed_at;
    match f.arrival {
        Some(arrival) if f.filing.kind != Kind::Immediate && filed_at > arrival.at => {
            let same_day = cx.registries.zone.local_date(filed_at) == arrival.local.date();
            let severity = if same_day { Severity::Warning } else { Severity::Violation };
            let inputs = Inputs::Fil02 { filed_at, arrived_at: arrival.at, report: arrival.report, same_day };
            Outcome::raised(Verdict::new(severity, inputs))
        }
        _ => Outcome::CLEAR,
    }
}

/// FIL-03 即时检查逾期补报 (ext): an immediate inspection is filed more than 24 hours after the arrival. Severity 2, and 3
/// from the end of the third working day after the local date of arrival on.
///
/// Source: RULES part 4.
pub(super) fn fil_03(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().fil_03;
    let filed_at = f.filing.filed_at;
    match f.arrival {
        Some(arrival)
            if f.filing.kind == Kind::Immediate
                && filed_at - arrival.at > TimeDelta::try_hours(i64::from(params.hours)).unwrap_or(TimeDelta::MAX) =>
        {
            let grave_from = cx.end_of_working_day(arrival.local.date(), params.working_days);
            let severity = if filed_at >= grave_from { Severity::Violation } else { Severity::Warning };
            let (arrived_at, report, hours) = (arrival.at, arrival.report, params.hours);
            Outcome::raised(Verdict::new(severity, Inputs::Fil03 { filed_at, arrived_at, report, hours, grave_from }))
        }
        _ => Outcome::CLEAR,
    }
}

/// FIL-04 未报备入企 (core): a report with an agency, not called a service visit, that no filing matches. Severity 1 until
/// the end of the third working day after the arrival; then 3 if the enterprise proved itself and knows the day, else 1.
///
/// Source: RULES part 4.
pub(super) fn fil_04(cx: &Context<'_>, r: &ReportFacts<'_>) -> Outcome {
    let Some(Unreported { severity, deadline, rises_at }) = unreported(cx, r) else { return Outcome::CLEAR };
    let inputs =
        Inputs::Fil04 { day: r.arrived.date(), deadline, verified: r.report.verified, known: r.report.arrival_known };
    let outcome = Outcome::raised(Verdict::new(severity, inputs));
    match rises_at {
        Some(at) => outcome.until(at),
        None => outcome,
    }
}

/// A visit that nobody filed, as FIL-04 sees it.
pub(super) struct Unreported {
    /// How grave it is now.
    pub severity: Severity,
    /// The end of the days in which a late filing still matches.
    pub deadline: DateTime<Utc>,
    /// When it will be graver, if it will.
    pub rises_at: Option<DateTime<Utc>>,
}

/// Whether FIL-04 fires on this report, switched on or not.
pub(super) fn unreported(cx: &Context<'_>, r: &ReportFacts<'_>) -> Option<Unreported> {
    if r.report.agency.is_none() || r.report.service || r.filing.is_some() {
        return None;
    }
    let deadline = cx.end_of_working_day(r.arrived.date(), r.rules().fil_04.working_days);
    let passed = cx.now >= deadline;
    // An enterprise that does not know the day cannot tell whether that day was filed.
    let grave = r.report.verified && r.report.arrival_known != ArrivalKnown::Nothing;
    let severity = if passed && grave { Severity::Violation } else { Severity::Notice };
    Some(Unreported { severity, deadline, rises_at: (!passed && grave).then_some(deadline) })
}

#[cfg(test)]
mod tests;
