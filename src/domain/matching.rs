//! Matching (两端比对): which visit report of an enterprise speaks of which filing of an agency.
//!
//! Both sides are reduced to what matching looks at, so that this file knows neither zones, policies nor registries.

use super::id::{AgencyId, FilingId};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// A live filing, service visits included, as matching sees it.
#[derive(Clone, Copy, Debug)]
pub struct FilingSide {
    /// Identity, for links by hand.
    pub id: FilingId,
    /// Root of its agency.
    pub root: AgencyId,
    /// First local date of its span.
    pub first: NaiveDate,
    /// Last local date of its span.
    pub last: NaiveDate,
    /// `arrived_at`, or else the planned start.
    pub start: DateTime<Utc>,
    /// Order of acceptance: receipt.
    pub filed_at: DateTime<Utc>,
    /// Order of acceptance: number.
    pub seq: i64,
    /// Its agency has not said that it is its own.
    pub unconfirmed: bool,
}

/// A report that is not withdrawn, as matching sees it.
#[derive(Clone, Copy, Debug)]
pub struct ReportSide {
    /// Root of the agency that came; a report without agency is matched by hand only.
    pub root: Option<AgencyId>,
    /// Local date of arrival.
    pub day: NaiveDate,
    /// Arrival.
    pub arrived_at: DateTime<Utc>,
    /// Order of acceptance: number.
    pub seq: i64,
    /// Days by which it may miss the span of a filing: of the policy in force on `day`.
    pub tolerance_days: u32,
    /// The filing that a person linked.
    pub linked: Option<FilingId>,
}

/// Pairs of indices (report, filing), ascending by report; each index occurs at most once on its side.
///
/// Links by hand come first (of two to one filing the report accepted earlier has it; one to a filing that is not there
/// is no link). Then all pairs of the same root agency within the tolerance, greedily in ascending order of
/// (confirmed before unconfirmed, distance of the two arrivals, filing's receipt, filing's number, report's number).
#[must_use]
pub fn matching(filings: &[FilingSide], reports: &[ReportSide]) -> Vec<(usize, usize)> {
    let mut pairing = Pairing { of_filing: vec![false; filings.len()], of_report: vec![None; reports.len()] };

    let mut by_hand: Vec<_> =
        reports.iter().enumerate().filter_map(|(r, side)| Some((side.seq, r, side.linked?))).collect();
    by_hand.sort_unstable();
    for (_, r, linked) in by_hand {
        if let Some(f) = filings.iter().position(|side| side.id == linked) {
            pairing.take(r, f);
        }
    }

    let mut candidates = Vec::new();
    for (r, report) in reports.iter().enumerate() {
        for (f, filing) in filings.iter().enumerate() {
            if report.root == Some(filing.root) && within(report, filing) {
                let distance: TimeDelta = (report.arrived_at - filing.start).abs();
                candidates.push((filing.unconfirmed, distance, filing.filed_at, filing.seq, report.seq, f, r));
            }
        }
    }
    candidates.sort_unstable();
    for (.., f, r) in candidates {
        pairing.take(r, f);
    }
    pairing.of_report.into_iter().enumerate().filter_map(|(r, f)| Some((r, f?))).collect()
}

/// Whether `first - tolerance <= day <= last + tolerance`, in a form that cannot leave the calendar.
fn within(report: &ReportSide, filing: &FilingSide) -> bool {
    let tolerance = i64::from(report.tolerance_days);
    (filing.first - report.day).num_days() <= tolerance && (report.day - filing.last).num_days() <= tolerance
}

/// What is taken so far.
struct Pairing {
    of_filing: Vec<bool>,
    of_report: Vec<Option<usize>>,
}

impl Pairing {
    /// Joins the two unless one of them is taken.
    fn take(&mut self, r: usize, f: usize) {
        if self.of_report[r].is_none() && !self.of_filing[f] {
            self.of_report[r] = Some(f);
            self.of_filing[f] = true;
        }
    }
}

#[cfg(test)]
mod tests;
