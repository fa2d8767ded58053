//! Tables of cases of EXP-01, EXP-02 and AGG-01. Times at +08:00.

use super::*;
use crate::domain::policy::{Agg01, Exp01, Exp02};
use uuid::Uuid;

const ZONE: Zone = Zone::SHANGHAI;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{}:00+08:00", text.replace(' ', "T"))).expect("an instant").to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn violation(n: u128) -> ViolationId {
    ViolationId(Uuid::from_u128(n))
}

fn round(asked: &str, due: &str, answered: Option<&str>) -> Round {
    Round { asked_on: day(asked), due_on: day(due), extended: false, answered_at: answered.map(at) }
}

fn late(rounds: &[Round], now: &str) -> Option<u8> {
    let found = exp_01(rounds, &Exp01::default(), ZONE, &Holidays::official(), at(now));
    found.map(|(severity, _)| severity.level())
}

#[test]
fn exp_01_by_its_deadlines() {
    // Asked on Thursday 30 April: the fifth working day is Monday 11 May (Labour Day, make-up day on 9 May); five more end on Monday 18 May.
    let open = [round("2026-04-30", "2026-05-11", None)];
    assert_eq!(late(&open, "2026-05-11 23:59"), None);
    assert_eq!(late(&open, "2026-05-12 00:00"), Some(2));
    assert_eq!(late(&open, "2026-05-18 23:59"), Some(2));
    assert_eq!(late(&open, "2026-05-19 00:00"), Some(3));
    let in_time = [round("2026-04-30", "2026-05-11", Some("2026-05-11 23:59"))];
    assert_eq!(late(&in_time, "2026-06-30 00:00"), None);
    let just_late = [round("2026-04-30", "2026-05-11", Some("2026-05-12 00:00"))];
    assert_eq!(late(&just_late, "2026-06-30 00:00"), Some(2), "an answer stops the clock");
    let very_late = [round("2026-04-30", "2026-05-11", Some("2026-05-19 00:00"))];
    assert_eq!(late(&very_late, "2026-06-30 00:00"), Some(3));
}

#[test]
fn exp_01_takes_the_gravest_round() {
    let rounds = [
        round("2026-03-02", "2026-03-09", Some("2026-03-10 09:00")),
        round("2026-03-11", "2026-03-18", Some("2026-03-27 09:00")),
    ];
    let (severity, inputs) =
        exp_01(&rounds, &Exp01::default(), ZONE, &Holidays::official(), at("2026-04-01 09:00")).expect("late");
    assert_eq!(severity, Severity::Violation);
    let Inputs::Exp01 { asked_on, answered_on, .. } = inputs else { panic!("other inputs") };
    assert_eq!((asked_on, answered_on), (day("2026-03-11"), Some(day("2026-03-27"))));
    assert_eq!(late(&rounds[..1], "2026-04-01 09:00"), Some(2));
    let params = Exp01 { grave_days: 0, ..Exp01::default() };
    let at_once = exp_01(&rounds[..1], &params, ZONE, &Holidays::official(), at("2026-04-01 09:00"));
    assert_eq!(at_once.map(|(severity, _)| severity), Some(Severity::Violation), "the parameter counts");
}

fn relapse(follow_up: Option<&str>, seen: Option<&str>, again: Option<&str>, now: &str) -> Option<u8> {
    let closing =
        Closing { closed_at: at("2026-03-02 10:00"), follow_up_on: follow_up.map(day), followed_up_at: seen.map(at) };
    let again = again.map(|again| (violation(2), at(again)));
    exp_02(&closing, again, &Exp02::default(), ZONE, at(now)).map(|(severity, _)| severity.level())
}

#[test]
fn exp_02_by_date_and_by_relapse() {
    let date = Some("2026-03-23");
    assert_eq!(relapse(date, None, None, "2026-03-23 23:59"), None);
    assert_eq!(relapse(date, None, None, "2026-03-24 00:00"), Some(2));
    assert_eq!(relapse(date, Some("2026-03-23 23:59"), None, "2026-05-01 00:00"), None, "seen in time");
    assert_eq!(relapse(date, Some("2026-03-24 00:00"), None, "2026-05-01 00:00"), Some(2), "seen late");
    assert_eq!(relapse(None, None, None, "2027-01-01 00:00"), None, "no date was set");
    // 90 days after 2 March is 31 May.
    assert_eq!(relapse(None, None, Some("2026-05-31 23:59"), "2026-06-01 00:00"), Some(2));
    assert_eq!(relapse(None, None, Some("2026-06-01 00:00"), "2026-06-01 00:00"), None);
    assert_eq!(relapse(None, None, Some("2026-03-02 10:00"), "2026-06-01 00:00"), None, "not after the closing");
    assert_eq!(relapse(None, None, Some("2026-03-02 10:01"), "2026-06-01 00:00"), Some(2));
    assert_eq!(relapse(date, None, Some("2026-04-01 09:00"), "2026-04-02 00:00"), Some(3), "both");
}

