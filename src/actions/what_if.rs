//! What would have fired: the dossiers of the last year judged by a draft of the policy, beside the policies in force.
//!
//! Reads only. The dossiers are loaded and judged by the same code as after an event; each enterprise is judged once, as of `now`: what
//! fires is what would stand today, had the draft been in force all the time. What was decided by people does not enter into it. Nor does for an
//! administrator what enterprises told: reports, confirmed visits, ratings.

use super::assess_dossier::load;
use super::{Result, Service};
use crate::domain::dossier::Registries;
use crate::domain::id::{AgencyId, EnterpriseId, UserId};
use crate::domain::policy::Policies;
use crate::domain::rules::agency_wide::{AgencyFinding, eva_01, fil_08, ndd_02, quarter_of};
use crate::domain::rules::{Finding, assess};
use crate::domain::user::Role;
use crate::domain::what_if::Comparison;
use crate::storage::{Tx, agency_visits, enterprise_lists, users};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// Enterprises that are judged in one reading transaction.
pub const BATCH: i64 = 200;

/// How far back subjects are compared, in days.
pub const COMPARED_DAYS: u64 = 365;

/// Whether what enterprises told counts in a trial that somebody asked for: a supervisor reads it anyway, an administrator must not learn of it.
///
/// # Errors
/// When the store fails.
pub async fn counts_told(tx: &mut Tx, asked_by: Option<UserId>) -> Result<bool> {
    let Some(id) = asked_by else { return Ok(false) };
    Ok(users::by_id(tx, id).await?.is_some_and(|user| user.role == Role::Supervisor))
}

/// Judges the next enterprises after `after` both ways, from filings alone unless what was `told` counts; returns the last one, or `None` when there
/// are no more.
///
/// # Errors
/// When the store fails.
pub async fn what_if_enterprises(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (draft, told): (&Policies, bool),
    after: Option<EnterpriseId>,
    comparison: &mut Comparison,
) -> Result<Option<(EnterpriseId, usize)>> {
    let snapshot = service.snapshot(tx).await?;
    let today = service.settings.zone.local_date(now);
    let batch = enterprise_lists::after(tx, after, BATCH).await?;
    let Some(last) = batch.last().map(|enterprise| enterprise.id) else { return Ok(None) };
    let number = batch.len();
    for enterprise in batch {
        let id = enterprise.id;
        let mut dossier = load(tx, enterprise, today, None).await?.dossier;
        if !told {
            dossier = dossier.without_reports();
        }
        if dossier.filings.is_empty() && dossier.reports.is_empty() {
            continue;
        }
        dossier.judged_from = Some(today - Days::new(COMPARED_DAYS));
        let judge = |policies: &Policies| assess(&dossier, &snapshot.registries, policies, now).findings;
        comparison.add(id, &judge(&snapshot.policies), &judge(draft));
    }
    Ok(Some((last, number)))
}

/// Judges an agency's last twelve months, its quarters and, where what was `told` counts, its ratings both ways.
///
/// # Errors
/// When the store fails.
pub async fn what_if_agency(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (draft, told): (&Policies, bool),
    agency: AgencyId,
    comparison: &mut Comparison,
) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    let zone = service.settings.zone;
    let today = zone.local_date(now);
    let from = today - Days::new(COMPARED_DAYS);
    let in_force = &snapshot.policies;
    let mut months = starts(from, today, 1);
    months.retain(|month| *month >= from);
    for month in months {
        let visits = agency_visits::executed(tx, agency, month, month + Months::new(1)).await?;
        let judge = |policies: &Policies| ndd_02(&visits, policies, zone).into_iter().collect::<Vec<_>>();
        add(comparison, judge(in_force), judge(draft));
    }
    let midnight = |day: NaiveDate| zone.instant(day, NaiveTime::MIN);
    for quarter in starts(quarter_of(from) + Months::new(3), today, 3) {
        let until = midnight(quarter + Months::new(3));
        let visits = agency_visits::not_arrived(tx, agency, (midnight(quarter), until), told).await?;
        let judge = |policies: &Policies| fil_08(&visits, policies, zone, now);
        add(comparison, judge(in_force), judge(draft));
    }
    if !told {
        return Ok(());
    }
    let days = |policies: &Policies| i64::from(policies.on(today).policy.rules.eva_01.days);
    let before = TimeDelta::days(days(in_force).max(days(draft)) * 2);
    let ratings = agency_visits::rated(tx, agency, midnight(from) - before).await?;
    let recent = |found: Vec<AgencyFinding>| {
        let counts = |f: &AgencyFinding| {
            let rated = ratings.iter().find(|(v, _)| f.finding.subject.uuid() == v.filing.0);
            rated.is_some_and(|(_, rating)| rating.created_at >= midnight(from))
        };
        found.into_iter().filter(counts).collect::<Vec<_>>()
    };
    add(comparison, recent(eva_01(&ratings, in_force, zone)), recent(eva_01(&ratings, draft, zone)));
    Ok(())
}

/// All agencies, in the order of their ids.
#[must_use]
pub fn agencies(registries: &Registries) -> Vec<AgencyId> {
    let mut all: Vec<AgencyId> = registries.agencies.keys().copied().collect();
    all.sort_unstable();
    all
}

/// The first days of the months or quarters from the one of `from` to the one of `to`.
fn starts(from: NaiveDate, to: NaiveDate, months: u32) -> Vec<NaiveDate> {
    let first = from.with_day(1).unwrap_or(from);
    std::iter::successors(Some(first), |day| day.checked_add_months(Months::new(months)))
        .take_while(|day| *day <= to)
        .collect()
}

fn add(comparison: &mut Comparison, before: Vec<AgencyFinding>, after: Vec<AgencyFinding>) {
    let mut at: BTreeMap<EnterpriseId, (Vec<Finding>, Vec<Finding>)> = BTreeMap::new();
    for f in before {
        at.entry(f.enterprise).or_default().0.push(f.finding);
    }
    for f in after {
        at.entry(f.enterprise).or_default().1.push(f.finding);
    }
    for (enterprise, (before, after)) in at {
        comparison.add(enterprise, &before, &after);
    }
}
