//! Cases of SCO-02.

use crate::domain::filing::{Filing, Kind};
use crate::domain::rule::RuleCode::Sco02;
use crate::domain::rules::test_support::{Case, d, matter, on};
use crate::domain::rules::{Inputs, MatterFault, UnpublishedMatter};
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
