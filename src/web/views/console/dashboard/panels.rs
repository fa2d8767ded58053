//! The panels of the dashboard, each from the figures of the period.

use super::charts::{self, Bar};
use super::links::{cases, filings, reports};
use super::model::{Cell, Panel, Row};
use crate::actions::figures::{AgencyFigures, District};
use crate::domain::figures::{FEW_VISITS, Sums, year_of};
use crate::domain::policy::Policies;
use crate::i18n::facts::Facts;
use crate::storage::figures::Standing;
use crate::web::page::Page;
use chrono::NaiveDate;

/// What panels are made from.
pub(super) struct Source<'a> {
    pub(super) page: &'a Page,
    pub(super) district: &'a District,
    pub(super) facts: &'a Facts<'a>,
    pub(super) policies: &'a Policies,
}

impl Source<'_> {
    fn heads(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.page.t(key)).collect()
    }

    fn panel(&self, key: &'static str, chart: String, heads: &[&str], rows: Vec<Row>) -> Panel {
        let (title, note) = (self.page.t(&format!("figures-{key}")), self.page.t(&format!("figures-{key}-note")));
        Panel { key, title, note, chart, heads: self.heads(heads), rows }
    }

    fn span(&self) -> (String, String) {
        (self.district.period.0.to_string(), self.district.period.1.to_string())
    }
}

/// All panels in the order of the page.
pub(super) fn all(source: &Source<'_>) -> Vec<Panel> {
    vec![days(source), funnel(source), agencies(source), trend(source), rules(source), burden(source), quality(source)]
}

fn days(source: &Source<'_>) -> Panel {
    let district = source.district;
    let row = |(day, sums): (&NaiveDate, &Sums)| {
        let on = day.to_string();
        let link = |mark: &str| filings(&[("from", &on), ("to", &on), ("mark", mark)]);
        let standing = district.raised.get(day).copied().unwrap_or_default();
        let quiet = source.policies.on(*day).calendar.is_no_disturb(*day);
        Row::new(vec![
            Cell::words(source.page.date(day)),
            Cell::words(if quiet { source.page.t("figures-quiet") } else { String::new() }),
            Cell::count(sums.filed, link("counted")),
            Cell::count(sums.arrived, link("arrived")),
            Cell::count(standing.suspected, cases(&[("state", "suspected"), ("from", &on), ("to", &on)])),
            Cell::count(standing.confirmed, cases(&[("state", "confirmed"), ("from", &on), ("to", &on)])),
        ])
    };
    let rows = district.days.iter().rev().take(62).map(row).collect();
    let heads = [
        "figures-day-head",
        "figures-quiet-head",
        "figures-filed",
        "figures-arrived",
        "figures-suspected",
        "figures-confirmed",
    ];
    source.panel("days", charts::heat(source.page, district, source.policies), &heads, rows)
}

/// A step of the funnel: its key, how many, where they are listed, the look of its bar, and the median in tenths of a day.
struct Step(&'static str, i64, String, &'static str, Option<i64>);

