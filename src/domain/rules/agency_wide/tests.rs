//! Cases of NDD-02, FIL-08 and EVA-01.

use super::{AgencyFinding, AgencyVisit, eva_01, fil_08, ndd_02, quarter_of};
use crate::domain::day::{Span, Zone};
use crate::domain::dossier::Rating;
use crate::domain::exemption::ExemptionCode;
use crate::domain::id::EnterpriseId;
use crate::domain::policy::{Policies, Policy};
use crate::domain::rule::{Severity, Subject};
use crate::domain::rules::Inputs;
use crate::domain::rules::test_support::{agency, d, filing_id, t, version};
use chrono::TimeDelta;
use uuid::Uuid;

fn on() -> Policies {
    Policies::new(vec![version(1, "2020-01-01", |p| *p = Policy::for_installation())])
}

/// Filing `n` of agency 1 at enterprise `n`, planned from 09:00 to 11:00 of a day.
fn visit(n: u128, day: &str) -> AgencyVisit {
    let start = t(&format!("{day} 09:00"));
    AgencyVisit {
        filing: filing_id(n),
        enterprise: EnterpriseId(Uuid::from_u128(n)),
        agency: agency(1),
        filed_at: t("2026-01-02 10:00"),
        planned: Span::new(start, start + TimeDelta::hours(2)).expect("later"),
        arrived_at: None,
        left_at: None,
        exemption: None,
    }
}

/// The same, carried out as planned; on a no-disturb day under an exemption.
fn done(n: u128, day: &str, exempt: bool) -> AgencyVisit {
    let v = visit(n, day);
    AgencyVisit { arrived_at: Some(v.planned.start()), exemption: exempt.then_some(ExemptionCode::E05), ..v }
}

/// `F4<F1,F2,F3`
fn words<'a>(found: impl IntoIterator<Item = &'a AgencyFinding>) -> String {
    let word = |f: &AgencyFinding| {
        let Subject::Filing(id) = f.finding.subject else { panic!("a filing") };
        assert_eq!(f.enterprise.0, id.0, "each at its own enterprise");
        let evidence: Vec<String> = f.finding.evidence.iter().map(|g| format!("F{}", g.0.as_u128())).collect();
        format!("F{}<{}", id.0.as_u128(), evidence.join(","))
    };
    found.into_iter().map(word).collect::<Vec<_>>().join(" ")
}

fn month(visits: &[AgencyVisit]) -> String {
    words(&ndd_02(visits, &on(), Zone::SHANGHAI))
}

/// So many exempt ones from the 9th of March on, and so many plain ones on the 2nd and after.
fn mixed(exempt: u128, plain: u128) -> Vec<AgencyVisit> {
    let first = (1..=plain).map(|n| done(100 + n, "2026-03-02", false));
    first.chain((1..=exempt).map(|n| done(n, &format!("2026-03-{:02}", 8 + n), true))).collect()
}

#[test]
fn ndd_02_at_least_four_and_more_than_half() {
    assert_eq!(month(&mixed(3, 0)), "");
    assert_eq!(month(&mixed(4, 0)), "F4<F1,F2,F3");
    assert_eq!(month(&mixed(4, 3)), "F4<F1,F2,F3");
    assert_eq!(month(&mixed(4, 4)), "", "half is not more than half");
    assert_eq!(month(&mixed(5, 4)), "F5<F1,F2,F3,F4", "the one that tipped it");
}

#[test]
fn ndd_02_follows_the_share_through_the_month() {
    let plain = |n: u128| done(n, "2026-03-25", false);
    let and_then = |more: &[AgencyVisit]| month(&[mixed(4, 0), more.to_vec()].concat());
    assert_eq!(and_then(&[plain(101), plain(102), plain(103)]), "F4<F1,F2,F3");
    let four = [plain(101), plain(102), plain(103), plain(104)];
    assert_eq!(and_then(&four), "", "it no longer holds at the end of the month");
    let with = |one: AgencyVisit| and_then(&[&four[..], &[one]].concat());
    assert_eq!(with(done(5, "2026-03-26", true)), "", "an exempt one on an open day is one like any other");
    assert_eq!(with(done(5, "2026-03-23", true)), "F4<F1,F2,F3", "before the plain ones it held and held on");
    let extra = Policies::new(vec![version(1, "2020-01-01", |p| {
        *p = Policy::for_installation();
        p.no_disturb.extra = [d("2026-03-26")].into();
    })]);
    let visits = [mixed(4, 0), four.to_vec(), vec![done(5, "2026-03-26", true)]].concat();
    let found = ndd_02(&visits, &extra, Zone::SHANGHAI);
    assert_eq!(words(&found), "F5<F1,F2,F3,F4", "the one with which it came to hold again");
    let moved = AgencyVisit { arrived_at: Some(t("2026-03-26 09:00")), ..done(4, "2026-03-12", true) };
    assert_eq!(month(&[mixed(3, 0), vec![moved]].concat()), "", "by its own arrival, not the plan");
}

