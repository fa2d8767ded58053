//! Cases of DUP-03, FRQ-01 and LOW-01.

use crate::domain::enterprise::CreditClass;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Filing, Kind, VisitResult};
use crate::domain::rule::RuleCode::{Dup03, Frq01, Low01};
use crate::domain::rules::test_support::{Case, agency, d, filing_id, on, report};
use crate::domain::rules::{Exceeded, Inputs, Period};
use rstest::rstest;

/// Filings of these days, accepted in this order.
fn days(list: &[&str]) -> Vec<Filing> {
    (1..).zip(list).map(|(n, day)| on(n, day)).collect()
}

#[rstest]
#[case::two_on_a_day(&["2026-03-02", "2026-03-02"], "F2:2<F1")]
#[case::third_of_the_day(&["2026-03-02", "2026-03-02", "2026-03-02"], "F2:2<F1 F3:3<F1,F2")]
#[case::two_in_a_week(&["2026-03-02", "2026-03-08"], "")]
#[case::third_in_a_week(&["2026-03-02", "2026-03-04", "2026-03-08"], "F3:2<F1,F2")]
#[case::the_week_ends_on_sunday(&["2026-03-02", "2026-03-04", "2026-03-09"], "")]
#[case::a_week_across_months(&["2026-03-30", "2026-03-31", "2026-04-01"], "F3:2<F1,F2")]
#[case::a_week_across_years(&["2025-12-29", "2025-12-31", "2026-01-04"], "F3:2<F1,F2")]
#[case::three_in_a_month(&["2026-03-02", "2026-03-10", "2026-03-18"], "")]
#[case::fourth_in_a_month(&["2026-03-02", "2026-03-10", "2026-03-18", "2026-03-31"], "F4:2<F1,F2,F3")]
#[case::the_month_ends(&["2026-03-02", "2026-03-10", "2026-03-18", "2026-04-01"], "")]
#[case::same_month_of_another_year(&["2025-03-03", "2025-03-12", "2025-03-20", "2026-03-31"], "")]
#[case::day_and_month_are_joined(&["2026-03-02", "2026-03-10", "2026-03-18", "2026-03-18"], "F4:2<F1,F2,F3")]
#[case::filed_before_not_visited_before(&["2026-03-31", "2026-03-18", "2026-03-10", "2026-03-02"], "F4:2<F1,F2,F3")]
fn dup_03_limits(#[case] list: &[&str], #[case] expected: &str) {
    assert_eq!(Case::of(days(list)).found(Dup03), expected);
}

#[test]
fn dup_03_counts_all_agencies_and_matters() {
    let case = Case::of([on(1, "2026-03-02"), on(2, "2026-03-02").by(2).about(&[22])]);
    assert_eq!(case.found(Dup03), "F2:2<F1");
}

#[test]
fn dup_03_severity_is_by_day_rank_not_by_execution() {
    let case = Case::of([on(1, "2026-03-02").done(), on(2, "2026-03-02").done()]);
    assert_eq!(case.found(Dup03), "F2:2<F1");
    // The day's limit is not exceeded, the week's is: still the third of its day.
    let case = Case::of(days(&["2026-03-02"; 3])).policy(|p| p.rules.dup_03.day = 5);
    assert_eq!(case.found(Dup03), "F3:3<F1,F2");
}

#[test]
fn dup_03_looks_at_the_first_day_of_the_span() {
    let moved = on(2, "2026-03-03").arrived("2026-03-02 15:00");
    assert_eq!(Case::of([on(1, "2026-03-02"), moved]).found(Dup03), "F2:2<F1");
}

#[test]
fn dup_03_counts_visits_with_cause_for_the_day_only_and_never_flags_them() {
    let clue = |n, day: &str| on(n, day).kind(Kind::Clue);
    assert_eq!(Case::of([clue(1, "2026-03-02"), on(2, "2026-03-02")]).found(Dup03), "F2:2<F1");
    assert_eq!(Case::of([on(1, "2026-03-02"), clue(2, "2026-03-02")]).found(Dup03), "");
    let third = Case::of([clue(1, "2026-03-02"), on(2, "2026-03-02").exempt("E08"), on(3, "2026-03-02")]);
    assert_eq!(third.found(Dup03), "F3:3<F1,F2");
    assert_eq!(Case::of([clue(1, "2026-03-02"), on(2, "2026-03-03"), on(3, "2026-03-04")]).found(Dup03), "");
    // In the week F1 does not count, on the day it does: both are evidence.
    let case = Case::of([
        on(1, "2026-03-02"),
        on(2, "2026-03-03"),
        clue(3, "2026-03-03"),
        on(4, "2026-03-04"),
        on(5, "2026-03-04"),
    ]);
    assert_eq!(case.found(Dup03), "F4:2<F1,F2 F5:2<F1,F2,F4");
}

