//! `/f/ID/change`: moving a filing to another time (改期) and correcting it (更正), until somebody has arrived.

use super::amend::amend;
use super::sheet::Sheet;
use super::{draft, fetch};
use crate::actions::{AmendFiling, Snapshot};
use crate::app::App;
use crate::domain::day::Zone;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::Filing;
use crate::domain::id::{FilingId, MatterId};
use crate::domain::text::PURPOSE_MAX;
use crate::storage::filings::FilingRecord;
use crate::web::error::AppError;
use crate::web::extract::{Inspecting, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::{Path, State};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Timelike as _, Utc};

const FIELDS: &[&str] = &[
    "version",
    "matters",
    "inspectors",
    "date",
    "planned_start",
    "planned_end",
    "exemption",
    "exemption_reason",
    "evidence_ref",
    "change_reason",
];

#[derive(Template)]
#[template(path = "pages/filing/change.html")]
struct Change {
    page: Page,
    id: FilingId,
    sheet: Sheet,
    /// How many days after its beginning it ends, if that is to be told.
    days: u64,
    form: Form,
}

impl Change {
    /// Of a visit of several days, on which day it ends.
    fn end_hint(&self) -> String {
        if self.days == 0 { String::new() } else { self.page.t1("change-end-days", "days", self.days) }
    }
}

/// Whether a filing may still be moved, corrected or cancelled: nobody has arrived.
pub(super) const fn possible(filing: &Filing) -> bool {
    filing.live() && filing.arrived_at.is_none()
}

/// The planned span as the form shows it: day, times to the minute, and how many days later it ends, unless it is the next time that the clock
/// shows the end.
struct Shown {
    day: NaiveDate,
    start: NaiveTime,
    end: NaiveTime,
    days: u64,
}

impl Shown {
    fn of(zone: Zone, filing: &Filing) -> Self {
        let (start, end) = (zone.local(filing.planned.start()), zone.local(filing.planned.end()));
        let minute = |time: NaiveTime| time.with_second(0).and_then(|time| time.with_nanosecond(0)).unwrap_or(time);
        let (first, last) = (minute(start.time()), minute(end.time()));
        let days = u64::try_from((end.date() - start.date()).num_days()).unwrap_or_default();
        // A night that ends the next morning is no visit of several days.
        let days = if days == 1 && last <= first { 0 } else { days };
        Self { day: start.date(), start: first, end: last, days }
    }

    /// The span that the form asks for; `None` for the one that is. A visit of several days keeps their number.
    fn moved(
        &self,
        zone: Zone,
        day: NaiveDate,
        start: NaiveTime,
        end: NaiveTime,
    ) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        if (day, start, end) == (self.day, self.start, self.end) {
            return None;
        }
        let begin = zone.instant(day, start);
        let later = || zone.instant(day + Days::new(self.days), end);
        Some((begin, if self.days == 0 { draft::end_of(zone, begin, end) } else { later() }))
    }
}

/// The form as the filing is now.
fn filled(page: &Page, record: &FilingRecord, own: &str) -> Form {
    let filing = &record.filing;
    let shown = Shown::of(page.zone(), filing);
    let mut fields = vec![
        ("version", record.version.to_string()),
        ("date", shown.day.to_string()),
        ("planned_start", shown.start.format("%H:%M").to_string()),
        ("planned_end", shown.end.format("%H:%M").to_string()),
    ];
    fields.extend(filing.matters.iter().map(|matter| ("matters", matter.to_string())));
    fields.extend(filing.inspectors.iter().filter(|c| *c != own).map(|cert_no| ("inspectors", cert_no.clone())));
    if let Some(exemption) = &filing.exemption {
        fields.push(("exemption", exemption.code.to_string()));
        fields.push(("exemption_reason", exemption.reason.clone()));
        fields.push(("evidence_ref", exemption.evidence_ref.clone()));
    }
    Form::prefilled(fields)
}

/// What the form says; errors are recorded in it.
fn read(form: &mut Form, page: &Page, record: &FilingRecord, own: &str) -> Option<AmendFiling> {
    let matters: Option<Vec<MatterId>> = form.all("matters").map(MatterId::parse).collect();
    if matters.is_none() {
        form.fail("matters", "unknown");
    }
    let date = draft::date(form, "date");
    let start = draft::clock(form, "planned_start");
    let end = draft::clock(form, "planned_end");
    let exemption = if form.filled("exemption") { form.choice("exemption", ExemptionCode::parse) } else { None };
    let exemption_reason = form.optional_paragraph("exemption_reason", PURPOSE_MAX);
    let evidence_ref = form.optional_line("evidence_ref", PURPOSE_MAX);
    // An exemption taken back may leave its words in the form; words without one to begin with are meant to be one.
    let worded = form.filled("exemption_reason") || form.filled("evidence_ref");
    if worded && !form.filled("exemption") && record.filing.exemption.is_none() {
        form.fail("exemption", "not_chosen");
    }
    let reason = form.optional_paragraph("change_reason", PURPOSE_MAX);
    if !form.filled("change_reason") {
        form.fail("change_reason", "required");
    }
    // Oneself is not among the choices, and stays.
    let mut inspectors: Vec<String> = record.filing.inspectors.iter().filter(|c| *c == own).cloned().collect();
    inspectors.extend(form.all("inspectors").map(str::to_owned));
    let (date, start, end) = (date?, start?, end?);
    Some(AmendFiling {
        planned: Shown::of(page.zone(), &record.filing).moved(page.zone(), date, start, end),
        exemption: Some(exemption),
        exemption_reason: Some(exemption_reason),
        evidence_ref: Some(evidence_ref),
        inspectors: Some(inspectors),
        matters: Some(matters?),
        reason,
        ..AmendFiling::default()
    })
}

async fn record(
    app: &App,
    inspecting: &Inspecting,
    id: &str,
) -> Result<(FilingRecord, std::sync::Arc<Snapshot>), AppError> {
    let mut tx = app.db.read().await?;
    let record = fetch(&mut tx, inspecting, id).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    Ok((record, snapshot))
}

fn show(page: Page, snapshot: &Snapshot, inspecting: &Inspecting, filing: &Filing, form: Form) -> Answer {
    let sheet = Sheet::of_change(&page, snapshot, &inspecting.inspector, filing);
    let days = Shown::of(page.zone(), filing).days;
    html_with(form.status(), &Change { page, id: filing.id, sheet, days, form })
}

/// `GET /f/{id}/change`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
) -> Answer {
    let (record, snapshot) = record(&app, &inspecting, &id).await?;
    if !possible(&record.filing) {
        return see_other(&paths::filing(record.filing.id));
    }
    let form = filled(&page, &record, &inspecting.inspector.cert_no);
    show(page, &snapshot, &inspecting, &record.filing, form)
}

/// `POST /f/{id}/change`.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let (record, snapshot) = record(&app, &inspecting, &id).await?;
    let id = record.filing.id;
    if !possible(&record.filing) {
        return see_other(&paths::filing(id));
    }
    let mut form = form.only(FIELDS);
    let command = read(&mut form, &page, &record, &inspecting.inspector.cert_no);
    let Some(command) = command.filter(|_| !form.has_errors()) else {
        return show(page, &snapshot, &inspecting, &record.filing, form);
    };
    if amend(&app, now, &inspecting, id, &mut form, command).await? {
        return see_other(&paths::filing(id));
    }
    show(page, &snapshot, &inspecting, &record.filing, form)
}