fn funnel(source: &Source<'_>) -> Panel {
    let (page, district) = (source.page, source.district);
    let (from, to) = source.span();
    let (s, stages) = (district.standing, district.stages);
    let state = |state: &str| cases(&[("state", state), ("from", &from), ("to", &to)]);
    let came_to = |stage: &str| cases(&[("stage", stage), ("from", &from), ("to", &to)]);
    let arrived = filings(&[("from", &from), ("to", &to), ("mark", "arrived")]);
    let steps = [
        Step("arrived", district.sums.arrived, arrived, "f", None),
        Step("raised", s.raised() + s.cleared, state(""), "s", None),
        Step("asked", stages.asked.count, came_to("asked"), "s", stages.asked.median),
        Step("explained", stages.explained.count, came_to("explained"), "s", stages.explained.median),
        Step("suspected", s.suspected, state("suspected"), "s", None),
        Step("confirmed", s.confirmed, state("confirmed"), "c", stages.decided),
        Step("dismissed", s.dismissed, state("dismissed"), "d", stages.decided),
        Step("cleared", s.cleared, state("cleared"), "d", None),
        Step("closed", stages.closed.count, came_to("closed"), "d", stages.closed.median),
    ];
    let name = |key: &str| page.t(&format!("figures-{key}"));
    let bars = steps.iter().map(|step| Bar { name: name(step.0), value: step.1, class: step.3 }).collect();
    let rows = steps.iter().map(|step| {
        let median = step.4.map_or_else(String::new, |tenths| format!("{}.{}", tenths / 10, tenths % 10));
        Row::new(vec![Cell::words(name(step.0)), Cell::count(step.1, &step.2), Cell::words(median)])
    });
    let rows = rows.collect();
    let chart = charts::bars(page.t("figures-funnel"), bars);
    source.panel("funnel", chart, &["figures-step", "figures-count", "figures-median"], rows)
}

fn agencies(source: &Source<'_>) -> Panel {
    let mut all: Vec<&AgencyFigures> = source
        .district
        .agencies
        .iter()
        .filter(|one| one.sums.filed > 0 || one.standing != Standing::default())
        .collect();
    // By the share of suspected and confirmed apart would be two orders; by count the list is one.
    all.sort_by_key(|one| std::cmp::Reverse((one.standing.confirmed, one.standing.suspected, one.sums.live())));
    let rows = all.iter().map(|one| agency_row(source, one)).collect();
    let mut suspected: Vec<_> = all.iter().filter(|one| one.standing.suspected > 0).collect();
    suspected.sort_by_key(|one| std::cmp::Reverse(one.standing.suspected));
    let bars = suspected.into_iter().take(10);
    let bars = bars.map(|one| Bar { name: source.facts.agency(one.agency), value: one.standing.suspected, class: "s" });
    let chart = charts::bars(source.page.t("figures-agencies-chart"), bars.collect());
    source.panel("agencies", chart, &AGENCY_HEADS, rows)
}

/// The heads of the columns of agencies.
pub(super) const AGENCY_HEADS: [&str; 9] = [
    "agency",
    "figures-filed",
    "figures-arrived",
    "figures-suspected",
    "figures-suspected-rate",
    "figures-confirmed",
    "figures-confirmed-rate",
    "figures-exempt",
    "figures-exempt-share",
];

/// An agency with its counts and rates; grey where there are few visits.
pub(super) fn agency_row(source: &Source<'_>, one: &AgencyFigures) -> Row {
    let (from, to) = source.span();
    let id = one.agency.to_string();
    let link = |mark: &str| filings(&[("agency", &id), ("from", &from), ("to", &to), ("mark", mark)]);
    let case = |state: &str| cases(&[("agency", &id), ("state", state), ("from", &from), ("to", &to)]);
    let (sums, standing) = (&one.sums, one.standing);
    let mut name = source.facts.agency(one.agency);
    let few = sums.live() < FEW_VISITS;
    if few {
        name = source.page.t1("figures-few", "agency", name);
    }
    let cells = vec![
        Cell::words(name),
        Cell::count(sums.filed, link("counted")),
        Cell::count(sums.arrived, link("arrived")),
        Cell::count(standing.suspected, case("suspected")),
        Cell::share(standing.suspected, sums.live()),
        Cell::count(standing.confirmed, case("confirmed")),
        Cell::share(standing.confirmed, sums.live()),
        Cell::count(sums.exempt, link("exempt")),
        Cell::share(sums.exempt, sums.live()),
    ];
    Row { cells, grey: few }
}