#[test]
fn ndd_02_says_what_it_counted_and_can_be_off() {
    let visits = mixed(4, 1);
    let found = ndd_02(&visits, &on(), Zone::SHANGHAI).expect("found");
    assert_eq!((found.finding.severity, found.finding.agency), (Severity::Warning, Some(agency(1))));
    let Inputs::Ndd02(facts) = &found.finding.inputs else { panic!("inputs of NDD-02") };
    assert_eq!((facts.month, facts.executed, facts.exempt, facts.percent), (d("2026-03-01"), 5, 4, 50));
    assert_eq!(ndd_02(&visits, &Policies::new(Vec::new()), Zone::SHANGHAI), None);
    let strict = Policies::new(vec![version(1, "2020-01-01", |p| {
        p.rules.ndd_02.enabled = true;
        (p.rules.ndd_02.min, p.rules.ndd_02.percent) = (1, 0);
    })]);
    assert_eq!(words(&ndd_02(&visits, &strict, Zone::SHANGHAI)), "F1<");
    let honoured = Policies::new(vec![version(1, "2020-01-01", |p| {
        p.rules.ndd_02.enabled = true;
        p.no_disturb.exemptions = [ExemptionCode::E01].into();
    })]);
    assert_eq!(ndd_02(&visits, &honoured, Zone::SHANGHAI), None, "an exemption that NDD-01 does not honour is none");
}

#[test]
fn fil_08_the_third_overdue_of_a_quarter_and_each_after_it() {
    let visits: Vec<AgencyVisit> = (1..=4).map(|n| visit(n, &format!("2026-03-0{n}"))).collect();
    let found = |now: &str| words(&fil_08(&visits, &on(), Zone::SHANGHAI, t(now)));
    assert_eq!(found("2026-03-04 10:59:59"), "", "the third is overdue at the end of 24 hours");
    assert_eq!(found("2026-03-04 11:00"), "F3<F1,F2");
    assert_eq!(found("2026-03-05 11:00"), "F3<F1,F2 F4<F1,F2,F3");
    let arrived = |n| AgencyVisit { arrived_at: Some(t("2026-03-02 10:00")), ..visit(n, "2026-03-02") };
    let fewer = [visit(1, "2026-03-01"), arrived(2), visit(3, "2026-03-03")];
    assert_eq!(fil_08(&fewer, &on(), Zone::SHANGHAI, t("2026-04-01 00:00")), []);
    assert_eq!(fil_08(&visits, &Policies::new(Vec::new()), Zone::SHANGHAI, t("2026-04-01 00:00")), []);
    let first = Policies::new(vec![version(1, "2020-01-01", |p| {
        p.rules.fil_08.enabled = true;
        (p.rules.fil_08.count, p.rules.fil_08.hours) = (1, 0);
    })]);
    let now = visits[0].planned.end();
    let found = fil_08(&visits, &first, Zone::SHANGHAI, now);
    assert_eq!(words(&found), "F1<");
    let Inputs::Fil08(facts) = &found[0].finding.inputs else { panic!("inputs of FIL-08") };
    assert_eq!((facts.quarter, facts.rank), (d("2026-01-01"), 1));
}

#[test]
fn quarters_begin_in_january_april_july_and_october() {
    for (day, first) in [
        ("2026-01-01", "2026-01-01"),
        ("2026-03-31", "2026-01-01"),
        ("2026-04-01", "2026-04-01"),
        ("2026-09-30", "2026-07-01"),
        ("2026-12-31", "2026-10-01"),
    ] {
        assert_eq!(quarter_of(d(day)), d(first), "{day}");
    }
}

fn rated(n: u128, at: &str, marks: [u8; 3]) -> (AgencyVisit, Rating) {
    (done(n, "2026-03-02", false), Rating { filing: filing_id(n), marks, created_at: t(at) })
}

#[test]
fn eva_01_five_ratings_in_thirty_days_with_a_mean_under_three() {
    let bad = [3, 3, 2];
    let on_day = |n: u128, marks| rated(n, &format!("2026-03-0{n} 10:00"), marks);
    let found = |ratings: &[(AgencyVisit, Rating)]| words(&eva_01(ratings, &on(), Zone::SHANGHAI));
    let four: Vec<_> = (1..=4).map(|n| on_day(n, bad)).collect();
    assert_eq!(found(&four), "");
    let with = |last| four.iter().copied().chain([last]).collect::<Vec<_>>();
    assert_eq!(found(&with(on_day(5, bad))), "F5<F1,F2,F3,F4");
    assert_eq!(found(&with(on_day(5, [3, 3, 7]))), "", "a mean of three");
    assert_eq!(found(&with(rated(5, "2026-03-31 09:59:59", bad))), "F5<F1,F2,F3,F4", "within thirty days");
    assert_eq!(found(&with(rated(5, "2026-03-31 10:00", bad))), "", "the first is thirty days old");
    let six = with(on_day(5, bad)).into_iter().chain([on_day(6, bad)]).collect::<Vec<_>>();
    assert_eq!(found(&six), "F5<F1,F2,F3,F4", "the one that tipped it, not each after it");
}

#[test]
fn eva_01_one_worst_mark_is_enough() {
    let found = |marks| words(&eva_01(&[rated(1, "2026-03-01 10:00", marks)], &on(), Zone::SHANGHAI));
    assert_eq!(found([5, 5, 1]), "F1<");
    assert_eq!(found([2, 2, 2]), "");
    assert_eq!(eva_01(&[rated(1, "2026-03-01 10:00", [1, 1, 1])], &Policies::new(Vec::new()), Zone::SHANGHAI), []);
    let findings = eva_01(&[rated(1, "2026-03-01 10:00", [5, 4, 1])], &on(), Zone::SHANGHAI);
    let Inputs::Eva01(facts) = &findings[0].finding.inputs else { panic!("inputs of EVA-01") };
    assert_eq!((facts.very_bad, facts.ratings, facts.sum), (true, 1, 10));
}
