//! The no-disturb calendar (无扰日): on which days of the month nobody inspects without an exemption.
//!
//! Public holidays make no difference to it (RULES part 4, NDD-01).

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::day::{Span, Zone};
use super::holidays::Holidays;

/// How far, in days, a search for open days or for the end of an open window goes.
pub const SEARCH_DAYS: usize = 400;

/// The no-disturb days: ranges of days of the month, and single dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NoDisturb {
    /// Inclusive ranges of the day of the month, such as `(8, 23)`, for every month.
    pub ranges: Vec<(u8, u8)>,
    /// Dates that are no-disturb days in addition; they win over [`Self::waived`].
    pub extra: BTreeSet<NaiveDate>,
    /// Dates of the ranges that are waived.
    pub waived: BTreeSet<NaiveDate>,
}

impl Default for NoDisturb {
    fn default() -> Self {
        NoDisturb { ranges: vec![(8, 23)], extra: BTreeSet::new(), waived: BTreeSet::new() }
    }
}

/// Why a no-disturb calendar makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDisturbError {
    /// A bound of a range is no day of a month.
    #[error("range {number} ({from}–{to}): days of the month go from 1 to 31")]
    OutsideMonth {
        /// Which range, counted from 1.
        number: usize,
        /// The range's first day.
        from: u8,
        /// The range's last day.
        to: u8,
    },
    /// A range ends before it begins.
    #[error("range {number} ({from}–{to}): the first day is after the last")]
    Reversed {
        /// Which range, counted from 1.
        number: usize,
        /// The range's first day.
        from: u8,
        /// The range's last day.
        to: u8,
    },
}

impl NoDisturb {
    /// Checks the ranges.
    ///
    /// # Errors
    ///
    /// The first range with a bound outside 1 to 31, or whose first day is after its last.
    pub fn check(&self) -> Result<(), NoDisturbError> {
        let month = 1..=31;
        for (number, &(from, to)) in (1..).zip(&self.ranges) {
            if !month.contains(&from) || !month.contains(&to) {
                return Err(NoDisturbError::OutsideMonth { number, from, to });
            }
            if from > to {
                return Err(NoDisturbError::Reversed { number, from, to });
            }
        }
        Ok(())
    }

    /// Whether a local date is a no-disturb day: in `extra`, or not in `waived` and its day of the month in a range.
    #[must_use]
    pub fn is_no_disturb(&self, d: NaiveDate) -> bool {
        let in_range = || self.ranges.iter().any(|&(from, to)| (u32::from(from)..=u32::from(to)).contains(&d.day()));
        self.extra.contains(&d) || (!self.waived.contains(&d) && in_range())
    }

    /// The no-disturb days that a span touches, ascending.
    #[must_use]
    pub fn touched(&self, span: Span, zone: Zone) -> Vec<NaiveDate> {
        span.days(zone).filter(|d| self.is_no_disturb(*d)).collect()
    }

    /// The next `n` dates from `from` on (itself included) that are working days and not no-disturb days.
    ///
    /// Fewer than `n` if there are not as many within [`SEARCH_DAYS`] days.
    #[must_use]
    pub fn next_open_days(&self, from: NaiveDate, n: usize, holidays: &Holidays) -> Vec<NaiveDate> {
        std::iter::successors(Some(from), NaiveDate::succ_opt)
            .take(SEARCH_DAYS)
            .filter(|d| !self.is_no_disturb(*d) && holidays.is_working_day(*d))
            .take(n)
            .collect()
    }

    /// The first and the last date of the open window around `d`: the maximal run of days that are not no-disturb days.
    ///
    /// `None` if `d` is a no-disturb day. A window is cut at [`SEARCH_DAYS`] days before and after `d`.
    #[must_use]
    pub fn open_window(&self, d: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let furthest = |step: fn(&NaiveDate) -> Option<NaiveDate>| {
            std::iter::successors(Some(d), step).take(SEARCH_DAYS + 1).take_while(|d| !self.is_no_disturb(*d)).last()
        };
        Some((furthest(NaiveDate::pred_opt)?, furthest(NaiveDate::succ_opt)?))
    }
}

#[cfg(test)]
mod tests;
