//! DUP-01, DUP-02, DUP-03, FRQ-01 and matching once more, as naively as the text reads, on sets of dates and without any
//! of the derived facts of `context.rs`; compared with `assess` on random dossiers.

use super::histories::{case, config};
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Filing, Kind};
use crate::domain::id::{AgencyId, FilingId, ReportId};
use crate::domain::policy::Policy;
use crate::domain::rule::{RuleCode, Subject};
use crate::domain::rules::test_support::{Case, registries};
use crate::domain::visit_report::Report;
use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, TimeDelta, Utc};
use proptest::prelude::{prop_assert_eq, proptest};
use std::collections::{BTreeMap, BTreeSet};

/// What one rule says: severity and evidence by subject.
type Said = BTreeMap<FilingId, (u8, Vec<FilingId>)>;

fn ld(t: DateTime<Utc>) -> NaiveDate {
    t.with_timezone(&FixedOffset::east_opt(8 * 3_600).expect("an offset")).date_naive()
}

/// `days(span(f))`.
fn days(f: &Filing) -> BTreeSet<NaiveDate> {
    let (start, end) = match (f.arrived_at, f.left_at) {
        (Some(arrived), Some(left)) if left > arrived => (arrived, left),
        (Some(arrived), Some(_)) => (arrived, arrived + TimeDelta::minutes(1)),
        (Some(arrived), None) => (arrived, f.planned.end().max(arrived + TimeDelta::minutes(1))),
        (None, _) => (f.planned.start(), f.planned.end()),
    };
    let first = ld(start);
    let midnight = |day: NaiveDate| day.and_hms_opt(0, 0, 0).expect("midnight").and_utc() - TimeDelta::hours(8);
    (0..1_000).map(|n| first + Days::new(n)).take_while(|day| *day == first || midnight(*day) < end).collect()
}

fn first(f: &Filing) -> NaiveDate {
    *days(f).first().expect("a day")
}

fn last(f: &Filing) -> NaiveDate {
    *days(f).last().expect("a day")
}

fn root(agency: AgencyId) -> AgencyId {
    registries().agencies[&agency].parent.unwrap_or(agency)
}

fn groups(f: &Filing) -> BTreeSet<String> {
    let registries = registries();
    f.matters.iter().map(|m| registries.matters[m].group.clone()).filter(|g| !g.is_empty()).collect()
}

fn code(f: &Filing) -> Option<ExemptionCode> {
    f.exemption.as_ref().map(|e| e.code)
}

fn has_cause(f: &Filing) -> bool {
    [Kind::Clue, Kind::Immediate, Kind::OnRequest].contains(&f.kind)
        || [Some(ExemptionCode::E06), Some(ExemptionCode::E08)].contains(&code(f))
}

fn before(g: &Filing, f: &Filing) -> bool {
    (g.filed_at, g.seq) < (f.filed_at, f.seq)
}

/// Of the names in the histories some differ in white space, width and case only.
fn joint(f: &Filing) -> Option<String> {
    let name = f.joint_group.clone()?.replace([' ', '\u{3000}'], "").replace(['Ａ', 'A'], "a");
    Some(name).filter(|name| !name.is_empty())
}

fn gap(f: &Filing, g: &Filing) -> i64 {
    let (a, b) = if (first(f), f.filed_at, f.seq) < (first(g), g.filed_at, g.seq) { (f, g) } else { (g, f) };
    (first(b) - last(a)).num_days().max(0)
}

/// The naive assessment of one case.
struct Naive<'a> {
    case: &'a Case,
    matches: BTreeMap<ReportId, FilingId>,
}

impl<'a> Naive<'a> {
    fn new(case: &'a Case) -> Self {
        let mut naive = Self { case, matches: BTreeMap::new() };
        naive.match_reports();
        naive
    }

