//! `/console/filings/{id}`: one filing. A liaison sees the verdict from filings alone; a supervisor also the violations and matched reports.

use super::fact_rows::{Fact, fact, filing_facts};
use crate::actions::approve_visit::is_head;
use crate::app::App;
use crate::domain::id::FilingId;
use crate::domain::notice::case_number;
use crate::domain::violation::Subject;
use crate::i18n::facts::Facts;
use crate::storage::{filing_lists, filing_search, report_search, sites, unverified, violations};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, LIAISON, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with};
use askama::Template;
use axum::extract::{Path, State};

/// A rule that fired, by the verdict from filings alone.
struct Fired {
    level: u8,
    name: String,
    why: String,
}

/// Something that a supervisor opens from here.
struct Cell {
    href: String,
    title: String,
    words: String,
    level: u8,
}

#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is shown")]
#[derive(Template)]
#[template(path = "pages/console/filing.html")]
struct View {
    page: Page,
    number: String,
    title: String,
    state: String,
    state_class: &'static str,
    clock_doubtful: bool,
    /// What became of it if its phone was not enrolled: `waits`, `confirmed`, `refused`; empty for an enrolled one.
    unverified: &'static str,
    backfiled: bool,
    note: String,
    facts: Vec<Fact>,
    verdict: Vec<Fired>,
    /// The reader is the head of the agency, and the visit waits for approval.
    approve: bool,
    /// For the agency: it waits for the approval of its head.
    unapproved: bool,
    id: FilingId,
    version: i64,
    form: Form,
    supervisor: bool,
    violations: Vec<Cell>,
    reports: Vec<Cell>,
}

/// `GET /console/filings/{id}`.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | LIAISON }>,
    Path(id): Path<String>,
) -> Answer {
    let id = FilingId::parse(&id).ok_or(AppError::NotFound)?;
    show(&app, &me, id, Form::default()).await
}

/// The page, with what is wrong in its form.
pub(super) async fn show<const ROLES: u8>(app: &App, me: &Console<ROLES>, id: FilingId, form: Form) -> Answer {
    let scope = me.scope()?;
    let mut tx = app.db.read().await?;
    let found = filing_search::get(&mut tx, id, scope).await?.ok_or(AppError::NotFound)?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let record = &found.record;
    let (mut suspected, mut reported) = (Vec::new(), Vec::new());
    if me.is(SUPERVISOR) {
        for violation in violations::by_subject(&mut tx, Subject::Filing(id)).await? {
            if violation.severity > me.ceiling() {
                continue;
            }
            suspected.push(Cell {
                href: paths::item(paths::VIOLATIONS, violation.id),
                title: page.lang.rule_name(violation.rule),
                words: format!("{} · {}", case_number(violation.id), page.lang.violation_state(violation.state)),
                level: violation.severity.level(),
            });
        }
        for report in report_search::of_filing(&mut tx, record.filing.enterprise, id).await? {
            reported.push(Cell {
                href: paths::item(paths::REPORTS, report.record.report.id),
                title: page.t1("reported-at", "time", page.time(&report.record.report.filed_at)),
                words: page.t1(
                    "arrived-as-reported",
                    "time",
                    page.arrival(&report.record.report.arrived_at, report.record.report.arrival_known),
                ),
                level: 0,
            });
        }
    }
    let state = filing_lists::state_of(record, me.now);
    let verdict = record
        .verdict
        .iter()
        .map(|line| Fired {
            level: line.severity,
            name: page.lang.rule_name(line.rule),
            why: facts.sentence(&line.inputs),
        })
        .collect();
    let mut rows = filing_facts(&page, &facts, record, &found.enterprise);
    if let Some(site) = sites::of_filing(&mut tx, id).await? {
        rows.insert(3, fact(&page, "registry-site-at", site.line()));
    }
    let unapproved = me.is(LIAISON) && record.filing.awaits_approval();
    html_with(
        form.status(),
        &View {
            approve: unapproved && is_head(&mut tx, &me.user).await?,
            unapproved,
            id,
            version: record.version,
            form,
            number: record.number.clone(),
            title: page.t2(
                "filing-title",
                "agency",
                facts.agency(record.filing.agency),
                "enterprise",
                &found.enterprise,
            ),
            state: page.t(&format!("filing-is-{state}")),
            state_class: super::filings::state_class(state),
            clock_doubtful: record.clock_doubtful,
            unverified: unverified::get(&mut tx, id).await?.map_or("", |row| row.standing()),
            backfiled: record.backfiled,
            note: record.note.clone(),
            facts: rows,
            verdict,
            supervisor: me.is(SUPERVISOR),
            violations: suspected,
            reports: reported,
            page,
        },
    )
}