#[test]
fn dup_03_neither_counts_nor_flags_exempt_cancelled_or_service_visits() {
    for code in ExemptionCode::ALL.iter().map(|c| c.as_str()) {
        let lifted = ["E01", "E02", "E03"].contains(&code);
        let with_cause = ["E06", "E08"].contains(&code);
        let first = Case::of([on(1, "2026-03-02").exempt(code), on(2, "2026-03-02")]);
        assert_eq!(first.found(Dup03), if lifted { "" } else { "F2:2<F1" }, "{code} counted");
        let second = Case::of([on(1, "2026-03-02"), on(2, "2026-03-02").exempt(code)]);
        assert_eq!(second.found(Dup03), if lifted || with_cause { "" } else { "F2:2<F1" }, "{code} flagged");
    }
    assert_eq!(Case::of([on(1, "2026-03-02").cancelled(), on(2, "2026-03-02")]).found(Dup03), "");
    assert_eq!(Case::of([on(1, "2026-03-02").kind(Kind::ServiceVisit), on(2, "2026-03-02")]).found(Dup03), "");
}

#[test]
fn dup_03_takes_a_joint_group_on_one_day_for_one_visit() {
    let joint = |n, day: &str| on(n, day).joint("春查");
    assert_eq!(Case::of([joint(1, "2026-03-02"), joint(2, "2026-03-02"), joint(3, "2026-03-02")]).found(Dup03), "");
    // The visit's place is that of its first filing: F3 is the second visit, F4 belongs to the first.
    let case = Case::of([joint(1, "2026-03-02"), joint(2, "2026-03-02"), on(3, "2026-03-02"), joint(4, "2026-03-02")]);
    assert_eq!(case.found(Dup03), "F3:2<F1");
    // Only the representative is flagged.
    let case = Case::of([on(1, "2026-03-02"), joint(2, "2026-03-02"), joint(3, "2026-03-02")]);
    assert_eq!(case.found(Dup03), "F2:2<F1");
    // On another day it is another visit, and another group too.
    let case = Case::of([joint(1, "2026-03-02"), joint(2, "2026-03-03"), on(3, "2026-03-04")]);
    assert_eq!(case.found(Dup03), "F3:2<F1,F2");
    assert_eq!(Case::of([joint(1, "2026-03-02"), on(2, "2026-03-02").joint("夏查")]).found(Dup03), "F2:2<F1");
}

#[test]
fn dup_03_gives_a_joint_visit_the_cause_of_its_first_filing() {
    let joint = |n, day: &str| on(n, day).joint("春查");
    // With cause: counts for the day, not for the week; never flagged.
    let led = |day: &str| [joint(1, day).kind(Kind::Clue), joint(2, day)];
    assert_eq!(Case::of(led("2026-03-02").into_iter().chain([on(3, "2026-03-02")])).found(Dup03), "F3:2<F1");
    let week = led("2026-03-02").into_iter().chain([on(3, "2026-03-03"), on(4, "2026-03-04")]);
    assert_eq!(Case::of(week).found(Dup03), "");
    // The first filing is exempt: the next one stands for the visit.
    let case = Case::of([
        joint(1, "2026-03-02").exempt("E01"),
        joint(2, "2026-03-02"),
        joint(3, "2026-03-02"),
        on(4, "2026-03-02"),
    ]);
    assert_eq!(case.found(Dup03), "F4:2<F2");
    let case = Case::of([
        on(1, "2026-03-02"),
        joint(2, "2026-03-02").exempt("E01"),
        joint(3, "2026-03-02"),
        joint(4, "2026-03-02"),
    ]);
    assert_eq!(case.found(Dup03), "F3:2<F1");
    // The first filing is cancelled: the same.
    let case = Case::of([on(1, "2026-03-02"), joint(2, "2026-03-02").cancelled(), joint(3, "2026-03-02")]);
    assert_eq!(case.found(Dup03), "F3:2<F1");
}

