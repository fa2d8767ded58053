//! How: what the enterprise says of those who came.

use super::context::{Context, FilingFacts, ReportFacts, count};
use super::inputs::Prc02;
use super::{Inputs, Outcome, Tick, Verdict};
use crate::domain::filing::Kind;
use crate::domain::id::FilingId;
use crate::domain::rule::Severity;
use crate::domain::visit_report::Answer;

/// PRC-01 未亮证或未出示通知书 (ext): a report with an agency says that no certificate was shown, or no notice unless the
/// matched filing is immediate. Severity 2.
///
/// Source: RULES part 4.
pub(super) fn prc_01(_: &Context<'_>, r: &ReportFacts<'_>) -> Outcome {
    if r.report.agency.is_none() {
        return Outcome::CLEAR;
    }
    let notice_due = r.filing.is_none_or(|f| f.kind != Kind::Immediate);
    let certificate = r.report.shown_certificate == Some(Answer::No);
    let notice = notice_due && r.report.shown_notice == Some(Answer::No);
    if !certificate && !notice {
        return Outcome::CLEAR;
    }
    let inputs = Inputs::Prc01 { certificate, notice, filing: r.filing.map(|f| f.id) };
    Outcome::raised(Verdict::new(Severity::Warning, inputs))
}

/// DIS-01 变相检查 (ext): what is called a service visit, by the report or by the matched filing, came with at least one of
/// the four ticks. Severity 1 for one tick, 2 for more, 3 if more than one and without match.
///
/// Source: RULES part 4.
pub(super) fn dis_01(_: &Context<'_>, r: &ReportFacts<'_>) -> Outcome {
    let report = r.report;
    if !report.service && r.filing.is_none_or(|f| f.kind != Kind::ServiceVisit) {
        return Outcome::CLEAR;
    }
    let ticks: Vec<Tick> = [
        (Tick::DocumentsDemanded, report.documents_demanded),
        (Tick::PremisesInspected, report.premises_inspected),
        (Tick::RectificationAsked, report.rectification_asked),
        (Tick::FormSigned, report.form_signed),
    ]
    .into_iter()
    .filter_map(|(tick, set)| set.then_some(tick))
    .collect();
    let severity = match (ticks.len(), r.filing) {
        (0, _) => return Outcome::CLEAR,
        (1, _) => Severity::Notice,
        (_, Some(_)) => Severity::Warning,
        (_, None) => Severity::Violation,
    };
    let inputs = Inputs::Dis01 { ticks, service: report.service, filing: r.filing.map(|f| f.id) };
    Outcome::raised(Verdict::new(severity, inputs))
}

/// INT-01 廉洁线索 (ext): at least one of the eight 不得 is ticked. Severity 4, for the discipline office only.
///
/// Source: RULES part 4.
pub(super) fn int_01(_: &Context<'_>, r: &ReportFacts<'_>) -> Outcome {
    let mut prohibited: Vec<u8> = r.report.prohibited.iter().copied().filter(|n| (1..=8).contains(n)).collect();
    if prohibited.is_empty() {
        return Outcome::CLEAR;
    }
    prohibited.sort_unstable();
    prohibited.dedup();
    Outcome::raised(Verdict::new(Severity::Referral, Inputs::Int01 { prohibited }))
}

/// PRC-02 未扫码签到 (ext): the enterprise confirms the visit, on the spot, by a verified report or by rating it, and the agency never
/// checked in: the second of a root agency at the enterprise in 365 days, and each after it. Severity 1, from the end of the day of the
/// visit on.
///
/// Source: RULES part 5. Counted in order of acceptance, by first days fewer than 365 days apart. The day is that of the report, else the
/// last planned one. It rests on what the enterprise did: no agency sees it. Evidence: those before it.
pub(super) fn prc_02(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().prc_02;
    if !confirmed_without_check_in(cx, f) {
        return Outcome::CLEAR;
    }
    let near = |g: &&FilingFacts<'_>| g.first.number.abs_diff(f.first.number) < params.days;
    let same = cx.inspections[..f.at].iter().filter(|g| g.root == f.root && confirmed_without_check_in(cx, g));
    let before: Vec<FilingId> = same.filter(near).map(|g| g.filing.id).collect();
    let rank = count(before.iter()).saturating_add(1);
    if rank < params.count {
        return Outcome::CLEAR;
    }
    let day = f.report_arrived.map_or(f.last.date, |at| at.date());
    cx.once_passed(cx.end_of_day(day), || {
        let report = f.report.filter(|report| report.verified && !f.filing.presence_confirmed).map(|r| r.id);
        Verdict::new(Severity::Notice, Inputs::Prc02(Prc02 { day, report, rank })).resting_on(before)
    })
}

/// Whether the enterprise says that they came, and they did not.
fn confirmed_without_check_in(cx: &Context<'_>, f: &FilingFacts<'_>) -> bool {
    let rated = || cx.ratings.iter().any(|rating| rating.filing == f.filing.id);
    f.filing.arrived_at.is_none()
        && (f.filing.presence_confirmed || f.report.is_some_and(|report| report.verified) || rated())
}

#[cfg(test)]
mod tests;
