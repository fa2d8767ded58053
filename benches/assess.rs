//! What judging one dossier costs: `cargo bench --bench assess`. The limit is 50 µs for 50 filings, 100 µs with 10 reports beside them.
//!
//! `usual` is a year at one enterprise: several agencies, mostly executed, some repetitions; `filings_alone` is the same without reports. `dense` is
//! the worst case: a single agency and matter within two months, so that nearly every filing conflicts with every other.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use divan::{Bencher, black_box};
use mashang::domain::agency::{Agency, Matter};
use mashang::domain::day::{Span, Zone};
use mashang::domain::dossier::{Dossier, Registries};
use mashang::domain::enterprise::{CreditClass, Enterprise};
use mashang::domain::exemption::{Exemption, ExemptionCode};
use mashang::domain::filing::{Filing, Kind, SpecialPapers, VisitResult};
use mashang::domain::holidays::Holidays;
use mashang::domain::id::{AgencyId, EnterpriseId, FilingId, InspectorId, MatterId, PolicyId, ReportId};
use mashang::domain::inspector::{Inspector, InspectorKind};
use mashang::domain::policy::{Policies, Policy, PolicyVersion};
use mashang::domain::rules::assess;
use mashang::domain::visit_report::{Answer, ArrivalKnown, Report};
use uuid::Uuid;

/// Filings, and a fifth as many reports.
const SIZES: &[u32] = &[10, 50, 200];

fn main() {
    divan::main();
}

#[divan::bench(args = SIZES)]
fn usual(bencher: Bencher<'_, '_>, filings: u32) {
    measure(bencher, &dossier(filings, 365, 8));
}

#[divan::bench(args = SIZES)]
fn filings_alone(bencher: Bencher<'_, '_>, filings: u32) {
    let mut dossier = dossier(filings, 365, 8);
    dossier.reports.clear();
    measure(bencher, &dossier);
}

#[divan::bench(args = SIZES)]
fn dense(bencher: Bencher<'_, '_>, filings: u32) {
    measure(bencher, &dossier(filings, 60, 1));
}

/// The same with every rule of the second wave switched on.
#[divan::bench(args = SIZES)]
fn second_wave(bencher: Bencher<'_, '_>, filings: u32) {
    let (dossier, registries, now) = (dossier(filings, 365, 8), registries(), start() + TimeDelta::days(365));
    let from = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date");
    let version = PolicyVersion::new(PolicyId(Uuid::nil()), from, Policy::for_installation());
    let policies = Policies::new(vec![version]);
    bencher.bench(|| assess(black_box(&dossier), &registries, &policies, now));
}

fn measure(bencher: Bencher<'_, '_>, dossier: &Dossier) {
    let (registries, policies, now) = (registries(), Policies::new(Vec::new()), start() + TimeDelta::days(365));
    bencher.bench(|| assess(black_box(dossier), &registries, &policies, now));
}

/// 2026-01-05 09:00 +08:00, a Monday.
fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_574_800, 0).expect("an instant")
}

/// Filings spread over some days and agencies, and reports of every fifth.
fn dossier(filings: u32, days: u32, agencies: u32) -> Dossier {
    let filings: Vec<Filing> = (0..filings).map(|n| filing(n, n * days / filings, n % agencies)).collect();
    let reports = filings.iter().step_by(5).map(report).collect();
    let enterprise =
        Enterprise { id: EnterpriseId(Uuid::nil()), credit_class: Some(CreditClass::B), town: "新桥镇".to_owned() };
    Dossier { enterprise, filings, reports, ratings: Vec::new(), judged_from: None }
}