#[test]
fn dup_03_says_which_limits() {
    let case = Case::of(days(&["2026-03-02", "2026-03-04", "2026-03-06"]));
    let exceeded = vec![Exceeded { period: Period::Week, before: 2, limit: 2 }];
    assert_eq!(case.inputs(Dup03), Inputs::Dup03 { day: d("2026-03-06"), day_rank: 1, exceeded });
}

#[rstest]
#[case(None, "F3:2<F1,F2 F4:2<F1,F2,F3")]
#[case(Some(CreditClass::A), "F2:2<F1 F3:2<F1,F2 F4:2<F1,F2,F3")]
#[case(Some(CreditClass::B), "F3:2<F1,F2 F4:2<F1,F2,F3")]
#[case(Some(CreditClass::C), "F4:2<F1,F2,F3")]
#[case(Some(CreditClass::D), "")]
fn frq_01_caps_by_credit_class(#[case] class: Option<CreditClass>, #[case] expected: &str) {
    let case = Case::of(days(&["2026-01-05", "2026-04-01", "2026-07-01", "2026-12-31"])).class(class);
    assert_eq!(case.found(Frq01), expected);
}

#[rstest]
#[case::executed(on(3, "2026-09-01").done(), "F3:3<F1,F2")]
#[case::a_team_of_the_same_root(on(3, "2026-09-01").by(11).about(&[11]), "F3:2<F1,F2")]
#[case::another_agency(on(3, "2026-09-01").by(2), "")]
#[case::next_year(on(3, "2027-01-01"), "")]
#[case::arrived_next_year(on(3, "2026-12-31").arrived("2027-01-01 00:00"), "")]
#[case::arrived_this_year(on(3, "2027-01-01").arrived("2026-12-31 23:59"), "F3:3<F1,F2")]
#[case::with_cause(on(3, "2026-09-01").kind(Kind::Immediate), "")]
#[case::exempt(on(3, "2026-09-01").exempt("E05"), "")]
#[case::otherwise_exempt(on(3, "2026-09-01").exempt("E01"), "F3:2<F1,F2")]
#[case::joint(on(3, "2026-09-01").joint("春查"), "")]
#[case::service_visit(on(3, "2026-09-01").kind(Kind::ServiceVisit), "")]
fn frq_01_flags(#[case] third: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([on(1, "2026-02-02"), on(2, "2026-06-01"), third]).found(Frq01), expected);
}

#[rstest]
#[case::counted(on(2, "2026-06-01"), "F3:2<F1,F2")]
#[case::later_in_the_year(on(2, "2026-12-31"), "F3:2<F1,F2")]
#[case::cancelled(on(2, "2026-06-01").cancelled(), "")]
#[case::with_cause(on(2, "2026-06-01").exempt("E06"), "")]
#[case::exempt(on(2, "2026-06-01").exempt("E05"), "")]
#[case::joint(on(2, "2026-06-01").joint("春查"), "")]
#[case::another_agency(on(2, "2026-06-01").by(2), "")]
#[case::last_year(on(2, "2025-12-31"), "")]
fn frq_01_counts(#[case] second: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([on(1, "2026-02-02"), second, on(3, "2026-09-01")]).found(Frq01), expected);
}

#[test]
fn frq_01_says_rank_and_cap() {
    let case = Case::of(days(&["2026-01-05", "2026-04-01"])).class(Some(CreditClass::A));
    let (root, credit_class) = (agency(1), Some(CreditClass::A));
    let expected = Inputs::Frq01 { year: 2026, root, rank: 2, cap: 1, credit_class, executed: false };
    assert_eq!(case.inputs(Frq01), expected);
}

/// An executed inspection with a result.
fn done(n: u8, day: &str, result: VisitResult) -> Filing {
    on(n, day).done().result(result)
}

/// Three without a problem, then one planned for 2026-06-01.
fn thrice_nothing() -> [Filing; 4] {
    let nothing = |n, day: &str| done(n, day, VisitResult::NoProblem);
    [nothing(1, "2025-06-02"), nothing(2, "2025-09-01"), nothing(3, "2026-03-02"), on(4, "2026-06-01")]
}

