//! What all rules look at: each filing and report with its derived facts (RULES part 2), computed once.

use super::burden::Load;
use super::keys::{Executed, Key, Names, executed};
use super::protection::Adverse;
use super::{InspectorFault, Outcome, Verdict};
use crate::domain::agency::Matter;
use crate::domain::dossier::{Dossier, Rating, Registries};
use crate::domain::enterprise::Enterprise;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::Filing;
use crate::domain::id::{AgencyId, FilingId, ReportId};
use crate::domain::matching::{FilingSide, ReportSide, matching};
use crate::domain::policy::{Codes, Policies, PolicyVersion, Rules};
use crate::domain::rule::Severity;
use crate::domain::visit_report::Report;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use std::borrow::Cow;
use std::cell::OnceCell;

/// A dossier made ready for the rules.
pub(super) struct Context<'a> {
    /// Agencies, matters, inspectors, holidays, zone.
    pub registries: &'a Registries,
    /// The enterprise.
    pub enterprise: &'a Enterprise,
    /// As of when is judged.
    pub now: DateTime<Utc>,
    /// Live inspections in order of acceptance.
    pub inspections: Vec<FilingFacts<'a>>,
    /// Live service visits in order of acceptance.
    pub services: Vec<FilingFacts<'a>>,
    /// The same as the inspections, small enough to be compared each with each.
    keys: Vec<Key>,
    /// The executed ones, latest arrival first.
    pub executed: Vec<Executed>,
    /// Reports that are not withdrawn, in order of acceptance.
    pub reports: Vec<ReportFacts<'a>>,
    /// How the enterprise rated visits.
    pub ratings: &'a [Rating],
    /// What FRQ-03 adds up, once asked for.
    pub loads: OnceCell<Vec<Load>>,
    /// What RET-01 looks for, once asked for.
    pub adverse: OnceCell<Vec<Adverse>>,
    /// Which report matches which live filing.
    pub matches: Vec<(ReportId, FilingId)>,
}

/// A live filing with what is derived from it.
pub(super) struct FilingFacts<'a> {
    /// The filing itself.
    pub filing: &'a Filing,
    /// Its position in order of acceptance: `before(g, f)` iff `g.at < f.at`.
    pub at: usize,
    /// The policy in force on the local date of its planned start.
    pub policy: &'a PolicyVersion,
    /// Root of its agency.
    pub root: AgencyId,
    /// `first(span(f))`.
    pub first: Day,
    /// `last(span(f))`.
    pub last: Day,
    /// Local planned start.
    pub planned: NaiveDateTime,
    /// Local `arrived_at`, else the local planned start.
    pub own_start: NaiveDateTime,
    /// Its matters as the registry knows them, in their order; `None` if it does not.
    pub matters: Vec<Option<&'a Matter>>,
    /// `has_cause(f)`.
    pub has_cause: bool,
    /// The exemption claimed.
    pub exemption: Option<ExemptionCode>,
    /// The joint group, unless it has no name.
    pub joint: Option<Cow<'a, str>>,
    /// The latest earlier inspection of the same joint group on the same first day.
    pub joint_before: Option<usize>,
    /// The matched report.
    pub report: Option<&'a Report>,
    /// Local arrival by the matched report.
    pub report_arrived: Option<NaiveDateTime>,
    /// `arrival(f)`.
    pub arrival: Option<Arrival>,
    /// The inspectors that are not valid, once asked for.
    pub invalid: OnceCell<Vec<(&'a str, InspectorFault)>>,
}

/// The earliest known arrival of a filing.
#[derive(Clone, Copy)]
pub(super) struct Arrival {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The same, local.
    pub local: NaiveDateTime,
    /// The report that it is known from, if not from the filing.
    pub report: Option<ReportId>,
}

/// A report that is not withdrawn, with what is derived from it.
pub(super) struct ReportFacts<'a> {
    /// The report itself.
    pub report: &'a Report,
    /// The policy in force on the local date of arrival.
    pub policy: &'a PolicyVersion,
    /// Local arrival.
    pub arrived: NaiveDateTime,
    /// The matched filing, which may be a service visit.
    pub filing: Option<&'a Filing>,
}

