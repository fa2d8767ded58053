//! The rules of RULES parts 4 and 5, one family a file: each a pure function of one dossier, the policies, the registries and `now`.
//!
//! [`assess`] derives the facts once ([`context`]), then asks each rule that the subject's policy has switched on. A rule
//! knows nothing of switches, look-back, storage or words. How to add one: see `README.md` beside this file.

pub mod agency_wide;
mod approval;
mod burden;
mod calendar;
mod conduct;
mod context;
mod finding;
mod follow_up;
mod frequency;
mod inputs;
mod joint;
mod keys;
mod people;
mod protection;
mod repetition;
mod reporting;
mod scope;
pub mod supervision;
#[cfg(test)]
pub(super) mod test_support;

pub use finding::{Finding, VerdictLine};
pub use inputs::{
    ApprovalFault, Burden, Difference, Exceeded, Fil05, Inputs, InspectorFault, InvalidInspector, MatterFault, Nearest,
    Paper, Period, Tick, UnpublishedMatter,
};

use super::dossier::{Dossier, Registries};
use super::id::{AgencyId, FilingId, ReportId};
use super::policy::{Policies, PolicyVersion};
use super::rule::{RuleCode, Severity, Subject};
use chrono::{DateTime, NaiveDate, Utc};
use context::{Context, FilingFacts, ReportFacts};

/// What judging a dossier yields.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Suspected violations, sorted by rule and subject.
    pub findings: Vec<Finding>,
    /// Which report matches which filing, in the reports' order of acceptance.
    pub matches: Vec<(ReportId, FilingId)>,
    /// Which inspections are overdue by FIL-08, where it is switched on: neither arrived nor cancelled by 24 hours after the planned end.
    pub overdue: Vec<FilingId>,
    /// The next instant at which the result could change by the passing of time alone.
    pub next_change: Option<DateTime<Utc>>,
}

/// What a rule is about.
enum Judge {
    /// Live inspections.
    Filing(fn(&Context<'_>, &FilingFacts<'_>) -> Outcome),
    /// Live filings, service visits too: what is found blames no agency.
    Visit(fn(&Context<'_>, &FilingFacts<'_>) -> Outcome),
    /// Reports that are not withdrawn.
    Report(fn(&Context<'_>, &ReportFacts<'_>) -> Outcome),
}

/// All rules in the order of their codes, of one code that about filings first: findings come out sorted.
const RULES: &[(RuleCode, Judge)] = &[
    (RuleCode::Ndd01, Judge::Filing(calendar::ndd_01)),
    (RuleCode::Ndd01, Judge::Report(calendar::ndd_01_on_report)),
    (RuleCode::Dup01, Judge::Filing(repetition::dup_01)),
    (RuleCode::Dup02, Judge::Filing(repetition::dup_02)),
    (RuleCode::Dup03, Judge::Filing(frequency::dup_03)),
    (RuleCode::Frq01, Judge::Filing(frequency::frq_01)),
    (RuleCode::Fil01, Judge::Filing(reporting::fil_01)),
    (RuleCode::Fil02, Judge::Filing(reporting::fil_02)),
    (RuleCode::Fil03, Judge::Filing(reporting::fil_03)),
    (RuleCode::Fil04, Judge::Report(reporting::fil_04)),
    (RuleCode::Per01, Judge::Filing(people::per_01)),
    (RuleCode::Per02, Judge::Filing(people::per_02)),
    (RuleCode::Sco02, Judge::Filing(scope::sco_02)),
    (RuleCode::Exm01, Judge::Filing(follow_up::exm_01)),
    (RuleCode::Tim01, Judge::Filing(calendar::tim_01)),
    (RuleCode::Low01, Judge::Filing(frequency::low_01)),
    (RuleCode::Res01, Judge::Filing(follow_up::res_01)),
    (RuleCode::Rec01, Judge::Filing(follow_up::rec_01)),
    (RuleCode::Prc01, Judge::Report(conduct::prc_01)),
    (RuleCode::Dis01, Judge::Report(conduct::dis_01)),
    (RuleCode::Int01, Judge::Report(conduct::int_01)),
    (RuleCode::Jnt02, Judge::Filing(joint::jnt_02)),
    (RuleCode::Frq02, Judge::Filing(burden::frq_02)),
    (RuleCode::Frq03, Judge::Visit(burden::frq_03)),
    (RuleCode::Fil05, Judge::Filing(approval::fil_05)),
    (RuleCode::Fil07, Judge::Filing(approval::fil_07)),
    (RuleCode::Per03, Judge::Filing(people::per_03)),
    (RuleCode::Per04, Judge::Filing(people::per_04)),
    (RuleCode::Sco01, Judge::Filing(scope::sco_01)),
    (RuleCode::Sco03, Judge::Filing(scope::sco_03)),
    (RuleCode::Tim02, Judge::Filing(calendar::tim_02)),
    (RuleCode::Prc02, Judge::Filing(conduct::prc_02)),
    (RuleCode::Ret01, Judge::Filing(protection::ret_01)),
];

