//! `GET stats`: the figures of a period. A supervisor's are the district's; an agency's are made of its own filings, from filings alone.

use super::auth::{Caller, Reader};
use super::query::Query;
use crate::app::App;
use crate::domain::api_token::Holder;
use crate::domain::id::AgencyId;
use crate::domain::violation::{RuleCode, Severity, ViolationState};
use crate::storage::figure_violations::{self, Tally};
use crate::storage::{Tx, enterprise_lists, filing_lists};
use crate::web::error::AppError;
use crate::web::extract::Now;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// The longest period, so that an agency's figures stay cheap.
const LONGEST: TimeDelta = TimeDelta::days(366);
/// Cells below this are not shown to an agency.
const SMALLEST_CELL: u64 = 5;

/// The figures of a period.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Stats {
    /// First local day.
    pub from: NaiveDate,
    /// Last local day.
    pub to: NaiveDate,
    /// The agency whose figures they are; `null` for the district's.
    pub agency: Option<AgencyId>,
    /// The registries now; for a supervisor.
    pub units: Option<Units>,
    /// The filings whose visit begins in the period.
    pub filings: FilingCounts,
    /// The violations raised in the period; for a supervisor.
    pub violations: Option<ViolationCounts>,
    /// What the verdicts of the agency's live filings say, from filings alone; for an agency.
    pub verdicts: Option<Vec<VerdictCount>>,
}

/// How many units there are.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Units {
    /// Agencies.
    #[schema(minimum = 0)]
    pub agencies: u64,
    /// Active enterprises.
    #[schema(minimum = 0)]
    pub enterprises: u64,
    /// Inspectors.
    #[schema(minimum = 0)]
    pub inspectors: u64,
}

/// Filings by state.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct FilingCounts {
    /// All of them.
    pub total: u64,
    /// 已报备
    pub registered: u64,
    /// 已到达
    pub arrived: u64,
    /// 已完成
    pub completed: u64,
    /// No arrival 24 hours after the planned end.
    pub overdue: u64,
    /// 已取消
    pub cancelled: u64,
}

/// Violations by what became of them, never added up: suspected is not confirmed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ViolationCounts {
    /// 疑似
    pub suspected: u64,
    /// 认定
    pub confirmed: u64,
    /// 排除
    pub dismissed: u64,
    /// 已消除
    pub cleared: u64,
    /// The same by rule and severity.
    pub by_rule: Vec<RuleCount>,
}

/// Violations of one rule and severity.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct RuleCount {
    /// The rule.
    pub rule: RuleCode,
    /// 1 关注 notice, 2 预警 warning, 3 违规 violation, 4 线索 referral.
    #[schema(minimum = 1, maximum = 4)]
    pub severity: u8,
    /// 疑似
    pub suspected: u64,
    /// 认定
    pub confirmed: u64,
    /// 排除
    pub dismissed: u64,
    /// 已消除
    pub cleared: u64,
}

/// Lines of verdicts of one rule and severity.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct VerdictCount {
    /// The rule.
    pub rule: RuleCode,
    /// 1 关注 notice, 2 预警 warning, 3 违规 violation.
    #[schema(minimum = 1, maximum = 4)]
    pub severity: u8,
    /// How many filings; `null` for 1 to 4, which are not told.
    pub filings: Option<u64>,
}

/// Which period.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodParams {
    /// First local day; the first of the month of `to` if it is left out.
    pub from: Option<NaiveDate>,
    /// Last local day, at most 366 days later; today if it is left out.
    pub to: Option<NaiveDate>,
}

