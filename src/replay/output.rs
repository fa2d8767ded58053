//! What a replay prints: one line a violation, in the file's own names.

use super::registry::Names;
use crate::domain::violation::{RuleCode, ViolationState};
use crate::storage::Result;
use crate::storage::{Tx, violations};
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

/// A resulting violation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The rule.
    pub rule: RuleCode,
    /// The file's name of the filing or report.
    pub subject: String,
    /// Severity, 1–4.
    pub severity: u8,
    /// `suspected` or `cleared`.
    pub state: ViolationState,
    /// The file's names of the filings that it rests on, sorted as strings.
    pub evidence: Vec<String>,
}

/// All violations, sorted by subject and rule as strings.
pub(super) async fn outcomes(tx: &mut Tx, names: &Names) -> Result<Vec<Outcome>> {
    let filings = names.filings.iter().map(|(name, id)| (id.0, name.clone()));
    let reports = names.reports.iter().map(|(name, id)| (id.0, name.clone()));
    let name_of: HashMap<Uuid, String> = filings.chain(reports).collect();
    let name = |id: Uuid| name_of.get(&id).cloned().unwrap_or_else(|| id.to_string());
    let mut outcomes = Vec::new();
    for enterprise in names.enterprises.values() {
        for record in violations::by_enterprise(tx, *enterprise).await? {
            let mut evidence: Vec<String> = record.evidence.iter().map(|id| name(id.0)).collect();
            evidence.sort();
            outcomes.push(Outcome {
                rule: record.rule,
                subject: name(record.subject.uuid()),
                severity: record.severity.level(),
                state: record.state,
                evidence,
            });
        }
    }
    outcomes.sort_by(|a, b| (&a.subject, a.rule.as_str()).cmp(&(&b.subject, b.rule.as_str())));
    Ok(outcomes)
}
