//! Judging what no single enterprise's dossier shows: an agency's month (NDD-02), its quarter (FIL-08), its ratings (EVA-01).
//!
//! In the transaction of the event, after the enterprise's own dossier. Each judges all of the agency's month, quarter or ratings anew
//! and reconciles the result with what is stored, as RULES part 3 says. None of it is in the verdict that an agency sees.

use super::alert_supervisors::{Raised, alert_supervisors};
use super::assess_dossier::{Judgement, clear, store_finding};
use super::{Result, Service, audit};
use crate::domain::day::Zone;
use crate::domain::filing::Filing;
use crate::domain::id::{AgencyId, FilingId};
use crate::domain::policy::Policies;
use crate::domain::rule::RuleCode;
use crate::domain::rules::agency_wide::{AgencyFinding, AgencyVisit, eva_01, fil_08, ndd_02, quarter_of};
use crate::domain::violation::{Severity, Subject, ViolationState};
use crate::storage::Tx;
use crate::storage::agency_visits as store;
use crate::storage::violations::ViolationRecord;
use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// How long before now a deadline that a sweep meets may have passed: a server may have stood still for a while.
const SWEPT: TimeDelta = TimeDelta::days(92);

/// Judges the months and quarters that a filing was or is in, where it could make a difference. `judged` is its enterprise, as it was judged
/// with the filing as it is now.
///
/// # Errors
/// When the store fails.
pub(super) async fn after_change(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    before: Option<&Filing>,
    after: &Filing,
    judged: &Judgement,
) -> Result<()> {
    if audit::clock_doubtful(tx, now).await? {
        return Ok(());
    }
    let snapshot = service.snapshot(tx).await?;
    let (policies, zone) = (&snapshot.policies, snapshot.registries.zone);
    let states: Vec<&Filing> = before.into_iter().chain([after]).collect();
    let counted = |f: &&&Filing| f.inspection() && f.arrived_at.is_some();
    let mut months: BTreeSet<NaiveDate> = BTreeSet::new();
    if on(policies, RuleCode::Ndd02) && before.is_none_or(|b| told(b) != told(after)) {
        months.extend(states.iter().filter(counted).filter_map(|f| f.first_day(zone).with_day(1)));
    }
    // A filing that was overdue and no longer is: arrived, cancelled, moved; and others, which a report matches now or no longer. What
    // becomes overdue is met by the sweep.
    let mut quarters: Vec<(AgencyId, NaiveDate)> = Vec::new();
    if on(policies, RuleCode::Fil08) {
        // One that moved into another quarter is looked for there.
        let late = states.iter().any(|f| f.inspection() && f.planned.end() < now);
        let own: BTreeSet<NaiveDate> =
            states.iter().filter(|_| late).map(|f| quarter_of(f.planned.last(zone))).collect();
        quarters.extend(own.into_iter().map(|quarter| (after.agency, quarter)));
        quarters.extend(late_quarters(now, zone, judged.filings()));
    }
    let of_months = months.first().map(|_| after.agency);
    hold(tx, of_months.into_iter().chain(quarters.iter().map(|(agency, _)| *agency)).collect()).await?;
    for month in months {
        judge_month(tx, service, now, after.agency, month).await?;
    }
    for (agency, quarter) in quarters {
        judge_quarter(tx, service, now, agency, quarter).await?;
    }
    Ok(())
}

/// Judges the quarters in which filings of an enterprise that was just judged have become overdue, after a deadline has passed there.
///
/// # Errors
/// When the store fails.
pub(super) async fn after_sweep(tx: &mut Tx, service: &Service, now: DateTime<Utc>, judged: &Judgement) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    if !on(&snapshot.policies, RuleCode::Fil08) || audit::clock_doubtful(tx, now).await? {
        return Ok(());
    }
    let quarters = late_quarters(now, snapshot.registries.zone, judged.filings());
    hold(tx, quarters.iter().map(|(agency, _)| *agency).collect()).await?;
    for (agency, quarter) in quarters {
        judge_quarter(tx, service, now, agency, quarter).await?;
    }
    Ok(())
}

/// The quarters, with their agencies, of an enterprise's filings that should have arrived by now. It is the enterprise's row that keeps them
/// as they are, so that they may be read before any agency is held.
fn late_quarters(now: DateTime<Utc>, zone: Zone, filings: &[Filing]) -> BTreeSet<(AgencyId, NaiveDate)> {
    let from = zone.local_date(now - SWEPT);
    let stands = |f: &&Filing| f.live() && f.inspection() && !f.unconfirmed && f.arrived_at.is_none();
    let late = filings.iter().filter(stands).filter(|f| f.planned.end() <= now && f.first_day(zone) >= from);
    late.map(|f| (f.agency, quarter_of(f.planned.last(zone)))).collect()
}

