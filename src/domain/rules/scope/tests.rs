//! Cases of SCO-01, SCO-02 and SCO-03.

use crate::domain::filing::{Filing, Kind};
use crate::domain::rule::RuleCode::{Sco01, Sco02, Sco03};
use crate::domain::rules::test_support::{Case, d, matter, on, report};
use crate::domain::rules::{Inputs, MatterFault, UnpublishedMatter};
use crate::domain::visit_report::Report;
use rstest::rstest;

#[rstest]
#[case::published(on(1, "2026-03-04").about(&[1, 2, 4]), "")]
#[case::the_day_before_publication(on(1, "2026-03-02").about(&[1, 4]), "F1:2")]
#[case::first_day(on(1, "2026-03-03").about(&[4]), "")]
#[case::last_day(on(1, "2026-03-05").about(&[4]), "")]
#[case::the_day_after(on(1, "2026-03-06").about(&[4]), "F1:2")]
#[case::executed(on(1, "2026-03-06").about(&[4]).done(), "F1:3")]
#[case::arrived_in_time(on(1, "2026-03-06").about(&[4]).arrived("2026-03-05 09:00"), "")]
#[case::of_another_agency(on(1, "2026-03-04").about(&[21]), "F1:2")]
#[case::own_matter_of_the_team(on(1, "2026-03-04").by(11).about(&[11]), "")]
#[case::matter_of_the_root(on(1, "2026-03-04").by(11).about(&[1]), "")]
#[case::unknown(on(1, "2026-03-04").about(&[99]), "F1:2")]
#[case::immediate_and_exempt(on(1, "2026-03-04").about(&[99]).kind(Kind::Immediate).exempt("E01"), "F1:2")]
#[case::service_visit(on(1, "2026-03-04").about(&[99]).kind(Kind::ServiceVisit), "")]
#[case::cancelled(on(1, "2026-03-04").about(&[99]).cancelled(), "")]
fn sco_02(#[case] f: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([f]).found(Sco02), expected);
}

#[test]
fn it_says_which_matters_and_why() {
    let faults = |day: &str| {
        let case = Case::of([on(1, day).about(&[1, 4, 21, 99])]);
        let Inputs::Sco02 { matters, day: on, executed: false } = case.inputs(Sco02) else {
            panic!("inputs of SCO-02")
        };
        assert_eq!(on, d(day));
        matters
    };
    let fault = |n, fault| UnpublishedMatter { matter: matter(n), fault };
    let others = [fault(21, MatterFault::OtherAgency), fault(99, MatterFault::Unknown)];
    assert_eq!(faults("2026-03-02"), [&[fault(4, MatterFault::NotYet)][..], &others].concat());
    assert_eq!(faults("2026-03-04"), others);
    assert_eq!(faults("2026-03-06"), [&[fault(4, MatterFault::NoLonger)][..], &others].concat());
}

#[test]
fn sco_01_what_the_result_names_was_filed() {
    let f = |inspected: &[u128]| Filing {
        matters_inspected: inspected.iter().map(|n| matter(*n)).collect(),
        ..on(1, "2026-03-04").about(&[1, 2]).done()
    };
    let found = |f: Filing| Case::of([f]).second_wave().found(Sco01);
    assert_eq!(found(f(&[])), "", "the result need not name any");
    assert_eq!(found(f(&[1])), "");
    assert_eq!(found(f(&[2, 1])), "");
    assert_eq!(found(f(&[1, 3])), "F1:2");
    assert_eq!(Case::of([f(&[1, 3])]).found(Sco01), "", "off by default");
}

#[test]
fn sco_01_a_matched_report_may_name_more_and_the_agency_does_not_see_it() {
    let told = |n: u128| Report { matters: vec![matter(n)], ..report(1, "2026-03-04 09:00") };
    let case = |n| Case::of([on(1, "2026-03-04").about(&[1]).done()]).reports([told(n)]).second_wave();
    assert_eq!(case(1).found(Sco01), "");
    assert_eq!(case(2).found(Sco01), "F1:2");
    let Inputs::Sco01(facts) = case(2).inputs(Sco01) else { panic!("inputs of SCO-01") };
    assert_eq!((facts.matters, facts.report.is_some()), (vec![matter(2)], true));
    let mut own = case(2);
    own.dossier = own.dossier.without_reports();
    assert_eq!(own.found(Sco01), "");
}

/// Agency 3 is responsible for 新桥镇 and 老街街道.
#[rstest]
#[case::inside("新桥镇", on(1, "2026-03-04").by(3), "")]
#[case::with_blanks(" 老街街道 ", on(1, "2026-03-04").by(3), "")]
#[case::outside("石马街道", on(1, "2026-03-04").by(3), "F1:2")]
#[case::outside_executed("石马街道", on(1, "2026-03-04").by(3).done(), "F1:3")]
#[case::no_town("", on(1, "2026-03-04").by(3), "")]
#[case::no_list("石马街道", on(1, "2026-03-04").by(1), "")]
#[case::ordered("石马街道", on(1, "2026-03-04").by(3).exempt("E05"), "")]
#[case::approved("石马街道", on(1, "2026-03-04").by(3).exempt("E12"), "")]
#[case::other_exemption("石马街道", on(1, "2026-03-04").by(3).exempt("E01"), "F1:2")]
#[case::joint("石马街道", on(1, "2026-03-04").by(3).joint("春查"), "")]
#[case::service_visit("石马街道", on(1, "2026-03-04").by(3).kind(Kind::ServiceVisit), "")]
fn sco_03(#[case] town: &str, #[case] f: Filing, #[case] expected: &str) {
    assert_eq!(Case::of([f.clone()]).town(town).second_wave().found(Sco03), expected);
    assert_eq!(Case::of([f]).town(town).found(Sco03), "", "off by default");
}
