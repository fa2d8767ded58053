//! The verdict in words: what would be flagged, by which rule and fact, and what can be done about it. Assessed from filings alone.

use super::sheet::{self, Choice};
use crate::actions::{Snapshot, Verdict};
use crate::domain::rules::Inputs;
use crate::domain::violation::VerdictLine;
use crate::i18n::facts::Facts;
use crate::web::page::Page;

/// A rule that would flag the filing.
pub(in crate::web) struct Item {
    pub rule: String,
    pub code: &'static str,
    pub severity: u8,
    pub fact: String,
    /// What can be done; empty if nothing beside another date.
    pub remedy: String,
}

/// The box as the page shows it.
pub(super) struct VerdictBox {
    /// Class: `ok`, `warn` or `no`.
    pub tone: &'static str,
    pub title: String,
    pub lead: String,
    pub items: Vec<Item>,
    /// Days on which it would be better, to choose with one tap.
    pub days: Vec<Choice>,
}

/// Lines of a verdict in words, the gravest first.
pub(in crate::web) fn items(page: &Page, snapshot: &Snapshot, lines: &[VerdictLine]) -> Vec<Item> {
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: page.now };
    let mut lines: Vec<&VerdictLine> = lines.iter().collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(line.severity), line.rule));
    let item = |line: &VerdictLine| Item {
        rule: page.lang.rule_name(line.rule),
        code: line.rule.as_str(),
        severity: line.severity,
        fact: facts.sentence(&line.inputs),
        remedy: remedy(page, &line.inputs),
    };
    lines.into_iter().map(item).collect()
}

fn remedy(page: &Page, inputs: &Inputs) -> String {
    let key = match inputs {
        Inputs::Ndd01 { .. } => "remedy-ndd-01",
        Inputs::Dup01 { .. } => "remedy-dup-01",
        Inputs::Dup02 { .. } | Inputs::Dup03 { .. } => "remedy-dup-02",
        Inputs::Fil01 { .. } => "remedy-fil-01",
        Inputs::Per01 { .. } => "remedy-per-01",
        Inputs::Per02 { .. } => "remedy-per-02",
        Inputs::Exm01 { .. } => "remedy-exm-01",
        Inputs::Fil05(_) => "remedy-fil-05",
        Inputs::Fil07(_) => "remedy-fil-07",
        Inputs::Per03(_) => "remedy-per-03",
        Inputs::Per04(_) => "remedy-per-04",
        Inputs::Sco03(_) => "remedy-sco-03",
        _ => return String::new(),
    };
    page.t(key)
}

impl VerdictBox {
    pub(super) fn new(page: &Page, snapshot: &Snapshot, verdict: &Verdict) -> Self {
        let items = items(page, snapshot, &verdict.lines);
        let quiet = verdict.lines.iter().any(|line| matches!(line.inputs, Inputs::Ndd01 { .. }));
        let (tone, title, lead) = if quiet {
            ("no", "verdict-quiet", "verdict-kept")
        } else if items.iter().any(|item| item.severity >= 2) {
            ("warn", "verdict-explain", "verdict-kept")
        } else if !verdict.no_disturb_days.is_empty() {
            ("ok", "verdict-fine", "verdict-exempt")
        } else if items.is_empty() {
            ("ok", "verdict-fine", "verdict-fine-lead")
        } else {
            ("ok", "verdict-fine", "verdict-notes")
        };
        let days = verdict.better_days.iter().filter(|day| sheet::has_day(page, **day)).map(|day| Choice {
            value: day.to_string(),
            label: page.t1("verdict-move", "day", page.date(day)),
            small: String::new(),
        });
        Self { tone, title: page.t(title), lead: page.t(lead), items, days: days.collect() }
    }
}
