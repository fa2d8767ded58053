//! Cases of FIL-01 to FIL-04.

use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Filing, Kind};
use crate::domain::id::ReportId;
use crate::domain::policy::Phase;
use crate::domain::rule::RuleCode::{Fil01, Fil02, Fil03, Fil04, Ndd01};
use crate::domain::rules::Inputs;
use crate::domain::rules::test_support::{Case, d, filing, on, report, t, version};
use crate::domain::visit_report::{ArrivalKnown, Report};
use rstest::rstest;
use uuid::Uuid;

#[rstest]
#[case::three_with_a_make_up_day("2026-02-12 10:00", "2026-02-24", "")]
#[case::two_over_the_spring_festival("2026-02-13 10:00", "2026-02-24", "F1:1")]
#[case::two_over_the_national_holiday("2026-09-29 10:00", "2026-10-08", "F1:1")]
#[case::three_in_a_plain_week("2026-03-02 23:59:59", "2026-03-05", "")]
#[case::the_next_day_counts_from_midnight("2026-03-03 00:00", "2026-03-05", "F1:1")]
#[case::a_weekend_does_not_count("2026-03-05 10:00", "2026-03-09", "F1:1")]
#[case::three_over_a_weekend("2026-03-05 10:00", "2026-03-10", "")]
#[case::same_day("2026-03-05 08:00", "2026-03-05", "F1:1")]
#[case::afterwards("2026-03-25 08:00", "2026-03-05", "F1:1")]
fn fil_01_counts_working_days(#[case] filed: &str, #[case] day: &str, #[case] expected: &str) {
    assert_eq!(Case::of([on(1, day).filed(filed)]).found(Fil01), expected);
    let special = on(1, day).filed(filed).kind(Kind::Special);
    assert_eq!(Case::of([special]).found(Fil01), expected);
}

#[rstest]
#[case::moved_too_late(on(1, "2026-03-05").filed("2026-02-02 10:00").rescheduled("2026-03-04 10:00"), "F1:1")]
#[case::moved_in_time(on(1, "2026-03-05").filed("2026-02-27 10:00").rescheduled("2026-03-02 10:00"), "")]
#[case::moved_away_again(on(1, "2026-03-12").filed("2026-03-04 10:00").rescheduled("2026-03-05 10:00"), "")]
#[case::planned_start_not_arrival(on(1, "2026-03-12").filed("2026-03-04 10:00").arrived("2026-03-05 09:00"), "")]
#[case::clue(on(1, "2026-03-05").filed("2026-03-04 10:00").kind(Kind::Clue), "")]
#[case::immediate(on(1, "2026-03-05").filed("2026-03-04 10:00").kind(Kind::Immediate), "")]
#[case::on_request(on(1, "2026-03-05").filed("2026-03-04 10:00").kind(Kind::OnRequest), "")]
#[case::service_visit(on(1, "2026-03-05").filed("2026-03-04 10:00").kind(Kind::ServiceVisit), "")]
#[case::executed(on(1, "2026-03-05").filed("2026-03-04 10:00").done(), "F1:1")]
fn fil_01_looks_at_planning(#[case] f: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([f]).found(Fil01), expected);
}

#[test]
fn fil_01_is_lifted_by_its_exemptions_and_in_the_other_phase() {
    let late = || on(1, "2026-03-05").filed("2026-03-04 10:00");
    for code in ExemptionCode::ALL.iter().map(|c| c.as_str()) {
        let lifted = ["E01", "E02", "E03", "E04", "E06", "E09", "E10"].contains(&code);
        assert_eq!(Case::of([late().exempt(code)]).found(Fil01), if lifted { "" } else { "F1:1" }, "{code}");
    }
    assert_eq!(Case::of([late()]).policy(|p| p.phase = Phase::AtVisit).found(Fil01), "");
    assert_eq!(Case::of([late()]).policy(|p| p.rules.fil_01.working_days = 1).found(Fil01), "");
    let phases = vec![version(1, "2020-01-01", |p| p.phase = Phase::AtVisit), version(2, "2026-03-05", |_| {})];
    let before = on(2, "2026-03-04").filed("2026-03-04 08:00");
    assert_eq!(Case::of([late(), before]).versions(phases).found(Fil01), "F1:1");
}

#[test]
fn fil_01_says_what_it_counted() {
    let case = Case::of([on(1, "2026-03-05").filed("2026-02-02 10:00").rescheduled("2026-03-04 10:00")]);
    let (planned_on, first) = (d("2026-03-04"), d("2026-03-05"));
    let expected = Inputs::Fil01 { planned_on, rescheduled: true, first, working_days: 1, required: 3 };
    assert_eq!(case.inputs(Fil01), expected);
}

