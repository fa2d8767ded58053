//! The rules of RULES part 4, one family a file: each a pure function of one dossier, the policies, the registries and `now`.
//!
//! [`assess`] derives the facts once ([`context`]), then asks each rule that the subject's policy has switched on. A rule
//! knows nothing of switches, look-back, storage or words. How to add one: see `README.md` beside this file.

mod calendar;
mod conduct;
mod context;
mod follow_up;
mod frequency;
mod inputs;
mod people;
mod repetition;
mod reporting;
mod scope;
#[cfg(test)]
pub(super) mod test_support;

pub use inputs::{
    Difference, Exceeded, Inputs, InspectorFault, InvalidInspector, MatterFault, Nearest, Period, Tick,
    UnpublishedMatter,
};

use super::dossier::{Dossier, Registries};
use super::id::{AgencyId, FilingId, ReportId};
use super::policy::{Policies, PolicyVersion};
use super::violation::{Finding, RuleCode, Severity, Subject};
use chrono::{DateTime, NaiveDate, Utc};
use context::{Context, FilingFacts, ReportFacts};

/// What judging a dossier yields.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Suspected violations, sorted by rule and subject.
    pub findings: Vec<Finding>,
    /// Which report matches which filing, in the reports' order of acceptance.
    pub matches: Vec<(ReportId, FilingId)>,
    /// The next instant at which the result could change by the passing of time alone.
    pub next_change: Option<DateTime<Utc>>,
}

/// A rule about live inspections.
type FilingRule = fn(&Context<'_>, &FilingFacts<'_>) -> Outcome;

/// A rule about reports that are not withdrawn.
type ReportRule = fn(&Context<'_>, &ReportFacts<'_>) -> Outcome;

const FILING_RULES: &[(RuleCode, FilingRule)] = &[
    (RuleCode::Ndd01, calendar::ndd_01),
    (RuleCode::Dup01, repetition::dup_01),
    (RuleCode::Dup02, repetition::dup_02),
    (RuleCode::Dup03, frequency::dup_03),
    (RuleCode::Frq01, frequency::frq_01),
    (RuleCode::Fil01, reporting::fil_01),
    (RuleCode::Fil02, reporting::fil_02),
    (RuleCode::Fil03, reporting::fil_03),
    (RuleCode::Per01, people::per_01),
    (RuleCode::Per02, people::per_02),
    (RuleCode::Sco02, scope::sco_02),
    (RuleCode::Exm01, follow_up::exm_01),
    (RuleCode::Tim01, calendar::tim_01),
    (RuleCode::Low01, frequency::low_01),
    (RuleCode::Res01, follow_up::res_01),
    (RuleCode::Rec01, follow_up::rec_01),
];

const REPORT_RULES: &[(RuleCode, ReportRule)] = &[
    (RuleCode::Ndd01, calendar::ndd_01_on_report),
    (RuleCode::Fil04, reporting::fil_04),
    (RuleCode::Prc01, conduct::prc_01),
    (RuleCode::Dis01, conduct::dis_01),
    (RuleCode::Int01, conduct::int_01),
];

/// Judges a dossier as of `now`.
///
/// The result depends on nothing else, not even on the order of filings and reports in the dossier.
#[must_use]
pub fn assess(dossier: &Dossier, registries: &Registries, policies: &Policies, now: DateTime<Utc>) -> Assessment {
    let cx = Context::new(dossier, registries, policies, now);
    let judged = |first: NaiveDate| dossier.judged_from.is_none_or(|from| from <= first);
    let mut tally = Tally::default();
    for f in cx.inspections.iter().filter(|f| judged(f.first.date)) {
        let (subject, agency) = (Subject::Filing(f.filing.id), Some(f.filing.agency));
        for (rule, judge) in FILING_RULES {
            if f.rules().enabled(*rule) {
                tally.add(*rule, subject, agency, f.policy, judge(&cx, f));
            }
        }
    }
    for r in cx.reports.iter().filter(|r| judged(r.arrived.date())) {
        let subject = Subject::Report(r.report.id);
        for (rule, judge) in REPORT_RULES {
            if r.rules().enabled(*rule) {
                tally.add(*rule, subject, r.report.agency, r.policy, judge(&cx, r));
            }
        }
    }
    let Tally { mut findings, next_change } = tally;
    findings.sort_unstable_by_key(|f| (f.rule, f.subject));
    Assessment { findings, matches: cx.matches, next_change }
}

/// What a rule says of a subject that it finds fault with.
struct Verdict {
    severity: Severity,
    /// The conflicting filings, in order of acceptance: of DUP-01, DUP-02, DUP-03 and FRQ-01 only.
    evidence: Vec<FilingId>,
    inputs: Inputs,
}

impl Verdict {
    /// A verdict that rests on no other filing.
    fn new(severity: Severity, inputs: Inputs) -> Self {
        Self { severity, evidence: Vec::new(), inputs }
    }

    /// The same verdict, resting on these filings.
    fn resting_on(self, evidence: Vec<FilingId>) -> Self {
        Self { evidence, ..self }
    }
}

/// What a rule says of a subject, and until when this holds if no fact changes.
struct Outcome {
    verdict: Option<Verdict>,
    until: Option<DateTime<Utc>>,
}

impl Outcome {
    /// No fault, for good.
    const CLEAR: Self = Self { verdict: None, until: None };

    /// A fault, for good.
    fn raised(verdict: Verdict) -> Self {
        Self { verdict: Some(verdict), until: None }
    }

    /// No fault before this instant.
    fn pending(deadline: DateTime<Utc>) -> Self {
        Self { verdict: None, until: Some(deadline) }
    }

    /// The same, to be judged anew at this instant.
    fn until(self, deadline: DateTime<Utc>) -> Self {
        Self { until: Some(deadline), ..self }
    }

    /// A fault if there is a verdict.
    fn from_verdict(verdict: Option<Verdict>) -> Self {
        Self { verdict, until: None }
    }
}

/// The findings so far.
#[derive(Default)]
struct Tally {
    findings: Vec<Finding>,
    next_change: Option<DateTime<Utc>>,
}

impl Tally {
    fn add(
        &mut self,
        rule: RuleCode,
        subject: Subject,
        agency: Option<AgencyId>,
        policy: &PolicyVersion,
        outcome: Outcome,
    ) {
        if let Some(until) = outcome.until {
            self.next_change = Some(self.next_change.map_or(until, |next| next.min(until)));
        }
        if let Some(Verdict { severity, evidence, inputs }) = outcome.verdict {
            self.findings.push(Finding { rule, subject, agency, severity, evidence, inputs, policy: policy.id });
        }
    }
}

#[cfg(test)]
mod tests;