/// A local date beside the numbers by which repetition compares dates.
#[derive(Clone, Copy)]
pub(super) struct Day {
    /// The date.
    pub date: NaiveDate,
    /// Days since the Common Era.
    pub number: i32,
    /// Weeks from Monday to Sunday, counted through.
    pub week: i32,
    /// Calendar months, counted through.
    pub month: i32,
}

impl Day {
    fn new(date: NaiveDate) -> Self {
        let number = date.num_days_from_ce();
        // 0001-01-01, day 1, was a Monday.
        Self { date, number, week: (number - 1).div_euclid(7), month: date.year() * 12 + date.month0().cast_signed() }
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.month.div_euclid(12)
    }
}

impl<'a> FilingFacts<'a> {
    /// `executed(f)`.
    pub fn executed(&self) -> bool {
        self.arrival.is_some() || self.report.is_some()
    }

    /// The parameters of the policy by which it is judged.
    pub fn rules(&self) -> &Rules {
        &self.policy.policy.rules
    }

    /// Whether it claims one of these exemptions.
    pub fn exempt(&self, codes: &Codes) -> bool {
        self.exemption.is_some_and(|code| codes.contains(&code))
    }

    /// "2 / 3": a warning while planned, a violation once executed.
    pub fn planned_or_executed(&self) -> Severity {
        if self.executed() { Severity::Violation } else { Severity::Warning }
    }

    /// "1 / 2": a notice while planned, a warning once executed.
    pub fn notice_or_warning(&self) -> Severity {
        if self.executed() { Severity::Warning } else { Severity::Notice }
    }

    /// `G(f)`, as often as its matters name them.
    pub fn groups(&self) -> impl Iterator<Item = &'a str> {
        self.matters.iter().copied().flatten().map(|m| m.group.as_str()).filter(|group| !group.is_empty())
    }

    /// The distinct certificate numbers of its inspectors, in their order.
    pub fn inspectors(&self) -> impl Iterator<Item = &'a str> {
        let all = &self.filing.inspectors;
        all.iter().enumerate().filter(|(i, cert)| !all[..*i].contains(cert)).map(|(_, cert)| cert.as_str())
    }

    /// The distinct people that come: inspectors, then assistants.
    pub fn people(&self) -> impl Iterator<Item = &'a str> {
        let (filing, all) = (self.filing, &self.filing.assistants);
        let more =
            all.iter().enumerate().filter(|(i, pass)| !all[..*i].contains(pass) && !filing.inspectors.contains(pass));
        self.inspectors().chain(more.map(|(_, pass)| pass.as_str()))
    }
}

impl<'a> Context<'a> {
    /// Derives what rules look at.
    pub fn new(dossier: &'a Dossier, registries: &'a Registries, policies: &'a Policies, now: DateTime<Utc>) -> Self {
        let zone = registries.zone;
        let mut live: Vec<&Filing> = dossier.filings.iter().filter(|f| f.live()).collect();
        live.sort_unstable_by_key(|f| (f.filed_at, f.seq, f.id));
        let mut filings: Vec<_> = live.into_iter().map(|f| FilingFacts::new(f, registries, policies)).collect();

        let mut told: Vec<&Report> = dossier.reports.iter().filter(|r| !r.withdrawn).collect();
        told.sort_unstable_by_key(|r| (r.filed_at, r.seq, r.id));
        let mut reports: Vec<_> = told
            .into_iter()
            .map(|report| {
                let arrived = zone.local(report.arrived_at);
                ReportFacts { report, policy: policies.on(arrived.date()), arrived, filing: None }
            })
            .collect();

        let mut matches = Vec::new();
        if !reports.is_empty() {
            let filing_sides: Vec<_> = filings.iter().map(FilingFacts::side).collect();
            let report_sides: Vec<_> = reports.iter().map(|r| r.side(registries)).collect();
            for (r, f) in matching(&filing_sides, &report_sides) {
                let (report, facts) = (&mut reports[r], &mut filings[f]);
                report.filing = Some(facts.filing);
                facts.see(report);
                matches.push((report.report.id, facts.filing.id));
            }
        }

        let services = filings.extract_if(.., |f| !f.filing.inspection()).collect();
        let mut names = Names::default();
        let mut keys: Vec<Key> = Vec::with_capacity(filings.len());
        for (at, f) in filings.iter_mut().enumerate() {
            let key = names.key(f);
            f.at = at;
            f.joint_before = match key.joint {
                0 => None,
                _ => keys.iter().rposition(|g| key.joint_with(g) && key.first == g.first),
            };
            keys.push(key);
        }
        let executed = executed(&filings);
        Self {
            registries,
            enterprise: &dossier.enterprise,
            now,
            inspections: filings,
            services,
            keys,
            executed,
            reports,
            ratings: &dossier.ratings,
            loads: OnceCell::new(),
            adverse: OnceCell::new(),
            matches,
        }
    }

