//! Properties of `assess` on random dossiers.

use super::histories::{case, config};
use crate::domain::filing::Filing;
use crate::domain::rule::{RuleCode, Subject};
use crate::domain::rules::Finding;
use crate::domain::rules::test_support::{Case, agency, matter, on, registries, report};
use crate::domain::rules::{Assessment, Inputs};
use crate::domain::visit_report::Report;
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

impl Case {
    fn at(&self, now: DateTime<Utc>) -> Assessment {
        Self { now, ..self.clone() }.assess()
    }

    fn filing(&self, subject: Subject) -> Option<&Filing> {
        self.dossier.filings.iter().find(|f| Subject::Filing(f.id) == subject)
    }

    fn report(&self, subject: Subject) -> Option<&Report> {
        self.dossier.reports.iter().find(|r| Subject::Report(r.id) == subject)
    }
}

/// The rules whose evidence is other filings.
const RESTING: [RuleCode; 4] = [RuleCode::Dup01, RuleCode::Dup02, RuleCode::Dup03, RuleCode::Frq01];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_order_in_the_dossier_makes_no_difference(mut case in case(), turn in 0_usize..14) {
        let assessment = case.assess();
        prop_assert_eq!(&case.assess(), &assessment, "judged twice");
        case.dossier.filings.reverse();
        case.dossier.reports.reverse();
        prop_assert_eq!(&case.assess(), &assessment, "reversed");
        let middle = turn % case.dossier.filings.len().max(1);
        case.dossier.filings.rotate_left(middle);
        prop_assert_eq!(&case.assess(), &assessment, "turned");
    }

    #[test]
    fn findings_are_sorted_unique_and_rest_on_what_is_there(case in case()) {
        let assessment = case.assess();
        let keys: Vec<_> = assessment.findings.iter().map(|f| (f.rule, f.subject)).collect();
        prop_assert!(keys.is_sorted_by(|a, b| a < b), "sorted and unique");
        for finding in &assessment.findings {
            let Finding { rule, subject, agency, evidence, policy, inputs, .. } = finding;
            let (concerned, on) = match (case.filing(*subject), case.report(*subject)) {
                (Some(f), None) => {
                    prop_assert!(f.live() && f.inspection());
                    (Some(f.agency), f.planned.start())
                }
                (None, Some(r)) => {
                    prop_assert!(!r.withdrawn);
                    (r.agency, r.arrived_at)
                }
                _ => return Err(proptest::test_runner::TestCaseError::fail("a subject that is not in the dossier")),
            };
            let version = case.policies.on(crate::domain::day::Zone::SHANGHAI.local_date(on));
            prop_assert_eq!(*agency, concerned);
            prop_assert_eq!(*policy, version.id);
            prop_assert!(version.policy.rules.enabled(*rule));

            prop_assert!(RESTING.contains(rule) || evidence.is_empty());
            let filings: Vec<&Filing> = evidence.iter().filter_map(|id| case.filing(Subject::Filing(*id))).collect();
            prop_assert_eq!(filings.len(), evidence.len(), "evidence is in the dossier");
            prop_assert!(filings.is_sorted_by(|a, b| a.before(b)), "in order of acceptance, each once");
            prop_assert!(filings.iter().all(|g| g.live() && g.inspection()));
            prop_assert!(case.filing(*subject).is_none_or(|f| filings.iter().all(|g| g.before(f))));

            let json = serde_json::to_value(inputs).expect("inputs as JSON");
            prop_assert_eq!(json["rule"].as_str(), Some(rule.as_str()));
            let back: Inputs = serde_json::from_value(json).expect("inputs from JSON");
            prop_assert_eq!(&back, inputs);
        }
        let (reports, filings): (BTreeSet<_>, BTreeSet<_>) = assessment.matches.iter().copied().unzip();
        prop_assert_eq!(reports.len(), assessment.matches.len(), "a report matches once");
        prop_assert_eq!(filings.len(), assessment.matches.len(), "a filing matches once");
    }

    #[test]
    fn next_change_is_honest(case in case(), share in 0.0..1.0_f64) {
        let assessment = case.assess();
        let Some(next) = assessment.next_change else {
            let later = case.at(case.now + TimeDelta::days(3_653));
            prop_assert_eq!(later, assessment, "nothing ever changes");
            return Ok(());
        };
        prop_assert!(next > case.now);
        let ahead = next - case.now;
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any instant between will do")]
        let between = case.now + TimeDelta::milliseconds((ahead.num_milliseconds() as f64 * share) as i64);
        for at in [between, next - TimeDelta::milliseconds(1)] {
            prop_assert_eq!(case.at(at), assessment.clone(), "{} is before the change", at);
        }
        prop_assert!(case.at(next).findings != assessment.findings, "and then something changes");
    }

    #[test]
    fn what_has_nothing_to_do_with_a_subject_does_not_change_it(mut case in case(), far in any::<bool>()) {
        let assessment = case.assess();
        case.dossier.filings.push(on(50, "2026-01-05").done().cancelled());
        case.dossier.reports.push(Report { withdrawn: true, ..report(50, "2026-01-05 09:00") });
        case.dossier.reports.push(Report { agency: None, ..report(51, "2026-01-05 09:00") });
        case.dossier.filings.push(on(51, "2026-01-05").kind(crate::domain::filing::Kind::ServiceVisit).by(4));
        prop_assert_eq!(case.assess(), assessment.clone());

        let day = if far { "2023-01-05" } else { "2029-01-05" };
        let stranger = Filing { matters: vec![matter(99)], agency: agency(4), ..on(52, day).inspectors(&["远"]) };
        let subject = Subject::Filing(stranger.id);
        case.dossier.filings.push(stranger);
        let findings: Vec<Finding> = case.assess().findings.into_iter().filter(|f| f.subject != subject).collect();
        prop_assert_eq!(findings, assessment.findings);
    }

    #[test]
    fn what_is_context_only_changes_nothing_of_the_rest(case in case()) {
        let mut whole = case;
        whole.dossier.judged_from = None;
        let all = whole.assess();
        let from = crate::domain::rules::test_support::d("2026-01-10");
        let mut part = whole.clone();
        part.dossier.judged_from = Some(from);
        let zone = crate::domain::day::Zone::SHANGHAI;
        let first = |subject| match (whole.filing(subject), whole.report(subject)) {
            (Some(f), _) => Some(f.first_day(zone)),
            (_, r) => r.map(|r| zone.local_date(r.arrived_at)),
        };
        let expected: Vec<Finding> = all.findings.into_iter().filter(|f| first(f.subject) >= Some(from)).collect();
        let judged = part.assess();
        prop_assert_eq!(judged.findings, expected);
        prop_assert_eq!(judged.matches, all.matches);
    }
}

