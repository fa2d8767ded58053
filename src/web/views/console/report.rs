//! `/console/reports/{id}`: one report, for supervisors. Opening it leaves a row in the audit. What concerns the eight 不得, the words with it,
//! is shown to the discipline office alone. A report without agency may be linked to a filing by hand.

use super::fact_rows::{Fact, fact, report_facts};
use super::report_care::{self, Choice, Contact, Said, Step, Watch};
use crate::actions::audit;
use crate::app::App;
use crate::domain::id::ReportId;
use crate::domain::notice::case_number;
use crate::domain::reporter::OpeningReason;
use crate::domain::violation::{Severity, Subject};
use crate::i18n::facts::Facts;
use crate::storage::filing_search::{self, FilingSearch};
use crate::storage::filings::Scope;
use crate::storage::reports::ReportRecord;
use crate::storage::{Tx, enterprises, report_search, reports, sites, violations};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::Days;
use serde_json::json;

/// Filings this many days around the reported arrival may be meant.
const DAYS_AROUND: Days = Days::new(7);

/// At most so many are offered.
const OFFERED: i64 = 20;

/// A filing that may be meant.
struct Offer {
    id: String,
    title: String,
    words: String,
    linked: bool,
}

/// A violation that the report carries.
struct Cell {
    href: String,
    title: String,
    words: String,
    level: u8,
}

#[derive(Template)]
#[template(path = "pages/console/report.html")]
#[expect(clippy::struct_excessive_bools, reason = "each switches a part of the page")]
struct View {
    page: Page,
    form: Form,
    id: ReportId,
    version: i64,
    title: String,
    state: String,
    state_class: &'static str,
    conflict: bool,
    /// The key of what is said of one that is held; empty for any other.
    held: &'static str,
    facts: Vec<Fact>,
    identity: String,
    /// Whether this reader may read the words, and so write.
    may_read: bool,
    talk: Vec<Said>,
    unread: bool,
    phrases: Vec<Choice>,
    prohibited: Vec<String>,
    contact: Contact,
    reasons: Vec<(&'static str, String)>,
    watch: Option<Watch>,
    violations: Vec<Cell>,
    withdrawn: bool,
    may_link: bool,
    linked: bool,
    offers: Vec<Offer>,
}

/// `GET /console/reports/{id}`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, Path(id): Path<String>) -> Answer {
    let id = ReportId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    let record = reports::get(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    audit::record(&mut tx, &app.service, me.now, &me.actor(), "report.viewed", ("report", id.0), json!({})).await?;
    tx.commit().await?;
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, record, Form::default(), StatusCode::OK).await
}

pub(super) async fn show(
    app: &App,
    tx: &mut Tx,
    me: &Console<SUPERVISOR>,
    record: ReportRecord,
    form: Form,
    status: StatusCode,
) -> Answer {
    let page = me.page(tx).await?;
    let snapshot = app.service.snapshot(tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let report = &record.report;
    let enterprise = enterprises::get(tx, report.enterprise).await?.ok_or(AppError::NotFound)?.name;
    let held = super::quarantine::note(tx, report.id.0).await?;
    let may_link = report.agency.is_none() && !report.withdrawn && held.is_empty();
    let offers = if may_link { offers(app, tx, &page, &facts, &record).await? } else { Vec::new() };
    // Words beside a ticked 不得 are about it.
    let discipline = me.ceiling() == Severity::Referral;
    let may_read = discipline || report.prohibited.is_empty();
    let talk = if may_read { report_care::conversation(tx, &page, &record).await? } else { Vec::new() };
    let prohibited = if discipline {
        report.prohibited.iter().map(|number| page.t(&format!("report-not-{number}"))).collect()
    } else {
        Vec::new()
    };
    let mut carried = Vec::new();
    for violation in violations::by_subject(tx, Subject::Report(report.id)).await? {
        if violation.severity <= me.ceiling() {
            carried.push(Cell {
                href: paths::item(paths::VIOLATIONS, violation.id),
                title: page.lang.rule_name(violation.rule),
                words: format!("{} · {}", case_number(violation.id), page.lang.violation_state(violation.state)),
                level: violation.severity.level(),
            });
        }
    }
    let state = report_search::state_of(&record);
    let ret_01 = &snapshot.policies.on(page.today()).policy.rules.ret_01;
    let mut rows = report_facts(&page, &facts, &record, &enterprise);
    if let Some(site) = sites::of_report(tx, report.id).await? {
        rows.insert(2, fact(&page, "registry-site-at", site.line()));
    }
    let view = View {
        id: report.id,
        version: record.version,
        title: page.t2(
            "reported-title",
            "enterprise",
            &enterprise,
            "time",
            page.arrival(&report.arrived_at, report.arrival_known),
        ),
        state: page.t(&format!("report-is-{state}")),
        state_class: super::reports::state_class(state),
        conflict: status == StatusCode::CONFLICT,
        held,
        facts: rows,
        identity: page.t(&format!("identity-{}", record.identity)),
        may_read,
        unread: talk.iter().any(|said| !said.ours && !said.seen),
        talk,
        phrases: report_care::phrases(&page),
        prohibited,
        contact: report_care::contact(app, tx, me, &page, &record, may_read).await?,
        reasons: OpeningReason::ALL.iter().map(|r| (r.as_str(), page.t(&format!("opening-{r}")))).collect(),
        watch: if discipline { report_care::watch(tx, &page, &facts, &record, ret_01).await? } else { None },
        violations: carried,
        withdrawn: report.withdrawn,
        may_link,
        linked: report.linked_filing.is_some(),
        offers,
        form,
        page,
    };
    html_with(status, &view)
}

/// Filings of some days around the reported arrival.
async fn offers(
    app: &App,
    tx: &mut Tx,
    page: &Page,
    facts: &Facts<'_>,
    record: &ReportRecord,
) -> Result<Vec<Offer>, AppError> {
    let zone = app.service.settings.zone;
    let day = zone.local_date(record.report.arrived_at);
    let search = FilingSearch {
        scope: Scope::All,
        agency: None,
        enterprise: Some(record.report.enterprise),
        kind: None,
        mark: None,
        overdue_by: record.report.filed_at,
        from: Some(day - DAYS_AROUND),
        to: Some(day + DAYS_AROUND),
        words: None,
    };
    let found = filing_search::search(tx, &search, None, OFFERED).await?;
    let offer = |filing: filing_search::FoundFiling| {
        let f = &filing.record.filing;
        Offer {
            id: f.id.to_string(),
            title: facts.agency(f.agency),
            words: format!("{} · {}", filing.record.number, page.lang.span(f.span(), page.now, zone)),
            linked: record.report.linked_filing == Some(f.id),
        }
    };
    Ok(found.into_iter().filter(|filing| filing.record.filing.live()).map(offer).collect())
}