    /// The key of `f`.
    pub fn key(&self, f: &FilingFacts<'_>) -> &Key {
        &self.keys[f.at]
    }

    /// The keys of the inspections accepted before `f`, in order.
    pub fn keys_before(&self, f: &FilingFacts<'_>) -> &[Key] {
        &self.keys[..f.at]
    }

    /// The end of the `n`th working day after `day`: the deadline is this instant.
    pub fn end_of_working_day(&self, day: NaiveDate, n: u32) -> DateTime<Utc> {
        crate::domain::holidays::deadline(self.registries.zone, self.registries.holidays.addwd(day, n))
    }

    /// The end of a local day.
    pub fn end_of_day(&self, day: NaiveDate) -> DateTime<Utc> {
        crate::domain::holidays::deadline(self.registries.zone, day)
    }

    /// What a rule with a grace says: nothing before the deadline, then the verdict.
    pub fn once_passed(&self, deadline: DateTime<Utc>, verdict: impl FnOnce() -> Verdict) -> Outcome {
        if self.now < deadline { Outcome::pending(deadline) } else { Outcome::raised(verdict()) }
    }
}

impl<'a> FilingFacts<'a> {
    fn new(filing: &'a Filing, registries: &'a Registries, policies: &'a Policies) -> Self {
        let zone = registries.zone;
        let planned = zone.local(filing.planned.start());
        let own_arrival = filing.arrived_at.map(|at| Arrival { at, local: zone.local(at), report: None });
        let span = filing.span();
        let own_start = own_arrival.map_or(planned, |a| a.local);
        let first = own_start.date();
        let last = span.last(zone).max(first);
        Self {
            filing,
            at: 0,
            policy: policies.on(planned.date()),
            root: registries.root(filing.agency),
            first: Day::new(first),
            last: Day::new(last),
            planned,
            own_start,
            matters: filing.matters.iter().map(|m| registries.matters.get(m)).collect(),
            has_cause: filing.has_cause(),
            exemption: filing.exemption_code(),
            joint: filing.joint_key(),
            joint_before: None,
            report: None,
            report_arrived: None,
            arrival: own_arrival,
            invalid: OnceCell::new(),
        }
    }

    fn side(&self) -> FilingSide {
        FilingSide {
            id: self.filing.id,
            root: self.root,
            first: self.first.date,
            last: self.last.date,
            start: self.filing.arrived_at.unwrap_or(self.filing.planned.start()),
            filed_at: self.filing.filed_at,
            seq: self.filing.seq,
            unconfirmed: self.filing.unconfirmed,
        }
    }

    /// Takes note of the matched report.
    fn see(&mut self, r: &ReportFacts<'a>) {
        self.report = Some(r.report);
        self.report_arrived = Some(r.arrived);
        if r.report.arrival_known.is_whole() && self.arrival.is_none_or(|a| r.report.arrived_at < a.at) {
            self.arrival = Some(Arrival { at: r.report.arrived_at, local: r.arrived, report: Some(r.report.id) });
        }
    }
}

impl ReportFacts<'_> {
    fn side(&self, registries: &Registries) -> ReportSide {
        ReportSide {
            root: self.report.agency.map(|agency| registries.root(agency)),
            day: self.arrived.date(),
            arrived_at: self.report.arrived_at,
            seq: self.report.seq,
            tolerance_days: self.rules().fil_04.tolerance_days,
            linked: self.report.linked_filing,
        }
    }

    /// The parameters of the policy by which it is judged.
    pub fn rules(&self) -> &Rules {
        &self.policy.policy.rules
    }
}

/// The number of items, as counts are stored.
pub(super) fn count(items: impl Iterator) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