/// The properties above would hold of an `assess` that finds nothing: the random dossiers must meet every rule.
#[test]
fn random_dossiers_meet_every_rule_in_every_severity() {
    let mut runner = TestRunner::deterministic();
    let (mut met, mut waiting, mut matched) = (BTreeSet::new(), 0, 0);
    for _ in 0..1_000 {
        let assessment = case().new_tree(&mut runner).expect("a case").current().assess();
        met.extend(assessment.findings.iter().map(|f| (f.rule, f.severity.level())));
        waiting += usize::from(assessment.next_change.is_some());
        matched += usize::from(assessment.matches.len() > 1);
    }
    let expected: BTreeSet<(RuleCode, u8)> = RuleCode::ALL
        .iter()
        .flat_map(|rule| {
            let severities: &[u8] = match rule {
                RuleCode::Fil01 | RuleCode::Low01 => &[1],
                RuleCode::Tim01 | RuleCode::Rec01 => &[1, 2],
                RuleCode::Fil04 => &[1, 3],
                RuleCode::Dis01 => &[1, 2, 3],
                RuleCode::Exm01 | RuleCode::Res01 | RuleCode::Prc01 => &[2],
                RuleCode::Int01 => &[4],
                // No dossier meets these: their subjects are requests and violations.
                RuleCode::Exp01 | RuleCode::Exp02 | RuleCode::Agg01 => &[],
                _ => &[2, 3],
            };
            severities.iter().map(|severity| (*rule, *severity))
        })
        .collect();
    assert_eq!(met, expected);
    assert!(waiting > 100 && matched > 50, "{waiting} wait for a deadline, {matched} have two matches or more");
}

#[test]
fn nothing_is_found_in_nothing() {
    let expected = Assessment { findings: Vec::new(), matches: Vec::new(), next_change: None };
    assert_eq!(Case::of([]).assess(), expected);
}

/// Nothing but not panicking: times at the ends of the calendar, the largest parameters, registries that know nobody.
#[test]
fn any_data_is_judged() {
    let ends = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::UNIX_EPOCH, DateTime::<Utc>::MAX_UTC];
    let mut filings = vec![on(1, "2026-01-05"), on(1, "2026-01-05"), on(2, "2026-01-05").inspectors(&[]).joint("")];
    let mut reports = vec![report(1, "2026-01-05 09:00"), report(1, "2026-01-05 09:00")];
    for (n, (start, end)) in (3..).zip([(ends[0], ends[1]), (ends[1], ends[2]), (ends[0], ends[2])]) {
        let planned = crate::domain::day::Span::new(start, end).expect("start before end");
        let f = Filing { planned, filed_at: end, seq: i64::MAX, matters: Vec::new(), ..on(n, "2026-01-05") };
        let (arrived_at, left_at) = (Some(end), Some(start));
        filings.extend([f.clone(), Filing { arrived_at, ..f.clone() }, Filing { arrived_at, left_at, ..f }]);
        reports.push(Report { arrived_at: start, filed_at: end, seq: i64::MIN, ..report(n, "2026-01-05 09:00") });
        reports.push(Report {
            arrived_at: end,
            filed_at: start,
            prohibited: vec![255],
            ..report(n, "2026-01-05 09:00")
        });
    }
    let case = Case::of(filings).reports(reports).policy(|p| {
        p.no_disturb.ranges = Vec::new();
        let rules = &mut p.rules;
        (rules.dup_01.days, rules.dup_02.days, rules.low_01.days) = (u32::MAX, u32::MAX, u32::MAX);
        (rules.dup_03.day, rules.dup_03.week, rules.dup_03.month) = (0, 0, u32::MAX);
        (rules.frq_01.default, rules.low_01.count) = (0, 0);
        (rules.fil_03.hours, rules.rec_01.minutes, rules.fil_04.tolerance_days) = (u32::MAX, u32::MAX, u32::MAX);
        (rules.fil_01.working_days, rules.fil_03.working_days, rules.fil_04.working_days) = (u32::MAX, 0, u32::MAX);
        (rules.exm_01.working_days, rules.res_01.working_days, rules.per_01.min) = (u32::MAX, u32::MAX, u32::MAX);
    });
    for now in ends {
        assert!(!case.at(now).findings.is_empty());
        let nobody = crate::domain::dossier::Registries {
            agencies: [].into(),
            matters: [].into(),
            inspectors: [].into(),
            ..registries().clone()
        };
        assert!(!crate::domain::rules::assess(&case.dossier, &nobody, &case.policies, now).findings.is_empty());
    }
}
