//! The figures of the district for a period: what the dashboard, the large screen and the monthly report are made of. For supervisors.
//!
//! Suspected (疑似) and confirmed (认定) are never added up.

use super::{Result, Service};
use crate::domain::dossier::Registries;
use crate::domain::figures::{Sums, median_tenths, spans, year_of};
use crate::domain::id::AgencyId;
use crate::domain::violation::{RuleCode, Severity};
use crate::storage::figures::{self, Burden, Standing};
use crate::storage::{Tx, figure_days, figure_stages};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The most decided violations whose days are taken for a median, the newest of the period.
const MEDIAN_ROWS: i64 = 5_000;

/// How many enterprises the list of the busiest names.
const BUSIEST: i64 = 20;

/// How long after its planned end a filing without arrival is overdue.
const OVERDUE_AFTER: TimeDelta = TimeDelta::hours(24);

/// One agency's figures.
#[derive(Clone, Copy, Debug)]
pub struct AgencyFigures {
    /// The agency.
    pub agency: AgencyId,
    /// Its filings.
    pub sums: Sums,
    /// Violations of severity 2 or more raised about it.
    pub standing: Standing,
    /// Whether it was sent a request for an explanation.
    pub urged: bool,
}

/// How many violations came so far, and how long it took, the middle one, in tenths of a day.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stage {
    /// How many.
    pub count: i64,
    /// The median; `None` of none.
    pub median: Option<i64>,
}

/// How far the violations of a period came. Times are from raised to asked, asked to explained, raised to decided, raised to closed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stages {
    /// 要求说明
    pub asked: Stage,
    /// 已说明
    pub explained: Stage,
    /// 认定 or 排除: the time alone, the two are counted apart.
    pub decided: Option<i64>,
    /// 关闭
    pub closed: Stage,
}

/// The district's figures.
#[derive(Clone, Debug)]
pub struct District {
    /// First and last local day.
    pub period: (NaiveDate, NaiveDate),
    /// Filings whose visit begins in the period.
    pub sums: Sums,
    /// The same by day.
    pub days: BTreeMap<NaiveDate, Sums>,
    /// Violations of severity 2 or more, raised in the period.
    pub standing: Standing,
    /// The same by day.
    pub raised: BTreeMap<NaiveDate, Standing>,
    /// The same by rule.
    pub rules: Vec<(RuleCode, Standing)>,
    /// Every agency of the registry, by its name.
    pub agencies: Vec<AgencyFigures>,
    /// Violations of which nobody knows the agency.
    pub unknown_agency: Standing,
    /// Visit reports of arrivals in the period.
    pub reports: i64,
    /// Of those, without an agency and without a match.
    pub reports_unknown: i64,
    /// No arrival 24 hours after the planned end.
    pub overdue: i64,
    /// Filings of the period from unknown phones that no agency has called its own: in none of the other figures.
    pub unconfirmed: i64,
    /// How far the violations came.
    pub stages: Stages,
    /// The enterprises with the most visits in the year of the last day.
    pub busiest: Vec<Burden>,
}

impl District {
    /// Agencies that filed in the period.
    #[must_use]
    pub fn units(&self) -> usize {
        self.agencies.iter().filter(|one| one.sums.filed > 0).count()
    }

    /// Agencies that were sent a request for an explanation in the period.
    #[must_use]
    pub fn urged(&self) -> usize {
        self.agencies.iter().filter(|one| one.urged).count()
    }

    /// Agencies that filed nothing in the period.
    #[must_use]
    pub fn silent(&self) -> usize {
        self.agencies.len() - self.units()
    }
}

/// Reads the figures of a period, violations up to `ceiling`.
///
/// # Errors
/// When the store fails.
pub async fn district(
    tx: &mut Tx,
    service: &Service,
    period: (NaiveDate, NaiveDate),
    ceiling: Severity,
    now: DateTime<Utc>,
) -> Result<District> {
    let snapshot = service.snapshot(tx).await?;
    let ceiling = ceiling.level();
    let days: BTreeMap<_, _> = figure_days::by_day(tx, period).await?.into_iter().collect();
    let by_agency: HashMap<_, _> = figure_days::by_agency(tx, period).await?.into_iter().collect();
    let raised: BTreeMap<_, _> = figures::violations_by_day(tx, period, ceiling).await?.into_iter().collect();
    let by = figures::violations_by_agency_and_rule(tx, period, ceiling).await?;
    let about: HashMap<_, _> = by.agencies.into_iter().collect();
    let (reports, reports_unknown) = figures::reports(tx, period).await?;
    let urged = figures::urged(tx, period).await?;
    let mut sums = Sums::default();
    for day in days.values() {
        sums.add(day);
    }
    let mut standing = Standing::default();
    for day in raised.values() {
        standing.merge(*day);
    }
    Ok(District {
        period,
        sums,
        days,
        standing,
        raised,
        rules: by.rules,
        agencies: agencies(&snapshot.registries, &by_agency, &about, &urged),
        unknown_agency: about.get(&None).copied().unwrap_or_default(),
        reports,
        reports_unknown,
        overdue: figures::not_arrived(tx, period, now - OVERDUE_AFTER).await?,
        unconfirmed: figures::unconfirmed(tx, period).await?,
        stages: stages(tx, period, ceiling).await?,
        busiest: figures::busiest(tx, year_of(period.1), BUSIEST).await?,
    })
}

async fn stages(tx: &mut Tx, period: (NaiveDate, NaiveDate), ceiling: u8) -> Result<Stages> {
    let of = |all: Vec<figure_stages::Between>| Stage {
        count: i64::try_from(all.len()).unwrap_or(i64::MAX),
        median: median_tenths(spans(&all)),
    };
    let decided = figures::decided(tx, period, ceiling, MEDIAN_ROWS).await?;
    let (count, closed) = figure_stages::closed(tx, period, ceiling, MEDIAN_ROWS).await?;
    Ok(Stages {
        asked: of(figure_stages::asked(tx, period, ceiling).await?),
        explained: of(figure_stages::explained(tx, period, ceiling).await?),
        decided: median_tenths(spans(&decided)),
        closed: Stage { count, median: median_tenths(spans(&closed)) },
    })
}

fn agencies(
    registries: &Registries,
    sums: &HashMap<AgencyId, Sums>,
    about: &HashMap<Option<AgencyId>, Standing>,
    urged: &HashSet<AgencyId>,
) -> Vec<AgencyFigures> {
    let mut known: Vec<_> = registries.agencies.values().collect();
    known.sort_by(|a, b| a.name.cmp(&b.name));
    let figures = |agency: AgencyId| AgencyFigures {
        agency,
        sums: sums.get(&agency).copied().unwrap_or_default(),
        standing: about.get(&Some(agency)).copied().unwrap_or_default(),
        urged: urged.contains(&agency),
    };
    known.into_iter().map(|agency| figures(agency.id)).collect()
}