/// Judges a dossier as of `now`.
///
/// The result depends on nothing else, not even on the order of filings and reports in the dossier.
///
/// An unconfirmed filing (未核验) is judged beside all others, but blames no agency; all others are judged as if it were not there, so that
/// nobody is blamed by what a stranger filed. A report that nothing else matches is matched to it.
#[must_use]
pub fn assess(dossier: &Dossier, registries: &Registries, policies: &Policies, now: DateTime<Utc>) -> Assessment {
    let mut whole = judge(dossier, registries, policies, now);
    let Some(confirmed) = dossier.confirmed() else { return whole };
    let sure = judge(&confirmed, registries, policies, now);
    let doubted = |subject: Subject| match subject {
        Subject::Filing(id) => dossier.filings.iter().any(|f| f.id == id && f.unconfirmed),
        _ => false,
    };
    // What is found of reports rests on whether they are matched.
    whole.findings.retain(|finding| doubted(finding.subject) || matches!(finding.subject, Subject::Report(_)));
    for finding in whole.findings.iter_mut().filter(|finding| doubted(finding.subject)) {
        finding.agency = None;
    }
    whole.findings.extend(sure.findings.into_iter().filter(|finding| matches!(finding.subject, Subject::Filing(_))));
    whole.findings.sort_by_key(|finding| (finding.rule, finding.subject));
    whole.overdue = sure.overdue;
    whole.next_change = [whole.next_change, sure.next_change].into_iter().flatten().min();
    whole
}

/// Judges all filings and reports of a dossier beside each other.
fn judge(dossier: &Dossier, registries: &Registries, policies: &Policies, now: DateTime<Utc>) -> Assessment {
    let cx = Context::new(dossier, registries, policies, now);
    let judged = |first: NaiveDate| dossier.judged_from.is_none_or(|from| from <= first);
    let mut filings: Vec<_> = cx.inspections.iter().filter(|f| judged(f.first.date)).collect();
    filings.sort_unstable_by_key(|f| f.filing.id);
    let mut reports: Vec<_> = cx.reports.iter().filter(|r| judged(r.arrived.date())).collect();
    reports.sort_unstable_by_key(|r| r.report.id);

    let visits = || {
        let mut all: Vec<_> =
            cx.services.iter().filter(|f| judged(f.first.date)).chain(filings.iter().copied()).collect();
        all.sort_unstable_by_key(|f| f.filing.id);
        all
    };

    let mut tally = Tally { findings: Vec::with_capacity(filings.len()), next_change: None };
    for (rule, judge) in RULES {
        match judge {
            Judge::Filing(judge) => {
                for f in filings.iter().filter(|f| f.rules().enabled(*rule)) {
                    let (subject, agency) = (Subject::Filing(f.filing.id), Some(f.filing.agency));
                    tally.add(*rule, subject, agency, f.policy, judge(&cx, f));
                }
            }
            Judge::Visit(judge) => {
                for f in visits().into_iter().filter(|f| f.rules().enabled(*rule)) {
                    tally.add(*rule, Subject::Filing(f.filing.id), None, f.policy, judge(&cx, f));
                }
            }
            Judge::Report(judge) => {
                for r in reports.iter().filter(|r| r.rules().enabled(*rule)) {
                    tally.add(*rule, Subject::Report(r.report.id), r.report.agency, r.policy, judge(&cx, r));
                }
            }
        }
    }
    let mut overdue = Vec::new();
    for f in filings.iter().filter(|f| !f.executed() && f.rules().fil_08.enabled) {
        let deadline = agency_wide::overdue_at(f.filing.planned, f.rules().fil_08.hours);
        if now < deadline {
            tally.await_until(deadline);
        } else {
            overdue.push(f.filing.id);
        }
    }
    let Tally { findings, next_change } = tally;
    Assessment { findings, matches: cx.matches, overdue, next_change }
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
struct Tally {
    findings: Vec<Finding>,
    next_change: Option<DateTime<Utc>>,
}

impl Tally {
    fn await_until(&mut self, until: DateTime<Utc>) {
        self.next_change = Some(self.next_change.map_or(until, |next| next.min(until)));
    }

    fn add(
        &mut self,
        rule: RuleCode,
        subject: Subject,
        agency: Option<AgencyId>,
        policy: &PolicyVersion,
        outcome: Outcome,
    ) {
        if let Some(until) = outcome.until {
            self.await_until(until);
        }
        if let Some(Verdict { severity, evidence, inputs }) = outcome.verdict {
            self.findings.push(Finding { rule, subject, agency, severity, evidence, inputs, policy: policy.id });
        }
    }
}

#[cfg(test)]
mod tests;
