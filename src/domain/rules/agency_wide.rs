//! What no single enterprise's dossier shows: an agency's month, its quarter, its ratings.
//!
//! Each function takes all there is of the agency in that time, in any order, and says what is found. Whoever stores it reconciles it
//! with what is stored of the same rule, agency and time ([`RuleCode::from_dossier`] tells these rules apart).

use super::inputs::{Eva01, Fil08, Ndd02};
use super::{Finding, Inputs};
use crate::domain::day::{Span, Zone};
use crate::domain::dossier::Rating;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::span_of;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId};
use crate::domain::policy::{Policies, PolicyVersion};
use crate::domain::rule::{RuleCode, Severity, Subject};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

/// A live inspection as these rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgencyVisit {
    /// The filing.
    pub filing: FilingId,
    /// The enterprise visited.
    pub enterprise: EnterpriseId,
    /// The agency.
    pub agency: AgencyId,
    /// The server's receipt time.
    pub filed_at: DateTime<Utc>,
    /// Planned span.
    pub planned: Span,
    /// The filing's own arrival.
    pub arrived_at: Option<DateTime<Utc>>,
    /// When they left.
    pub left_at: Option<DateTime<Utc>>,
    /// The exemption claimed.
    pub exemption: Option<ExemptionCode>,
}

/// A finding at an enterprise.
#[derive(Clone, Debug, PartialEq)]
pub struct AgencyFinding {
    /// The enterprise of the subject.
    pub enterprise: EnterpriseId,
    /// What was found.
    pub finding: Finding,
}

impl AgencyVisit {
    fn policy<'a>(&self, policies: &'a Policies, zone: Zone) -> &'a PolicyVersion {
        policies.on(self.planned.first(zone))
    }

    fn found(
        &self,
        rule: RuleCode,
        severity: Severity,
        evidence: Vec<FilingId>,
        inputs: Inputs,
        policy: &PolicyVersion,
    ) -> AgencyFinding {
        let (subject, agency) = (Subject::Filing(self.filing), Some(self.agency));
        let finding = Finding { rule, subject, agency, severity, evidence, inputs, policy: policy.id };
        AgencyFinding { enterprise: self.enterprise, finding }
    }
}

/// NDD-02 例外比例异常 (ext): of an agency's executed inspections of a calendar month more than half, and at least 4, fell on
/// no-disturb days under an exemption. Severity 2.
///
/// Source: RULES part 5. `visits` are the agency's live inspections whose own arrival is on a local date of one month; a team counts
/// apart from its authority. In order of (arrival, receipt, id) the share is followed; the subject is the exempt one with which it last
/// came to hold. Evidence: the exempt ones before it, in that order. Arrivals are the filings' own: nothing here rests on a report.
#[must_use]
pub fn ndd_02(visits: &[AgencyVisit], policies: &Policies, zone: Zone) -> Option<AgencyFinding> {
    let mut visits: Vec<(DateTime<Utc>, &AgencyVisit)> =
        visits.iter().filter_map(|v| Some((v.arrived_at?, v))).collect();
    visits.sort_unstable_by_key(|(at, v)| (*at, v.filed_at, v.filing));
    let (mut executed, mut exempt) = (0_u32, Vec::new());
    let (mut held, mut tipped) = (false, None);
    for (at, v) in visits {
        let policy = v.policy(policies, zone);
        let no_disturb = &policy.policy.no_disturb;
        let span = span_of(v.planned, Some(at), v.left_at);
        let lifted = v.exemption.is_some_and(|code| no_disturb.exemptions.contains(&code));
        executed += 1;
        let on_exempt_day = lifted && span.days(zone).any(|day| policy.calendar.is_no_disturb(day));
        if on_exempt_day {
            exempt.push(v.filing);
        }
        let params = &policy.policy.rules.ndd_02;
        let share = u64::try_from(exempt.len()).unwrap_or(u64::MAX);
        let holds = share >= u64::from(params.min) && share * 100 > u64::from(params.percent) * u64::from(executed);
        if holds && !held && on_exempt_day {
            tipped = Some((v, policy, exempt.len() - 1));
        }
        held = holds;
    }
    let (v, policy, before) = tipped.filter(|(_, policy, _)| held && policy.policy.rules.ndd_02.enabled)?;
    let inputs = Inputs::Ndd02(Ndd02 {
        month: v.arrived_at.map(|at| zone.local_date(at)).and_then(|day| day.with_day(1))?,
        executed,
        exempt: u32::try_from(exempt.len()).unwrap_or(u32::MAX),
        percent: policy.policy.rules.ndd_02.percent,
    });
    exempt.truncate(before);
    Some(v.found(RuleCode::Ndd02, Severity::Warning, exempt, inputs, policy))
}