fn changed(at: usize, change: impl FnOnce(Filing) -> Filing) -> Case {
    let mut filings = thrice_nothing().to_vec();
    let f = filings.remove(at);
    filings.insert(at, change(f));
    Case::of(filings)
}

#[test]
fn low_01_fires_after_three_without_a_problem() {
    let case = Case::of(thrice_nothing());
    assert_eq!(case.found(Low01), "F4:1");
    let inspections = vec![filing_id(3), filing_id(2), filing_id(1)];
    assert_eq!(case.inputs(Low01), Inputs::Low01 { cert_no: "甲".to_owned(), inspections, days: 365 });
}

#[test]
fn low_01_window_is_364_days() {
    assert_eq!(changed(0, |f| f.arrived("2025-06-02 00:00")).found(Low01), "F4:1");
    assert_eq!(changed(0, |f| f.arrived("2025-06-01 23:59")).found(Low01), "");
    assert_eq!(changed(2, |f| f.arrived("2026-06-01 23:59")).found(Low01), "F4:1", "on the planned day itself");
    assert_eq!(changed(2, |f| f.arrived("2026-06-02 00:00")).found(Low01), "", "after the planned day");
}

#[test]
fn low_01_looks_at_the_last_three_of_one_inspector() {
    let fourth = || Case::of(thrice_nothing().into_iter().chain([done(5, "2026-05-04", VisitResult::Other)]));
    assert_eq!(fourth().found(Low01), "", "the last one found something");
    let earlier = done(5, "2025-06-04", VisitResult::CaseOpened);
    let mut filings = thrice_nothing().to_vec();
    filings.extend([done(6, "2025-06-05", VisitResult::NoProblem), earlier]);
    assert_eq!(Case::of(filings).found(Low01), "F4:1", "the last three are F2, F3, F6");
    assert_eq!(changed(1, |f| f.inspectors(&["乙", "丙"])).found(Low01), "F4:1", "乙 took part in all");
    assert_eq!(changed(1, |f| f.inspectors(&["丙"])).found(Low01), "");
    assert_eq!(changed(3, |f| f.inspectors(&["丙", "乙"])).found(Low01), "F4:1");
    assert_eq!(changed(3, |f| f.inspectors(&["丙"])).found(Low01), "");
    assert_eq!(changed(0, |f| f.by(2)).found(Low01), "F4:1", "of whichever agency");
}

#[test]
fn low_01_needs_results() {
    for result in VisitResult::ALL {
        let expected = if *result == VisitResult::NoProblem { "F4:1" } else { "" };
        assert_eq!(changed(1, |f| f.result(*result)).found(Low01), expected, "{result}");
    }
    assert_eq!(changed(1, |f| Filing { result: None, ..f }).found(Low01), "");
    assert_eq!(changed(1, |f| Filing { arrived_at: None, ..f }).found(Low01), "", "two executed only");
    assert_eq!(changed(1, Filing::cancelled).found(Low01), "");
    assert_eq!(changed(1, |f| f.kind(Kind::ServiceVisit)).found(Low01), "");
    assert_eq!(changed(1, |f| f.kind(Kind::Clue)).found(Low01), "F4:1", "also with cause");
}

#[test]
fn low_01_warns_before_the_visit_only_and_not_of_one_with_cause() {
    assert_eq!(changed(3, Filing::done).found(Low01), "");
    assert_eq!(changed(3, |f| f.kind(Kind::Clue)).found(Low01), "");
    assert_eq!(changed(3, |f| f.exempt("E08")).found(Low01), "");
    assert_eq!(changed(3, |f| f.exempt("E01")).found(Low01), "F4:1");
}

#[test]
fn low_01_takes_an_arrival_from_the_report() {
    let case = changed(1, |f| Filing { arrived_at: None, ..f }).reports([report(1, "2025-09-01 09:10")]);
    assert_eq!(case.found(Low01), "F4:1");
    let case = changed(1, |f| f).policy(|p| (p.rules.low_01.count, p.rules.low_01.days) = (2, 100));
    assert_eq!(case.found(Low01), "");
    let case = changed(1, |f| f).policy(|p| (p.rules.low_01.count, p.rules.low_01.days) = (1, 100));
    assert_eq!(case.found(Low01), "F4:1");
}
