//! `/f/ID`: a filing as its own agency sees it, on an enrolled phone: the receipt after sending, the screen to show at the door, and every next
//! step. A stable link.

use super::sheet::{exemption_words, kind_words};
use super::verdict::{Item, items};
use super::{change, fetch, papers, status};
use crate::actions::Snapshot;
use crate::app::App;
use crate::domain::day::Zone;
use crate::domain::filing::{Filing, VisitResult};
use crate::domain::id::FilingId;
use crate::domain::sign_code::ShortCode;
use crate::print::qr::{self, Medium};
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::filings::{self, FilingRecord};
use crate::storage::{Tx, signs, sites};
use crate::web::error::AppError;
use crate::web::extract::{Inspecting, Now};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

/// Pixels a module of the code on a screen.
const SCALE: usize = 8;

/// What the inspector can do next.
#[expect(clippy::struct_excessive_bools, reason = "each is a button")]
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Next {
    /// Today is a day of the plan.
    pub arrive: bool,
    /// Nobody has arrived, and today is none of the planned days.
    pub arrive_unplanned: bool,
    pub leave: bool,
    pub result: bool,
    /// There is a result, which may be wrong.
    pub correct: bool,
    pub change: bool,
    /// The approval and the papers may be entered.
    pub papers: bool,
}

/// A matter that may have been inspected.
pub(super) struct Inspected {
    pub value: String,
    pub label: String,
    pub filed: bool,
}

#[derive(Template)]
#[template(path = "pages/filing/receipt.html")]
struct Receipt {
    page: Page,
    id: FilingId,
    number: Vec<String>,
    name: String,
    state: String,
    tone: &'static str,
    /// When it was filed, in words: the server's time below 报备成功, else what it is the time of.
    filed: String,
    agency: String,
    facts: Vec<(String, String)>,
    items: Vec<Item>,
    title: String,
    /// The planned time has passed and nobody arrived: the inspector is asked what became of it.
    overdue: bool,
    planned: String,
    /// What the enterprise compares at the door.
    door: Vec<(String, String)>,
    /// The inspectors have left, or have said what came of it: the door is behind them.
    over: bool,
    pin: String,
    confirmed: bool,
    next: Next,
    results: Vec<(&'static str, String)>,
    /// What may have been inspected: the filed matters, then the agency's others.
    inspected: Vec<Inspected>,
    cancelled: Option<String>,
    cancel_reason: String,
    /// Where the same enterprise is filed again; empty if none of its codes is in use.
    again: String,
    draft: String,
}

/// `GET /f/{id}`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let record = fetch(&mut tx, &inspecting, &id).await?;
    let enterprise = enterprises::get(&mut tx, record.filing.enterprise).await?.ok_or(AppError::NotFound)?;
    let signs = signs::of_unit(&mut tx, enterprise.id.0).await?;
    let drafts: Vec<String> = signs.iter().map(|sign| format!("filing-{}", sign.token)).collect();
    let snapshot = app.service.snapshot(&mut tx).await?;
    let rank = rank_in_year(&mut tx, &page, &record).await?;
    let mut view = receipt(page, now, &snapshot, &record, enterprise, drafts.join(" "));
    let in_use = signs.iter().find(|sign| sign.state.in_use());
    view.again = in_use.map(|sign| paths::file(&sign.token)).unwrap_or_default();
    if let Some(site) = sites::of_filing(&mut tx, record.filing.id).await? {
        let line = (view.page.t("registry-site-at"), site.line());
        view.door.insert(0, line.clone());
        view.facts.insert(0, line);
    }
    view.door.extend(rank.clone());
    view.facts.extend(rank);
    html(&view)
}

