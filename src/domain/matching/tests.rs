//! Cases of matching, through `assess`.

use crate::domain::filing::{Filing, Kind};
use crate::domain::rules::test_support::{Case, agency, filing, filing_id, on, report, version};
use crate::domain::visit_report::Report;
use rstest::rstest;

fn of(n: u8, arrived: &str, agency_no: u128) -> Report {
    Report { agency: Some(agency(agency_no)), ..report(n, arrived) }
}

fn linked(r: Report, n: u128) -> Report {
    Report { linked_filing: Some(filing_id(n)), ..r }
}

#[rstest]
#[case::first_second_within("2026-03-04 00:00", "R1-F1")]
#[case::last_second_outside("2026-03-03 23:59:59", "")]
#[case::last_second_within("2026-03-07 23:59:59", "R1-F1")]
#[case::first_second_outside("2026-03-08 00:00", "")]
fn a_day_of_tolerance_on_both_sides_of_the_span(#[case] arrived: &str, #[case] expected: &str) {
    let span = filing(1, "2026-03-05 09:00", "2026-03-07 00:00");
    assert_eq!(Case::of([span]).reports([report(1, arrived)]).matched(), expected);
}

#[rstest]
#[case::same(on(1, "2026-03-05"), of(1, "2026-03-05 09:00", 1), "R1-F1")]
#[case::team_told_authority_filed(on(1, "2026-03-05"), of(1, "2026-03-05 09:00", 11), "R1-F1")]
#[case::authority_told_team_filed(on(1, "2026-03-05").by(11), of(1, "2026-03-05 09:00", 1), "R1-F1")]
#[case::another_root(on(1, "2026-03-05"), of(1, "2026-03-05 09:00", 2), "")]
#[case::service_visit(on(1, "2026-03-05").kind(Kind::ServiceVisit), of(1, "2026-03-05 09:00", 1), "R1-F1")]
#[case::cancelled(on(1, "2026-03-05").cancelled(), of(1, "2026-03-05 09:00", 1), "")]
#[case::no_agency(on(1, "2026-03-05"), Report { agency: None, ..report(1, "2026-03-05 09:00") }, "")]
#[case::withdrawn(on(1, "2026-03-05"), Report { withdrawn: true, ..report(1, "2026-03-05 09:00") }, "")]
#[case::withdrawn_and_linked(on(1, "2026-03-05"), linked(Report { withdrawn: true, ..report(1, "2026-03-05 09:00") }, 1), "")]
#[case::span_follows_arrival(on(1, "2026-03-05").arrived("2026-03-09 09:00").left("2026-03-09 10:00"), of(1, "2026-03-10 09:00", 1), "R1-F1")]
#[case::not_the_plan_then(on(1, "2026-03-05").arrived("2026-03-09 09:00").left("2026-03-09 10:00"), of(1, "2026-03-05 09:00", 1), "")]
fn who_may_match(#[case] f: Filing, #[case] r: Report, #[case] expected: &str) {
    assert_eq!(Case::of([f]).reports([r]).matched(), expected);
}

#[test]
fn the_nearest_pair_goes_first() {
    // R1 is 2 h from F1 and 1 h from F2; R2 is 10 min from F2.
    let two = || [filing(1, "2026-03-05 08:00", "2026-03-05 09:00"), filing(2, "2026-03-05 11:00", "2026-03-05 12:00")];
    let one = Case::of(two()).reports([report(1, "2026-03-05 10:00")]);
    assert_eq!(one.matched(), "R1-F2");
    let both = Case::of(two()).reports([report(1, "2026-03-05 10:00"), report(2, "2026-03-05 10:50")]);
    assert_eq!(both.matched(), "R1-F1 R2-F2");
    // An arrival counts, not the plan.
    let [a, b] = two();
    let case = Case::of([a.arrived("2026-03-05 09:59"), b]).reports([report(1, "2026-03-05 10:00")]);
    assert_eq!(case.matched(), "R1-F1");
}

