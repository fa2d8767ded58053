//! Building dossiers in a line: a small made-up district, filings `F1, F2, …`, reports `R1, R2, …`.
//!
//! Times are written in local time of the district (+08:00). Agencies: 1 and 2 are authorities, 11 is a team of 1, 3 an
//! authority without matters. Filing `n` is accepted as the `n`th, long before the dates of the tests, unless said otherwise.

use super::{Assessment, Inputs, assess};
use crate::domain::agency::{Agency, Matter};
use crate::domain::day::{Span, Zone};
use crate::domain::dossier::{Dossier, Rating, Registries};
use crate::domain::enterprise::{CreditClass, Enterprise};
use crate::domain::exemption::{Exemption, ExemptionCode};
use crate::domain::filing::{Approval, Filing, Kind, SpecialPapers, VisitResult};
use crate::domain::holidays::Holidays;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, InspectorId, MatterId, PolicyId, ReportId};
use crate::domain::inspector::{Inspector, InspectorKind};
use crate::domain::policy::{Policies, Policy, PolicyVersion};
use crate::domain::rule::{RuleCode, Subject};
use crate::domain::visit_report::{ArrivalKnown, Report};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use std::sync::LazyLock;
use uuid::Uuid;

/// An instant from `2026-03-07 23:30`, `2026-03-07 23:30:59` (both local) or RFC 3339.
pub fn t(text: &str) -> DateTime<Utc> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return instant.to_utc();
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M"))
        .unwrap_or_else(|_| panic!("not a time: {text}"));
    Zone::SHANGHAI.instant(local.date(), local.time())
}

/// A local date.
pub fn d(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("not a date: {text}"))
}

pub fn agency(n: u128) -> AgencyId {
    AgencyId(Uuid::from_u128(n))
}

pub fn matter(n: u128) -> MatterId {
    MatterId(Uuid::from_u128(n))
}

pub fn filing_id(n: u128) -> FilingId {
    FilingId(Uuid::from_u128(n))
}

/// A daily inspection of agency 1 about matter 1 by 甲 and 乙.
pub fn filing(n: u8, start: &str, end: &str) -> Filing {
    Filing {
        id: filing_id(n.into()),
        seq: n.into(),
        agency: agency(1),
        enterprise: EnterpriseId(Uuid::nil()),
        kind: Kind::Daily,
        matters: vec![matter(1)],
        exemption: None,
        planned: Span::new(t(start), t(end)).expect("start before end"),
        inspectors: vec!["甲".to_owned(), "乙".to_owned()],
        joint_group: None,
        filed_at: t("2025-06-02 10:00") + TimeDelta::minutes(n.into()),
        rescheduled_at: None,
        arrived_at: None,
        left_at: None,
        result: None,
        cancelled_at: None,
        assistants: Vec::new(),
        approval: None,
        special: SpecialPapers::default(),
        matters_inspected: Vec::new(),
        presence_confirmed: false,
        unconfirmed: false,
    }
}

/// The same from 09:00 to 11:00 of a day.
pub fn on(n: u8, day: &str) -> Filing {
    filing(n, &format!("{day} 09:00"), &format!("{day} 11:00"))
}

