//! Figures: sums, rates, medians, and what an agency may be shown of them. Pure arithmetic.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};

/// Below so many visits a rate says little (样本少).
pub const FEW_VISITS: i64 = 10;

/// Cells below this are not shown where an agency could see them.
pub const SMALLEST_CELL: i64 = 5;

/// Sums of filings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// All.
    pub filed: i64,
    /// Taken back; the following count what stands.
    pub cancelled: i64,
    /// Arrived.
    pub arrived: i64,
    /// With an exemption claimed.
    pub exempt: i64,
    /// Arrived, without a result.
    pub undone: i64,
    /// Filed after the visit.
    pub backfiled: i64,
    /// Received while the clock was in doubt.
    pub doubtful: i64,
}

impl Sums {
    /// Filed and not taken back.
    #[must_use]
    pub const fn live(&self) -> i64 {
        self.filed - self.cancelled
    }

    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.filed += other.filed;
        self.cancelled += other.cancelled;
        self.arrived += other.arrived;
        self.exempt += other.exempt;
        self.undone += other.undone;
        self.backfiled += other.backfiled;
        self.doubtful += other.doubtful;
    }
}

/// `part` of `whole` in tenths of a percent, rounded; `None` of nothing.
#[must_use]
pub fn per_mille(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * 1000 + whole / 2) / whole)
}

/// The median of spans of time in tenths of a day; `None` of none.
#[must_use]
pub fn median_tenths(mut spans: Vec<TimeDelta>) -> Option<i64> {
    spans.sort_unstable();
    let n = spans.len();
    let middle = |i: usize| spans.get(i).map(TimeDelta::num_seconds);
    let seconds =
        if n % 2 == 1 { middle(n / 2)? } else { i64::midpoint(middle((n / 2).checked_sub(1)?)?, middle(n / 2)?) };
    Some((seconds * 10 + 43_200) / 86_400)
}

/// The spans between pairs of instants.
#[must_use]
pub fn spans(pairs: &[(DateTime<Utc>, DateTime<Utc>)]) -> Vec<TimeDelta> {
    pairs.iter().map(|(from, to)| *to - *from).collect()
}

/// The first day of the month of a date.
#[must_use]
pub fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The last day of the month of a date.
#[must_use]
pub fn month_end(day: NaiveDate) -> NaiveDate {
    (month_of(day) + Months::new(1)).pred_opt().unwrap_or(day)
}

/// The year of a date with its first and last day.
#[must_use]
pub fn year_of(day: NaiveDate) -> (i64, NaiveDate, NaiveDate) {
    let date = |month, of| NaiveDate::from_ymd_opt(day.year(), month, of).unwrap_or(day);
    (i64::from(day.year()), date(1, 1), date(12, 31))
}

/// The months that a period touches, by their first days, ascending; at most 120.
#[must_use]
pub fn months((from, to): (NaiveDate, NaiveDate)) -> Vec<NaiveDate> {
    let next = |month: &NaiveDate| month.checked_add_months(Months::new(1));
    std::iter::successors(Some(month_of(from)), next).take_while(|month| *month <= to).take(120).collect()
}

/// A count as an agency may see it: nothing where there are 1 to 4.
#[must_use]
pub const fn told(n: i64) -> Option<i64> {
    if n > 0 && n < SMALLEST_CELL { None } else { Some(n) }
}

/// The counts of a column as an agency may see them, and whether their sum may be told beside them. Where counts of 1 to 4 are left out, the
/// smallest others are too, until those left out could be several things even for a reader who knows one of them: at least three, and
/// without the largest more than one each. Where that cannot be had the sum is not told, and only the small counts are left out.
#[must_use]
pub fn told_beside_their_sum(counts: &[i64]) -> (Vec<Option<i64>>, bool) {
    let plain: Vec<Option<i64>> = counts.iter().copied().map(told).collect();
    let mut order: Vec<i64> = counts.iter().copied().filter(|n| *n > 0).collect();
    order.sort_unstable();
    let mut left_out = plain.iter().filter(|shown| shown.is_none()).count();
    if left_out == 0 {
        return (plain, true);
    }
    while left_out <= order.len() {
        let (largest, rest) = order[..left_out].split_last().unwrap_or((&0, &[]));
        let others = i64::try_from(rest.len()).unwrap_or(i64::MAX);
        // Those of the same size are left out together, or their number would tell.
        let even = order.get(left_out).is_none_or(|next| next != largest);
        if left_out >= 3 && rest.iter().sum::<i64>() > others && even {
            let largest = *largest;
            return (counts.iter().map(|n| (*n == 0 || *n > largest).then_some(*n)).collect(), true);
        }
        left_out += 1;
    }
    (plain, false)
}

#[cfg(test)]
mod tests;
