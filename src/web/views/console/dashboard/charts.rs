//! Charts as SVG by templates of our own: small, printable, readable without colour. The numbers stand in the table beside each.

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
    x: i64,
    y: i64,
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
/// Months side by side.
const ACROSS: i64 = 6;

/// The calendar of a period: filings by day, no-disturb days hatched. At most the last 24 months.
pub(super) fn heat(page: &Page, district: &District, policies: &Policies) -> String {
    let all = months(district.period);
    let shown = &all[all.len().saturating_sub(24)..];
    let most = district.days.values().map(|day| day.filed).max().unwrap_or(0);
    let grids = (0_i64..).zip(shown).map(|(n, month)| {
        let (x, y) = ((n % ACROSS) * 118, (n / ACROSS) * 122);
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
        MonthGrid { x, y, name: page.lang.month(month.year(), month.month()), squares: squares.map(square).collect() }
    });
    let months: Vec<_> = grids.collect();
    let lines = (i64::try_from(months.len()).unwrap_or(1) + ACROSS - 1) / ACROSS;
    let chart = Heat { title: page.t("figures-days"), width: ACROSS * 118, height: lines * 122, months };
    chart.render().unwrap_or_default()
}

/// A line of a chart over months.
struct Series {
    class: &'static str,
    name: String,
    points: String,
    dots: Vec<(i64, i64)>,
    label_y: i64,
}

#[derive(Template)]
#[template(path = "charts/lines.svg", escape = "html")]
struct Lines {
    title: String,
    series: Vec<Series>,
    ticks: Vec<(i64, String)>,
    marks: Vec<(i64, i64)>,
}

/// Width and height of the drawing area, and where it begins.
const AREA: (i64, i64, i64, i64) = (600, 180, 46, 14);

/// How far apart the names of two lines are at least.
const LABEL: i64 = 16;

/// Filings, suspected and confirmed by month.
pub(super) fn lines(page: &Page, months: &[NaiveDate], values: &[(&'static str, String, Vec<i64>)]) -> String {
    let most = values.iter().flat_map(|(_, _, line)| line).copied().max().unwrap_or(0).max(1);
    let (width, height, left, top) = AREA;
    let last = i64::try_from(months.len()).unwrap_or(1) - 1;
    let x = |n: i64| left + if last > 0 { n * width / last } else { width / 2 };
    let y = |value: i64| top + height - value * height / most;
    let series = values.iter().map(|(class, name, line)| {
        let dots: Vec<_> = (0_i64..).zip(line).map(|(n, value)| (x(n), y(*value))).collect();
        let points: Vec<_> = dots.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let label_y = dots.last().map_or(top, |dot| dot.1);
        Series { class, name: name.clone(), points: points.join(" "), dots, label_y }
    });
    let every = (last / 12 + 1).max(1);
    let ticks = (0_i64..)
        .zip(months)
        .filter(|(n, _)| n % every == 0)
        .map(|(n, month)| (x(n), format!("{}-{:02}", month.year() % 100, month.month())));
    let mut series: Vec<_> = series.collect();
    // Labels that would lie on each other are moved apart, and up again where they would reach below the axis.
    series.sort_by_key(|line| line.label_y);
    for n in 1..series.len() {
        series[n].label_y = series[n].label_y.max(series[n - 1].label_y + LABEL);
    }
    let mut lowest = top + height;
    for line in series.iter_mut().rev() {
        line.label_y = line.label_y.min(lowest);
        lowest = line.label_y - LABEL;
    }
    let chart = Lines {
        title: page.t("figures-trend"),
        series,
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
    width: i64,
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

/// Bars one below the other, the longest as wide as the chart.
pub(super) fn bars(title: String, bars: Vec<Bar>) -> String {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let drawn = (0_i64..).zip(bars).map(|(n, bar)| Drawn {
        y: n * 34,
        width: if bar.value == 0 { 0 } else { (bar.value * 380 / most).max(2) },
        name: bar.name,
        value: bar.value,
        class: bar.class,
    });
    let bars: Vec<_> = drawn.collect();
    let chart = BarChart { title, height: i64::try_from(bars.len()).unwrap_or(0) * 34, bars };
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