/// The how-many-eth inspection of its year at the enterprise it is, as a line of the facts.
async fn rank_in_year(tx: &mut Tx, page: &Page, record: &FilingRecord) -> Result<Option<(String, String)>, AppError> {
    let zone = page.zone();
    let first = record.filing.first_day(zone);
    let new_year = NaiveDate::from_ymd_opt(first.year(), 1, 1).unwrap_or(first);
    let filed = filings::dossier(tx, record.filing.enterprise, new_year).await?;
    let counted = |f: &Filing| f.live() && f.inspection() && f.first_day(zone).year() == first.year();
    let rank = filed.iter().filter(|r| counted(&r.filing) && r.filing.span().start() <= record.filing.span().start());
    let words = page.t1("year-count", "count", rank.count());
    Ok(counted(&record.filing).then(|| (page.t("field-year-count"), words)))
}

fn receipt(
    page: Page,
    now: DateTime<Utc>,
    snapshot: &Snapshot,
    record: &FilingRecord,
    enterprise: EnterpriseRecord,
    draft: String,
) -> Receipt {
    let filing = &record.filing;
    let (state, tone) = status::of(&page, filing, now);
    let agency = snapshot.registries.agencies.get(&filing.agency).map(|a| a.name.clone()).unwrap_or_default();
    Receipt {
        id: filing.id,
        number: groups(&record.number),
        name: enterprise.name,
        state,
        tone,
        filed: filed(&page, filing),
        agency,
        facts: facts(&page, snapshot, record),
        items: items(&page, snapshot, &record.verdict),
        title: title(&page, filing),
        planned: page.lang.span(filing.planned, page.now, page.zone()),
        overdue: status::overdue(filing, now),
        door: door(&page, snapshot, record),
        over: filing.left_at.is_some() || filing.result.is_some(),
        pin: record.arrival_pin.clone(),
        confirmed: record.presence_confirmed_at.is_some(),
        next: next(record, page.today(), page.zone()),
        results: VisitResult::ALL.iter().map(|r| (r.as_str(), result_words(&page, *r))).collect(),
        inspected: inspected(snapshot, filing, page.today()),
        cancelled: filing.cancelled_at.map(|at| page.time(&at)),
        cancel_reason: record.cancel_reason.clone(),
        again: String::new(),
        draft,
        page,
    }
}

/// When it was filed. Once somebody has come the heading is about something else.
fn filed(page: &Page, filing: &Filing) -> String {
    let begun = filing.arrived_at.is_some() || filing.left_at.is_some() || filing.result.is_some();
    let key = if begun { "receipt-filed-at" } else { "receipt-server-time" };
    page.t1(key, "time", page.time(&filing.filed_at))
}

/// The words of a result.
pub(super) fn result_words(page: &Page, result: VisitResult) -> String {
    page.t(&format!("result-{}", result.as_str().replace('_', "-")))
}

/// The state that leads the page.
fn title(page: &Page, filing: &Filing) -> String {
    page.t(if filing.result.is_some() {
        "receipt-completed"
    } else if filing.left_at.is_some() {
        "receipt-left"
    } else if filing.arrived_at.is_some() {
        "receipt-arrived"
    } else {
        "receipt-title"
    })
}

/// What the enterprise compares with the certificates and its own calendar: validity, people, exemption.
fn door(page: &Page, snapshot: &Snapshot, record: &FilingRecord) -> Vec<(String, String)> {
    let filing = &record.filing;
    let known = &snapshot.registries.inspectors;
    let named = |cert: &String| known.get(cert).map_or_else(|| cert.clone(), |i| format!("{} {cert}", i.name));
    let people: Vec<String> = filing.inspectors.iter().map(named).collect();
    let exemption = filing.exemption.as_ref().map(|e| exemption_words(page, e.code));
    vec![
        (page.t("door-valid"), page.lang.span(filing.planned, page.now, page.zone())),
        (page.t("door-people"), people.join(&page.t("list-comma"))),
        (page.t("field-exemption"), exemption.unwrap_or_else(|| page.t("door-no-exemption"))),
    ]
}

