//! How: what the enterprise says of those who came.

use super::context::{Context, ReportFacts};
use super::{Inputs, Outcome, Tick, Verdict};
use crate::domain::filing::Kind;
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

#[cfg(test)]
mod tests;