/// Read the figures of a period
///
/// A supervisor's token gets the district's figures, suspected and confirmed apart, severity 4 for the discipline office alone. An agency's
/// token gets those of its own filings, from filings alone; cells below 5 are not told.
#[utoipa::path(
    get, path = "/api/v1/stats", operation_id = "readStats", tag = "stats", params(PeriodParams),
    responses((status = 200, description = "The figures.", body = Stats))
)]
pub(super) async fn get(
    State(app): State<App>,
    Now(now): Now,
    Reader { caller, place: _place }: Reader,
    mut query: Query,
) -> Result<Json<Stats>, AppError> {
    let today = app.service.settings.zone.local_date(now);
    let (from, to) = (query.date("from"), query.date("to"));
    let to = to.unwrap_or_else(|| from.map_or(today, |from| from.max(today)));
    let from = from.unwrap_or_else(|| to.with_day(1).unwrap_or(to));
    if to < from {
        query.fail("to", "end_before_start");
    } else if to - from > LONGEST {
        query.fail("to", "range");
    }
    query.end()?;
    let mut tx = app.db.read().await?;
    let period = (from, to);
    let filings = filings(&mut tx, period, &caller, now).await?;
    let mut stats = Stats { from, to, agency: caller.agency(), units: None, filings, violations: None, verdicts: None };
    match (caller.holder, caller.ceiling()) {
        (Holder::Agency(agency), _) => stats.verdicts = Some(verdicts(&mut tx, period, agency).await?),
        (Holder::Supervisor(_), Some(ceiling)) => {
            stats.units = Some(units(&app, &mut tx).await?);
            stats.violations = Some(violations(&mut tx, period, ceiling).await?);
        }
        (Holder::Supervisor(_), None) => {}
    }
    Ok(Json(stats))
}

async fn units(app: &App, tx: &mut Tx) -> Result<Units, AppError> {
    let enterprises = count(enterprise_lists::count(tx).await?);
    let snapshot = app.service.snapshot(tx).await?;
    let (agencies, inspectors) = (snapshot.registries.agencies.len(), snapshot.registries.inspectors.len());
    let wide = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Ok(Units { agencies: wide(agencies), enterprises, inspectors: wide(inspectors) })
}

async fn filings(
    tx: &mut Tx,
    period: (NaiveDate, NaiveDate),
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<FilingCounts, AppError> {
    let by_state = filing_lists::count_by_state(tx, period, caller.scope(), now).await?;
    let of = |state: &str| by_state.get(state).copied().map_or(0, count);
    Ok(FilingCounts {
        total: by_state.values().copied().map(count).sum(),
        registered: of("registered"),
        arrived: of("arrived"),
        completed: of("completed"),
        overdue: of("overdue"),
        cancelled: of("cancelled"),
    })
}

async fn violations(
    tx: &mut Tx,
    period: (NaiveDate, NaiveDate),
    ceiling: Severity,
) -> Result<ViolationCounts, AppError> {
    let tallies = figure_violations::tally(tx, period, ceiling).await?;
    let of = |tallies: &[Tally], state: ViolationState| {
        tallies.iter().filter(|t| t.state == state).map(|t| count(t.count)).sum()
    };
    let by_rule = tallies
        .chunk_by(|a, b| (a.rule, a.severity) == (b.rule, b.severity))
        .map(|same| RuleCount {
            rule: same[0].rule,
            severity: same[0].severity.level(),
            suspected: of(same, ViolationState::Suspected),
            confirmed: of(same, ViolationState::Confirmed),
            dismissed: of(same, ViolationState::Dismissed),
            cleared: of(same, ViolationState::Cleared),
        })
        .collect();
    Ok(ViolationCounts {
        suspected: of(&tallies, ViolationState::Suspected),
        confirmed: of(&tallies, ViolationState::Confirmed),
        dismissed: of(&tallies, ViolationState::Dismissed),
        cleared: of(&tallies, ViolationState::Cleared),
        by_rule,
    })
}

async fn verdicts(
    tx: &mut Tx,
    period: (NaiveDate, NaiveDate),
    agency: AgencyId,
) -> Result<Vec<VerdictCount>, AppError> {
    let mut counts: BTreeMap<(RuleCode, u8), u64> = BTreeMap::new();
    for line in filing_lists::verdicts(tx, period, agency).await?.into_iter().flatten() {
        *counts.entry((line.rule, line.severity)).or_default() += 1;
    }
    let told = |n: u64| (n >= SMALLEST_CELL).then_some(n);
    Ok(counts.into_iter().map(|((rule, severity), n)| VerdictCount { rule, severity, filings: told(n) }).collect())
}

/// A count of the database, which is never negative.
fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
