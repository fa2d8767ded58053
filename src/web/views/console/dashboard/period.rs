//! The period of the dashboard: any two dates, or one of the usual ones; the last twelve months at first.

use crate::domain::figures::{month_end, month_of, year_of};
use crate::web::extract::Filters;
use crate::web::page::Page;
use crate::web::paths;
use chrono::{Datelike as _, Months, NaiveDate};

/// The longest period: ten years.
const MOST_MONTHS: u32 = 120;

/// A usual period.
pub(super) struct Choice {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) current: bool,
}

/// The last twelve months with the current one, up to today.
fn usual(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    (month_of(today) - Months::new(11), today)
}

/// The period that the URL asks for. One that ends before it begins is turned round; one that is too long is cut at its beginning.
pub(super) fn read(filters: &Filters, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let usual = usual(today);
    let (from, to) = (filters.date("from"), filters.date("to"));
    let to = to.unwrap_or_else(|| from.map_or(usual.1, |from| from.max(usual.1)));
    let from = from.unwrap_or_else(|| month_of(to) - Months::new(11));
    let (from, to) = if from <= to { (from, to) } else { (to, from) };
    (from.max(to.checked_sub_months(Months::new(MOST_MONTHS)).unwrap_or(from)), to)
}

/// The usual periods, with the one that is shown marked.
pub(super) fn choices(page: &Page, shown: (NaiveDate, NaiveDate)) -> Vec<Choice> {
    let today = page.today();
    let month = month_of(today);
    let before = month - Months::new(1);
    let quarter = month - Months::new(month.month0() % 3);
    let (_, year, _) = year_of(today);
    let last_year = year_of(year - Months::new(1));
    let all = [
        ("month", (month, today)),
        ("last-month", (before, month_end(before))),
        ("quarter", (quarter, today)),
        ("year", (year, today)),
        ("last-year", (last_year.1, last_year.2)),
        ("twelve", usual(today)),
    ];
    let choice = |(key, period): (&str, (NaiveDate, NaiveDate))| Choice {
        href: format!("{}?from={}&to={}", paths::DASHBOARD, period.0, period.1),
        label: page.t(&format!("figures-period-{key}")),
        current: period == shown,
    };
    all.into_iter().map(choice).collect()
}