/// FIL-08 报而不查 (ext): a filing without arrival that was not cancelled by 24 hours after its planned end is overdue, which asks
/// and does not accuse; the third of an agency in a calendar quarter, and each after it, is flagged. Severity 1.
///
/// Source: RULES part 5. `visits` are the agency's live inspections of one quarter (by the local date of the planned end) without
/// arrival, by themselves or by a matched report. They count in order of (planned end, receipt, id) once they are overdue. Evidence: those
/// before it.
#[must_use]
pub fn fil_08(visits: &[AgencyVisit], policies: &Policies, zone: Zone, now: DateTime<Utc>) -> Vec<AgencyFinding> {
    let mut visits: Vec<&AgencyVisit> = visits.iter().filter(|v| v.arrived_at.is_none()).collect();
    visits.sort_unstable_by_key(|v| (v.planned.end(), v.filed_at, v.filing));
    let (mut before, mut found) = (Vec::new(), Vec::new());
    for v in visits {
        let policy = v.policy(policies, zone);
        let params = &policy.policy.rules.fil_08;
        if now < overdue_at(v.planned, params.hours) {
            continue;
        }
        let rank = u32::try_from(before.len() + 1).unwrap_or(u32::MAX);
        if params.enabled && rank >= params.count {
            let quarter = quarter_of(v.planned.last(zone));
            let inputs = Inputs::Fil08(Fil08 { quarter, rank, planned_end: v.planned.end(), hours: params.hours });
            found.push(v.found(RuleCode::Fil08, Severity::Notice, before.clone(), inputs, policy));
        }
        before.push(v.filing);
    }
    found
}

/// When a filing without arrival is overdue.
#[must_use]
pub fn overdue_at(planned: Span, hours: u32) -> DateTime<Utc> {
    planned.end().checked_add_signed(TimeDelta::hours(i64::from(hours))).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// First day of the calendar quarter of a day.
#[must_use]
pub fn quarter_of(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1).unwrap_or(day)
}

/// EVA-01 差评集中 (ext): a rating that brings an agency's mean of at least 5 ratings in 30 days below 3 of 5, or one with the worst
/// mark in it. Severity 2.
///
/// Source: RULES part 5. A rating weighs with the mean of its three marks. `ratings` are those of the agency's live filings up to two
/// times the days ago, each with its visit. The days end with the rating, `(t − 30 days, t]`. Evidence: the others of these days. It rests
/// on what enterprises said: no agency sees it.
#[must_use]
pub fn eva_01(ratings: &[(AgencyVisit, Rating)], policies: &Policies, zone: Zone) -> Vec<AgencyFinding> {
    let mut ratings: Vec<&(AgencyVisit, Rating)> = ratings.iter().collect();
    ratings.sort_unstable_by_key(|(v, rating)| (rating.created_at, v.filing));
    let (mut held, mut found) = (false, Vec::new());
    for (at, (v, rating)) in ratings.iter().enumerate() {
        let policy = v.policy(policies, zone);
        let params = &policy.policy.rules.eva_01;
        let days = TimeDelta::days(i64::from(params.days));
        let within = || ratings[..=at].iter().filter(|(_, r)| rating.created_at - r.created_at < days);
        let (count, sum) = within().fold((0_u32, 0_u32), |(n, sum), (_, r)| (n + 1, sum + r.sum()));
        let holds = count >= params.count && u64::from(sum) < u64::from(params.mean) * 3 * u64::from(count);
        if params.enabled && (rating.very_bad() || holds && !held) {
            let evidence = within().map(|(g, _)| g.filing).filter(|id| *id != v.filing).collect();
            let very_bad = rating.very_bad();
            let inputs = Inputs::Eva01(Eva01 { very_bad, ratings: count, sum, days: params.days });
            found.push(v.found(RuleCode::Eva01, Severity::Warning, evidence, inputs, policy));
        }
        held = holds;
    }
    found
}

#[cfg(test)]
mod tests;
