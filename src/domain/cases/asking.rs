//! What of a violation an agency is asked: fixed sentences, one a rule, that are the same whether a filing or anything else gave rise to it.

use crate::domain::violation::{RuleCode, Severity, Subject};
use chrono::NaiveDate;

/// What a sentence may say of a violation: nothing of where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The rule.
    pub rule: RuleCode,
    /// The number of the agency's own filing, if there is one; empty otherwise.
    pub filing_number: String,
    /// The local day of the visit, never the time of day.
    pub day: NaiveDate,
    /// The enterprise.
    pub enterprise: String,
}

/// Whether an agency can be asked at all: what only the discipline office sees never reaches it, and a notice on a visit that nobody
/// filed is none yet.
#[must_use]
pub fn may_ask(rule: RuleCode, severity: Severity, subject: Subject) -> bool {
    match (severity, subject) {
        (Severity::Referral, _) => false,
        (Severity::Notice, Subject::Report(_)) => rule != RuleCode::Fil04,
        _ => true,
    }
}

/// The key of the fixed sentence of a rule; of one whose subject is no filing of the agency's own, the sentence without a filing.
#[must_use]
pub fn ask_key(rule: RuleCode, has_filing: bool) -> String {
    let code = rule.as_str().to_ascii_lowercase();
    if has_filing { format!("ask-{code}") } else { format!("ask-{code}-visit") }
}
