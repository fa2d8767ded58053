//! `/f/ID/papers`: the approval by the unit's head and the papers of a special inspection, of a filing that may have arrived already. The same
//! fields are on the filing form; both read them here.

use super::amend::amend;
use super::fetch;
use crate::actions::{Accompanying, AmendFiling};
use crate::app::App;
use crate::domain::filing::{Approval, Filing, Kind, SpecialPapers};
use crate::domain::id::FilingId;
use crate::domain::text::{NAME_MAX, PURPOSE_MAX};
use crate::web::extract::{Inspecting, Now};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::{Path, State};
use chrono::NaiveDateTime;

/// The fields, as on the filing form.
pub(super) const FIELDS: [&str; 7] = [
    "approver",
    "approver_position",
    "approval_document",
    "approved_at",
    "special_document",
    "special_reference",
    "special_link",
];

/// How browsers write a local date and time.
const LOCAL: &str = "%Y-%m-%dT%H:%M";

#[derive(Template)]
#[template(path = "pages/filing/papers.html")]
struct Papers {
    page: Page,
    id: FilingId,
    special: bool,
    /// What the unit's head approved in person, which nobody changes here.
    approved: Option<String>,
    form: Form,
}

/// Whether somebody filled in one of the fields.
pub(super) fn any(form: &Form) -> bool {
    FIELDS.iter().any(|name| form.filled(name))
}

/// What the form says; errors are recorded in it.
pub(super) fn read(form: &mut Form, page: &Page) -> Accompanying {
    let [approver, position, document] =
        ["approver", "approver_position", "approval_document"].map(|name| form.optional_line(name, NAME_MAX));
    let typed = form.one("approved_at").trim().to_owned();
    let approved_at = NaiveDateTime::parse_from_str(&typed, LOCAL)
        .or_else(|_| NaiveDateTime::parse_from_str(&typed, "%Y-%m-%dT%H:%M:%S"))
        .or_else(|_| NaiveDateTime::parse_from_str(&typed, "%Y-%m-%d %H:%M"))
        .ok()
        .map(|local| page.zone().instant(local.date(), local.time()));
    let approval = if approved_at.is_none() && !typed.is_empty() {
        form.fail("approved_at", "bad_date");
        None
    } else {
        Accompanying::approval_of(approver, position, document, approved_at).unwrap_or_else(|error| {
            form.fail(error.field, error.code);
            None
        })
    };
    let [approval_document, filing_reference] =
        ["special_document", "special_reference"].map(|name| form.optional_line(name, NAME_MAX));
    let publication_link = form.optional_line("special_link", PURPOSE_MAX);
    let special = SpecialPapers { approval_document, filing_reference, publication_link };
    Accompanying { assistants: Vec::new(), approval, special }
}

/// What is shown of them on the review and the receipt, line by line; nothing that is empty.
pub(in crate::web::views) fn facts(
    page: &Page,
    approval: Option<&Approval>,
    special: &SpecialPapers,
) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    if let Some(approval) = approval {
        let who = [&approval.approver, &approval.position, &approval.document];
        let who: Vec<&str> = who.into_iter().map(String::as_str).filter(|words| !words.is_empty()).collect();
        let mut words = format!("{} · {}", who.join(" · "), page.time(&approval.approved_at));
        if approval.account.is_some() {
            words = page.t1("papers-by-head", "approval", words);
        }
        facts.push((page.t("field-approval"), words));
    }
    facts.push((page.t("field-special-document"), special.approval_document.clone()));
    facts.push((page.t("field-special-reference"), special.filing_reference.clone()));
    facts.push((page.t("field-special-link"), special.publication_link.clone()));
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// Whether papers may be entered: of every live inspection, before and after the arrival.
pub(super) fn possible(filing: &Filing) -> bool {
    filing.live() && filing.inspection()
}

fn filled(page: &Page, filing: &Filing, version: i64) -> Form {
    let mut fields = vec![("version", version.to_string())];
    if let Some(approval) = &filing.approval {
        fields.push(("approver", approval.approver.clone()));
        fields.push(("approver_position", approval.position.clone()));
        fields.push(("approval_document", approval.document.clone()));
        fields.push(("approved_at", page.zone().local(approval.approved_at).format(LOCAL).to_string()));
    }
    fields.push(("special_document", filing.special.approval_document.clone()));
    fields.push(("special_reference", filing.special.filing_reference.clone()));
    fields.push(("special_link", filing.special.publication_link.clone()));
    Form::prefilled(fields)
}

fn show(page: Page, filing: &Filing, form: Form) -> Answer {
    let by_head = filing.approval.as_ref().filter(|approval| approval.account.is_some());
    let approved = by_head.and_then(|approval| facts(&page, Some(approval), &SpecialPapers::default()).pop());
    let approved = approved.map(|(_, words)| words);
    html_with(form.status(), &Papers { page, id: filing.id, special: filing.kind == Kind::Special, approved, form })
}

/// `GET /f/{id}/papers`.
pub(in crate::web) async fn get(
    State(app): State<App>,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
) -> Answer {
    let record = fetch(&mut app.db.read().await?, &inspecting, &id).await?;
    if !possible(&record.filing) {
        return see_other(&paths::filing(record.filing.id));
    }
    let form = filled(&page, &record.filing, record.version);
    show(page, &record.filing, form)
}

/// `POST /f/{id}/papers`.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Now(now): Now,
    page: Page,
    inspecting: Inspecting,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let record = fetch(&mut app.db.read().await?, &inspecting, &id).await?;
    let id = record.filing.id;
    if !possible(&record.filing) {
        return see_other(&paths::filing(id));
    }
    let names: Vec<&str> = FIELDS.into_iter().chain(["version"]).collect();
    let mut form = form.only(&names);
    let more = read(&mut form, &page);
    if form.has_errors() {
        return show(page, &record.filing, form);
    }
    // A page that was opened before the head approved still has the fields; what it says is refused, not dropped.
    let left = record.filing.approval.as_ref().is_some_and(|a| a.account.is_some()) && more.approval.is_none();
    let command = AmendFiling {
        approval: (!left).then_some(more.approval),
        special: Some(more.special),
        ..AmendFiling::default()
    };
    if amend(&app, now, &inspecting, id, &mut form, command).await? {
        return see_other(&paths::filing(id));
    }
    show(page, &record.filing, form)
}
