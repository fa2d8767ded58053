//! `/console/explanations`: the requests for an explanation — a liaison's own agency's, a supervisor's all.

use super::parts;
use crate::app::App;
use crate::domain::id::AgencyId;
use crate::i18n::facts::Facts;
use crate::storage::cases::request_lists::{self, Tab, TabCounts};
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, LIAISON, SUPERVISOR};
use crate::web::extract::filters::{PAGE_ROWS, cursor};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use crate::web::views::console::{Choice, agency_choices, chosen_agency};
use askama::Template;
use axum::extract::State;

const TABS: [Tab; 5] = [Tab::Waiting, Tab::Overdue, Tab::Replied, Tab::Over, Tab::All];

struct ShownTab {
    href: String,
    label: String,
    count: i64,
    current: bool,
    hot: bool,
}

struct Line {
    href: String,
    number: String,
    agency: String,
    sent: String,
    due: String,
    state: String,
    state_class: &'static str,
}

#[derive(Template)]
#[template(path = "pages/console/cases/explanations.html")]
struct View {
    page: Page,
    filters: Filters,
    supervisor: bool,
    agencies: Vec<Choice>,
    tabs: Vec<ShownTab>,
    lines: Vec<Line>,
    next: String,
}

/// `GET /console/explanations`.
pub(super) async fn get(State(app): State<App>, me: Console<{ SUPERVISOR | LIAISON }>, filters: Filters) -> Answer {
    let own = me.own_agency()?;
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let (agency, tab) = read_filter(&filters, own);
    let (today, first) = (page.today(), first(own));
    let whose = (agency, own.map(|_| me.now));
    let counts = request_lists::counts(&mut tx, whose, today).await?;
    let mut rows = request_lists::page(&mut tx, whose, tab, today, filters.after(), PAGE_ROWS + 1).await?;
    drop(tx);
    let next = filters.next(&mut rows, |row| cursor(row.sent_at, row.id.0));
    let lines = rows
        .iter()
        .map(|row| Line {
            href: paths::item(paths::EXPLANATIONS, row.id),
            number: row.number.clone(),
            agency: facts.agency(row.agency),
            sent: page.time(&row.sent_at),
            due: parts::due_line(&page, &snapshot.registries.holidays, row),
            state: parts::state(&page, row),
            state_class: parts::state_class(row, me.now),
        })
        .collect();
    let tabs = TABS
        .into_iter()
        .map(|each| {
            let count = count_of(&counts, each);
            ShownTab {
                href: filters.with("tab", if each == first { "" } else { each.as_str() }),
                label: page.t(&format!("requests-tab-{}", each.as_str())),
                count,
                current: each == tab,
                hot: count > 0 && (each == first || each == Tab::Overdue),
            }
        })
        .collect();
    let agencies = if own.is_some() { Vec::new() } else { agency_choices(&snapshot.registries) };
    html(&View { supervisor: own.is_none(), agencies, tabs, lines, next, filters, page })
}

/// What the URL asks for: whose requests, and which tab.
pub(in crate::web::views::console) fn read_filter(filters: &Filters, own: Option<AgencyId>) -> (Option<AgencyId>, Tab) {
    let tab = TABS.into_iter().find(|tab| tab.as_str() == filters.one("tab")).unwrap_or(first(own));
    (own.or_else(|| chosen_agency(filters)), tab)
}

/// What a supervisor must look at comes first; what an agency must answer does.
const fn first(own: Option<AgencyId>) -> Tab {
    if own.is_some() { Tab::Waiting } else { Tab::Replied }
}

const fn count_of(counts: &TabCounts, tab: Tab) -> i64 {
    match tab {
        Tab::Waiting => counts.waiting,
        Tab::Overdue => counts.overdue,
        Tab::Replied => counts.replied,
        Tab::Over => counts.over,
        Tab::All => counts.all,
    }
}