#[test]
fn of_equal_distances_the_earlier_filed_filing_then_the_earlier_report_goes_first() {
    let before_and_after =
        || [filing(2, "2026-03-05 09:00", "2026-03-05 09:30"), filing(1, "2026-03-05 11:00", "2026-03-05 11:30")];
    assert_eq!(Case::of(before_and_after()).reports([report(1, "2026-03-05 10:00")]).matched(), "R1-F1");
    let same_receipt = before_and_after().map(|f| f.filed("2025-06-02 10:00"));
    assert_eq!(Case::of(same_receipt).reports([report(1, "2026-03-05 10:00")]).matched(), "R1-F1", "by number");
    let two_reports = [report(2, "2026-03-05 09:00"), report(1, "2026-03-05 09:00")];
    assert_eq!(Case::of([on(1, "2026-03-05")]).reports(two_reports).matched(), "R1-F1");
    // Receipt of a report does not matter, its number does.
    let mut late = report(1, "2026-03-05 09:00");
    late.filed_at += chrono::TimeDelta::days(3);
    let case = Case::of([on(1, "2026-03-05")]).reports([report(2, "2026-03-05 09:00"), late]);
    assert_eq!(case.matched(), "R1-F1");
}

#[test]
fn each_matches_once_even_if_another_choice_would_match_more() {
    // Greedy: R1 takes F1, at a distance of 0, and leaves R2 without.
    let filings = [on(1, "2026-03-05"), on(2, "2026-03-07")];
    let reports = [report(1, "2026-03-05 09:00"), report(2, "2026-03-04 10:00")];
    assert_eq!(Case::of(filings.clone()).reports(reports).matched(), "R1-F1");
    let three = [report(1, "2026-03-05 09:00"), report(2, "2026-03-05 09:01"), report(3, "2026-03-06 09:00")];
    assert_eq!(Case::of(filings).reports(three).matched(), "R1-F1 R3-F2");
}

#[test]
fn the_tolerance_is_of_the_policy_on_the_day_of_the_report_even_if_fil_04_is_off() {
    let versions = vec![
        version(1, "2020-01-01", |p| p.rules.fil_04.tolerance_days = 0),
        version(2, "2026-03-06", |p| (p.rules.fil_04.tolerance_days, p.rules.fil_04.enabled) = (3, false)),
    ];
    let case = |arrived| Case::of([on(1, "2026-03-05")]).reports([report(1, arrived)]).versions(versions.clone());
    assert_eq!(case("2026-03-04 09:00").matched(), "");
    assert_eq!(case("2026-03-05 23:00").matched(), "R1-F1");
    assert_eq!(case("2026-03-08 23:00").matched(), "R1-F1");
    assert_eq!(case("2026-03-09 00:00").matched(), "");
}

#[test]
fn a_link_by_hand_comes_first() {
    let filings = || [on(1, "2026-03-05"), on(2, "2026-06-05").by(2), on(3, "2026-03-06").cancelled()];
    let unknown = |n| Report { agency: None, ..report(n, "2026-03-05 09:00") };
    let matched = |reports: &[Report]| Case::of(filings()).reports(reports.to_vec()).matched();
    assert_eq!(matched(&[linked(unknown(1), 1), report(2, "2026-03-05 09:00")]), "R1-F1");
    assert_eq!(
        matched(&[linked(unknown(1), 2), report(2, "2026-03-05 09:00")]),
        "R1-F2 R2-F1",
        "whatever agency and day"
    );
    assert_eq!(matched(&[linked(unknown(2), 1), linked(unknown(1), 1)]), "R1-F1", "the earlier one has it");
    assert_eq!(matched(&[linked(report(1, "2026-03-05 09:00"), 2), report(2, "2026-03-05 10:00")]), "R1-F2 R2-F1");
    assert_eq!(matched(&[linked(report(1, "2026-03-05 09:00"), 3)]), "R1-F1", "a link to a cancelled filing is none");
    assert_eq!(matched(&[linked(report(1, "2026-03-05 09:00"), 9)]), "R1-F1", "nor one to an unknown filing");
    assert_eq!(matched(&[linked(unknown(1), 3)]), "");
}