#[rstest]
#[case::in_time("2026-03-05 09:00", "2026-03-05 09:00", "")]
#[case::a_second_late("2026-03-05 09:00:01", "2026-03-05 09:00", "F1:2")]
#[case::last_second_of_the_day("2026-03-05 23:59:59", "2026-03-05 09:00", "F1:2")]
#[case::next_day("2026-03-06 00:00", "2026-03-05 23:59", "F1:3")]
#[case::long_after("2026-04-06 00:00", "2026-03-05 09:00", "F1:3")]
fn fil_02_compares_receipt_and_arrival(#[case] filed: &str, #[case] arrived: &str, #[case] expected: &str) {
    let f = || on(1, "2026-03-05").filed(filed).arrived(arrived);
    for kind in Kind::ALL {
        let counted = !matches!(kind, Kind::Immediate | Kind::ServiceVisit);
        let found = Case::of([f().kind(*kind).exempt("E01")]).found(Fil02);
        assert_eq!(found, if counted { expected } else { "" }, "{kind}");
    }
    assert_eq!(Case::of([f().cancelled()]).found(Fil02), "");
}

#[test]
fn fil_02_needs_an_arrival_and_takes_the_earliest() {
    let planned = on(1, "2026-03-05").filed("2026-03-05 12:00");
    assert_eq!(Case::of([planned.clone()]).found(Fil02), "");
    let told = Case::of([planned]).reports([report(1, "2026-03-05 09:10")]);
    assert_eq!(told.found(Fil02), "F1:2");
    let (filed_at, arrived_at) = (t("2026-03-05 12:00"), t("2026-03-05 09:10"));
    let report_id = Some(ReportId(Uuid::from_u128(1)));
    assert_eq!(told.inputs(Fil02), Inputs::Fil02 { filed_at, arrived_at, report: report_id, same_day: true });
    // The filing says it arrived after filing, the report says before.
    let both = on(1, "2026-03-05").filed("2026-03-05 08:00").arrived("2026-03-05 09:00");
    assert_eq!(Case::of([both.clone()]).reports([report(1, "2026-03-05 07:00")]).found(Fil02), "F1:2");
    assert_eq!(Case::of([both.clone()]).reports([report(1, "2026-03-04 23:00")]).found(Fil02), "F1:3");
    assert_eq!(Case::of([both]).reports([report(1, "2026-03-05 11:00")]).found(Fil02), "");
}

#[rstest]
#[case::on_the_24th_hour("2026-03-06 09:00", "")]
#[case::a_second_later("2026-03-06 09:00:01", "F1:2")]
#[case::before_the_end_of_the_third_day("2026-03-10 23:59:59", "F1:2")]
#[case::at_the_end_of_the_third_day("2026-03-11 00:00", "F1:3")]
fn fil_03_measures_hours_then_working_days(#[case] filed: &str, #[case] expected: &str) {
    // 2026-03-05 is a Thursday: the third working day after it is Tuesday the 10th.
    let f = || on(1, "2026-03-05").filed(filed).arrived("2026-03-05 09:00");
    assert_eq!(Case::of([f().kind(Kind::Immediate)]).found(Fil03), expected);
    assert_eq!(Case::of([f().kind(Kind::Immediate)]).found(Fil02), "");
    assert_eq!(Case::of([f()]).found(Fil03), "");
    let told = on(1, "2026-03-05").filed(filed).kind(Kind::Immediate);
    assert_eq!(Case::of([told]).reports([report(1, "2026-03-05 09:00")]).found(Fil03), expected);
}

#[test]
fn fil_03_takes_its_hours_and_days_from_the_policy() {
    let case = |filed| {
        let f = on(1, "2026-03-05").filed(filed).arrived("2026-03-05 09:00").kind(Kind::Immediate);
        Case::of([f]).policy(|p| (p.rules.fil_03.hours, p.rules.fil_03.working_days) = (2, 1)).found(Fil03)
    };
    assert_eq!(case("2026-03-05 11:00"), "");
    assert_eq!(case("2026-03-05 11:00:01"), "F1:2");
    assert_eq!(case("2026-03-07 00:00"), "F1:3");
}

/// A report changed by one fact.
fn told(change: impl FnOnce(&mut Report)) -> Report {
    let mut r = report(1, "2026-03-25 09:10");
    change(&mut r);
    r
}

