//! What is owed after filing: the grounds of an exemption, the result, and the same story on both ends.

use super::context::{Context, FilingFacts, count};
use super::{Difference, Inputs, Outcome, Verdict};
use crate::domain::exemption::ExemptionCode;
use crate::domain::rule::Severity;
use crate::domain::visit_report::ArrivalKnown;
use chrono::{DateTime, TimeDelta, Utc};

/// EXM-01 例外依据缺失 (ext): an exemption is claimed with fewer than 10 characters of reason or without evidence
/// reference; of the emergencies E01–E03 and E10 only from the end of the third working day after the first day on.
/// Severity 2.
///
/// Source: RULES part 4. Blanks around reason and reference do not count.
pub(super) fn exm_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().exm_01;
    let Some(claim) = &f.filing.exemption else { return Outcome::CLEAR };
    let reason_chars = count(claim.reason.trim().chars());
    let evidence_missing = claim.evidence_ref.trim().is_empty();
    if reason_chars >= params.min_chars && !evidence_missing {
        return Outcome::CLEAR;
    }
    let verdict = |deadline| {
        let (code, min_chars) = (claim.code, params.min_chars);
        Verdict::new(Severity::Warning, Inputs::Exm01 { code, reason_chars, min_chars, evidence_missing, deadline })
    };
    if matches!(claim.code, ExemptionCode::E01 | ExemptionCode::E02 | ExemptionCode::E03 | ExemptionCode::E10) {
        let deadline = cx.end_of_working_day(f.first.date, params.working_days);
        cx.once_passed(deadline, || verdict(Some(deadline)))
    } else {
        Outcome::raised(verdict(None))
    }
}

/// RES-01 结果未上传 (ext): executed, without result, and the end of the fifth working day after leaving (or else after the
/// last planned day) has passed. Severity 2.
///
/// Source: RULES part 4.
pub(super) fn res_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    if !f.executed() || f.filing.result.is_some() {
        return Outcome::CLEAR;
    }
    let zone = cx.registries.zone;
    let left = f.filing.left_at.is_some();
    let day = f.filing.left_at.map_or_else(|| f.filing.planned.last(zone), |at| zone.local_date(at));
    let deadline = cx.end_of_working_day(day, f.rules().res_01.working_days);
    cx.once_passed(deadline, || Verdict::new(Severity::Warning, Inputs::Res01 { day, left, deadline }))
}

/// REC-01 两端不一致 (ext): of a matched pair the local dates of arrival differ (the filing's arrival, else its planned
/// start), or both arrivals are known and more than 30 minutes apart, or the number of visitors is known and not that of
/// the inspectors and assistants. Severity 1, and 2 if there were more visitors than inspectors.
///
/// Source: RULES part 4. The subject is the filing.
pub(super) fn rec_01(_: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let (Some(report), Some(report_local)) = (f.report, f.report_arrived) else { return Outcome::CLEAR };
    let minutes = f.rules().rec_01.minutes;
    let limit = TimeDelta::try_minutes(i64::from(minutes)).unwrap_or(TimeDelta::MAX);
    let (known, inspectors) = (report.arrival_known, count(f.people()));
    let apart = |at: DateTime<Utc>| (report.arrived_at - at).abs() > limit;
    let differences: Vec<Difference> = [
        (Difference::Date, known != ArrivalKnown::Nothing && report_local.date() != f.own_start.date()),
        (Difference::Time, f.filing.arrived_at.filter(|_| known == ArrivalKnown::Time).is_some_and(apart)),
        (Difference::Visitors, report.visitors.is_some_and(|n| n != inspectors)),
    ]
    .into_iter()
    .filter_map(|(difference, differs)| differs.then_some(difference))
    .collect();
    if differences.is_empty() {
        return Outcome::CLEAR;
    }
    let severity = if report.visitors.is_some_and(|n| n > inspectors) { Severity::Warning } else { Severity::Notice };
    let inputs = Inputs::Rec01 {
        report: report.id,
        filing_at: f.filing.arrived_at.unwrap_or(f.filing.planned.start()),
        filing_arrived: f.filing.arrived_at.is_some(),
        report_at: report.arrived_at,
        known,
        inspectors,
        visitors: report.visitors,
        differences,
        minutes,
    };
    Outcome::raised(Verdict::new(severity, inputs))
}

#[cfg(test)]
mod tests;
