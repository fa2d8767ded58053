//! Cases of EXM-01, RES-01 and REC-01.

use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Filing, Kind, VisitResult};
use crate::domain::id::ReportId;
use crate::domain::rule::RuleCode::{Exm01, Rec01, Res01};
use crate::domain::rules::test_support::{Case, filing, on, report, t};
use crate::domain::rules::{Difference, Inputs};
use crate::domain::visit_report::{ArrivalKnown, Report};
use rstest::rstest;
use uuid::Uuid;

#[rstest]
#[case::ten_characters("一二三四五六七八九十", "1号", "")]
#[case::nine_characters("一二三四五六七八九", "1号", "F1:2")]
#[case::blanks_do_not_count("  一二三四五六七八九\u{3000} ", "1号", "F1:2")]
#[case::blanks_inside_count("一二三四 五六七八九", "1号", "")]
#[case::no_evidence("一二三四五六七八九十", "", "F1:2")]
#[case::blank_evidence("一二三四五六七八九十", " \u{3000}", "F1:2")]
#[case::nothing("", "", "F1:2")]
fn exm_01_wants_reason_and_evidence(#[case] reason: &str, #[case] evidence: &str, #[case] expected: &str) {
    let f = || on(1, "2026-03-05").claiming("E04", reason, evidence);
    assert_eq!(Case::of([f()]).now("2026-01-01 00:00").found(Exm01), expected);
    assert_eq!(Case::of([f().done()]).found(Exm01), expected);
    assert_eq!(Case::of([f().cancelled()]).found(Exm01), "");
    assert_eq!(Case::of([f().kind(Kind::ServiceVisit)]).found(Exm01), "");
}

#[test]
fn exm_01_needs_a_claim() {
    assert_eq!(Case::of([on(1, "2026-03-05")]).found(Exm01), "");
}

#[test]
fn exm_01_gives_emergencies_three_working_days() {
    // From Thursday: the end of Tuesday the 10th.
    for code in ExemptionCode::ALL.iter().map(|c| c.as_str()) {
        let emergency = ["E01", "E02", "E03", "E10"].contains(&code);
        let case = |now| Case::of([on(1, "2026-03-05").claiming(code, "险情", "")]).now(now);
        let before = case("2026-03-10 23:59:59");
        assert_eq!(before.found(Exm01), if emergency { "" } else { "F1:2" }, "{code}");
        let next = emergency.then(|| t("2026-03-11 00:00"));
        assert_eq!(before.assess().next_change, next, "{code}");
        let at = case("2026-03-11 00:00");
        assert_eq!(at.found(Exm01), "F1:2", "{code}");
        assert_eq!(at.assess().next_change, None, "{code}");
        let deadline = next;
        assert!(
            matches!(at.inputs(Exm01), Inputs::Exm01 { reason_chars: 2, evidence_missing: true, deadline: to, .. } if to == deadline)
        );
    }
}

#[test]
fn exm_01_counts_from_the_first_day_of_the_span() {
    let f = filing(1, "2026-03-05 09:00", "2026-03-09 11:00").claiming("E01", "险情", "");
    assert_eq!(Case::of([f.clone()]).now("2026-03-11 00:00").found(Exm01), "F1:2");
    assert_eq!(Case::of([f.arrived("2026-03-06 09:00")]).now("2026-03-11 00:00").found(Exm01), "");
}

#[test]
fn exm_01_takes_its_parameters_from_the_policy() {
    let f = || on(1, "2026-03-05").claiming("E01", "有险情", "1号");
    let case = |now| Case::of([f()]).policy(|p| p.rules.exm_01.working_days = 1).now(now).found(Exm01);
    assert_eq!((case("2026-03-06 23:59").as_str(), case("2026-03-07 00:00").as_str()), ("", "F1:2"));
    assert_eq!(Case::of([f()]).policy(|p| p.rules.exm_01.min_chars = 3).found(Exm01), "");
}

/// Executed on Thursday 2026-04-30: five working days later is Monday 05-11, Saturday 05-09 being worked.
fn executed() -> Filing {
    on(1, "2026-04-30").done()
}

#[rstest]
#[case::planned_end(executed(), "2026-05-12 00:00")]
#[case::left(executed().left("2026-04-30 10:00"), "2026-05-12 00:00")]
#[case::left_days_later(executed().left("2026-05-06 10:00"), "2026-05-13 00:00")]
#[case::planned_over_days(filing(1, "2026-04-28 09:00", "2026-04-30 11:00").done(), "2026-05-12 00:00")]
#[case::planned_end_at_midnight(filing(1, "2026-04-30 09:00", "2026-05-01 00:00").done(), "2026-05-12 00:00")]
#[case::arrived_after_the_plan(on(1, "2026-04-30").arrived("2026-05-06 09:00"), "2026-05-12 00:00")]
fn res_01_waits_five_working_days(#[case] f: Filing, #[case] deadline: &str) {
    let at = t(deadline);
    let case = |now| Case { now, ..Case::of([f.clone()]) };
    let before = case(at - chrono::TimeDelta::milliseconds(1));
    assert_eq!((before.found(Res01).as_str(), before.assess().next_change), ("", Some(at)));
    let after = case(at);
    assert_eq!((after.found(Res01).as_str(), after.assess().next_change), ("F1:2", None));
    assert!(
        matches!(after.inputs(Res01), Inputs::Res01 { deadline: to, left, .. } if to == at && left == f.left_at.is_some())
    );
}

