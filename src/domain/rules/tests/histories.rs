//! Random dossiers of the made-up district: within five months across a year's end, dense enough that rules meet.
//!
//! Each fact is chosen by a number; 0 is the plainest choice, so that a failing case shrinks to a plain one.

use crate::domain::dossier::Rating;
use crate::domain::enterprise::CreditClass;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::{Approval, Filing, Kind, SpecialPapers, VisitResult};
use crate::domain::policy::{Phase, Policies, Policy};
use crate::domain::rule::RuleCode;
use crate::domain::rules::test_support::{Case, agency, d, filing_id, matter, on, report, t, version};
use crate::domain::visit_report::{Answer, ArrivalKnown, Report};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::array::{uniform8, uniform16};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::Config;

/// As many dossiers as `PROPTEST_CASES` says; else 10,000 where `CI` is set and 1,000 at a desk.
pub fn config() -> Config {
    let usual = if std::env::var_os("CI").is_some() { 10_000 } else { 1_000 };
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    Config { cases, failure_persistence: None, ..Config::default() }
}

/// A random case.
pub fn case() -> impl Strategy<Value = Case> {
    let filings = vec(uniform16(any::<u16>()), 0..14);
    let reports = vec(uniform16(any::<u16>()), 0..5);
    (filings, reports, uniform8(any::<u16>())).prop_map(|(filings, reports, rest)| {
        let filings: Vec<Filing> = (1..).zip(&filings).map(|(n, choice)| filing(n, choice)).collect();
        let reports: Vec<Report> = (1..).zip(&reports).map(|(n, choice)| told(n, choice, &filings)).collect();
        let mut case = Case::of(filings).reports(reports);
        case.dossier.enterprise.credit_class = pick(
            rest[0],
            &[None, Some(CreditClass::A), Some(CreditClass::B), Some(CreditClass::C), Some(CreditClass::D)],
        );
        case.dossier.enterprise.town = pick(rest[6], &["新桥镇", "石马街道", ""]).to_owned();
        case.dossier.ratings = case
            .dossier
            .filings
            .iter()
            .filter(|f| f.seq % 4 == i64::from(rest[7] % 4))
            .map(|f| Rating {
                filing: f.id,
                marks: pick(rest[7], &[[5, 5, 5], [2, 3, 3], [1, 4, 5]]),
                created_at: f.planned.end() + TimeDelta::hours(20),
            })
            .collect();
        case.dossier.judged_from = pick(rest[1], &[None, None, Some(d("2026-01-10"))]);
        case.now = t("2025-11-20 00:00") + TimeDelta::hours(i64::from(rest[2] % 4_500));
        case.policies = Policies::new(
            pick(rest[3], &[vec![], vec![0], vec![1], vec![0, 1]])
                .into_iter()
                .map(|which| {
                    let (n, from) = [(1, "2025-06-01"), (2, "2026-01-15")][which];
                    version(n, from, |p| vary(p, rest[4 + which]))
                })
                .collect(),
        );
        case
    })
}

/// One of the choices.
fn pick<T: Clone>(n: u16, choices: &[T]) -> T {
    choices[usize::from(n) % choices.len()].clone()
}

/// Those whose bit is set.
fn some_of<T: Clone>(n: u16, choices: &[T]) -> Vec<T> {
    choices.iter().enumerate().filter(|(bit, _)| n >> bit & 1 == 1).map(|(_, choice)| choice.clone()).collect()
}

/// Another policy.
fn vary(p: &mut Policy, n: u16) {
    let bit = |at: u16| n >> at & 1 == 1;
    if bit(0) {
        p.phase = Phase::AtVisit;
    }
    if bit(1) {
        (p.rules.dup_01.days, p.rules.dup_02.days) = (10, 45);
        p.rules.dup_01.exemptions.clear();
    }
    if bit(2) {
        (p.rules.dup_03.day, p.rules.dup_03.week, p.rules.dup_03.month) = (2, 1, 4);
        p.rules.dup_03.exemptions.insert(ExemptionCode::E05);
    }
    if bit(3) {
        p.rules.frq_01.default = 0;
        p.rules.frq_01.exemptions = [ExemptionCode::E01].into();
    }
    if bit(4) {
        (p.rules.fil_04.tolerance_days, p.rules.fil_04.working_days) = (3, 1);
    }
    if bit(5) {
        p.rules.dup_02.enabled = false;
        p.rules.fil_04.enabled = false;
    }
    if bit(6) {
        p.rules.dup_03.enabled = false;
        p.no_disturb.waived = [d("2026-01-12"), d("2026-01-13")].into();
    }
    if !bit(8) {
        for rule in RuleCode::ALL {
            let on = p.rules.enabled(*rule) || *rule > RuleCode::Int01;
            p.rules.set_enabled(*rule, on);
        }
    }
    if bit(9) {
        (p.rules.frq_02.max, p.rules.frq_03.visits, p.rules.frq_03.persons) = (1, 3, 8);
        (p.rules.per_03.max, p.rules.per_03.joint_max, p.rules.prc_02.count) = (2, 4, 1);
    }
    if bit(7) {
        (p.rules.low_01.count, p.rules.rec_01.minutes, p.rules.res_01.working_days) = (1, 5, 2);
    }
}

/// Days after 2025-11-17: one in three within the ten days around New Year, the others within five months.
fn day(n: u16) -> i64 {
    i64::from(if n.is_multiple_of(3) { 40 + n / 3 % 10 } else { n % 150 })
}

