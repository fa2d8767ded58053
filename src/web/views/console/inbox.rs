//! `/console/violations`: the supervisors' inbox. It opens on what needs a decision; suspected and confirmed are counted apart.

use super::Choice;
use crate::app::App;
use crate::domain::cases::Handling;
use crate::domain::id::AgencyId;
use crate::domain::notice::case_number;
use crate::domain::violation::{RuleCode, Severity, ViolationState};
use crate::i18n::facts::Facts;
use crate::storage::violation_inbox::{self, InboxCount, InboxCursor, InboxFilter, InboxRow, InboxTab};
use crate::storage::violations::ViolationRecord;
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
    id: String,
    next_step: String,
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
    let today = page.today();
    let tab = read_tab(&filters);
    let counts = violation_inbox::counts(&mut tx, &filter, today).await?;
    let mut rows = violation_inbox::page(&mut tx, &filter, tab, today, after(&filters), PAGE_ROWS + 1).await?;
    drop(tx);

    let next = filters.next(&mut rows, |row| {
        let v = &row.violation;
        format!("{}.{}.{}", v.severity.level(), v.raised_at.timestamp_millis(), v.id)
    });
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let lines = rows.iter().map(|row| line(&page, &facts, row)).collect();
    let tabs = InboxTab::ALL.map(|each| shown_tab(&page, &filters, each, each == tab, &counts)).into();
    let key = if filters.any() { "inbox-empty-filtered" } else { "inbox-empty" };
    let words =
        if filters.any() { "inbox-empty-filtered-do".to_owned() } else { format!("inbox-empty-{}", tab.as_str()) };
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

/// The tab that the URL asks for.
pub(super) fn read_tab(filters: &Filters) -> InboxTab {
    InboxTab::ALL.into_iter().find(|tab| tab.as_str() == filters.one("tab")).unwrap_or(InboxTab::Open)
}

/// What the URL asks for, up to the gravest that the reader may see.
pub(super) fn read_filter(filters: &Filters, ceiling: Severity) -> InboxFilter {
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

fn shown_tab(page: &Page, filters: &Filters, tab: InboxTab, current: bool, counts: &[InboxCount]) -> Tab {
    let count = counts.iter().filter(|count| tab.holds(count)).map(|count| count.count).sum();
    let value = if tab == InboxTab::Open { "" } else { tab.as_str() };
    Tab {
        href: filters.with("tab", value),
        label: page.t(&format!("inbox-tab-{}", tab.as_str())),
        count,
        current,
        hot: matches!(tab, InboxTab::Overdue | InboxTab::Due | InboxTab::Open) && count > 0,
    }
}

/// What is to be done next, by whomever.
fn next_step(page: &Page, v: &ViolationRecord) -> String {
    let (state, handling) = (v.state, v.handling);
    if let Some(day) = v.appeal_by {
        return page.t1("next-appeal", "day", page.date(&day));
    }
    let late = v.act_by.is_some_and(|day| day < page.today());
    match (handling, v.act_by) {
        (Handling::Explaining, Some(day)) if late => page.t1("next-late", "day", page.date(&day)),
        (Handling::Explaining, Some(day)) => page.t1("next-wait", "day", page.date(&day)),
        (Handling::Explained, _) => page.t("next-review"),
        (Handling::Closed, _) => match v.follow_up_on.filter(|_| v.followed_up_at.is_none()) {
            Some(day) => page.t1("next-follow-up", "day", page.date(&day)),
            None => page.t("next-nothing"),
        },
        _ if state == ViolationState::Confirmed => page.t("next-close"),
        _ if state == ViolationState::Suspected => page.t("next-decide"),
        _ => page.t("next-nothing"),
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
        state: super::cases::decide::standing_words(page, &v.standing()),
        state_class: super::state_class(v.state),
        id: v.id.to_string(),
        next_step: next_step(page, v),
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
