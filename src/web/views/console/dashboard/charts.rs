//! Charts as SVG by templates of our own: small, printable, readable without colour. Lengths are shares of the width and sizes of the text, so that
//! a chart is as wide as its place and its words stay as large, on a phone as on a wall. The numbers stand in the table beside each.

use crate::actions::figures::District;
use crate::domain::figures::{month_end, month_of, months};
use crate::domain::policy::Policies;
use crate::web::page::Page;
use askama::Template;
use chrono::{Datelike as _, NaiveDate};

/// A day of the heat map.
struct Square {
    x: i64,
    y: i64,
    /// 0 for none, 1 to 4 by quarters of the greatest.
    level: i64,
    quiet: bool,
    href: String,
    title: String,
}

struct MonthGrid {
    name: String,
    squares: Vec<Square>,
}

#[derive(Template)]
#[template(path = "charts/heat.svg", escape = "html")]
struct Heat {
    title: String,
    width: i64,
    height: i64,
    months: Vec<MonthGrid>,
}

/// Edge of a square with its gap.
const STEP: i64 = 15;
/// Width and height of a month: seven days across, six weeks below its name.
const MONTH: (i64, i64) = (7 * STEP - 2, 18 + 6 * STEP);

/// The calendar of a period: filings by day, no-disturb days hatched. At most the last 24 months.
pub(super) fn heat(page: &Page, district: &District, policies: &Policies) -> String {
    let all = months(district.period);
    let shown = &all[all.len().saturating_sub(24)..];
    let most = district.days.values().map(|day| day.filed).max().unwrap_or(0);
    let grids = shown.iter().map(|month| {
        let first = i64::from(month.weekday().num_days_from_monday());
        let days = std::iter::successors(Some(*month), NaiveDate::succ_opt).take_while(|day| *day <= month_end(*month));
        let squares = (0_i64..).zip(days).filter(|(_, day)| (district.period.0..=district.period.1).contains(day));
        let square = |(at, day): (i64, NaiveDate)| {
            let filed = district.days.get(&day).map_or(0, |sums| sums.filed);
            let quiet = policies.on(day).calendar.is_no_disturb(day);
            let key = if quiet { "figures-day-quiet" } else { "figures-day" };
            Square {
                x: (first + at) % 7 * STEP,
                y: (first + at) / 7 * STEP,
                level: if filed == 0 { 0 } else { (filed * 4 + most - 1) / most.max(1) },
                quiet,
                href: if filed > 0 {
                    super::links::filings(&[("from", &day.to_string()), ("to", &day.to_string())])
                } else {
                    String::new()
                },
                title: page.t2(key, "day", page.date(&day), "count", filed),
            }
        };
        MonthGrid { name: page.lang.month(month.year(), month.month()), squares: squares.map(square).collect() }
    });
    let chart = Heat { title: page.t("figures-days"), width: MONTH.0, height: MONTH.1, months: grids.collect() };
    chart.render().unwrap_or_default()
}

/// A share in percent, with one digit behind the point.
struct Percent(i64);

impl Percent {
    /// `part` of `whole`, of which there is some.
    const fn of(part: i64, whole: i64) -> Self {
        Self(part * 1_000 / whole)
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

/// A point of a chart over months.
type Dot = (Percent, Percent);

/// A line of a chart over months.
struct Series<'a> {
    class: &'static str,
    name: &'a str,
    /// Where its name stands above the chart.
    name_at: i64,
    parts: Vec<(Dot, Dot)>,
    dots: Vec<Dot>,
}

#[derive(Template)]
#[template(path = "charts/lines.svg", escape = "html")]
struct Lines<'a> {
    title: String,
    series: Vec<Series<'a>>,
    /// Months, and whether a narrow page leaves them out.
    ticks: Vec<(Percent, String, bool)>,
    marks: Vec<(Percent, i64)>,
}

/// Filings, suspected and confirmed by month.
pub(super) fn lines(page: &Page, months: &[NaiveDate], values: &[(&'static str, String, Vec<i64>)]) -> String {
    let most = values.iter().flat_map(|(_, _, line)| line).copied().max().unwrap_or(0).max(1);
    let last = i64::try_from(months.len()).unwrap_or(1) - 1;
    let x = |n: i64| if last > 0 { Percent::of(n, last) } else { Percent(500) };
    let y = |value: i64| Percent::of(most - value, most);
    let series = values.iter().zip([9, 40, 70]).map(|((class, name, line), name_at)| {
        let dot = |(n, value): (i64, &i64)| (x(n), y(*value));
        let parts = (0_i64..).zip(line.windows(2)).map(|(n, two)| (dot((n, &two[0])), dot((n + 1, &two[1]))));
        Series { class, name, name_at, parts: parts.collect(), dots: (0_i64..).zip(line).map(dot).collect() }
    });
    let every = (last / 12 + 1).max(1);
    let ticks = (0_i64..).zip(months).filter(|(n, _)| n % every == 0).map(|(n, month)| {
        (x(n), format!("{}-{:02}", month.year() % 100, month.month()), last > 5 && n / every % 3 != 0)
    });
    let chart = Lines {
        title: page.t("figures-trend"),
        series: series.collect(),
        ticks: ticks.collect(),
        marks: [0, most / 2, most].into_iter().map(|value| (y(value), value)).collect(),
    };
    chart.render().unwrap_or_default()
}

/// A bar with its words.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) value: i64,
    pub(super) class: &'static str,
}

struct Drawn {
    y: i64,
    width: Percent,
    name: String,
    value: i64,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "charts/bars.svg", escape = "html")]
struct BarChart {
    title: String,
    height: i64,
    bars: Vec<Drawn>,
}

/// How wide the longest bar is, in a thousand of the chart: its number stands before it.
const LONGEST: i64 = 820;

/// Height of a bar with its name above, in lines of text.
const BAR: i64 = 3;

/// Bars one below the other, each below its name and behind its number, the longest as wide as the chart.
pub(super) fn bars(title: String, bars: Vec<Bar>) -> String {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let drawn = (0_i64..).zip(bars).map(|(n, bar)| Drawn {
        y: n * BAR,
        width: Percent(if bar.value == 0 { 0 } else { (bar.value * LONGEST / most).max(5) }),
        name: bar.name,
        value: bar.value,
        class: bar.class,
    });
    let bars: Vec<_> = drawn.collect();
    let chart = BarChart { title, height: i64::try_from(bars.len()).unwrap_or(0) * BAR, bars };
    chart.render().unwrap_or_default()
}

/// The months of a trend: those of the period, the last 24 of a long one.
pub(super) fn trend_months(period: (NaiveDate, NaiveDate)) -> Vec<NaiveDate> {
    let all = months(period);
    all[all.len().saturating_sub(24)..].to_vec()
}

/// The days of a month within a period.
pub(super) fn clipped(month: NaiveDate, period: (NaiveDate, NaiveDate)) -> (NaiveDate, NaiveDate) {
    (month_of(month).max(period.0), month_end(month).min(period.1))
}

/// A chart without its links.
pub(super) fn without_links(chart: &str) -> String {
    let mut parts = chart.split("<a href=\"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once("\">").map_or(part, |(_, rest)| rest));
    }
    out.replace("</a>", "")
}