    fn policy(&self, day: NaiveDate) -> &'a Policy {
        &self.case.policies.on(day).policy
    }

    fn inspections(&self) -> impl Iterator<Item = &'a Filing> {
        let all = self.case.dossier.filings.iter();
        all.filter(|f| f.cancelled_at.is_none() && f.kind != Kind::ServiceVisit)
    }

    /// Hand links, then again and again the nearest pair of all that are left.
    fn match_reports(&mut self) {
        let live: Vec<&Filing> = self.case.dossier.filings.iter().filter(|f| f.cancelled_at.is_none()).collect();
        let mut told: Vec<&Report> = self.case.dossier.reports.iter().filter(|r| !r.withdrawn).collect();
        told.sort_by_key(|r| r.seq);
        for r in &told {
            let free = |f: &&&Filing| !self.matches.values().any(|taken| *taken == f.id);
            if let Some(f) = live.iter().filter(free).find(|f| Some(f.id) == r.linked_filing) {
                self.matches.insert(r.id, f.id);
            }
        }
        loop {
            let mut pairs = Vec::new();
            for r in told.iter().filter(|r| !self.matches.contains_key(&r.id)) {
                for f in live.iter().filter(|f| !self.matches.values().any(|taken| *taken == f.id)) {
                    let day = ld(r.arrived_at);
                    let tol = Days::new(self.policy(day).rules.fil_04.tolerance_days.into());
                    let same = r.agency.is_some_and(|a| root(a) == root(f.agency));
                    if same && first(f) - tol <= day && day <= last(f) + tol {
                        let at = f.arrived_at.unwrap_or(f.planned.start());
                        let apart = (r.arrived_at - at).num_milliseconds().abs();
                        pairs.push((apart, f.filed_at, f.seq, r.seq, r.id, f.id));
                    }
                }
            }
            let Some((.., r, f)) = pairs.into_iter().min() else { break };
            self.matches.insert(r, f);
        }
    }

    fn executed(&self, f: &Filing) -> bool {
        f.arrived_at.is_some() || self.matches.values().any(|id| *id == f.id)
    }

    /// What a rule says of all subjects that are judged.
    fn said(&self, rule: RuleCode, judge: impl Fn(&Filing, &Policy) -> Option<(u8, Vec<&'a Filing>)>) -> Said {
        let judged = |f: &&Filing| self.case.dossier.judged_from.is_none_or(|from| first(f) >= from);
        let mut said = Said::new();
        for f in self.inspections().filter(judged) {
            let policy = self.policy(ld(f.planned.start()));
            if let Some((severity, mut evidence)) = judge(f, policy).filter(|_| policy.rules.enabled(rule)) {
                evidence.sort_by_key(|g| (g.filed_at, g.seq));
                said.insert(f.id, (severity, evidence.iter().map(|g| g.id).collect()));
            }
        }
        said
    }

    fn repetition(&self, rule: RuleCode) -> Said {
        self.said(rule, |f, policy| {
            let (limit, exempt) = match rule {
                RuleCode::Dup01 => (policy.rules.dup_01.days, &policy.rules.dup_01.exemptions),
                _ => (policy.rules.dup_02.days, &policy.rules.dup_02.exemptions),
            };
            let lifted = |f: &Filing| has_cause(f) || code(f).is_some_and(|c| exempt.contains(&c));
            let alike = |f: &Filing, g: &Filing| match rule {
                RuleCode::Dup01 => root(f.agency) == root(g.agency) && f.matters.iter().any(|m| g.matters.contains(m)),
                _ => root(f.agency) != root(g.agency) && !groups(f).is_disjoint(&groups(g)),
            };
            let evidence: Vec<&Filing> = self
                .inspections()
                .filter(|g| before(g, f) && !lifted(f) && !lifted(g) && alike(f, g))
                .filter(|g| joint(f).is_none() || joint(f) != joint(g))
                .filter(|g| gap(f, g) < i64::from(limit))
                .collect();
            let severity = if self.executed(f) { 3 } else { 2 };
            (!evidence.is_empty()).then_some((severity, evidence))
        })
    }

    fn dup_03(&self) -> Said {
        self.said(RuleCode::Dup03, |f, policy| {
            let params = &policy.rules.dup_03;
            let taken: Vec<&Filing> =
                self.inspections().filter(|g| !code(g).is_some_and(|c| params.exemptions.contains(&c))).collect();
            // A visit is a set of filings; its representative is the earliest filed.
            let mut visits: BTreeMap<_, Vec<&Filing>> = BTreeMap::new();
            for g in taken {
                let alone = joint(g).is_none().then_some(g.id);
                visits.entry((joint(g), first(g), alone)).or_default().push(g);
            }
            let representatives: Vec<&Filing> =
                visits.into_values().filter_map(|v| v.into_iter().min_by_key(|g| (g.filed_at, g.seq))).collect();
            if has_cause(f) || !representatives.iter().any(|g| g.id == f.id) {
                return None;
            }
            let earlier: Vec<&Filing> = representatives.into_iter().filter(|g| before(g, f)).collect();
            let day = |g: &&&Filing| first(g) == first(f);
            let week = |g: &&&Filing| !has_cause(g) && first(g).iso_week() == first(f).iso_week();
            let month = |g: &&&Filing| {
                let key = |f: &Filing| (first(f).year(), first(f).month());
                !has_cause(g) && key(g) == key(f)
            };
            let periods: [(Vec<&Filing>, u32); 3] = [
                (earlier.iter().filter(day).copied().collect(), params.day),
                (earlier.iter().filter(week).copied().collect(), params.week),
                (earlier.iter().filter(month).copied().collect(), params.month),
            ];
            let rank = periods[0].0.len() + 1;
            let exceeded: Vec<Vec<&Filing>> = periods
                .into_iter()
                .filter(|(counted, limit)| counted.len() >= usize::try_from(*limit).expect("small"))
                .map(|(counted, _)| counted)
                .collect();
            let mut evidence = exceeded.concat();
            evidence.sort_by_key(|g| g.id);
            evidence.dedup_by_key(|g| g.id);
            (!exceeded.is_empty()).then_some((if rank >= 3 { 3 } else { 2 }, evidence))
        })
    }

    fn frq_01(&self) -> Said {
        self.said(RuleCode::Frq01, |f, policy| {
            let params = &policy.rules.frq_01;
            let cap = params.cap(self.case.dossier.enterprise.credit_class)?;
            let counted = |g: &&Filing| {
                !has_cause(g) && joint(g).is_none() && !code(g).is_some_and(|c| params.exemptions.contains(&c))
            };
            let evidence: Vec<&Filing> = self
                .inspections()
                .filter(counted)
                .filter(|g| root(g.agency) == root(f.agency) && first(g).year() == first(f).year() && before(g, f))
                .collect();
            let rank = evidence.len() + 1;
            let severity = if self.executed(f) { 3 } else { 2 };
            (counted(&f) && rank > usize::try_from(cap).expect("small")).then_some((severity, evidence))
        })
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_naive_reading_says_the_same(case in case()) {
        let assessment = case.assess();
        let naive = Naive::new(&case);
        let matches: BTreeMap<_, _> = assessment.matches.iter().copied().collect();
        prop_assert_eq!(&matches, &naive.matches);
        for (rule, expected) in [
            (RuleCode::Dup01, naive.repetition(RuleCode::Dup01)),
            (RuleCode::Dup02, naive.repetition(RuleCode::Dup02)),
            (RuleCode::Dup03, naive.dup_03()),
            (RuleCode::Frq01, naive.frq_01()),
        ] {
            let found: Said = assessment
                .findings
                .iter()
                .filter(|f| f.rule == rule)
                .filter_map(|f| match f.subject {
                    Subject::Filing(id) => Some((id, (f.severity.level(), f.evidence.clone()))),
                    Subject::Report(_) | Subject::Request(_) | Subject::Violation(_) => None,
                })
                .collect();
            prop_assert_eq!(found, expected, "{}", rule);
        }
    }
}
