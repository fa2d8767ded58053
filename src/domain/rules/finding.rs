//! What a rule found, and what the agency may see of it.

use super::Inputs;
use crate::domain::id::{AgencyId, FilingId, PolicyId};
use crate::domain::rule::{RuleCode, Severity, Subject};

/// What a rule found: a suspected violation as the assessment states it. Its key is (`rule`, `subject`).
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: RuleCode,
    /// The filing or report that carries the violation.
    pub subject: Subject,
    /// The agency concerned; unknown for a report without agency.
    pub agency: Option<AgencyId>,
    /// How grave it is.
    pub severity: Severity,
    /// The conflicting filings that it rests on, in order of acceptance.
    pub evidence: Vec<FilingId>,
    /// The facts that the rule used, for explaining it years later.
    pub inputs: Inputs,
    /// The policy version that it was judged by.
    pub policy: PolicyId,
}

/// One line of a verdict from filings alone, as it is kept beside the filing: what the agency may see.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct VerdictLine {
    /// The rule.
    pub rule: RuleCode,
    /// Severity, 1–4.
    pub severity: u8,
    /// The conflicting filings.
    pub evidence: Vec<FilingId>,
    /// The facts that the rule used.
    pub inputs: Inputs,
}

impl From<&Finding> for VerdictLine {
    fn from(finding: &Finding) -> Self {
        Self {
            rule: finding.rule,
            severity: finding.severity.level(),
            evidence: finding.evidence.clone(),
            inputs: finding.inputs.clone(),
        }
    }
}
