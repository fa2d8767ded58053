//! The bars of a chart of scans by day, in the units of its view box.

use crate::web::page::Page;
use chrono::{Days, NaiveDate};

/// Width of the view box.
pub(super) const WIDTH: u64 = 600;

/// Height of the tallest bar.
pub(super) const HEIGHT: i64 = 100;

/// A day.
pub(super) struct Bar {
    pub(super) day: String,
    pub(super) scans: i64,
    pub(super) x: u64,
    pub(super) y: i64,
    pub(super) width: u64,
    pub(super) height: i64,
}

/// One bar a day for `days` days from `from` on; a day without scans has no height.
pub(super) fn bars(page: &Page, from: NaiveDate, days: u64, scans: &[(NaiveDate, i64)]) -> Vec<Bar> {
    let most = scans.iter().map(|(_, scans)| *scans).max().unwrap_or(1).max(1);
    let step = WIDTH / days.max(1);
    (0..days)
        .map(|n| {
            let day = from + Days::new(n);
            let count = scans.iter().find(|(on, _)| *on == day).map_or(0, |(_, scans)| *scans);
            // A single scan beside thousands is still seen.
            let height = if count == 0 { 0 } else { (count * HEIGHT / most).max(2) };
            Bar { day: page.date(&day), scans: count, x: n * step, y: HEIGHT - height, width: step - 4, height }
        })
        .collect()
}
