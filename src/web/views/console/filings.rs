//! `/console/filings`: all filings for supervisors, those of the own agency for a liaison.

use super::{Choice, agency_choices, chosen_agency, inspectors};
use crate::actions::approve_visit::is_head;
use crate::app::App;
use crate::domain::filing::Kind;
use crate::domain::id::EnterpriseId;
use crate::i18n::facts::Facts;
use crate::storage::filing_lists;
use crate::storage::filing_search::{self, FilingSearch, FoundFiling, MARKS};
use crate::storage::filings::Scope;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, LIAISON, SUPERVISOR};
use crate::web::extract::filters::{PAGE_ROWS, cursor};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;
use chrono::{DateTime, Days, TimeDelta, Utc};

/// A line as it is shown. What is wrong with it is assessed from filings alone, for every reader.
pub(super) struct Line {
    pub(super) href: String,
    pub(super) number: String,
    pub(super) agency: String,
    pub(super) enterprise: String,
    pub(super) kind: String,
    pub(super) when: String,
    pub(super) state: String,
    pub(super) state_class: &'static str,
    /// The gravest severity of the verdict; 0 if there is none.
    pub(super) level: u8,
    /// From an unknown phone, and not confirmed.
    pub(super) unconfirmed: bool,
}

#[derive(Template)]
#[template(path = "pages/console/filings.html")]
struct List {
    page: Page,
    filters: Filters,
    /// A liaison has one agency only, and nothing to choose.
    all: bool,
    agencies: Vec<Choice>,
    kinds: Vec<Choice>,
    marks: Vec<Choice>,
    /// For a liaison: how many certificates run out soon.
    running_out: usize,
    /// For the head of an agency: how many visits wait for approval.
    unapproved: i64,
    /// For a liaison: how many visits of the last month are asked about, and where they are listed.
    overdue: (i64, String),
    lines: Vec<Line>,
    next: String,
}

/// A liaison is asked about overdue visits of so many days.
const ASKED_FOR: Days = Days::new(30);

/// `GET /console/filings`.
pub(super) async fn get(State(app): State<App>, me: Console<{ SUPERVISOR | LIAISON }>, filters: Filters) -> Answer {
    let scope = me.scope()?;
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let search = read_filter(&filters, scope, me.now);
    let mut rows = filing_search::search(&mut tx, &search, filters.after(), PAGE_ROWS + 1).await?;
    let since = page.today() - ASKED_FOR;
    let (mut unapproved, mut overdue) = (0, 0);
    if let Some(own) = me.own_agency()? {
        overdue = filing_search::overdue(&mut tx, own, since, search.overdue_by).await?;
        if is_head(&mut tx, &me.user).await? {
            unapproved = filing_search::unapproved(&mut tx, own, search.overdue_by).await?;
        }
    }
    drop(tx);
    let next = filters.next(&mut rows, |row| cursor(row.record.filing.filed_at, row.record.filing.id.0));
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    html(&List {
        lines: rows.iter().map(|row| line(&page, &facts, row)).collect(),
        all: me.is(SUPERVISOR),
        unapproved,
        overdue: (overdue, format!("{}?mark=overdue&from={since}", paths::FILINGS)),
        running_out: me.own_agency()?.map_or(0, |own| inspectors::running_out(&snapshot, own, page.today())),
        agencies: agency_choices(&snapshot.registries),
        kinds: Kind::ALL
            .iter()
            .map(|kind| Choice { value: kind.as_str().to_owned(), label: page.lang.kind(*kind) })
            .collect(),
        marks: MARKS
            .iter()
            .map(|mark| Choice { value: (*mark).to_owned(), label: page.t(&format!("figures-mark-{mark}")) })
            .collect(),
        next,
        page,
        filters,
    })
}

/// What the URL asks for.
pub(super) fn read_filter(filters: &Filters, scope: Scope, now: DateTime<Utc>) -> FilingSearch {
    FilingSearch {
        scope,
        agency: chosen_agency(filters),
        enterprise: EnterpriseId::parse(filters.one("enterprise")),
        kind: Kind::parse(filters.one("kind")),
        mark: MARKS.into_iter().find(|mark| *mark == filters.one("mark")).map(str::to_owned),
        overdue_by: now - TimeDelta::hours(24),
        from: filters.date("from"),
        to: filters.date("to"),
        words: filters.words("q"),
    }
}

/// A filing in a list.
pub(super) fn line(page: &Page, facts: &Facts<'_>, row: &FoundFiling) -> Line {
    let filing = &row.record.filing;
    let state = filing_lists::state_of(&row.record, page.now);
    Line {
        href: paths::item(paths::FILINGS, filing.id),
        number: row.record.number.clone(),
        agency: facts.agency(filing.agency),
        enterprise: row.enterprise.clone(),
        kind: page.lang.kind(filing.kind),
        when: page.lang.span(filing.span(), page.now, facts.registries.zone),
        state: page.t(&format!("filing-is-{state}")),
        state_class: state_class(state),
        level: row.record.verdict.iter().map(|line| line.severity).max().unwrap_or(0),
        unconfirmed: filing.unconfirmed,
    }
}

/// The look of a filing's state.
pub(super) fn state_class(state: &str) -> &'static str {
    match state {
        "registered" => "new",
        "arrived" => "wait",
        "overdue" => "over",
        _ => "done",
    }
}