#[rstest]
#[case::not_executed(on(1, "2026-04-30"), "")]
#[case::with_result(executed().result(VisitResult::Other), "")]
#[case::with_cause(executed().kind(Kind::Clue), "F1:2")]
#[case::service_visit(executed().kind(Kind::ServiceVisit), "")]
#[case::cancelled(executed().cancelled(), "")]
fn res_01_subjects(#[case] f: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([f]).found(Res01), expected);
}

#[test]
fn res_01_takes_a_report_for_execution_and_its_days_from_the_policy() {
    let case = |now| Case::of([on(1, "2026-04-30")]).reports([report(1, "2026-04-30 09:00")]).now(now);
    assert_eq!(case("2026-05-11 23:59").found(Res01), "");
    assert_eq!(case("2026-05-12 00:00").found(Res01), "F1:2");
    let short = |now| case(now).policy(|p| p.rules.res_01.working_days = 1).found(Res01);
    assert_eq!((short("2026-05-06 23:59").as_str(), short("2026-05-07 00:00").as_str()), ("", "F1:2"));
}

/// A report of some visitors.
fn told(arrived: &str, visitors: impl Into<Option<u32>>) -> Report {
    Report { visitors: visitors.into(), ..report(1, arrived) }
}

#[rstest]
#[case::same(on(1, "2026-03-05").done(), told("2026-03-05 09:00", 2), "")]
#[case::half_an_hour(on(1, "2026-03-05").done(), told("2026-03-05 09:30", None), "")]
#[case::a_second_more(on(1, "2026-03-05").done(), told("2026-03-05 09:30:01", None), "F1:1")]
#[case::half_an_hour_earlier(on(1, "2026-03-05").done(), told("2026-03-05 08:30", None), "")]
#[case::a_second_more_earlier(on(1, "2026-03-05").done(), told("2026-03-05 08:29:59", None), "F1:1")]
#[case::planned_only_so_no_times(on(1, "2026-03-05"), told("2026-03-05 23:59", None), "")]
#[case::planned_another_day(on(1, "2026-03-05"), told("2026-03-06 00:00", None), "F1:1")]
#[case::minutes_apart_on_two_days(on(1, "2026-03-05").arrived("2026-03-05 23:50"), told("2026-03-06 00:10", None), "F1:1")]
#[case::arrived_on_the_day_of_the_report(on(1, "2026-03-05").arrived("2026-03-06 09:00"), told("2026-03-06 09:00", None), "")]
#[case::fewer_visitors(on(1, "2026-03-05").done(), told("2026-03-05 09:00", 1), "F1:1")]
#[case::more_visitors(on(1, "2026-03-05").done(), told("2026-03-05 09:00", 3), "F1:2")]
#[case::inspectors_named_twice(on(1, "2026-03-05").inspectors(&["甲", "甲", "乙"]), told("2026-03-05 09:00", 2), "")]
#[case::more_visitors_on_another_day(on(1, "2026-03-05"), told("2026-03-06 09:00", 3), "F1:2")]
#[case::service_visit(on(1, "2026-03-05").kind(Kind::ServiceVisit), told("2026-03-06 09:00", 3), "")]
#[case::no_match(on(1, "2026-03-05"), told("2026-03-07 09:00", 3), "")]
fn rec_01(#[case] f: Filing, #[case] r: Report, #[case] expected: &str) {
    assert_eq!(Case::of([f]).reports([r]).found(Rec01), expected);
}

#[rstest]
#[case::the_day(ArrivalKnown::Day, "2026-03-05 12:00", None, "")]
#[case::another_day(ArrivalKnown::Day, "2026-03-06 12:00", None, "F1:1")]
#[case::nothing(ArrivalKnown::Nothing, "2026-03-06 12:00", None, "")]
#[case::nothing_but_how_many(ArrivalKnown::Nothing, "2026-03-06 12:00", Some(3), "F1:2")]
fn rec_01_compares_only_what_the_enterprise_knows(
    #[case] arrival_known: ArrivalKnown,
    #[case] arrived: &str,
    #[case] visitors: Option<u32>,
    #[case] expected: &str,
) {
    let r = Report { arrival_known, ..told(arrived, visitors) };
    assert_eq!(Case::of([on(1, "2026-03-05").done()]).reports([r]).found(Rec01), expected);
}

#[test]
fn rec_01_says_what_differs() {
    let arrived = on(1, "2026-03-05").done();
    let case = Case::of([arrived]).reports([told("2026-03-06 09:00", 3)]);
    let expected = Inputs::Rec01 {
        report: ReportId(Uuid::from_u128(1)),
        filing_at: t("2026-03-05 09:00"),
        filing_arrived: true,
        report_at: t("2026-03-06 09:00"),
        known: ArrivalKnown::Time,
        inspectors: 2,
        visitors: Some(3),
        differences: vec![Difference::Date, Difference::Time, Difference::Visitors],
        minutes: 30,
    };
    assert_eq!(case.inputs(Rec01), expected);
    let lenient = Case::of([on(1, "2026-03-05").done()]).reports([told("2026-03-05 10:00", 2)]);
    assert_eq!(lenient.found(Rec01), "F1:1");
    assert_eq!(lenient.policy(|p| p.rules.rec_01.minutes = 60).found(Rec01), "");
}
