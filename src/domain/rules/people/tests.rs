//! Cases of PER-01 and PER-02.

use crate::domain::filing::{Filing, Kind};
use crate::domain::rule::RuleCode::{Per01, Per02};
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