fn filing(n: u32, day: u32, agency: u32) -> Filing {
    let planned = start() + TimeDelta::days(day.into()) + TimeDelta::minutes(i64::from(n % 7) * 45);
    let executed = n % 4 != 3;
    Filing {
        id: FilingId(Uuid::from_u128(n.into())),
        seq: n.into(),
        agency: AgencyId(Uuid::from_u128(agency.into())),
        enterprise: EnterpriseId(Uuid::nil()),
        kind: if n % 9 == 8 { Kind::Clue } else { Kind::Daily },
        matters: (0..2).map(|m| MatterId(Uuid::from_u128((agency * 3 + (n + m) % 3).into()))).collect(),
        exemption: (n % 10 == 9).then(|| Exemption {
            code: ExemptionCode::E05,
            reason: "上级部署的专项检查任务".to_owned(),
            evidence_ref: "渝安办〔2026〕12号".to_owned(),
        }),
        planned: Span::new(planned, planned + TimeDelta::hours(2)).expect("later"),
        inspectors: (0..2).map(|i| cert_no(agency * 6 + (n + i) % 6)).collect(),
        joint_group: None,
        filed_at: planned - TimeDelta::days(i64::from(n % 5) + 2),
        rescheduled_at: None,
        arrived_at: executed.then(|| planned + TimeDelta::minutes(5)),
        left_at: executed.then(|| planned + TimeDelta::minutes(95)),
        result: (executed && !n.is_multiple_of(8)).then_some(VisitResult::NoProblem),
        cancelled_at: None,
        assistants: Vec::new(),
        approval: None,
        special: SpecialPapers::default(),
        matters_inspected: Vec::new(),
        presence_confirmed: false,
        unconfirmed: false,
    }
}

/// What the enterprise says of a filing: near enough to match two in three times.
fn report(f: &Filing) -> Report {
    let arrived_at = f.planned.start() + TimeDelta::hours(if f.seq % 3 == 0 { 72 } else { 0 });
    Report {
        id: ReportId(f.id.0),
        seq: 1000 + f.seq,
        enterprise: f.enterprise,
        agency: Some(f.agency),
        arrived_at,
        arrival_known: ArrivalKnown::Time,
        filed_at: arrived_at + TimeDelta::hours(3),
        verified: true,
        visitors: Some(2),
        shown_certificate: Some(Answer::Yes),
        shown_notice: Some(Answer::No),
        documents_demanded: true,
        premises_inspected: false,
        rectification_asked: false,
        form_signed: false,
        prohibited: Vec::new(),
        service: false,
        matters: Vec::new(),
        linked_filing: None,
        withdrawn: false,
    }
}

fn cert_no(n: u32) -> String {
    format!("5001{n:08}")
}

/// Seventeen agencies, each with three matters and six inspectors.
fn registries() -> Registries {
    let day = NaiveDate::from_ymd_opt(2023, 1, 1).expect("a date");
    let agency = |n: u32| AgencyId(Uuid::from_u128(n.into()));
    let agencies = (0..17).map(|n| Agency {
        id: agency(n),
        name: format!("单位{n}"),
        short_name: String::new(),
        parent: None,
        emails: Vec::new(),
        areas: Vec::new(),
    });
    let matters = (0..51_u32).map(|n| Matter {
        id: MatterId(Uuid::from_u128(n.into())),
        agency: agency(n / 3),
        name: format!("事项{n}"),
        group: format!("事项组{}", n % 20),
        legal_basis: String::new(),
        published_from: day,
        published_to: None,
    });
    let inspectors = (0..102_u32).map(|n| Inspector {
        id: InspectorId(Uuid::from_u128(n.into())),
        cert_no: cert_no(n),
        name: format!("检查员{n}"),
        agency: agency(n / 6),
        valid_from: day,
        valid_to: None,
        suspended: false,
        kind: InspectorKind::Officer,
    });
    Registries {
        zone: Zone::SHANGHAI,
        holidays: Holidays::official(),
        agencies: agencies.map(|a| (a.id, a)).collect(),
        matters: matters.map(|m| (m.id, m)).collect(),
        inspectors: inspectors.map(|i| (i.cert_no.clone(), i)).collect(),
    }
}
