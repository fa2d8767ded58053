//! Cases of DUP-01 and DUP-02.

use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Filing, Kind};
use crate::domain::rule::RuleCode::{Dup01, Dup02};
use crate::domain::rules::test_support::{Case, agency, d, filing, filing_id, matter, on, version};
use crate::domain::rules::{Inputs, Nearest};
use rstest::rstest;

/// One of agency 2 about its own matter 21, of the group of matter 1.
fn other(n: u8, day: &str) -> Filing {
    on(n, day).by(2).about(&[21])
}

#[rstest]
#[case::gap_59(on(1, "2026-01-05"), on(2, "2026-03-05"), "F2:2<F1")]
#[case::gap_60(on(1, "2026-01-05"), on(2, "2026-03-06"), "")]
#[case::from_the_last_day_of_the_earlier(
    filing(1, "2026-01-03 09:00", "2026-01-05 11:00"),
    on(2, "2026-03-05"),
    "F2:2<F1"
)]
#[case::the_last_day_ends_at_midnight(
    filing(1, "2026-01-03 09:00", "2026-01-06 00:00"),
    on(2, "2026-03-05"),
    "F2:2<F1"
)]
#[case::a_minute_later(filing(1, "2026-01-03 09:00", "2026-01-06 00:01"), on(2, "2026-03-06"), "F2:2<F1")]
#[case::filed_later_but_earlier_in_time(on(1, "2026-03-05"), on(2, "2026-01-05"), "F2:2<F1")]
#[case::filed_later_and_60_days_before(on(1, "2026-03-06"), on(2, "2026-01-05"), "")]
#[case::same_day(on(1, "2026-01-05"), on(2, "2026-01-05"), "F2:2<F1")]
#[case::executed(on(1, "2026-01-05"), on(2, "2026-01-20").done(), "F2:3<F1")]
#[case::severity_is_not_of_the_other(on(1, "2026-01-05").done(), on(2, "2026-01-20"), "F2:2<F1")]
#[case::span_follows_arrival(on(1, "2026-01-05").arrived("2026-01-04 09:00").left("2026-01-04 10:00"), on(2, "2026-03-05"), "")]
#[case::no_common_matter(on(1, "2026-01-05"), on(2, "2026-01-20").about(&[2, 3]), "")]
#[case::one_common_matter(on(1, "2026-01-05").about(&[3, 1]), on(2, "2026-01-20").about(&[2, 3]), "F2:2<F1")]
#[case::a_team_of_the_same_root(on(1, "2026-01-05"), on(2, "2026-01-20").by(11), "F2:2<F1")]
#[case::two_of_the_team(on(1, "2026-01-05").by(11), on(2, "2026-01-20").by(11), "F2:2<F1")]
#[case::another_agency(on(1, "2026-01-05"), on(2, "2026-01-20").by(2), "")]
#[case::with_cause(on(1, "2026-01-05"), on(2, "2026-01-20").kind(Kind::Clue), "")]
#[case::the_other_with_cause(on(1, "2026-01-05").kind(Kind::OnRequest), on(2, "2026-01-20"), "")]
#[case::the_other_immediate(on(1, "2026-01-05").kind(Kind::Immediate), on(2, "2026-01-20"), "")]
#[case::special_counts(on(1, "2026-01-05").kind(Kind::Special), on(2, "2026-01-20"), "F2:2<F1")]
#[case::the_other_a_service_visit(on(1, "2026-01-05").kind(Kind::ServiceVisit), on(2, "2026-01-20"), "")]
#[case::a_service_visit(on(1, "2026-01-05"), on(2, "2026-01-20").kind(Kind::ServiceVisit), "")]
#[case::the_other_cancelled(on(1, "2026-01-05").cancelled(), on(2, "2026-01-20"), "")]
#[case::same_joint_group(on(1, "2026-01-05").joint("春查"), on(2, "2026-01-20").joint("春查"), "")]
#[case::the_same_typed_apart(on(1, "2026-01-05").joint("安全 联检１Ａ"), on(2, "2026-01-20").joint("安全联检1a "), "")]
#[case::two_blank_names(on(1, "2026-01-05").joint(" "), on(2, "2026-01-20").joint("\u{3000}"), "F2:2<F1")]
#[case::two_joint_groups(on(1, "2026-01-05").joint("春查"), on(2, "2026-01-20").joint("夏查"), "F2:2<F1")]
#[case::one_joint_group(on(1, "2026-01-05").joint("春查"), on(2, "2026-01-20"), "F2:2<F1")]
#[case::no_name_is_no_group(on(1, "2026-01-05").joint(""), on(2, "2026-01-20").joint(""), "F2:2<F1")]
fn dup_01(#[case] g: Filing, #[case] f: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([g, f]).found(Dup01), expected);
}

