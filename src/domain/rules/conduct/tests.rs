//! Cases of PRC-01, PRC-02, DIS-01 and INT-01.

use crate::domain::filing::{Filing, Kind};
use crate::domain::rule::RuleCode::{Dis01, Fil04, Int01, Prc01, Prc02};
use crate::domain::rules::test_support::{Case, filing_id, on, report};
use crate::domain::rules::{Inputs, Tick};
use crate::domain::visit_report::{Answer, Report};
use rstest::rstest;

/// A report changed by some facts.
fn told(change: impl FnOnce(&mut Report)) -> Report {
    let mut r = report(1, "2026-03-05 09:00");
    change(&mut r);
    r
}

fn answered(certificate: Answer, notice: Answer) -> Report {
    told(|r| (r.shown_certificate, r.shown_notice) = (Some(certificate), Some(notice)))
}

#[rstest]
#[case::both_shown(Answer::Yes, Answer::Yes, "", "")]
#[case::no_certificate(Answer::No, Answer::Yes, "R1:2", "R1:2")]
#[case::no_notice(Answer::Yes, Answer::No, "R1:2", "")]
#[case::neither(Answer::No, Answer::No, "R1:2", "R1:2")]
#[case::not_known(Answer::Unknown, Answer::Unknown, "", "")]
fn prc_01(#[case] certificate: Answer, #[case] notice: Answer, #[case] expected: &str, #[case] immediate: &str) {
    let r = || answered(certificate, notice);
    assert_eq!(Case::of([]).reports([r()]).found(Prc01), expected, "without match");
    assert_eq!(Case::of([on(1, "2026-03-05")]).reports([r()]).found(Prc01), expected, "matched");
    let f = on(1, "2026-03-05").kind(Kind::Immediate);
    assert_eq!(Case::of([f.clone()]).reports([r()]).found(Prc01), immediate, "matched to an immediate one");
    assert_eq!(Case::of([f.cancelled()]).reports([r()]).found(Prc01), expected, "no longer matched");
    assert_eq!(Case::of([]).reports([Report { agency: None, ..r() }]).found(Prc01), "", "without agency");
    assert_eq!(Case::of([]).reports([Report { withdrawn: true, ..r() }]).found(Prc01), "", "withdrawn");
}

#[test]
fn prc_01_without_answers_says_nothing_and_otherwise_which() {
    assert_eq!(Case::of([]).reports([told(|_| ())]).found(Prc01), "");
    let case = Case::of([on(1, "2026-03-05").kind(Kind::Immediate)]).reports([answered(Answer::No, Answer::No)]);
    let filing = Some(filing_id(1));
    assert_eq!(case.inputs(Prc01), Inputs::Prc01 { certificate: true, notice: false, filing });
}

fn ticked(n: u8, service: bool) -> Report {
    told(|r| {
        r.service = service;
        r.documents_demanded = n & 1 != 0;
        r.premises_inspected = n & 2 != 0;
        r.rectification_asked = n & 4 != 0;
        r.form_signed = n & 8 != 0;
    })
}

#[test]
fn dis_01_grows_with_the_ticks_and_without_match() {
    let visit = || on(1, "2026-03-05").kind(Kind::ServiceVisit);
    for n in 0..16_u8 {
        let [matched, alone] = match n.count_ones() {
            0 => ["", ""],
            1 => ["R1:1", "R1:1"],
            _ => ["R1:2", "R1:3"],
        };
        let found = |filings: &[Filing], service| Case::of(filings.to_vec()).reports([ticked(n, service)]).found(Dis01);
        assert_eq!(found(&[], true), alone, "{n} called a service, no filing");
        assert_eq!(found(&[visit()], true), matched, "{n} called a service, filed as one");
        assert_eq!(found(&[visit()], false), matched, "{n} filed as a service");
        assert_eq!(found(&[on(1, "2026-03-05")], true), matched, "{n} called a service, filed as an inspection");
        assert_eq!(found(&[on(1, "2026-03-05")], false), "", "{n} an inspection");
        assert_eq!(found(&[], false), "", "{n} not filed");
    }
}

#[test]
fn dis_01_needs_no_agency() {
    let unknown = || Report { agency: None, ..ticked(6, true) };
    let case = Case::of([]).reports([unknown()]);
    assert_eq!(case.found(Dis01), "R1:3");
    let ticks = vec![Tick::PremisesInspected, Tick::RectificationAsked];
    assert_eq!(case.inputs(Dis01), Inputs::Dis01 { ticks, service: true, filing: None });
    let linked = Report { linked_filing: Some(filing_id(1)), service: false, ..unknown() };
    let case = Case::of([on(1, "2026-03-05").kind(Kind::ServiceVisit)]).reports([linked]);
    assert_eq!(case.found(Dis01), "R1:2");
    assert_eq!(Case::of([]).reports([Report { withdrawn: true, ..unknown() }]).found(Dis01), "");
}

