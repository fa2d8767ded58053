//! Cases of JNT-02.

use crate::domain::filing::Filing;
use crate::domain::rule::RuleCode::Jnt02;
use crate::domain::rules::Inputs;
use crate::domain::rules::test_support::{Case, agency, filing_id, on, t};
use rstest::rstest;

/// Two agencies that agreed on the same day; the second arrives at this time.
fn pair(arrived: &str) -> [Filing; 2] {
    [
        on(1, "2026-03-04").joint("春查").arrived("2026-03-04 09:00"),
        on(2, "2026-03-04").joint("春查").by(2).arrived(arrived),
    ]
}

#[rstest]
#[case::together("2026-03-04 09:00", "")]
#[case::an_hour("2026-03-04 10:00:00", "")]
#[case::more_than_an_hour("2026-03-04 10:00:01", "F2:2")]
#[case::before_the_other("2026-03-04 08:30", "")]
#[case::long_before_the_other("2026-03-04 07:59", "F1:2")]
#[case::another_day("2026-03-05 09:00", "F2:2")]
#[case::thirty_days("2026-04-03 09:00", "F2:2")]
#[case::another_inspection_of_that_name("2026-04-03 09:00:01", "")]
fn jnt_02(#[case] arrived: &str, #[case] expected: &str) {
    assert_eq!(Case::of(pair(arrived)).second_wave().found(Jnt02), expected);
}

#[test]
fn jnt_02_midnight_parts_what_an_hour_does_not() {
    let [a, b] = pair("2026-03-05 00:10");
    let a = a.arrived("2026-03-04 23:50");
    assert_eq!(Case::of([a, b]).second_wave().found(Jnt02), "F2:2");
}

#[test]
fn jnt_02_needs_an_agreed_group_and_an_arrival() {
    let late = |f: Filing| f.arrived("2026-03-05 09:00");
    let [a, b] = pair("2026-03-05 09:00");
    let found = |filings: Vec<Filing>| Case::of(filings).second_wave().found(Jnt02);
    assert_eq!(found(vec![a.clone(), b.clone().by(1)]), "", "one authority alone agrees with nobody");
    assert_eq!(found(vec![a.clone(), b.clone().by(11)]), "", "nor with its team");
    assert_eq!(found(vec![a.clone(), late(on(2, "2026-03-04").by(2))]), "", "no group");
    assert_eq!(found(vec![a.clone(), late(on(2, "2026-03-04").by(2).joint("夏查"))]), "", "another group");
    assert_eq!(found(vec![a.clone().cancelled(), b.clone()]), "", "the first was cancelled");
    assert_eq!(found(vec![a.clone(), b.clone().exempt("E01")]), "", "an emergency");
    assert_eq!(found(vec![a.clone(), b.clone().exempt("E04")]), "F2:2");
    let apart = vec![
        on(1, "2026-03-04").joint("春 查Ａ").arrived("2026-03-04 09:00"),
        late(on(2, "2026-03-04").by(2).joint("春查a")),
    ];
    assert_eq!(
        found(apart),
        found(vec![a.clone(), late(on(2, "2026-03-04").by(2).joint("春查"))]),
        "one group typed apart"
    );
    let three = vec![a, b.clone(), late(on(3, "2026-03-04").joint("春查").by(3))];
    assert_eq!(found(three), "F2:2 F3:2", "each by the first arrival");
}

#[test]
fn jnt_02_takes_its_numbers_from_the_policy_and_tells_the_facts() {
    let case = |minutes, days| {
        Case::of(pair("2026-03-05 09:00")).policy(|p| {
            (p.rules.jnt_02.enabled, p.rules.jnt_02.minutes, p.rules.jnt_02.days) = (true, minutes, days);
        })
    };
    assert_eq!(case(60, 0).found(Jnt02), "");
    assert_eq!(case(60, 1).found(Jnt02), "F2:2");
    let Inputs::Jnt02(facts) = case(45, 1).inputs(Jnt02) else { panic!("inputs of JNT-02") };
    assert_eq!((facts.first, facts.agency, facts.first_at), (filing_id(1), agency(1), t("2026-03-04 09:00")));
    assert_eq!((facts.arrived_at, facts.minutes, facts.group.as_str()), (t("2026-03-05 09:00"), 45, "春查"));
    assert_eq!(Case::of(pair("2026-03-05 09:00")).found(Jnt02), "", "off by default");
}
