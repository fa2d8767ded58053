//! For whom: those who told something adverse of an agency are watched over.
//!
//! What is found here rests on reports and ratings alone: no agency sees it, and of the supervisors the discipline office only.

use super::conduct::{dis_01, prc_01};
use super::context::{Context, FilingFacts};
use super::inputs::Ret01;
use super::{Inputs, Outcome, Verdict};
use crate::domain::id::{AgencyId, FilingId, ReportId};
use crate::domain::rule::Severity;
use chrono::{DateTime, Utc};

/// Something adverse that an enterprise told of an agency.
pub(super) struct Adverse {
    about: AgencyId,
    root: AgencyId,
    at: DateTime<Utc>,
    /// Its place in the order of acceptance; a rating has none.
    seq: i64,
    report: Option<ReportId>,
    rated: Option<FilingId>,
}

/// RET-01 疑似打击报复 (ext): within 180 days after an adverse report or rating of an agency by the enterprise, the same root
/// agency files there again, without E01–E03 or a complaint from outside (E04). Severity 4.
///
/// Source: RULES part 5; SAFETY: the discipline office only, by a mail without content. Adverse is a report with one of the eight 不得
/// ticked or on which PRC-01 or DIS-01 is found (switched on or not), and a rating with a mean below 3 or a worst mark. The parent and
/// all teams of one root are one agency here. Days are local dates from receipt to receipt, the 180th included; the latest one counts.
pub(super) fn ret_01(cx: &Context<'_>, f: &FilingFacts<'_>) -> Outcome {
    let params = &f.rules().ret_01;
    if f.exempt(&params.exemptions) {
        return Outcome::CLEAR;
    }
    let zone = cx.registries.zone;
    let filed_on = zone.local_date(f.filing.filed_at);
    let days = |a: &Adverse| (filed_on - zone.local_date(a.at)).num_days();
    let before = (f.filing.filed_at, f.filing.seq);
    let told = cx.adverse.get_or_init(|| adverse(cx));
    let latest = told
        .iter()
        .filter(|a| a.root == f.root && (a.at, a.seq) < before && days(a) <= i64::from(params.days))
        .max_by_key(|a| (a.at, a.report, a.rated));
    let Some(a) = latest else { return Outcome::CLEAR };
    let (report, rated, about) = (a.report, a.rated, a.about);
    let inputs = Inputs::Ret01(Ret01 { report, rated, about, told_on: zone.local_date(a.at), days: days(a) });
    Outcome::raised(Verdict::new(Severity::Referral, inputs))
}

fn adverse(cx: &Context<'_>) -> Vec<Adverse> {
    let reports = cx.reports.iter().filter_map(|r| {
        let ticked = r.report.prohibited.iter().any(|n| (1..=8).contains(n));
        let found = ticked || prc_01(cx, r).verdict.is_some() || dis_01(cx, r).verdict.is_some();
        let about = r.report.agency.or(r.filing.map(|f| f.agency)).filter(|_| found)?;
        let root = cx.registries.root(about);
        Some(Adverse { about, root, at: r.report.filed_at, seq: r.report.seq, report: Some(r.report.id), rated: None })
    });
    let ratings = cx.ratings.iter().filter(|rating| rating.sum() < 9 || rating.very_bad()).filter_map(|rating| {
        let f = cx.inspections.iter().chain(&cx.services).find(|f| f.filing.id == rating.filing)?;
        let (about, at) = (f.filing.agency, rating.created_at);
        Some(Adverse { about, root: f.root, at, seq: i64::MAX, report: None, rated: Some(rating.filing) })
    });
    reports.chain(ratings).collect()
}

#[cfg(test)]
mod tests;
