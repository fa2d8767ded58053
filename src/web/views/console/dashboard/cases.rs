//! `/console/dashboard/cases`: the violations of severity 2 or more that a number of the dashboard counts, newest first.

use crate::app::App;
use crate::domain::notice::case_number;
use crate::domain::violation::{RuleCode, Severity, ViolationState};
use crate::i18n::facts::Facts;
use crate::storage::violation_lists::{self, ViolationFilter};
use crate::storage::violations::ViolationRecord;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::extract::filters::{PAGE_ROWS, cursor};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use crate::web::views::console::{Choice, agency_choices, chosen_agency, state_class};
use askama::Template;
use axum::extract::State;

/// How far a violation came.
const STAGES: [&str; 3] = ["asked", "explained", "closed"];

struct Line {
    href: String,
    number: String,
    level: u8,
    rule: String,
    agency: String,
    why: String,
    raised: String,
    state: String,
    state_class: &'static str,
}

#[derive(Template)]
#[template(path = "pages/console/dashboard/cases.html")]
struct List {
    page: Page,
    filters: Filters,
    agencies: Vec<Choice>,
    states: Vec<Choice>,
    lines: Vec<Line>,
    next: String,
}

/// `GET /console/dashboard/cases`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let filter = read_filter(&filters, me.ceiling());
    let mut rows = violation_lists::list(&mut tx, &filter, filters.after(), PAGE_ROWS + 1).await?;
    drop(tx);
    let next = filters.next(&mut rows, |row| cursor(row.raised_at, row.id.0));
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let states = ViolationState::ALL
        .iter()
        .map(|state| Choice { value: state.as_str().to_owned(), label: page.lang.violation_state(*state) });
    html(&List {
        agencies: agency_choices(&snapshot.registries),
        states: states.collect(),
        lines: rows.iter().map(|row| line(&page, &facts, row)).collect(),
        next,
        page,
        filters,
    })
}

/// What the URL asks for.
pub(in crate::web::views::console) fn read_filter(filters: &Filters, ceiling: Severity) -> ViolationFilter {
    ViolationFilter {
        ceiling,
        floor: Some(Severity::Warning),
        state: ViolationState::parse(filters.one("state")),
        rule: RuleCode::parse(filters.one("rule")),
        agency: chosen_agency(filters),
        enterprise: None,
        subject: None,
        stage: STAGES.into_iter().find(|stage| *stage == filters.one("stage")).map(str::to_owned),
        from: filters.date("from"),
        to: filters.date("to"),
    }
}

fn line(page: &Page, facts: &Facts<'_>, row: &ViolationRecord) -> Line {
    Line {
        href: paths::item(paths::VIOLATIONS, row.id),
        number: case_number(row.id),
        level: row.severity.level(),
        rule: page.lang.rule_name(row.rule),
        agency: row.agency.map_or_else(|| page.t("agency-not-told"), |id| facts.agency(id)),
        why: facts.sentence(&row.inputs),
        raised: page.time(&row.raised_at),
        state: page.lang.violation_state(row.state),
        state_class: state_class(row.state),
    }
}
