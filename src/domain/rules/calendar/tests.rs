//! Cases of NDD-01, TIM-01 and TIM-02.

use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Filing, Kind};
use crate::domain::rule::RuleCode::{Fil04, Ndd01, Tim01, Tim02};
use crate::domain::rules::Inputs;
use crate::domain::rules::test_support::{Case, d, filing, on, report, t, version};
use chrono::NaiveTime;
use rstest::rstest;

#[rstest]
#[case::ends_at_midnight_before_the_8th("2026-03-07 23:30", "2026-03-08 00:00", "")]
#[case::ends_a_minute_into_the_8th("2026-03-07 23:30", "2026-03-08 00:01", "F1:2")]
#[case::starts_at_midnight_of_the_8th("2026-03-07T16:00:00Z", "2026-03-07T17:00:00Z", "F1:2")]
#[case::a_second_before_the_8th("2026-03-07T15:59:59Z", "2026-03-07T16:00:00Z", "")]
#[case::last_second_of_the_23rd("2026-03-23T15:59:59Z", "2026-03-23T17:00:00Z", "F1:2")]
#[case::midnight_after_the_23rd("2026-03-23T16:00:00Z", "2026-03-23T17:00:00Z", "")]
#[case::a_holiday_makes_no_difference("2026-02-23 09:00", "2026-02-23 10:00", "F1:2")]
#[case::a_weekend_makes_no_difference("2026-03-08 09:00", "2026-03-08 10:00", "F1:2")]
#[case::spans_the_whole_range("2026-03-07 09:00", "2026-03-24 10:00", "F1:2")]
#[case::between_two_ranges("2026-03-24 00:00", "2026-04-08 00:00", "")]
fn ndd_01_looks_at_each_local_day_touched(#[case] start: &str, #[case] end: &str, #[case] expected: &str) {
    assert_eq!(Case::of([filing(1, start, end)]).found(Ndd01), expected);
}

#[rstest]
#[case::planned(on(1, "2026-03-10"), "F1:2")]
#[case::executed(on(1, "2026-03-10").done(), "F1:3")]
#[case::arrived_on_another_day(on(1, "2026-03-24").arrived("2026-03-23 23:00"), "F1:3")]
#[case::left_before_the_planned_days(filing(1, "2026-03-07 09:00", "2026-03-09 17:00").arrived("2026-03-07 09:00").left("2026-03-07 12:00"), "")]
#[case::arrived_and_not_left(filing(1, "2026-03-07 09:00", "2026-03-09 17:00").arrived("2026-03-07 09:00"), "F1:3")]
#[case::arrived_after_the_planned_end(on(1, "2026-03-07").arrived("2026-03-07 23:59:30"), "F1:3")]
#[case::arrived_just_in_time_after_the_planned_end(on(1, "2026-03-07").arrived("2026-03-07 23:59:00"), "")]
#[case::service_visit(on(1, "2026-03-10").kind(Kind::ServiceVisit), "")]
#[case::with_cause_all_the_same(on(1, "2026-03-10").kind(Kind::Immediate), "F1:2")]
#[case::cancelled(on(1, "2026-03-10").cancelled(), "")]
fn ndd_01_severity_and_span(#[case] f: crate::domain::filing::Filing, #[case] expected: &str) {
    assert_eq!(Case::of([f]).found(Ndd01), expected);
}

#[test]
fn ndd_01_is_executed_by_the_matched_report_but_keeps_the_span_of_the_filing() {
    let open = Case::of([on(1, "2026-03-07")]).reports([report(1, "2026-03-08 09:00")]);
    assert_eq!((open.matched().as_str(), open.found(Ndd01).as_str()), ("R1-F1", ""));
    let closed = Case::of([on(1, "2026-03-08")]).reports([report(1, "2026-03-07 09:00")]);
    assert_eq!((closed.matched().as_str(), closed.found(Ndd01).as_str()), ("R1-F1", "F1:3"));
}

#[test]
fn ndd_01_is_lifted_by_each_exemption_and_only_by_those_that_the_policy_honours() {
    for code in ExemptionCode::ALL {
        let case = || Case::of([on(1, "2026-03-10").exempt(code.as_str())]);
        assert_eq!(case().found(Ndd01), "", "{code}");
        let strict = case().policy(|p| {
            p.no_disturb.exemptions.remove(code);
        });
        assert_eq!(strict.found(Ndd01), "F1:2", "{code}");
    }
}