#[rstest]
#[case::gap_29(on(1, "2026-03-02"), other(2, "2026-03-31"), "F2:2<F1")]
#[case::gap_30(on(1, "2026-03-02"), other(2, "2026-04-01"), "")]
#[case::executed(on(1, "2026-03-02"), other(2, "2026-03-31").done(), "F2:3<F1")]
#[case::filed_later_but_earlier_in_time(other(1, "2026-03-31"), on(2, "2026-03-02"), "F2:2<F1")]
#[case::same_root(on(1, "2026-03-02"), on(2, "2026-03-03").by(11).about(&[11]), "")]
#[case::team_and_another_root(on(1, "2026-03-02").by(11).about(&[11]), other(2, "2026-03-03"), "F2:2<F1")]
#[case::another_group(on(1, "2026-03-02"), other(2, "2026-03-03").about(&[22]), "")]
#[case::one_of_several_groups(on(1, "2026-03-02").about(&[2, 1]), other(2, "2026-03-03").about(&[22, 21]), "F2:2<F1")]
#[case::no_group_is_no_common_group(on(1, "2026-03-02").about(&[3]), other(2, "2026-03-03").about(&[23]), "")]
#[case::unknown_matters_have_no_group(on(1, "2026-03-02").about(&[99]), other(2, "2026-03-03").about(&[99]), "")]
#[case::the_same_matter_of_another_root(on(1, "2026-03-02"), on(2, "2026-03-03").by(2), "F2:2<F1")]
#[case::with_cause(on(1, "2026-03-02"), other(2, "2026-03-03").kind(Kind::Clue), "")]
#[case::the_other_with_cause(on(1, "2026-03-02").exempt("E08"), other(2, "2026-03-03"), "")]
#[case::same_joint_group(on(1, "2026-03-02").joint("春查"), other(2, "2026-03-02").joint("春查"), "")]
#[case::two_joint_groups(on(1, "2026-03-02").joint("春查"), other(2, "2026-03-02").joint("夏查"), "F2:2<F1")]
fn dup_02(#[case] g: Filing, #[case] f: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([g, f]).found(Dup02), expected);
}

#[test]
fn exemptions_lift_on_either_side() {
    // E06 and E08 are causes, so they lift both rules whatever the policy honours.
    let dup_01 = ["E01", "E02", "E03", "E04", "E06", "E08", "E09", "E10"];
    let dup_02 = ["E01", "E02", "E03", "E04", "E06", "E08", "E09", "E10"];
    for code in ExemptionCode::ALL.iter().map(|c| c.as_str()) {
        for (a, b) in [(code, ""), ("", code)] {
            let same = Case::of([on(1, "2026-01-05").exempt(a), on(2, "2026-01-20").exempt(b)]);
            assert_eq!(same.found(Dup01), if dup_01.contains(&code) { "" } else { "F2:2<F1" }, "{a} {b}");
            let two = Case::of([on(1, "2026-01-05").exempt(a), other(2, "2026-01-20").exempt(b)]);
            assert_eq!(two.found(Dup02), if dup_02.contains(&code) { "" } else { "F2:2<F1" }, "{a} {b}");
        }
    }
}

#[test]
fn order_is_by_receipt_then_by_number() {
    let (a, b) = (on(1, "2026-01-05").filed("2025-12-02 10:00"), on(2, "2026-01-20").filed("2025-12-01 10:00"));
    assert_eq!(Case::of([a, b]).found(Dup01), "F1:2<F2");
    let (a, b) = (on(1, "2026-01-20").filed("2025-12-01 10:00"), on(2, "2026-01-05").filed("2025-12-01 10:00"));
    assert_eq!(Case::of([b, a]).found(Dup01), "F2:2<F1");
}

#[test]
fn evidence_is_all_of_them_in_order_of_acceptance() {
    let case = Case::of([
        on(4, "2026-01-21"),
        on(3, "2026-05-01"),
        on(2, "2026-01-20"),
        on(1, "2026-01-05"),
        on(5, "2026-02-01").about(&[2]),
    ]);
    assert_eq!(case.found(Dup01), "F2:2<F1 F4:2<F1,F2");
}

#[test]
fn the_subjects_policy_gives_the_days() {
    let versions = vec![
        version(1, "2020-01-01", |p| p.rules.dup_01.days = 10),
        version(2, "2026-01-15", |p| p.rules.dup_02.days = 10),
    ];
    // F2 is judged by the first version: 10 days for DUP-01; F3 by the second: 60.
    let case = Case::of([on(1, "2026-01-01"), on(2, "2026-01-11"), on(3, "2026-01-25")]).versions(versions.clone());
    assert_eq!(case.found(Dup01), "F3:2<F1,F2");
    let case = Case::of([on(1, "2026-01-01"), other(2, "2026-01-14"), other(3, "2026-01-15")]).versions(versions);
    assert_eq!(case.found(Dup02), "F2:2<F1");
}

#[test]
fn the_rule_can_be_switched_off() {
    let case = || Case::of([on(1, "2026-01-05"), on(2, "2026-01-05"), other(3, "2026-01-05")]);
    assert_eq!(case().found(Dup01), "F2:2<F1");
    assert_eq!(case().found(Dup02), "F3:2<F1,F2");
    let off = case().policy(|p| p.rules.dup_01.enabled = false);
    assert_eq!((off.found(Dup01).as_str(), off.found(Dup02).as_str()), ("", "F3:2<F1,F2"));
}

#[test]
fn the_nearest_is_described() {
    let case = Case::of([on(1, "2026-01-05"), on(2, "2026-01-25").by(11).about(&[1, 2, 11]), on(3, "2026-05-01")]);
    let far = Case::of([on(1, "2026-01-05"), on(2, "2026-05-25")]);
    assert_eq!(far.found(Dup01), "");
    let nearest = Nearest {
        filing: filing_id(1),
        agency: agency(1),
        first: d("2026-01-05"),
        last: d("2026-01-05"),
        gap: 20,
        limit: 60,
    };
    assert_eq!(case.inputs(Dup01), Inputs::Dup01 { nearest, matters: vec![matter(1)], executed: false });

    let case =
        Case::of([on(1, "2026-01-05"), on(2, "2026-01-20").about(&[2]), other(3, "2026-01-08").about(&[21, 22])]);
    let nearest = Nearest {
        filing: filing_id(1),
        agency: agency(1),
        first: d("2026-01-05"),
        last: d("2026-01-05"),
        gap: 3,
        limit: 30,
    };
    let groups = vec!["消防通道".to_owned()];
    assert_eq!(case.inputs(Dup02), Inputs::Dup02 { nearest, groups, executed: false });
}