#[test]
fn a_matched_service_visit_is_reported_in_the_sense_of_fil_04() {
    let case = Case::of([on(1, "2026-03-05").kind(Kind::ServiceVisit)]).reports([told(|_| ())]);
    assert_eq!(case.found(Fil04), "");
}

#[rstest]
#[case::none(&[], "")]
#[case::one(&[1], "R1:4")]
#[case::eighth(&[8], "R1:4")]
#[case::not_among_the_eight(&[0, 9], "")]
fn int_01(#[case] prohibited: &[u8], #[case] expected: &str) {
    let r = || told(|r| r.prohibited = prohibited.to_vec());
    assert_eq!(Case::of([on(1, "2026-03-05")]).reports([r()]).found(Int01), expected);
    assert_eq!(Case::of([]).reports([Report { agency: None, ..r() }]).found(Int01), expected);
    assert_eq!(Case::of([]).reports([Report { withdrawn: true, ..r() }]).found(Int01), "");
}

#[test]
fn int_01_lists_each_once() {
    let case = Case::of([]).reports([told(|r| r.prohibited = vec![7, 2, 7, 9])]);
    assert_eq!(case.inputs(Int01), Inputs::Int01 { prohibited: vec![2, 7] });
}

/// A filing nobody checked in for, which the enterprise confirmed on the spot.
fn confirmed(n: u8, day: &str) -> Filing {
    Filing { presence_confirmed: true, ..on(n, day) }
}

#[test]
fn prc_02_from_the_second_on_each() {
    let found = |filings: Vec<Filing>| Case::of(filings).second_wave().found(Prc02);
    let three = || vec![confirmed(1, "2026-03-04"), confirmed(2, "2026-04-01"), confirmed(3, "2026-05-06")];
    assert_eq!(found(three()[..1].to_vec()), "");
    assert_eq!(found(three()), "F2:1<F1 F3:1<F1,F2");
    let with = |change: fn(Filing) -> Filing| {
        let mut filings = three();
        filings[0] = change(filings[0].clone());
        found(filings)
    };
    assert_eq!(with(Filing::done), "F3:1<F2", "checked in");
    assert_eq!(with(Filing::cancelled), "F3:1<F2");
    assert_eq!(with(|f| f.by(2)), "F3:1<F2", "another authority");
    assert_eq!(with(|f| f.by(11)), "F2:1<F1 F3:1<F1,F2", "its team");
    assert_eq!(with(|f| Filing { presence_confirmed: false, ..f }), "F3:1<F2", "not confirmed");
    assert_eq!(
        with(|f| Filing { planned: on(1, "2025-04-02").planned, ..f }),
        "F2:1<F1 F3:1<F2",
        "364 days before the second"
    );
    assert_eq!(with(|f| Filing { planned: on(1, "2025-04-01").planned, ..f }), "F3:1<F2", "365 days");
    assert_eq!(Case::of(three()).found(Prc02), "", "off by default");
}

#[test]
fn prc_02_a_verified_report_confirms_too_and_the_day_must_be_over() {
    let filings = || [on(1, "2026-03-04"), on(2, "2026-04-01")];
    let reports = |verified| [report(1, "2026-03-04 09:00"), Report { verified, ..report(2, "2026-04-01 09:00") }];
    let case = |verified| Case::of(filings()).reports(reports(verified)).second_wave();
    assert_eq!(case(true).found(Prc02), "F2:1<F1");
    assert_eq!(case(false).found(Prc02), "", "not verified");
    assert_eq!(case(true).now("2026-04-01 23:59:59").found(Prc02), "", "they may still check in");
    assert_eq!(case(true).now("2026-04-02 00:00").found(Prc02), "F2:1<F1");
    let Inputs::Prc02(facts) = case(true).inputs(Prc02) else { panic!("inputs of PRC-02") };
    assert_eq!((facts.rank, facts.report.is_some()), (2, true));
    // A rating says so too, whether or not there is a report; a report that is not verified is not what it rests on.
    let rated = case(false).rated(1, [4, 4, 4], "2026-03-05 09:00").rated(2, [2, 4, 4], "2026-04-01 12:00");
    let Inputs::Prc02(facts) = rated.inputs(Prc02) else { panic!("inputs of PRC-02") };
    assert_eq!((facts.rank, facts.report), (2, None));
    let mut own = rated;
    own.dossier = own.dossier.without_reports();
    assert_eq!(own.found(Prc02), "", "the agency sees nothing of it");
    let mut own = Case::of([confirmed(1, "2026-03-04"), confirmed(2, "2026-04-01")]).second_wave();
    own.dossier = own.dossier.without_reports();
    assert_eq!(own.found(Prc02), "", "the agency sees nothing of it");
}
