//! Cases of PER-01, PER-02, PER-03 and PER-04.

use crate::domain::filing::{Filing, Kind};
use crate::domain::rule::RuleCode::{Per01, Per02, Per03, Per04};
use crate::domain::rules::test_support::{Case, on};
use crate::domain::rules::{Inputs, InspectorFault};
use rstest::rstest;

/// Of agency 1 with these inspectors, on a day when 期 is valid.
fn by(cert_nos: &[&str]) -> Filing {
    on(1, "2026-03-04").inspectors(cert_nos)
}

#[rstest]
#[case::two_valid(by(&["甲", "乙"]), "", "")]
#[case::one(by(&["甲"]), "F1:2", "")]
#[case::nobody(by(&[]), "F1:2", "")]
#[case::one_named_twice(by(&["甲", "甲"]), "F1:2", "")]
#[case::executed(by(&["甲"]).done(), "F1:3", "")]
#[case::unknown(by(&["甲", "无"]), "F1:2", "F1:2")]
#[case::unknown_executed(by(&["甲", "无"]).done(), "F1:3", "F1:3")]
#[case::a_third_is_unknown(by(&["甲", "乙", "无"]), "", "F1:2")]
#[case::of_the_team(by(&["甲", "队"]), "", "")]
#[case::of_the_authority_for_the_team(by(&["甲", "队"]).by(11), "", "")]
#[case::of_another_agency(by(&["甲", "丙"]), "F1:2", "F1:2")]
#[case::of_another_agency_in_a_joint_group(by(&["甲", "丙"]).joint("春查"), "", "")]
#[case::no_name_is_no_joint_group(by(&["甲", "丙"]).joint(""), "F1:2", "F1:2")]
#[case::suspended(by(&["甲", "停"]), "F1:2", "F1:2")]
#[case::suspended_in_a_joint_group(by(&["甲", "停"]).joint("春查"), "F1:2", "F1:2")]
#[case::valid_for_a_time(by(&["甲", "期"]), "", "")]
#[case::service_visit(by(&["无"]).kind(Kind::ServiceVisit), "", "")]
#[case::immediate(by(&["无"]).kind(Kind::Immediate).exempt("E01"), "F1:2", "F1:2")]
#[case::cancelled(by(&["无"]).cancelled(), "", "")]
fn people(#[case] f: Filing, #[case] per_01: &str, #[case] per_02: &str) {
    let case = Case::of([f]);
    assert_eq!((case.found(Per01).as_str(), case.found(Per02).as_str()), (per_01, per_02));
}

#[rstest]
#[case::the_day_before("2026-03-02", Some(InspectorFault::NotYetValid))]
#[case::first_day("2026-03-03", None)]
#[case::last_day("2026-03-05", None)]
#[case::the_day_after("2026-03-06", Some(InspectorFault::Expired))]
fn validity_is_inclusive_on_the_first_day_of_the_span(#[case] day: &str, #[case] fault: Option<InspectorFault>) {
    let case = Case::of([on(1, day).inspectors(&["甲", "期"])]);
    assert_eq!(case.found(Per02), if fault.is_some() { "F1:2" } else { "" });
    assert_eq!(case.found(Per01), if fault.is_some() { "F1:2" } else { "" });
    if let Some(expected) = fault {
        let Inputs::Per02 { invalid, .. } = case.inputs(Per02) else { panic!("inputs of PER-02") };
        assert_eq!((invalid[0].cert_no.as_str(), invalid[0].fault, invalid.len()), ("期", expected, 1));
    }
    let arrived = Case::of([on(1, "2026-03-10").arrived(&format!("{day} 09:00")).inspectors(&["期"])]);
    assert_eq!(arrived.found(Per02), if fault.is_some() { "F1:3" } else { "" });
}

#[test]
fn each_invalid_inspector_is_named_once_with_the_reason() {
    let case = Case::of([by(&["无", "停", "丙", "无", "甲"])]);
    let Inputs::Per02 { invalid, .. } = case.inputs(Per02) else { panic!("inputs of PER-02") };
    let found: Vec<_> = invalid.iter().map(|i| (i.cert_no.as_str(), i.fault)).collect();
    let expected =
        [("无", InspectorFault::Unknown), ("停", InspectorFault::Suspended), ("丙", InspectorFault::OtherAgency)];
    assert_eq!(found, expected);
    let per_01 = Inputs::Per01 { named: 4, valid: 1, min: 2, executed: false };
    assert_eq!(case.inputs(Per01), per_01);
}

