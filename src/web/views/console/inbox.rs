//! `/console/violations`: the supervisors' inbox. It opens on what needs a decision; suspected and confirmed are counted apart.

use super::Choice;
use crate::app::App;
use crate::domain::id::AgencyId;
use crate::domain::notice::case_number;
use crate::domain::violation::{RuleCode, Severity, ViolationState};
use crate::i18n::facts::Facts;
use crate::storage::violation_inbox::{self, InboxCount, InboxCursor, InboxFilter, InboxRow};
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::extract::filters::PAGE_ROWS;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;
use chrono::DateTime;
use uuid::Uuid;

/// A tab: its name in the URL, the state, and the range of severities.
struct TabOf {
    name: &'static str,
    state: Option<ViolationState>,
    severities: (i64, i64),
}

/// The tabs; the first is the one that opens.
const TABS: [TabOf; 6] = [
    TabOf { name: "open", state: Some(ViolationState::Suspected), severities: (2, 4) },
    TabOf { name: "notice", state: Some(ViolationState::Suspected), severities: (1, 1) },
    TabOf { name: "confirmed", state: Some(ViolationState::Confirmed), severities: (1, 4) },
    TabOf { name: "dismissed", state: Some(ViolationState::Dismissed), severities: (1, 4) },
    TabOf { name: "cleared", state: Some(ViolationState::Cleared), severities: (1, 4) },
    TabOf { name: "all", state: None, severities: (1, 4) },
];

/// A tab as it is shown.
struct Tab {
    href: String,
    label: String,
    count: i64,
    current: bool,
    hot: bool,
}

/// A line as it is shown.
struct Line {
    href: String,
    number: String,
    level: u8,
    rule: String,
    agency: String,
    enterprise: String,
    why: String,
    raised: String,
    state: String,
    state_class: &'static str,
}

#[derive(Template)]
#[template(path = "pages/console/inbox.html")]
struct Inbox {
    page: Page,
    filters: Filters,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    rules: Vec<Choice>,
    agencies: Vec<Choice>,
    severities: Vec<Choice>,
    next: String,
    empty_title: String,
    empty_words: String,
}

/// `GET /console/violations`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let filter = read_filter(&filters, me.ceiling());
    let tab = TABS.iter().find(|tab| tab.name == filters.one("tab")).unwrap_or(&TABS[0]);
    let counts = violation_inbox::counts(&mut tx, &filter).await?;
    let mut rows =
        violation_inbox::page(&mut tx, &filter, tab.state, tab.severities, after(&filters), PAGE_ROWS + 1).await?;
    drop(tx);

    let next = filters.next(&mut rows, |row| {
        let v = &row.violation;
        format!("{}.{}.{}", v.severity.level(), v.raised_at.timestamp_millis(), v.id)
    });
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let lines = rows.iter().map(|row| line(&page, &facts, row)).collect();
    let tabs = TABS.iter().map(|each| shown_tab(&page, &filters, each, each.name == tab.name, &counts)).collect();
    let key = if filters.any() { "inbox-empty-filtered" } else { "inbox-empty" };
    let words = if filters.any() { "inbox-empty-filtered-do".to_owned() } else { format!("inbox-empty-{}", tab.name) };
    html(&Inbox {
        tabs,
        lines,
        rules: rules(&page, me.ceiling()),
        agencies: super::agency_choices(&snapshot.registries),
        severities: severities(&page, me.ceiling()),
        next,
        empty_title: page.t(key),
        empty_words: page.t(&words),
        page,
        filters,
    })
}

fn read_filter(filters: &Filters, ceiling: Severity) -> InboxFilter {
    InboxFilter {
        ceiling,
        severity: filters.one("severity").parse().ok().and_then(Severity::from_level),
        rule: RuleCode::parse(filters.one("rule")),
        agency: AgencyId::parse(filters.one("agency")),
        from: filters.date("from"),
        to: filters.date("to"),
        words: filters.words("q"),
    }
}

/// The cursor of this list: severity, instant and id.
fn after(filters: &Filters) -> Option<InboxCursor> {
    let mut parts = filters.one("after").splitn(3, '.');
    let severity = parts.next()?.parse().ok()?;
    let raised_at = DateTime::from_timestamp_millis(parts.next()?.parse().ok().filter(|millis| *millis >= 0)?)?;
    let id = Uuid::try_parse(parts.next()?).ok()?;
    (raised_at <= crate::storage::newest_possible()).then_some(InboxCursor { severity, raised_at, id })
}

fn shown_tab(page: &Page, filters: &Filters, tab: &TabOf, current: bool, counts: &[InboxCount]) -> Tab {
    let fits = |count: &&InboxCount| {
        tab.state.is_none_or(|state| state == count.state)
            && (tab.severities.0..=tab.severities.1).contains(&count.severity)
    };
    let count = counts.iter().filter(fits).map(|count| count.count).sum();
    let value = if tab.name == TABS[0].name { "" } else { tab.name };
    Tab {
        href: filters.with("tab", value),
        label: page.t(&format!("inbox-tab-{}", tab.name)),
        count,
        current,
        hot: tab.name == TABS[0].name && count > 0,
    }
}

fn line(page: &Page, facts: &Facts<'_>, row: &InboxRow) -> Line {
    let v = &row.violation;
    Line {
        href: paths::item(paths::VIOLATIONS, v.id),
        number: case_number(v.id),
        level: v.severity.level(),
        rule: page.lang.rule_name(v.rule),
        agency: v.agency.map_or_else(|| page.t("agency-not-told"), |id| facts.agency(id)),
        enterprise: row.enterprise.clone(),
        why: facts.sentence(&v.inputs),
        raised: page.time(&v.raised_at),
        state: page.lang.violation_state(v.state),
        state_class: super::state_class(v.state),
    }
}

fn rules(page: &Page, ceiling: Severity) -> Vec<Choice> {
    // INT-01 and RET-01 are always of severity 4: who may not see those need not know the filter.
    let seen = |rule: &&RuleCode| !matches!(rule, RuleCode::Int01 | RuleCode::Ret01) || ceiling == Severity::Referral;
    RuleCode::ALL
        .iter()
        .filter(seen)
        .map(|rule| Choice {
            value: rule.as_str().to_owned(),
            label: format!("{} {}", rule, page.lang.rule_name(*rule)),
        })
        .collect()
}

fn severities(page: &Page, ceiling: Severity) -> Vec<Choice> {
    (1..=ceiling.level())
        .rev()
        .map(|level| Choice { value: level.to_string(), label: page.t(&format!("severity-{level}")) })
        .collect()
}
