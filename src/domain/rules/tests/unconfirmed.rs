//! Filings from unknown phones (未核验): judged, but nobody else is judged by them, and they blame no agency.

use super::histories::{case, config};
use crate::domain::filing::{Filing, Kind};
use crate::domain::rule::RuleCode::{Dup03, Fil04, Frq03, Ndd01};
use crate::domain::rule::{Severity, Subject};
use crate::domain::rules::test_support::{Case, agency, filing, on, report};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

/// An immediate filing that nobody has confirmed.
fn stranger(n: u8, day: &str) -> Filing {
    Filing { unconfirmed: true, ..on(n, day).kind(Kind::Immediate) }
}

#[test]
fn another_filing_is_judged_as_if_it_were_not_there() {
    let doubted = Case::of([stranger(1, "2026-03-02"), on(2, "2026-03-02")]);
    assert_eq!(doubted.found(Dup03), "");
    let confirmed = Case::of([on(1, "2026-03-02").kind(Kind::Immediate), on(2, "2026-03-02")]);
    assert_eq!(confirmed.found(Dup03), "F2:2<F1");
    let year = |first: fn(u8, &str) -> Filing| {
        let before = (1..=9).map(move |n| first(n, &format!("2026-{:02}-02", n + 1)));
        Case::of(before.chain([on(10, "2026-11-02").by(2)])).second_wave().found(Frq03)
    };
    assert_eq!(year(stranger).matches("F10").count(), 0);
}

#[test]
fn it_is_judged_itself_but_blames_no_agency_until_it_is_confirmed() {
    let case = |f: Filing| {
        let assessment = Case::of([f]).assess();
        let found: Vec<_> = assessment.findings.iter().filter(|f| f.rule == Ndd01).map(|f| f.agency).collect();
        found
    };
    assert_eq!(case(stranger(1, "2026-03-10")), [None]);
    assert_eq!(case(on(1, "2026-03-10").kind(Kind::Immediate)), [Some(agency(1))]);
    let cancelled = Filing { unconfirmed: true, ..on(1, "2026-03-10").cancelled() };
    assert_eq!(case(cancelled), []);
}

#[test]
fn it_is_seen_from_what_was_filed_before() {
    // The other way round: what is confirmed counts for it.
    let visits = [on(1, "2026-03-02"), Filing { unconfirmed: true, ..on(2, "2026-03-02") }];
    assert_eq!(Case::of(visits).found(Dup03), "F2:2<F1");
}

#[test]
fn a_report_that_nothing_else_matches_is_matched_to_it_and_one_that_something_does_is_not() {
    let told = report(1, "2026-03-05 10:00");
    let alone = Case::of([stranger(1, "2026-03-05")]).reports([told.clone()]);
    assert_eq!((alone.matched().as_str(), alone.found(Fil04).as_str()), ("R1-F1", ""));
    let far = filing(2, "2026-03-05 15:00", "2026-03-05 16:00");
    let both = Case::of([stranger(1, "2026-03-05"), far]).reports([told]);
    assert_eq!(both.matched(), "R1-F2");
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn of_every_history_what_is_confirmed_is_judged_as_without_the_rest(case in case(), marks in any::<u16>()) {
        let mut marked = case;
        for (n, f) in marked.dossier.filings.iter_mut().enumerate() {
            f.unconfirmed = marks >> (n % 16) & 1 == 1 && f.live();
        }
        let doubted: Vec<_> = marked.dossier.filings.iter().filter(|f| f.unconfirmed).map(|f| f.id).collect();
        let mut sure = marked.clone();
        sure.dossier.filings.retain(|f| !f.unconfirmed);
        let (whole, sure) = (marked.assess(), sure.assess());
        let of_sure = |findings: &[crate::domain::rules::Finding]| -> Vec<_> {
            let sure = |s: Subject| matches!(s, Subject::Filing(id) if !doubted.contains(&id));
            findings.iter().filter(|f| sure(f.subject)).cloned().collect()
        };
        prop_assert_eq!(of_sure(&whole.findings), of_sure(&sure.findings));
        for finding in &whole.findings {
            if let Subject::Filing(id) = finding.subject {
                prop_assert!(!doubted.contains(&id) || finding.agency.is_none());
            }
            prop_assert!(finding.severity >= Severity::Notice);
        }
        let sorted = whole.findings.is_sorted_by_key(|f| (f.rule, f.subject));
        prop_assert!(sorted, "sorted by rule and subject");
        prop_assert!(whole.overdue == sure.overdue);
    }
}