#[rstest]
#[case::before("2026-03-30 23:59:59", "R1:1", "R1:1", Some("2026-03-31 00:00"))]
#[case::at_the_deadline("2026-03-31 00:00", "R1:3", "R1:1", None)]
#[case::long_after("2027-03-31 00:00", "R1:3", "R1:1", None)]
fn fil_04_rises_for_a_verified_report(
    #[case] now: &str,
    #[case] verified: &str,
    #[case] unverified: &str,
    #[case] next: Option<&str>,
) {
    // A filing planned for the 26th matches; one for the 27th does not.
    assert_eq!(Case::of([on(1, "2026-03-26")]).reports([told(|_| ())]).now(now).found(Fil04), "");
    let case = Case::of([on(1, "2026-03-27")]).reports([told(|_| ())]).now(now);
    assert_eq!((case.found(Fil04).as_str(), case.assess().next_change), (verified, next.map(t)));
    let case = Case::of([]).reports([told(|r| r.verified = false)]).now(now);
    assert_eq!((case.found(Fil04).as_str(), case.assess().next_change), (unverified, None));
}

#[rstest]
#[case::without_agency(told(|r| r.agency = None), "")]
#[case::called_a_service_visit(told(|r| r.service = true), "")]
#[case::withdrawn(told(|r| r.withdrawn = true), "")]
#[case::of_an_agency_without_filings(told(|r| r.agency = Some(crate::domain::rules::test_support::agency(3))), "R1:3")]
fn fil_04_subjects(#[case] r: Report, #[case] expected: &str) {
    assert_eq!(Case::of([]).reports([r]).found(Fil04), expected);
}

#[test]
fn fil_04_stays_a_notice_for_an_enterprise_that_does_not_know_the_day() {
    let case = |known| Case::of([]).reports([told(|r| r.arrival_known = known)]);
    assert_eq!(case(ArrivalKnown::Day).found(Fil04), "R1:3");
    let nothing = case(ArrivalKnown::Nothing);
    assert_eq!((nothing.found(Fil04).as_str(), nothing.assess().next_change), ("R1:1", None));
}

/// Filed at noon of the day of the visit: an assumed time of before makes nobody file too late.
#[rstest]
#[case::the_time(ArrivalKnown::Time, "2026-03-25 12:00", "F1:2", "F1:3")]
#[case::the_day(ArrivalKnown::Day, "2026-03-25 12:00", "", "F1:3")]
#[case::the_day_and_filed_on_the_next(ArrivalKnown::Day, "2026-03-26 00:00", "", "F1:3")]
#[case::nothing(ArrivalKnown::Nothing, "2026-03-26 00:00", "", "F1:3")]
fn fil_02_rests_on_what_the_enterprise_knows(
    #[case] known: ArrivalKnown,
    #[case] filed: &str,
    #[case] late: &str,
    #[case] quiet: &str,
) {
    let f = filing(1, "2026-03-25 13:00", "2026-03-25 14:00").filed(filed);
    let case =
        Case::of([f]).reports([told(|r| r.arrival_known = known)]).policy(|p| p.no_disturb.ranges = vec![(25, 25)]);
    assert_eq!(case.found(Fil02), late);
    assert_eq!(case.found(Ndd01), quiet, "somebody came, whenever that was");
}

/// They came in the evening; from the noon that is assumed a day has passed.
#[test]
fn fil_03_rests_on_what_the_enterprise_knows() {
    let f = || filing(1, "2026-03-25 20:00", "2026-03-25 21:00").kind(Kind::Immediate).filed("2026-03-26 15:00");
    let noon = |known| told(|r| (r.arrived_at, r.arrival_known) = (t("2026-03-25 12:00"), known));
    assert_eq!(Case::of([f()]).reports([noon(ArrivalKnown::Time)]).found(Fil03), "F1:2");
    assert_eq!(Case::of([f()]).reports([noon(ArrivalKnown::Day)]).found(Fil03), "");
}

#[test]
fn fil_04_clears_when_a_late_filing_matches_and_returns_when_it_is_cancelled() {
    let late = on(1, "2026-03-25").filed("2026-03-30 10:00").arrived("2026-03-25 09:10");
    let case = Case::of([late.clone()]).reports([told(|_| ())]);
    assert_eq!((case.found(Fil04).as_str(), case.found(Fil02).as_str()), ("", "F1:3"));
    assert_eq!(Case::of([late.cancelled()]).reports([told(|_| ())]).found(Fil04), "R1:3");
}

#[test]
fn fil_04_takes_its_days_from_the_policy_of_the_arrival() {
    let versions =
        vec![version(1, "2020-01-01", |p| p.rules.fil_04.working_days = 1), version(2, "2026-03-26", |_| {})];
    let case = |now| Case::of([]).reports([told(|_| ())]).versions(versions.clone()).now(now).found(Fil04);
    assert_eq!((case("2026-03-26 23:59").as_str(), case("2026-03-27 00:00").as_str()), ("R1:1", "R1:3"));
    let deadline = t("2026-03-27 00:00");
    let inputs = Case::of([]).reports([told(|_| ())]).versions(versions.clone()).inputs(Fil04);
    assert_eq!(inputs, Inputs::Fil04 { day: d("2026-03-25"), deadline, verified: true, known: ArrivalKnown::Time });
}
