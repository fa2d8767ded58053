//! Cases of FRQ-02 and FRQ-03.

use crate::domain::filing::{Filing, Kind};
use crate::domain::rule::RuleCode::{Frq02, Frq03};
use crate::domain::rules::test_support::{Case, d, on};
use crate::domain::rules::{Burden, Inputs};

/// So many clue inspections, one a week from 2026-01-05 on.
fn clues(n: u8) -> Vec<Filing> {
    (1..=n)
        .map(|n| on(n, &(d("2026-01-05") + chrono::Days::new(7 * u64::from(n))).to_string()).kind(Kind::Clue))
        .collect()
}

fn found(filings: impl IntoIterator<Item = Filing>) -> String {
    Case::of(filings).second_wave().found(Frq02)
}

#[test]
fn frq_02_the_seventh_with_cause_is_one_too_many() {
    assert_eq!(found(clues(6)), "");
    assert_eq!(found(clues(7)), "F7:1<F1,F2,F3,F4,F5,F6");
    let mut executed = clues(7);
    executed[6] = executed[6].clone().done();
    assert_eq!(found(executed), "F7:2<F1,F2,F3,F4,F5,F6");
    let mut other = clues(7);
    other[0] = other[0].clone().by(2);
    assert_eq!(found(other), "", "another authority");
    let mut team = clues(7);
    team[0] = team[0].clone().by(11);
    assert_eq!(found(team), "F7:1<F1,F2,F3,F4,F5,F6", "a team counts with its authority");
    let mut daily = clues(7);
    daily[0] = daily[0].clone().kind(Kind::Daily);
    assert_eq!(found(daily), "", "without cause");
    let mut emergency = clues(7);
    emergency[0] = emergency[0].clone().exempt("E01");
    assert_eq!(found(emergency), "", "an emergency is not counted");
    let mut last = clues(7);
    last[6] = last[6].clone().exempt("E03");
    assert_eq!(found(last), "", "nor flagged");
    let mut cancelled = clues(7);
    cancelled[2] = cancelled[2].clone().cancelled();
    assert_eq!(found(cancelled), "");
}

#[test]
fn frq_02_counts_within_365_days_on_either_side() {
    let at = |n, day: &str| on(n, day).kind(Kind::Clue);
    let with = |first: &str| {
        let mut filings = clues(7);
        filings[0] = at(1, first);
        found(filings)
    };
    // The seventh is on 2026-02-23.
    assert_eq!(with("2025-02-24"), "F7:1<F1,F2,F3,F4,F5,F6", "364 days before");
    assert_eq!(with("2025-02-23"), "", "365 days before");
    assert_eq!(with("2027-02-22"), "F7:1<F1,F2,F3,F4,F5,F6", "364 days after, filed before");
    assert_eq!(with("2027-02-23"), "");
}

#[test]
fn frq_02_the_third_on_one_complaint_is_one_too_many() {
    let on_complaint = |n, number: &str| on(n, &format!("2026-03-0{n}")).claiming("E04", "投诉举报核查的理由", number);
    assert_eq!(found([on_complaint(1, "12345-1"), on_complaint(2, "12345-1")]), "");
    let three = |number| [on_complaint(1, "12345-1"), on_complaint(2, " 12345-1 "), on_complaint(3, number)];
    assert_eq!(found(three("12345-1")), "F3:1<F1,F2");
    assert_eq!(found(three("12345-2")), "");
    assert_eq!(found([on_complaint(1, ""), on_complaint(2, ""), on_complaint(3, "")]), "", "no number is no complaint");
    let case = Case::of(three("12345-1")).second_wave();
    let Inputs::Frq02(facts) = case.inputs(Frq02) else { panic!("inputs of FRQ-02") };
    assert_eq!((facts.rank, facts.max, facts.complaint.as_deref()), (3, 2, Some("12345-1")));
    let more = Case::of(three("12345-1")).policy(|p| {
        p.rules.frq_02.enabled = true;
        p.rules.frq_02.per_complaint = 3;
    });
    assert_eq!(more.found(Frq02), "");
}

/// So many visits in a year: by different agencies, one a month and two in the rest.
fn year(n: u8) -> Vec<Filing> {
    let day = |n: u8| format!("2026-{:02}-0{}", (n - 1) % 12 + 1, (n - 1) / 12 + 1);
    (1..=n).map(|n| on(n, &day(n)).by(u128::from(n % 2) + 1)).collect()
}

fn burden(filings: impl IntoIterator<Item = Filing>) -> String {
    Case::of(filings).second_wave().found(Frq03)
}

#[test]
fn frq_03_names_the_tenth_visit_of_the_year_and_no_other() {
    assert_eq!(burden(year(9)), "");
    assert_eq!(burden(year(10)), "F10:1");
    assert_eq!(burden(year(12)), "F10:1");
    let assessment = Case::of(year(10)).second_wave().assess();
    let finding = assessment.findings.iter().find(|f| f.rule == Frq03).expect("found");
    assert_eq!(finding.agency, None, "nobody is blamed");
    let Inputs::Frq03(facts) = &finding.inputs else { panic!("inputs of FRQ-03") };
    assert_eq!((facts.burden, facts.reached, facts.limit, facts.from), (Burden::Visits, 20, 10, d("2026-01-01")));
}

#[test]
fn frq_03_a_service_visit_counts_half_and_a_joint_one_once() {
    let service = |n| on(n, "2026-06-01").kind(Kind::ServiceVisit);
    assert_eq!(burden(year(9).into_iter().chain([service(20)])), "");
    assert_eq!(burden(year(9).into_iter().chain([service(20), service(21)])), "F21:1", "a service visit may tip it");
    let joint = |n, by| on(n, "2026-06-05").joint("夏查").by(by);
    assert_eq!(burden(year(8).into_iter().chain([joint(20, 1), joint(21, 2), joint(22, 3)])), "");
    assert_eq!(burden(year(9).into_iter().chain([joint(20, 1), joint(21, 2)])), "F20:1", "the earliest stands for it");
    let mut last_year = year(9);
    last_year.push(on(30, "2025-12-31"));
    assert_eq!(burden(last_year), "");
    let mut cancelled = year(10);
    cancelled[0] = cancelled[0].clone().cancelled();
    assert_eq!(burden(cancelled), "");
}

#[test]
fn frq_03_names_the_filing_with_which_the_persons_of_a_month_reach_twenty() {
    let five = |n| on(n, "2026-03-04").inspectors(&["1", "2", "3"]).with(&["4", "5"]);
    assert_eq!(burden([five(1), five(2), five(3), five(4).with(&["4"])]), "", "nineteen");
    assert_eq!(burden([five(1), five(2), five(3), five(4), five(5)]), "F4:1");
    assert_eq!(burden([five(1), five(2), five(3), five(4).with(&["1", "4", "5"])]), "F4:1", "each once");
    assert_eq!(burden([five(1), five(2), five(3), on(4, "2026-04-01").inspectors(&["1", "2", "3", "4", "5"])]), "");
    let service = [five(1), five(2), five(3), five(4).kind(Kind::ServiceVisit)];
    assert_eq!(burden(service), "", "a service visit has no inspectors");
    let case = Case::of([five(1), five(2)]).policy(|p| {
        p.rules.frq_03.enabled = true;
        p.rules.frq_03.persons = 6;
    });
    let Inputs::Frq03(facts) = case.inputs(Frq03) else { panic!("inputs of FRQ-03") };
    assert_eq!((facts.burden, facts.reached, facts.from), (Burden::Persons, 10, d("2026-03-01")));
}