fn filing(n: u8, choice: &[u16; 16]) -> Filing {
    let start =
        t("2025-11-17 08:00") + TimeDelta::days(day(choice[3])) + TimeDelta::minutes(i64::from(choice[4] % 48) * 30);
    let end = start + TimeDelta::minutes(pick(choice[5], &[120, 30, 480, 960, 1_560, 7_200]));
    let arrived_at = pick(choice[9], &[None, Some(0), None, Some(10), Some(40), Some(-1_440), Some(2_880)])
        .map(|minutes| start + TimeDelta::minutes(minutes));
    let left_at = arrived_at.and_then(|at| {
        pick(choice[10], &[None, Some(60), Some(0), Some(4_320)]).map(|minutes| at + TimeDelta::minutes(minutes))
    });
    let mut matters = some_of(choice[2], &[1, 2, 3, 11, 21, 22]);
    if matters.is_empty() {
        matters.push(1);
    }
    let (reason, evidence) =
        pick(choice[15], &[("依据充分的理由十个字以上", "1号"), ("短", "1号"), ("依据充分的理由十个字以上", "")]);
    let filed_at = on(n, "2025-11-17").planned.start() + TimeDelta::days(day(choice[3]) + 2)
        - TimeDelta::hours(i64::from(choice[8] % 40) * 12);
    let planned = crate::domain::day::Span::new(start, end).expect("later");
    Filing {
        planned,
        filed_at,
        seq: n.into(),
        arrived_at,
        left_at,
        agency: agency(pick(choice[0], &[1, 1, 11, 2, 3])),
        kind: pick(
            choice[1],
            &[
                Kind::Daily,
                Kind::Daily,
                Kind::Special,
                Kind::Daily,
                Kind::Clue,
                Kind::Immediate,
                Kind::OnRequest,
                Kind::ServiceVisit,
            ],
        ),
        matters: matters.into_iter().map(matter).collect(),
        joint_group: pick(choice[7], &[None, None, Some("春查a"), None, Some("春 查Ａ"), Some("夏查"), Some("")])
            .map(str::to_owned),
        result: pick(
            choice[11],
            &[None, Some(VisitResult::NoProblem), Some(VisitResult::NoProblem), Some(VisitResult::Other)],
        ),
        cancelled_at: (choice[12] % 8 == 1).then_some(filed_at),
        rescheduled_at: (choice[13] % 6 == 1).then(|| filed_at + TimeDelta::hours(24)),
        inspectors: some_of(choice[14], &["甲", "乙", "队", "停", "期", "丙", "无"])
            .into_iter()
            .map(str::to_owned)
            .collect(),
        assistants: some_of(choice[14] >> 8, &["辅二", "辅三"]).into_iter().map(str::to_owned).collect(),
        approval: pick(choice[4], &[None, Some(("王局", 0)), Some(("甲", 0)), Some(("王局", 60))]).map(
            |(name, late)| Approval {
                approver: name.to_owned(),
                position: String::new(),
                document: String::new(),
                approved_at: filed_at.min(start) + TimeDelta::hours(late),
                account: None,
            },
        ),
        special: papers(pick(choice[15] >> 4, &["", "渝府〔2026〕1号"])),
        matters_inspected: some_of(choice[11] >> 4, &[1, 2]).into_iter().map(matter).collect(),
        presence_confirmed: choice[12] % 3 == 2,
        ..on(n, "2026-01-01")
    }
    .claiming(
        ExemptionCode::ALL.get(usize::from(choice[6] % 24).wrapping_sub(1)).map_or("", |c| c.as_str()),
        reason,
        evidence,
    )
}

/// A report near one of the filings, or on a day of its own.
fn told(n: u8, choice: &[u16; 16], filings: &[Filing]) -> Report {
    let own = t("2025-11-17 09:00") + TimeDelta::days(day(choice[3]));
    let nearby: Vec<DateTime<Utc>> = filings.iter().map(|f| f.planned.start()).chain([own]).collect();
    let minutes = pick(choice[2], &[0, 10, 31, -30, 1_440, -1_440, 2_880, 600]);
    let filed = filings.len().max(1) as u128;
    let linked = (choice[4] % 6 == 1).then(|| filing_id(1 + u128::from(choice[5]) % filed));
    Report {
        arrived_at: pick(choice[1], &nearby) + TimeDelta::minutes(minutes),
        arrival_known: pick(
            choice[14],
            &[ArrivalKnown::Time, ArrivalKnown::Time, ArrivalKnown::Day, ArrivalKnown::Nothing],
        ),
        agency: pick(choice[0], &[Some(1), Some(11), Some(2), None, Some(3)]).map(agency),
        matters: some_of(choice[13] >> 3, &[1, 2]).into_iter().take(1).map(matter).collect(),
        linked_filing: linked,
        withdrawn: choice[6] % 8 == 1,
        verified: choice[7] % 3 != 1,
        visitors: pick(choice[8], &[None, Some(1), Some(2), Some(5)]),
        shown_certificate: pick(choice[9], &[None, Some(Answer::Yes), Some(Answer::No)]),
        shown_notice: pick(choice[10], &[None, Some(Answer::Unknown), Some(Answer::No)]),
        documents_demanded: choice[11] & 1 == 1,
        premises_inspected: choice[11] & 2 == 2,
        rectification_asked: choice[11] & 4 == 4,
        form_signed: choice[11] & 8 == 8,
        prohibited: some_of(choice[12] % 8, &[1, 5, 8]),
        service: choice[13] % 5 == 1,
        ..report(n, "2026-01-01 00:00")
    }
}

fn papers(words: &str) -> SpecialPapers {
    let [approval_document, filing_reference, publication_link] = [words; 3].map(str::to_owned);
    SpecialPapers { approval_document, filing_reference, publication_link }
}