/// A verified report of agency 1 that answers nothing else.
pub fn report(n: u8, arrived_at: &str) -> Report {
    Report {
        id: ReportId(Uuid::from_u128(n.into())),
        seq: 100 + i64::from(n),
        enterprise: EnterpriseId(Uuid::nil()),
        agency: Some(agency(1)),
        arrived_at: t(arrived_at),
        arrival_known: ArrivalKnown::Time,
        filed_at: t(arrived_at) + TimeDelta::hours(6),
        verified: true,
        visitors: None,
        shown_certificate: None,
        shown_notice: None,
        documents_demanded: false,
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

impl Filing {
    pub(in crate::domain) fn by(self, n: u128) -> Self {
        Self { agency: agency(n), ..self }
    }

    pub(in crate::domain) fn kind(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    pub(in crate::domain) fn about(self, matters: &[u128]) -> Self {
        Self { matters: matters.iter().map(|n| matter(*n)).collect(), ..self }
    }

    /// Claims an exemption with good grounds; an empty code claims none.
    pub(in crate::domain) fn exempt(self, code: &str) -> Self {
        self.claiming(code, "依据充分的理由十个字以上", "渝〔2026〕1号")
    }

    pub(in crate::domain) fn claiming(self, code: &str, reason: &str, evidence_ref: &str) -> Self {
        let (reason, evidence_ref) = (reason.to_owned(), evidence_ref.to_owned());
        let exemption = ExemptionCode::parse(code).map(|code| Exemption { code, reason, evidence_ref });
        Self { exemption, ..self }
    }

    pub(in crate::domain) fn filed(self, at: &str) -> Self {
        Self { filed_at: t(at), ..self }
    }

    pub(in crate::domain) fn rescheduled(self, at: &str) -> Self {
        Self { rescheduled_at: Some(t(at)), ..self }
    }

    pub(in crate::domain) fn arrived(self, at: &str) -> Self {
        Self { arrived_at: Some(t(at)), ..self }
    }

    /// Arrived as planned.
    pub(in crate::domain) fn done(self) -> Self {
        Self { arrived_at: Some(self.planned.start()), ..self }
    }

    pub(in crate::domain) fn left(self, at: &str) -> Self {
        Self { left_at: Some(t(at)), ..self }
    }

    pub(in crate::domain) fn result(self, result: VisitResult) -> Self {
        Self { result: Some(result), ..self }
    }

    pub(in crate::domain) fn joint(self, name: &str) -> Self {
        Self { joint_group: Some(name.to_owned()), ..self }
    }

    pub(in crate::domain) fn inspectors(self, cert_nos: &[&str]) -> Self {
        Self { inspectors: cert_nos.iter().map(|c| (*c).to_owned()).collect(), ..self }
    }

    pub(in crate::domain) fn with(self, assistants: &[&str]) -> Self {
        Self { assistants: assistants.iter().map(|pass| (*pass).to_owned()).collect(), ..self }
    }

    pub(in crate::domain) fn approved(self, by: &str, at: &str) -> Self {
        let (position, document) = ("局长".to_owned(), String::new());
        Self {
            approval: Some(Approval { approver: by.to_owned(), position, document, approved_at: t(at), account: None }),
            ..self
        }
    }

    pub(in crate::domain) fn cancelled(self) -> Self {
        Self { cancelled_at: Some(self.filed_at), ..self }
    }
}

fn agencies() -> impl Iterator<Item = Agency> {
    [(1, None), (11, Some(1)), (2, None), (3, None)].into_iter().map(|(n, parent)| Agency {
        id: agency(n),
        name: format!("单位{n}"),
        short_name: String::new(),
        parent: parent.map(agency),
        emails: Vec::new(),
        // Agency 3 is responsible for two towns only.
        areas: if n == 3 { vec!["新桥镇".to_owned(), "老街街道".to_owned()] } else { Vec::new() },
    })
}

fn matters() -> impl Iterator<Item = Matter> {
    // number, agency, group, published from, to
    [
        (1, 1, "消防通道", "2020-01-01", None),
        (2, 1, "危化品", "2020-01-01", None),
        (3, 1, "", "2020-01-01", None),
        (4, 1, "食品安全", "2026-03-03", Some("2026-03-05")),
        (11, 11, "消防通道", "2020-01-01", None),
        (21, 2, "消防通道", "2020-01-01", None),
        (22, 2, "食品安全", "2020-01-01", None),
        (23, 2, "", "2020-01-01", None),
    ]
    .into_iter()
    .map(|(n, of, group, from, to)| Matter {
        id: matter(n),
        agency: agency(of),
        name: format!("事项{n}"),
        group: group.to_owned(),
        legal_basis: String::new(),
        published_from: d(from),
        published_to: to.map(d),
    })
}

fn inspectors() -> impl Iterator<Item = Inspector> {
    // certificate, agency, valid from, to, suspended
    [
        ("甲", 1, "2020-01-01", None, false),
        ("乙", 1, "2020-01-01", None, false),
        ("队", 11, "2020-01-01", None, false),
        ("停", 1, "2020-01-01", None, true),
        ("期", 1, "2026-03-03", Some("2026-03-05"), false),
        ("丙", 2, "2020-01-01", None, false),
        ("丁", 2, "2020-01-01", None, false),
        ("戊", 3, "2020-01-01", None, false),
        ("辅一", 1, "2020-01-01", None, false),
    ]
    .into_iter()
    .map(|(cert_no, of, from, to, suspended)| Inspector {
        id: InspectorId(Uuid::nil()),
        cert_no: cert_no.to_owned(),
        name: cert_no.to_owned(),
        agency: agency(of),
        valid_from: d(from),
        valid_to: to.map(d),
        suspended,
        kind: if cert_no.starts_with('辅') { InspectorKind::Assistant } else { InspectorKind::Officer },
    })
}

/// The registries of the made-up district, with the official holidays.
pub fn registries() -> &'static Registries {
    static REGISTRIES: LazyLock<Registries> = LazyLock::new(|| Registries {
        zone: Zone::SHANGHAI,
        holidays: Holidays::official(),
        agencies: agencies().map(|a| (a.id, a)).collect(),
        matters: matters().map(|m| (m.id, m)).collect(),
        inspectors: inspectors().map(|i| (i.cert_no.clone(), i)).collect(),
    });
    &REGISTRIES
}

/// A policy version in force from a date on.
pub fn version(n: u128, from: &str, change: impl FnOnce(&mut Policy)) -> PolicyVersion {
    let mut policy = Policy::default();
    change(&mut policy);
    PolicyVersion::new(PolicyId(Uuid::from_u128(n)), d(from), policy)
}

/// A dossier to be judged at a time, by default 2026-12-31 under the default policy.
#[derive(Clone, Debug)]
pub struct Case {
    pub dossier: Dossier,
    pub policies: Policies,
    pub now: DateTime<Utc>,
}

impl Case {
    pub fn of(filings: impl IntoIterator<Item = Filing>) -> Self {
        let enterprise = Enterprise { id: EnterpriseId(Uuid::nil()), credit_class: None, town: String::new() };
        let filings = filings.into_iter().collect();
        Self {
            dossier: Dossier { enterprise, filings, reports: Vec::new(), ratings: Vec::new(), judged_from: None },
            policies: Policies::new(Vec::new()),
            now: t("2026-12-31 12:00"),
        }
    }

    pub fn reports(mut self, reports: impl IntoIterator<Item = Report>) -> Self {
        self.dossier.reports = reports.into_iter().collect();
        self
    }

    /// Rates the visit of filing `n` at a time.
    pub fn rated(mut self, n: u8, marks: [u8; 3], at: &str) -> Self {
        self.dossier.ratings.push(Rating { filing: filing_id(n.into()), marks, created_at: t(at) });
        self
    }

    pub fn town(mut self, town: &str) -> Self {
        town.clone_into(&mut self.dossier.enterprise.town);
        self
    }

    /// With the second wave switched on.
    pub fn second_wave(self) -> Self {
        self.policy(|p| *p = Policy::for_installation())
    }

    pub fn class(mut self, class: Option<CreditClass>) -> Self {
        self.dossier.enterprise.credit_class = class;
        self
    }

    pub fn policy(self, change: impl FnOnce(&mut Policy)) -> Self {
        self.versions(vec![version(1, "2020-01-01", change)])
    }

    pub fn versions(self, versions: Vec<PolicyVersion>) -> Self {
        Self { policies: Policies::new(versions), ..self }
    }

    pub fn now(self, at: &str) -> Self {
        Self { now: t(at), ..self }
    }

    pub fn assess(&self) -> Assessment {
        assess(&self.dossier, registries(), &self.policies, self.now)
    }

    /// What one rule finds, a word a finding: `F2:3` or, with evidence, `F2:3<F1,F5`.
    pub fn found(&self, rule: RuleCode) -> String {
        let words = self.assess().findings.into_iter().filter(|f| f.rule == rule).map(|f| {
            let subject = match f.subject {
                Subject::Filing(id) => format!("F{}", id.0.as_u128()),
                Subject::Report(id) => format!("R{}", id.0.as_u128()),
                Subject::Request(_) | Subject::Violation(_) => panic!("no dossier carries {:?}", f.subject),
            };
            let evidence: Vec<String> = f.evidence.iter().map(|id| format!("F{}", id.0.as_u128())).collect();
            let rests_on = if evidence.is_empty() { String::new() } else { format!("<{}", evidence.join(",")) };
            format!("{subject}:{}{rests_on}", f.severity.level())
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// The facts that one rule used, of its only finding.
    pub fn inputs(&self, rule: RuleCode) -> Inputs {
        let mut findings = self.assess().findings.into_iter().filter(|f| f.rule == rule);
        let only = findings.next().expect("the rule fires");
        assert!(findings.next().is_none(), "it fires once");
        only.inputs
    }

    /// Which report matches which filing, as `R1-F2 R2-F1`.
    pub fn matched(&self) -> String {
        let pairs = self.assess().matches;
        let words = pairs.iter().map(|(r, f)| format!("R{}-F{}", r.0.as_u128(), f.0.as_u128()));
        words.collect::<Vec<_>>().join(" ")
    }
}
