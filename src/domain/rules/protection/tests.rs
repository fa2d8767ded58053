//! Cases of RET-01.

use crate::domain::filing::{Filing, Kind};
use crate::domain::rule::RuleCode::Ret01;
use crate::domain::rules::Inputs;
use crate::domain::rules::test_support::{Case, agency, filing_id, on, report};
use crate::domain::visit_report::{Answer, Report};
use rstest::rstest;

/// Reported on 2026-03-05 at 15:00 by the enterprise: somebody of agency 1 asked for a favour.
fn adverse() -> Report {
    Report { prohibited: vec![3], ..report(1, "2026-03-05 09:00") }
}

/// A new filing of agency 1, received at this time.
fn again(filed: &str) -> Filing {
    on(9, "2026-10-01").filed(filed)
}

fn found(f: Filing) -> String {
    Case::of([f]).reports([adverse()]).second_wave().found(Ret01)
}

#[rstest]
#[case::before_the_report("2026-03-05 14:59:59", "")]
#[case::at_that_instant("2026-03-05 15:00", "")]
#[case::after_it("2026-03-05 15:00:01", "F9:4")]
#[case::the_180th_day("2026-09-01 23:59:59", "F9:4")]
#[case::the_day_after("2026-09-02 00:00", "")]
fn ret_01_for_180_days(#[case] filed: &str, #[case] expected: &str) {
    assert_eq!(found(again(filed)), expected);
}

#[test]
fn ret_01_of_one_instant_the_order_of_acceptance_counts() {
    let later = Filing { seq: 200, ..again("2026-03-05 15:00") };
    assert_eq!(found(later), "F9:4");
}

#[test]
fn ret_01_the_whole_family_of_the_agency_is_watched() {
    let f = || again("2026-04-01 09:00");
    assert_eq!(found(f().by(11)), "F9:4", "its team");
    assert_eq!(found(f().by(2)), "", "another authority");
    let of_the_team = Report { agency: Some(agency(11)), ..adverse() };
    assert_eq!(Case::of([f()]).reports([of_the_team]).second_wave().found(Ret01), "F9:4", "the authority of the team");
    let nobody = Report { agency: None, ..adverse() };
    assert_eq!(Case::of([f()]).reports([nobody.clone()]).second_wave().found(Ret01), "", "an agency is not known");
    let earlier = on(1, "2026-03-05");
    let linked = Report { linked_filing: Some(earlier.id), ..nobody };
    assert_eq!(Case::of([earlier, f()]).reports([linked]).second_wave().found(Ret01), "F9:4", "known by the link");
}

#[test]
fn ret_01_emergencies_and_outside_complaints_are_no_retaliation() {
    for (code, expected) in [("E01", ""), ("E02", ""), ("E03", ""), ("E04", ""), ("E05", "F9:4"), ("E08", "F9:4")] {
        assert_eq!(found(again("2026-04-01 09:00").exempt(code)), expected, "{code}");
    }
    assert_eq!(found(again("2026-04-01 09:00").cancelled()), "");
    assert_eq!(found(again("2026-04-01 09:00").kind(Kind::ServiceVisit)), "");
    assert_eq!(found(again("2026-04-01 09:00").kind(Kind::Clue)), "F9:4");
    let f = || again("2026-04-01 09:00");
    assert_eq!(Case::of([f()]).reports([Report { withdrawn: true, ..adverse() }]).second_wave().found(Ret01), "");
    assert_eq!(Case::of([f()]).reports([adverse()]).found(Ret01), "", "off by default");
}

#[test]
fn ret_01_adverse_is_what_the_rules_on_reports_find_whether_or_not_they_are_on() {
    let told = |change: fn(&mut Report)| {
        let mut r = report(1, "2026-03-05 09:00");
        change(&mut r);
        let case = Case::of([again("2026-04-01 09:00")]).reports([r]);
        case.policy(|p| {
            p.rules.ret_01.enabled = true;
            (p.rules.prc_01.enabled, p.rules.dis_01.enabled, p.rules.int_01.enabled) = (false, false, false);
        })
        .found(Ret01)
    };
    assert_eq!(told(|_| ()), "", "a plain report");
    assert_eq!(told(|r| r.prohibited = vec![0, 9]), "");
    assert_eq!(told(|r| r.prohibited = vec![8]), "F9:4");
    assert_eq!(told(|r| r.shown_certificate = Some(Answer::No)), "F9:4");
    assert_eq!(told(|r| r.shown_notice = Some(Answer::No)), "F9:4");
    assert_eq!(told(|r| r.shown_notice = Some(Answer::Unknown)), "");
    assert_eq!(told(|r| (r.service, r.form_signed) = (true, true)), "F9:4");
    assert_eq!(told(|r| r.form_signed = true), "", "a tick on an inspection");
}

#[rstest]
#[case::a_mean_of_three([3, 3, 3], "")]
#[case::below_three([3, 3, 2], "F9:4")]
#[case::the_worst_mark([5, 1, 5], "F9:4")]
#[case::good([5, 4, 5], "")]
fn ret_01_an_adverse_rating(#[case] marks: [u8; 3], #[case] expected: &str) {
    let case = || Case::of([on(1, "2026-03-05").done(), again("2026-04-01 09:00")]).second_wave();
    assert_eq!(case().rated(1, marks, "2026-03-06 10:00").found(Ret01), expected);
    assert_eq!(case().rated(1, marks, "2026-04-01 09:00").found(Ret01), "", "not before the filing");
    assert_eq!(case().rated(7, marks, "2026-03-06 10:00").found(Ret01), "", "a filing that is not there");
}

#[test]
fn ret_01_rests_on_the_latest_and_an_agency_sees_nothing_of_it() {
    let case = Case::of([on(1, "2026-03-05").done(), again("2026-04-01 09:00")])
        .reports([adverse()])
        .rated(1, [1, 1, 1], "2026-03-20 10:00")
        .second_wave();
    let Inputs::Ret01(facts) = case.inputs(Ret01) else { panic!("inputs of RET-01") };
    assert_eq!((facts.report, facts.rated, facts.days), (None, Some(filing_id(1)), 12));
    let mut own = case;
    own.dossier = own.dossier.without_reports();
    assert_eq!(own.found(Ret01), "");
}