#[test]
fn per_01_takes_its_number_from_the_policy_and_does_not_need_per_02() {
    let case = || Case::of([by(&["甲", "无"])]);
    assert_eq!(case().policy(|p| p.rules.per_01.min = 1).found(Per01), "");
    assert_eq!(case().policy(|p| p.rules.per_02.enabled = false).found(Per01), "F1:2");
}

#[test]
fn assistants_are_no_inspectors_but_no_fault_either() {
    let case = |f: Filing| Case::of([f]).second_wave();
    assert_eq!(case(by(&["甲", "辅一"])).found(Per01), "F1:2", "one officer");
    assert_eq!(case(by(&["甲", "乙", "辅一"])).found(Per01), "");
    assert_eq!(case(by(&["甲", "乙", "辅一"])).found(Per02), "");
    let Inputs::Per01 { named, valid, .. } = case(by(&["甲", "停", "辅一"])).inputs(Per01) else {
        panic!("inputs")
    };
    assert_eq!((named, valid), (2, 1));
}

#[rstest]
#[case::five(by(&["1", "2", "3", "4", "5"]), "")]
#[case::six(by(&["1", "2", "3", "4", "5", "6"]), "F1:1")]
#[case::six_executed(by(&["1", "2", "3", "4", "5", "6"]).done(), "F1:2")]
#[case::with_assistants(by(&["1", "2", "3"]).with(&["4", "5"]), "")]
#[case::with_one_assistant_more(by(&["1", "2", "3"]).with(&["4", "5", "6"]), "F1:1")]
#[case::each_once(by(&["1", "2", "3", "3"]).with(&["3", "4", "5", "5"]), "")]
#[case::emergency(by(&["1", "2", "3", "4", "5", "6"]).exempt("E03"), "")]
#[case::other_exemption(by(&["1", "2", "3", "4", "5", "6"]).exempt("E04"), "F1:1")]
#[case::joint(by(&["1", "2", "3", "4", "5", "6"]).joint("春查"), "")]
#[case::service_visit(by(&["1", "2", "3", "4", "5", "6"]).kind(Kind::ServiceVisit), "")]
fn per_03(#[case] f: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([f.clone()]).second_wave().found(Per03), expected);
    assert_eq!(Case::of([f]).found(Per03), "", "off by default");
}

#[test]
fn per_03_of_a_joint_inspection_counts_all_who_come_and_flags_the_later_filed() {
    let six = |n: u8, of: [&str; 6]| on(n, "2026-03-04").inspectors(&of).joint("春查").by(n.into());
    let a = || six(1, ["1", "2", "3", "4", "5", "6"]);
    let b = || six(2, ["7", "8", "9", "10", "11", "12"]);
    let found = |filings: Vec<Filing>| Case::of(filings).second_wave().found(Per03);
    assert_eq!(found(vec![a(), b()]), "", "twelve");
    assert_eq!(found(vec![a(), b().with(&["13"])]), "F2:1");
    assert_eq!(found(vec![a(), b().with(&["1"])]), "", "one comes with both");
    assert_eq!(found(vec![a(), b().joint("夏查").with(&["13"])]), "");
    assert_eq!(found(vec![a(), b().with(&["13"]).arrived("2026-03-05 09:00")]), "", "not on the same day");
}

#[rstest]
#[case::no_assistants(by(&[]), "")]
#[case::led_by_an_officer(by(&["甲"]).with(&["辅二"]), "")]
#[case::alone(by(&[]).with(&["辅二"]), "F1:2")]
#[case::alone_by_the_registry(by(&["辅一"]), "F1:2")]
#[case::executed(by(&["辅一"]).done(), "F1:3")]
#[case::led_by_somebody_suspended(by(&["停"]).with(&["辅二"]), "F1:2")]
#[case::led_by_another_agency(by(&["丙"]).with(&["辅二"]), "F1:2")]
#[case::led_in_a_joint_group(by(&["丙"]).with(&["辅二"]).joint("春查"), "")]
#[case::service_visit(by(&["辅一"]).kind(Kind::ServiceVisit), "")]
fn per_04(#[case] f: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([f.clone()]).second_wave().found(Per04), expected);
    assert_eq!(Case::of([f]).found(Per04), "", "off by default");
}
