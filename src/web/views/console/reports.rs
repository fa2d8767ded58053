//! `/console/reports`: what enterprises reported. For supervisors only.

use super::{Choice, agency_choices, chosen_agency};
use crate::app::App;
use crate::domain::id::{EnterpriseId, UserId};
use crate::domain::violation::Severity;
use crate::i18n::facts::Facts;
use crate::storage::report_search::{self, FoundReport, ReportSearch};
use crate::storage::{contact_openings, conversations};
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::extract::filters::{PAGE_ROWS, cursor};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;

/// The states that a list filters by.
const STATES: [&str; 4] = ["unmatched", "unknown", "matched", "withdrawn"];

/// A contact that waits for this reader's agreement.
struct Waiting {
    href: String,
    enterprise: String,
    words: String,
}

struct Line {
    href: String,
    filed: String,
    enterprise: String,
    agency: String,
    arrived: String,
    verified: bool,
    state: String,
    state_class: &'static str,
    unread: bool,
}

#[derive(Template)]
#[template(path = "pages/console/reports.html")]
struct List {
    page: Page,
    filters: Filters,
    agencies: Vec<Choice>,
    states: Vec<Choice>,
    lines: Vec<Line>,
    waiting: Vec<Waiting>,
    unread: i64,
    next: String,
}

/// `GET /console/reports`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let discipline = me.ceiling() == Severity::Referral;
    let search = read_filter(&filters, me.user.id, discipline);
    let mut rows = report_search::search(&mut tx, &search, filters.after(), PAGE_ROWS + 1).await?;
    let unread = conversations::unread(&mut tx, discipline).await?;
    let waiting = contact_openings::waiting(&mut tx, me.user.id, discipline).await?;
    drop(tx);
    let next = filters.next(&mut rows, |row| cursor(row.record.report.filed_at, row.record.report.id.0));
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    html(&List {
        lines: rows.iter().map(|row| line(&page, &facts, row, discipline)).collect(),
        waiting: waiting.iter().map(|opening| waits(&page, opening)).collect(),
        unread,
        agencies: agency_choices(&snapshot.registries),
        states: STATES
            .iter()
            .map(|state| Choice { value: (*state).to_owned(), label: page.t(&format!("report-is-{state}")) })
            .collect(),
        next,
        page,
        filters,
    })
}

/// What the URL asks for, by whom.
pub(super) fn read_filter(filters: &Filters, me: UserId, discipline: bool) -> ReportSearch {
    ReportSearch {
        agency: chosen_agency(filters),
        enterprise: EnterpriseId::parse(filters.one("enterprise")),
        state: STATES.into_iter().find(|state| *state == filters.one("state")).map(str::to_owned),
        from: filters.date("from"),
        to: filters.date("to"),
        words: filters.words("q"),
        unread: filters.one("unread") == "yes",
        contact_for: (filters.one("contact") == "waiting").then_some((me, discipline)),
    }
}

fn waits(page: &Page, opening: &contact_openings::Waiting) -> Waiting {
    Waiting {
        href: paths::item(paths::REPORTS, opening.report),
        enterprise: opening.enterprise.clone(),
        words: page.t2("contact-others-line", "name", &opening.asker, "time", page.time(&opening.asked_at)),
    }
}

fn line(page: &Page, facts: &Facts<'_>, row: &FoundReport, discipline: bool) -> Line {
    let report = &row.record.report;
    let state = report_search::state_of(&row.record);
    Line {
        href: paths::item(paths::REPORTS, report.id),
        filed: page.time(&report.filed_at),
        enterprise: row.enterprise.clone(),
        agency: report.agency.map_or_else(|| page.t("agency-not-told"), |id| facts.agency(id)),
        arrived: page.arrival(&report.arrived_at, report.arrival_known),
        verified: report.verified,
        state: page.t(&format!("report-is-{state}")),
        state_class: state_class(state),
        unread: row.unread && (discipline || report.prohibited.is_empty()),
    }
}

/// The look of a report's state.
pub(super) fn state_class(state: &str) -> &'static str {
    match state {
        "unmatched" => "over",
        "unknown" => "wait",
        _ => "done",
    }
}