#[rstest]
#[case::extra("2026-03-02", "F1:2")]
#[case::waived("2026-03-10", "")]
#[case::extra_wins_over_waived("2026-03-11", "F1:2")]
#[case::second_range("2026-03-30", "F1:2")]
#[case::outside("2026-03-29", "")]
fn ndd_01_follows_the_calendar_of_the_policy(#[case] day: &str, #[case] expected: &str) {
    let case = Case::of([on(1, day)]).policy(|p| {
        p.no_disturb.ranges = vec![(8, 23), (30, 31)];
        p.no_disturb.extra = [d("2026-03-02"), d("2026-03-11")].into();
        p.no_disturb.waived = [d("2026-03-10"), d("2026-03-11")].into();
    });
    assert_eq!(case.found(Ndd01), expected);
}

#[rstest]
#[case::extra(&["2026-03-04"], "F1:2")]
#[case::outside(&["2026-03-02", "2026-03-06"], "")]
fn ndd_01_with_single_days_only(#[case] extra: &[&str], #[case] expected: &str) {
    let case = Case::of([filing(1, "2026-03-03 09:00", "2026-03-05 10:00")]).policy(|p| {
        p.no_disturb.ranges.clear();
        p.no_disturb.extra = extra.iter().map(|day| d(day)).collect();
        p.no_disturb.waived = [d("2026-03-04")].into();
    });
    assert_eq!(case.found(Ndd01), expected);
}

#[test]
fn ndd_01_takes_the_policy_of_the_planned_start_not_of_the_arrival() {
    let versions = || vec![version(1, "2020-01-01", |_| {}), version(2, "2026-03-09", |p| p.no_disturb.ranges.clear())];
    let before = Case::of([on(1, "2026-03-08").arrived("2026-03-09 09:00")]).versions(versions());
    assert_eq!(before.found(Ndd01), "F1:3");
    let after = Case::of([on(1, "2026-03-09").arrived("2026-03-08 09:00")]).versions(versions());
    assert_eq!(after.found(Ndd01), "");
}

#[test]
fn ndd_01_says_which_days() {
    let case = Case::of([filing(1, "2026-03-22 09:00", "2026-03-25 10:00")]);
    let days = vec![d("2026-03-22"), d("2026-03-23")];
    assert_eq!(case.inputs(Ndd01), Inputs::Ndd01 { days, executed: false });
    let years = Case::of([filing(1, "2020-01-01 09:00", "2030-01-01 10:00")]);
    assert!(matches!(years.inputs(Ndd01), Inputs::Ndd01 { days, .. } if days.len() == 62));
}

#[rstest]
#[case::before_the_deadline("2026-03-12 23:59:59", "")]
#[case::at_the_deadline("2026-03-13 00:00", "R1:3")]
fn ndd_01_on_a_report_follows_fil_04(#[case] now: &str, #[case] expected: &str) {
    let case = || Case::of([]).reports([report(1, "2026-03-09 09:00")]).now(now);
    assert_eq!(case().found(Ndd01), expected);
    assert_eq!(case().policy(|p| p.rules.fil_04.enabled = false).found(Ndd01), "");
    assert_eq!(case().policy(|p| p.rules.ndd_01.enabled = false).found(Ndd01), "");
    assert_eq!(case().policy(|p| p.no_disturb.waived = [d("2026-03-09")].into()).found(Ndd01), "");
}

#[test]
fn ndd_01_on_a_report_needs_a_no_disturb_day_and_a_verified_report() {
    let open = Case::of([]).reports([report(1, "2026-03-07 23:59")]);
    assert_eq!((open.found(Fil04).as_str(), open.found(Ndd01).as_str()), ("R1:3", ""));
    let mut unverified = report(1, "2026-03-09 09:00");
    unverified.verified = false;
    assert_eq!(Case::of([]).reports([unverified]).found(Ndd01), "");
}

#[test]
fn ndd_01_alone_knows_when_a_report_will_fall_due() {
    let case = Case::of([]).reports([report(1, "2026-03-09 09:00")]).now("2026-03-09 12:00");
    assert_eq!(case.assess().next_change, Some(t("2026-03-13 00:00")));
}