fn groups(number: &str) -> Vec<String> {
    let grouped = ShortCode::parse(number).map_or_else(|_| number.to_owned(), |code| code.display_groups());
    grouped.split('-').map(str::to_owned).collect()
}

fn next(record: &FilingRecord, today: NaiveDate, zone: Zone) -> Next {
    let filing = &record.filing;
    let live = filing.live();
    let awaited = live && filing.arrived_at.is_none();
    let planned = filing.planned.days(zone).any(|day| day == today);
    Next {
        arrive: awaited && planned,
        arrive_unplanned: awaited && !planned,
        leave: live && filing.arrived_at.is_some() && filing.left_at.is_none(),
        result: live && filing.arrived_at.is_some() && filing.result.is_none(),
        correct: live && filing.result.is_some(),
        change: change::possible(filing),
        papers: papers::possible(filing),
    }
}

/// The filed matters and what else the agency has published.
pub(super) fn inspected(snapshot: &Snapshot, filing: &Filing, today: NaiveDate) -> Vec<Inspected> {
    let registries = &snapshot.registries;
    let (own, root) = (filing.agency, registries.root(filing.agency));
    let mut list: Vec<Inspected> = registries
        .matters
        .values()
        .filter(|m| filing.matters.contains(&m.id) || (m.agency == own || m.agency == root) && m.published_on(today))
        .map(|m| Inspected { value: m.id.to_string(), label: m.name.clone(), filed: filing.matters.contains(&m.id) })
        .collect();
    list.sort_by(|a, b| (!a.filed, &a.label).cmp(&(!b.filed, &b.label)));
    list
}

/// What a filing says, line by line; nothing that is empty.
pub(super) fn facts(page: &Page, snapshot: &Snapshot, record: &FilingRecord) -> Vec<(String, String)> {
    let filing = &record.filing;
    let registries = &snapshot.registries;
    let comma = page.t("list-comma");
    let matters: Vec<&str> =
        filing.matters.iter().filter_map(|m| registries.matters.get(m)).map(|m| m.name.as_str()).collect();
    let names: Vec<&str> = filing
        .inspectors
        .iter()
        .map(|c| registries.inspectors.get(c).map_or(c.as_str(), |i| i.name.as_str()))
        .collect();
    let mut facts = vec![
        (page.t("field-kind"), kind_words(page, filing.kind)),
        (page.t("field-matters"), matters.join(&comma)),
        (page.t("field-inspectors"), names.join(&comma)),
        (page.t("field-planned"), page.lang.span(filing.planned, page.now, page.zone())),
    ];
    facts.extend(filing.arrived_at.map(|at| (page.t("field-arrived"), page.time(&at))));
    facts.extend(filing.left_at.map(|at| (page.t("field-left"), page.time(&at))));
    if let Some(result) = filing.result {
        facts.push((page.t("field-result"), result_words(page, result)));
    }
    if let Some(exemption) = &filing.exemption {
        facts.push((page.t("field-exemption"), exemption_words(page, exemption.code)));
        facts.push((page.t("field-evidence"), exemption.evidence_ref.clone()));
    }
    facts.extend(papers::facts(page, filing.approval.as_ref(), &filing.special));
    facts.extend(filing.joint_group.clone().map(|group| (page.t("field-joint"), group)));
    facts.push((page.t("field-note"), record.note.clone()));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// `GET /f/{id}/qr.png`: the inspection code that the enterprise scans to verify on our host. A real image, so that a long press saves it.
pub(in crate::web) async fn picture(
    State(app): State<App>,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let record = fetch(&mut tx, &inspecting, &id).await?;
    let link = format!("{}{}", page.public_url(), paths::inspection(&record.inspection_code));
    let picture = qr::png(&link, Medium::Screen, SCALE).map_err(|error| AppError::internal(&error))?;
    let mut response = Response::new(Body::from(picture));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("image/png"));
    Ok(response)
}
