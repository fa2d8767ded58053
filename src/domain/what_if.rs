//! What would have fired: two assessments of the same facts, side by side, counted by rule and agency.

use super::id::{AgencyId, EnterpriseId};
use super::rule::{RuleCode, Severity, Subject};
use super::rules::Finding;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// So many rows are kept one by one; the sums go on.
pub const MOST_ROWS: usize = 1_000;

/// What becomes of a finding under the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Only the draft finds it.
    Appears,
    /// Only the policy in force finds it.
    Disappears,
    /// Both find it, with different severities.
    Changes,
}

/// The sums of one rule and agency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Found by the policies in force.
    pub before: u32,
    /// Found by the draft.
    pub after: u32,
    /// Only by the draft.
    pub appears: u32,
    /// Only by the policies in force.
    pub disappears: u32,
    /// By both, with different severities.
    pub changes: u32,
}

/// A rule and an agency with their sums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The rule.
    pub rule: RuleCode,
    /// The agency concerned; none of a rule that blames nobody, or of a report without agency.
    pub agency: Option<AgencyId>,
    /// The sums.
    #[serde(flatten)]
    pub sums: Sums,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What becomes of it.
    pub fate: Fate,
    /// The rule.
    pub rule: RuleCode,
    /// The agency concerned.
    pub agency: Option<AgencyId>,
    /// The enterprise.
    pub enterprise: EnterpriseId,
    /// `filing` or `report`.
    pub subject_kind: String,
    /// The filing or report.
    pub subject: Uuid,
    /// Severity by the policies in force, 1–3.
    pub before: Option<u8>,
    /// Severity by the draft, 1–3.
    pub after: Option<u8>,
}

/// What is found, by rule and subject.
type Keyed = BTreeMap<(RuleCode, (&'static str, Uuid)), (Severity, Option<AgencyId>)>;

/// The comparison so far. What it holds does not grow with the number of filings: sums by rule and agency, and at most [`MOST_ROWS`] rows.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    groups: BTreeMap<(RuleCode, Option<Uuid>), Sums>,
    rows: Vec<Row>,
    omitted: u32,
}

impl Comparison {
    /// Compares what both say of one enterprise. Referrals (severity 4) are left out: they are for the discipline office alone.
    pub fn add(&mut self, enterprise: EnterpriseId, before: &[Finding], after: &[Finding]) {
        let keyed = |list: &[Finding]| -> Keyed {
            let open = list.iter().filter(|f| f.severity < Severity::Referral);
            open.map(|f| ((f.rule, (f.subject.kind(), f.subject.uuid())), (f.severity, f.agency))).collect()
        };
        let (before, after) = (keyed(before), keyed(after));
        let keys: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
        for key in keys {
            let (was, is) = (before.get(&key), after.get(&key));
            let agency = was.or(is).and_then(|(_, agency)| *agency);
            let sums = self.groups.entry((key.0, agency.map(|agency| agency.0))).or_default();
            sums.before += u32::from(was.is_some());
            sums.after += u32::from(is.is_some());
            let fate = match (was, is) {
                (None, _) => Fate::Appears,
                (_, None) => Fate::Disappears,
                (Some((was, _)), Some((is, _))) if was != is => Fate::Changes,
                _ => continue,
            };
            match fate {
                Fate::Appears => sums.appears += 1,
                Fate::Disappears => sums.disappears += 1,
                Fate::Changes => sums.changes += 1,
            }
            if self.rows.len() == MOST_ROWS {
                self.omitted = self.omitted.saturating_add(1);
                continue;
            }
            let level = |found: Option<&(Severity, Option<AgencyId>)>| found.map(|(severity, _)| severity.level());
            self.rows.push(Row {
                fate,
                rule: key.0,
                agency,
                enterprise,
                subject_kind: key.1.0.to_owned(),
                subject: key.1.1,
                before: level(was),
                after: level(is),
            });
        }
    }

    /// The sums by rule and agency, in the order of rules.
    #[must_use]
    pub fn groups(&self) -> Vec<Group> {
        let group = |((rule, agency), sums): (&(RuleCode, Option<Uuid>), &Sums)| Group {
            rule: *rule,
            agency: agency.map(AgencyId),
            sums: sums.clone(),
        };
        self.groups.iter().map(group).collect()
    }

    /// The first differences, one by one, and how many more there are.
    #[must_use]
    pub fn rows(&self) -> (&[Row], u32) {
        (&self.rows, self.omitted)
    }
}

/// A subject from a row.
#[must_use]
pub fn subject_of(row: &Row) -> Option<Subject> {
    Subject::from_parts(&row.subject_kind, row.subject)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rules::test_support::{Case, on, version};

    #[test]
    fn what_appears_disappears_and_changes_is_counted_by_rule_and_agency() {
        let case = |days| {
            Case::of([on(1, "2026-03-02").done(), on(2, "2026-04-02").done(), on(3, "2026-03-10").by(2)])
                .versions(vec![version(1, "2020-01-01", |p| p.rules.dup_01.days = days)])
        };
        let (short, long) = (case(10).assess().findings, case(60).assess().findings);
        let mut comparison = Comparison::default();
        comparison.add(EnterpriseId(Uuid::nil()), &short, &long);
        let (rows, omitted) = comparison.rows();
        assert_eq!(omitted, 0);
        let words: Vec<_> = rows.iter().map(|r| (r.fate, r.rule, r.subject.as_u128(), r.before, r.after)).collect();
        assert_eq!(words, [(Fate::Appears, RuleCode::Dup01, 2, None, Some(3))]);
        let groups = comparison.groups();
        let dup = groups.iter().find(|g| g.rule == RuleCode::Dup01).expect("counted");
        assert_eq!((dup.sums.before, dup.sums.after, dup.sums.appears, dup.sums.disappears), (0, 1, 1, 0));
        let same: Vec<_> = groups.iter().filter(|g| g.rule == RuleCode::Ndd01).collect();
        assert!(same.iter().all(|g| g.sums.before == g.sums.after && g.sums.changes == 0) && !same.is_empty());
        let mut back = Comparison::default();
        back.add(EnterpriseId(Uuid::nil()), &long, &short);
        assert_eq!(back.rows().0[0].fate, Fate::Disappears);
    }

    #[test]
    fn rows_are_bounded_and_the_rest_is_counted() {
        let findings = Case::of([on(1, "2026-03-10")]).assess().findings;
        let mut comparison = Comparison::default();
        for n in 0..=MOST_ROWS {
            comparison.add(EnterpriseId(Uuid::from_u128(n as u128)), &[], &findings);
        }
        let (rows, omitted) = comparison.rows();
        assert_eq!(
            (rows.len(), usize::try_from(omitted).ok()),
            (MOST_ROWS, Some(findings.len() * (MOST_ROWS + 1) - MOST_ROWS))
        );
    }
}