fn trend(source: &Source<'_>) -> Panel {
    let (page, district) = (source.page, source.district);
    let months = charts::trend_months(district.period);
    let mut values = [Vec::new(), Vec::new(), Vec::new()];
    let mut rows = Vec::new();
    for month in &months {
        let (from, to) = charts::clipped(*month, district.period);
        let filed: i64 = district.days.range(from..=to).map(|(_, sums)| sums.filed).sum();
        let mut standing = Standing::default();
        district.raised.range(from..=to).for_each(|(_, day)| standing.merge(*day));
        let (from, to) = (from.to_string(), to.to_string());
        let case = |state: &str| cases(&[("state", state), ("from", &from), ("to", &to)]);
        let numbers = [filed, standing.suspected, standing.confirmed];
        values.iter_mut().zip(numbers).for_each(|(line, n)| line.push(n));
        rows.push(Row::new(vec![
            Cell::words(month.format("%Y-%m").to_string()),
            Cell::count(filed, filings(&[("from", &from), ("to", &to)])),
            Cell::count(standing.suspected, case("suspected")),
            Cell::count(standing.confirmed, case("confirmed")),
        ]));
    }
    let [filed, suspected, confirmed] = values;
    let lines = [
        ("f", page.t("figures-filed"), filed),
        ("s", page.t("figures-suspected"), suspected),
        ("c", page.t("figures-confirmed"), confirmed),
    ];
    let heads = ["figures-month", "figures-filed", "figures-suspected", "figures-confirmed"];
    source.panel("trend", charts::lines(page, &months, &lines), &heads, rows)
}

fn rules(source: &Source<'_>) -> Panel {
    let (from, to) = source.span();
    let row = |(rule, standing): &(crate::domain::violation::RuleCode, Standing)| {
        let link = |state: &str| cases(&[("rule", rule.as_str()), ("state", state), ("from", &from), ("to", &to)]);
        Row::new(vec![
            Cell::words(format!("{rule} {}", source.page.lang.rule_name(*rule))),
            Cell::count(standing.suspected, link("suspected")),
            Cell::count(standing.confirmed, link("confirmed")),
            Cell::count(standing.dismissed, link("dismissed")),
        ])
    };
    let rows = source.district.rules.iter().map(row).collect();
    source.panel("rules", String::new(), &["rule", "figures-suspected", "figures-confirmed", "figures-dismissed"], rows)
}

fn burden(source: &Source<'_>) -> Panel {
    let (_, first, last) = year_of(source.district.period.1);
    let (from, to) = (first.to_string(), last.to_string());
    let rows = source.district.busiest.iter().map(|one| {
        let id = one.enterprise.to_string();
        let visits = filings(&[("enterprise", &id), ("from", &from), ("to", &to), ("mark", "visit")]);
        let page = crate::web::paths::item(crate::web::paths::ENTERPRISES, &id);
        Row::new(vec![Cell::link(one.name.clone(), page), Cell::count(one.visits, visits)])
    });
    source.panel("burden", String::new(), &["enterprise", "figures-visits"], rows.collect())
}

fn quality(source: &Source<'_>) -> Panel {
    let (from, to) = source.span();
    let district = source.district;
    let mark = |mark: &str| filings(&[("from", &from), ("to", &to), ("mark", mark)]);
    let unknown = reports(&[("from", &from), ("to", &to), ("state", "unknown")]);
    let rows = [
        ("undone", district.sums.undone, mark("undone")),
        ("overdue", district.overdue, mark("overdue")),
        ("backfiled", district.sums.backfiled, mark("backfiled")),
        ("doubtful", district.sums.doubtful, mark("doubtful")),
        ("cancelled", district.sums.cancelled, mark("cancelled")),
        ("unconfirmed", district.unconfirmed, mark("unconfirmed")),
        ("reports-unknown", district.reports_unknown, unknown),
    ];
    let rows = rows.into_iter().map(|(key, n, href)| {
        Row::new(vec![Cell::words(source.page.t(&format!("figures-{key}"))), Cell::count(n, href)])
    });
    source.panel("quality", String::new(), &["figures-what", "figures-count"], rows.collect())
}