#[rstest]
#[case::first_minute("2026-03-03 08:30", "")]
#[case::just_before("2026-03-03 08:29:59", "F1:1")]
#[case::last_second("2026-03-03 17:59:59", "")]
#[case::closing_time("2026-03-03 18:00", "F1:1")]
#[case::late_evening("2026-03-03 21:59:59", "F1:1")]
#[case::night("2026-03-03 22:00", "F1:2")]
#[case::before_dawn("2026-03-03 05:59:59", "F1:2")]
#[case::dawn("2026-03-03 06:00", "F1:1")]
#[case::saturday("2026-03-07 10:00", "F1:1")]
#[case::saturday_night("2026-03-07 23:00", "F1:2")]
#[case::holiday("2026-02-17 10:00", "F1:1")]
#[case::make_up_saturday("2026-02-14 10:00", "")]
fn tim_01_looks_at_the_local_time_of_day_and_the_working_day(#[case] start: &str, #[case] expected: &str) {
    let end = t(start) + chrono::TimeDelta::minutes(30);
    let planned = filing(1, start, &end.to_rfc3339());
    assert_eq!(Case::of([planned.clone()]).found(Tim01), expected);
    let executed = on(1, "2026-03-03").arrived(start);
    assert_eq!(Case::of([executed]).found(Tim01), expected, "arrival decides once it is known");
    assert_eq!(Case::of([planned.arrived("2026-03-03 09:00")]).found(Tim01), "");
}

#[test]
fn tim_01_takes_the_arrival_of_an_earlier_report() {
    let case = Case::of([on(1, "2026-03-03").arrived("2026-03-03 08:40")]).reports([report(1, "2026-03-03 08:20")]);
    assert_eq!(case.found(Tim01), "F1:1");
    let time = NaiveTime::from_hms_opt(8, 20, 0).expect("a time");
    assert!(
        matches!(case.inputs(Tim01), Inputs::Tim01 { time: at, working_day: true, executed: true, .. } if at == time)
    );
}

#[test]
fn tim_01_is_lifted_by_its_exemptions() {
    for code in ExemptionCode::ALL {
        let lifted = ["E01", "E02", "E03", "E04", "E06", "E09", "E10"].contains(&code.as_str());
        let found = Case::of([on(1, "2026-03-07").exempt(code.as_str())]).found(Tim01);
        assert_eq!(found, if lifted { "" } else { "F1:1" }, "{code}");
    }
}

#[test]
fn tim_01_takes_its_hours_from_the_policy() {
    let hour = |h| NaiveTime::from_hms_opt(h, 0, 0).expect("a time");
    let at = |start: &str, end: &str| {
        let case = Case::of([filing(1, start, end)]);
        case.policy(|p| (p.rules.tim_01.from, p.rules.tim_01.to) = (hour(7), hour(20))).found(Tim01)
    };
    assert_eq!(at("2026-03-03 07:00", "2026-03-03 08:00"), "");
    assert_eq!(at("2026-03-03 19:59", "2026-03-03 21:00"), "");
    assert_eq!(at("2026-03-03 20:00", "2026-03-03 21:00"), "F1:1");
}

/// Planned from 09:00 to 11:00.
fn stayed(from: &str, to: &str) -> Filing {
    on(1, "2026-03-04").arrived(&format!("2026-03-04 {from}")).left(&format!("2026-03-04 {to}"))
}

#[rstest]
#[case::in_time(stayed("09:00", "11:00"), "")]
#[case::half_an_hour_late(stayed("09:00", "11:30:00"), "")]
#[case::more_than_half_an_hour_late(stayed("09:00", "11:30:01"), "F1:1")]
#[case::four_hours(stayed("07:30", "11:30:00"), "")]
#[case::more_than_four_hours(stayed("07:29", "11:30:00"), "F1:1")]
#[case::not_left(on(1, "2026-03-04").done(), "")]
#[case::complaint(stayed("09:00", "18:00").exempt("E04"), "")]
#[case::case_file(stayed("09:00", "18:00").exempt("E06"), "")]
#[case::other_exemption(stayed("09:00", "18:00").exempt("E05"), "F1:1")]
#[case::service_visit(stayed("09:00", "18:00").kind(Kind::ServiceVisit), "")]
fn tim_02(#[case] f: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([f.clone()]).second_wave().found(Tim02), expected);
    assert_eq!(Case::of([f]).found(Tim02), "", "off by default");
}

#[test]
fn tim_02_says_which_limit_it_was() {
    let facts = |f: Filing, hours| {
        let case = Case::of([f]).policy(|p| {
            (p.rules.tim_02.enabled, p.rules.tim_02.hours, p.rules.tim_02.minutes) = (true, hours, 60);
        });
        match case.inputs(Tim02) {
            Inputs::Tim02(facts) => (facts.late, facts.long),
            _ => panic!("inputs of TIM-02"),
        }
    };
    assert_eq!(facts(stayed("09:00", "12:01"), 4), (Some(60), None));
    assert_eq!(facts(stayed("08:00", "11:30"), 3), (None, Some(3)));
    assert_eq!(facts(stayed("08:00", "12:30"), 3), (Some(60), Some(3)));
}
