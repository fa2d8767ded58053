//! Who allowed it: the approval by the unit's head, and the papers of a special inspection.

use super::context::{Context, FilingFacts};
use super::inputs::{ApprovalFault, Fil05, Fil07, Paper};
use super::{Inputs, Outcome, Verdict};
use crate::domain::certificate;
use crate::domain::filing::Kind;
use crate::domain::rule::Severity;

/// FIL-05 未经批准 (ext): executed, not an immediate inspection, and not approved by the unit's head before the arrival, or
/// approved by one of the inspectors. Exempt E01–E03. Without any approval 1, and 2 from the end of the third working day after the
/// arrival on; 2 for one that came late or from an inspector.
///
/// Source: RULES part 5; 国务院办公厅关于严格规范涉企行政检查的意见: 除直接依法实施现场检查外，检查前应经单位负责人批准. An approval
/// that was given in time may be entered afterwards. An approver is an inspector if the name is that of one by the registry, or the
/// certificate number itself.
pub(super) fn fil_05(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().fil_05;
    let Some(arrival) = f.arrival else { return Outcome::CLEAR };
    if f.filing.kind == Kind::Immediate || f.exempt(&params.exemptions) {
        return Outcome::CLEAR;
    }
    let verdict = |severity, fault, deadline| {
        let approval = f.filing.approval.as_ref();
        let inputs = Inputs::Fil05(Fil05 {
            fault,
            approver: approval.map(|a| a.approver.clone()).unwrap_or_default(),
            approved_at: approval.map(|a| a.approved_at),
            arrived_at: arrival.at,
            report: arrival.report,
            deadline,
        });
        Outcome::raised(Verdict::new(severity, inputs))
    };
    let Some(approval) = &f.filing.approval else {
        let deadline = cx.end_of_working_day(arrival.local.date(), params.working_days);
        let raised = |severity| verdict(severity, ApprovalFault::Missing, Some(deadline));
        return if cx.now < deadline { raised(Severity::Notice).until(deadline) } else { raised(Severity::Warning) };
    };
    let approver = approval.approver.trim();
    let number = certificate::plain(approver);
    let own = f.inspectors().any(|cert| {
        cert == approver
            || cert == number
            || cx.registries.inspectors.get(cert).is_some_and(|inspector| inspector.name == approver)
    });
    if own {
        verdict(Severity::Warning, ApprovalFault::Own, None)
    } else if approval.approved_at > arrival.at {
        verdict(Severity::Warning, ApprovalFault::Late, None)
    } else {
        Outcome::CLEAR
    }
}

/// FIL-07 专项未批准备案 (ext): a special inspection without approval document, filing reference or publication link. 1 planned /
/// 2 executed.
///
/// Source: RULES part 5; 国务院办公厅关于严格规范涉企行政检查的意见: 专项检查计划经批准、备案并公布. Blanks do not count.
pub(super) fn fil_07(_: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    if f.filing.kind != Kind::Special {
        return Outcome::CLEAR;
    }
    let papers = &f.filing.special;
    let missing: Vec<Paper> = [
        (Paper::ApprovalDocument, &papers.approval_document),
        (Paper::FilingReference, &papers.filing_reference),
        (Paper::PublicationLink, &papers.publication_link),
    ]
    .into_iter()
    .filter_map(|(paper, words)| words.trim().is_empty().then_some(paper))
    .collect();
    if missing.is_empty() {
        return Outcome::CLEAR;
    }
    let inputs = Inputs::Fil07(Fil07 { missing, executed: f.executed() });
    Outcome::raised(Verdict::new(f.notice_or_warning(), inputs))
}

#[cfg(test)]
mod tests;