fn confirmed(n: u128, rule: RuleCode, severity: Severity, when: &str) -> Confirmed {
    Confirmed { id: violation(n), rule, severity, decided_at: at(when), used_yellow: false, used_red: false }
}

fn warnings(days: &[&str]) -> Vec<Confirmed> {
    let one = |(n, day): (u128, &&str)| confirmed(n, RuleCode::Ndd01, Severity::Warning, &format!("{day} 09:00"));
    (1..).zip(days).map(one).collect()
}

fn card(all: &[Confirmed]) -> Option<(Card, usize)> {
    let tip = all.last().expect("one at least").id;
    let root = AgencyId(Uuid::from_u128(9));
    let (severity, inputs) = agg_01(tip, all, root, &Agg01::default(), ZONE)?;
    let Inputs::Agg01 { card, counted, .. } = inputs else { panic!("other inputs") };
    assert_eq!(severity, if card == Card::Red { Severity::Violation } else { Severity::Warning });
    Some((card, counted.len()))
}

#[test]
fn agg_01_counts_three_and_six_within_ninety_days() {
    assert_eq!(card(&warnings(&["2026-01-01", "2026-02-01"])), None);
    // 1 January and 31 March are 89 days apart, 1 April is the 90th.
    assert_eq!(card(&warnings(&["2026-01-01", "2026-02-01", "2026-03-31"])), Some((Card::Yellow, 3)));
    assert_eq!(card(&warnings(&["2026-01-01", "2026-02-01", "2026-04-01"])), None);
    let six = warnings(&["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06"]);
    assert_eq!(card(&six), Some((Card::Red, 6)), "six say more than three");
    assert_eq!(card(&six[..5]), Some((Card::Yellow, 5)));
}

#[test]
fn agg_01_counts_nothing_twice_for_one_colour() {
    let mut six = warnings(&["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06"]);
    for used in &mut six[..3] {
        used.used_yellow = true;
    }
    assert_eq!(card(&six[..4]), None);
    assert_eq!(card(&six[..5]), None);
    assert_eq!(card(&six), Some((Card::Red, 6)), "a red card counts what a yellow one has counted");
    for used in &mut six[..4] {
        used.used_red = true;
    }
    assert_eq!(card(&six), None, "what a red card has counted counts no more");
}

#[test]
fn agg_01_takes_an_unfiled_visit_and_a_missing_explanation_for_a_red_card() {
    let unfiled = confirmed(1, RuleCode::Fil04, Severity::Violation, "2026-01-01 09:00");
    let silent = confirmed(2, RuleCode::Exp01, Severity::Warning, "2026-01-20 09:00");
    assert_eq!(card(&[unfiled, silent]), Some((Card::Red, 2)));
    assert_eq!(card(&[silent, Confirmed { decided_at: at("2026-02-01 09:00"), ..unfiled }]), Some((Card::Red, 2)));
    let later = Confirmed { decided_at: at("2026-04-01 09:00"), ..silent };
    assert_eq!(card(&[unfiled, later]), None, "too far apart");
    assert_eq!(card(&[unfiled, Confirmed { used_red: true, ..silent }]), None);
    let other = confirmed(3, RuleCode::Ndd01, Severity::Warning, "2026-01-21 09:00");
    assert_eq!(card(&[unfiled, silent, other]), Some((Card::Yellow, 3)), "the pair did not tip with this one");
}

#[test]
fn agg_01_leaves_out_what_it_must_not_count() {
    let two = warnings(&["2026-01-01", "2026-01-02"]);
    for left_out in [
        confirmed(3, RuleCode::Ndd01, Severity::Notice, "2026-01-03 09:00"),
        confirmed(3, RuleCode::Int01, Severity::Referral, "2026-01-03 09:00"),
        confirmed(3, RuleCode::Agg01, Severity::Warning, "2026-01-03 09:00"),
    ] {
        let mut all = two.clone();
        all.push(left_out);
        assert_eq!(card(&all), None, "{left_out:?}");
        all.push(confirmed(4, RuleCode::Dup01, Severity::Warning, "2026-01-04 09:00"));
        assert_eq!(card(&all), Some((Card::Yellow, 3)));
    }
    let params = Agg01 { yellow: 0, red: 0, ..Agg01::default() };
    let root = AgencyId(Uuid::from_u128(9));
    assert!(agg_01(violation(2), &two, root, &params, ZONE).is_none(), "zero is no limit, not always");
}