/// Holds all agencies that this transaction judges before it reads of any: always in the order of their ids, so that two events never wait
/// for each other.
async fn hold(tx: &mut Tx, agencies: BTreeSet<AgencyId>) -> Result<()> {
    for agency in agencies {
        store::touch(tx, agency).await?;
    }
    Ok(())
}

/// Judges an agency's ratings after one of them came in. What was found of an earlier one stays.
///
/// # Errors
/// When the store fails.
pub(super) async fn after_rating(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    agency: AgencyId,
    filing: FilingId,
) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    if !on(&snapshot.policies, RuleCode::Eva01) || audit::clock_doubtful(tx, now).await? {
        return Ok(());
    }
    store::touch(tx, agency).await?;
    let zone = snapshot.registries.zone;
    let days = snapshot.policies.on(zone.local_date(now)).policy.rules.eva_01.days;
    let ratings = store::rated(tx, agency, now - TimeDelta::days(i64::from(days) * 2)).await?;
    let found = eva_01(&ratings, &snapshot.policies, zone);
    let of_this = |f: &AgencyFinding| f.finding.subject == Subject::Filing(filing);
    let Some(found) = found.into_iter().find(of_this) else { return Ok(()) };
    let standing = store::of_filing(tx, RuleCode::Eva01, filing).await?.into_iter().collect();
    let visits: Vec<AgencyVisit> = ratings.iter().map(|(visit, _)| *visit).collect();
    reconcile(tx, service, now, &visits, vec![found], standing).await
}

/// Judges a month of an agency that is held.
async fn judge_month(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    agency: AgencyId,
    month: NaiveDate,
) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    let until = month.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
    let visits = store::executed(tx, agency, month, until).await?;
    let found = ndd_02(&visits, &snapshot.policies, snapshot.registries.zone);
    let standing = store::standing_by_day(tx, RuleCode::Ndd02, agency, (month, until)).await?;
    reconcile(tx, service, now, &visits, found.into_iter().collect(), standing).await
}

/// Judges a quarter of an agency that is held.
async fn judge_quarter(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    agency: AgencyId,
    quarter: NaiveDate,
) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    let zone = snapshot.registries.zone;
    let next = quarter.checked_add_months(Months::new(3)).unwrap_or(NaiveDate::MAX);
    let (after, until) = (midnight(zone, quarter), midnight(zone, next));
    let visits = store::not_arrived(tx, agency, (after, until), true).await?;
    let found = fil_08(&visits, &snapshot.policies, zone, now);
    let standing = store::standing_by_end(tx, RuleCode::Fil08, agency, (after, until)).await?;
    reconcile(tx, service, now, &visits, found, standing).await
}

async fn reconcile(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    visits: &[AgencyVisit],
    found: Vec<AgencyFinding>,
    mut standing: Vec<ViolationRecord>,
) -> Result<()> {
    let mut raised = Vec::new();
    for AgencyFinding { enterprise, finding } in &found {
        let before = standing.iter().position(|r| r.subject == finding.subject).map(|at| standing.swap_remove(at));
        let new = before.is_none();
        let was = before.as_ref().filter(|r| r.state == ViolationState::Suspected).map(|r| r.severity);
        let Some(id) = store_finding(tx, service, now, *enterprise, finding, before).await? else { continue };
        if finding.severity >= Severity::Warning && was.is_none_or(|was| was < finding.severity) {
            let visit = visits.iter().find(|v| Subject::Filing(v.filing) == finding.subject);
            raised.push(Raised {
                violation: id,
                rule: finding.rule,
                severity: finding.severity,
                subject: finding.subject,
                agency: finding.agency,
                enterprise: *enterprise,
                planned_or_arrived_at: visit.map_or(now, |v| v.arrived_at.unwrap_or(v.planned.start())),
                new,
                // None of these visits is.
                unconfirmed: false,
            });
        }
    }
    for gone in standing {
        clear(tx, service, now, gone).await?;
    }
    if raised.is_empty() { Ok(()) } else { alert_supervisors(tx, service, now, &raised).await }
}

/// What NDD-02 looks at in a filing.
fn told(f: &Filing) -> impl PartialEq {
    (f.live(), f.arrived_at, f.left_at, f.exemption_code(), f.planned)
}

/// Whether some version of the policy has the rule switched on.
fn on(policies: &Policies, rule: RuleCode) -> bool {
    policies.versions().iter().any(|version| version.policy.rules.enabled(rule))
}

fn midnight(zone: Zone, day: NaiveDate) -> DateTime<Utc> {
    zone.instant(day, NaiveTime::MIN)
}
