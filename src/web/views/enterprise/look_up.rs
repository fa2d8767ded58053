//! `/r`: what became of a report, for whoever holds its sixteen digits; adding words, taking it back.
//!
//! The digits travel in the body, never in an address. What is not known is not promised.

use super::door;
use super::report::receipt::groups;
use crate::actions::held_up;
use crate::actions::look_ups::{LookedUp, look_up, open_pass};
use crate::actions::passes::Ask;
use crate::actions::reporters::raise_identity;
use crate::actions::{ActionError, FieldError, Submission, add_to_report, submission, withdraw_report};
use crate::app::App;
use crate::domain::holidays::deadline;
use crate::domain::open_form::HeldState;
use crate::domain::reporter::Identity;
use crate::domain::sign_code::{ReceiptNumber, ReceiptNumberError};
use crate::domain::text::REPORT_MAX;
use crate::domain::violation::{RuleCode, Subject, ViolationState};
use crate::storage::reports::{self, ReportRecord};
use crate::storage::{Tx, contact_openings, conversations, quarantine, violations};
use crate::web::cookies::encode_secret;
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::respond::{Answer, html, html_with};
use crate::web::settle::settle;
use crate::web::views::open_form;
use crate::web::{ClientAddr, Form, Now, paths};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};

#[derive(Template)]
#[template(path = "pages/enterprise/look_up.html")]
struct LookUp {
    page: Page,
    form: Form,
}

#[derive(Template)]
#[template(path = "pages/enterprise/look_up_answer.html")]
struct Found {
    page: Page,
    form: Form,
    groups: Vec<String>,
    agency: String,
    arrived: String,
    timeline: Vec<Event>,
    talk: Vec<Said>,
    identity: Identity,
    /// To what it may be widened.
    wider: Vec<Identity>,
    withdrawn: bool,
    /// What was just done, as a key; empty for nothing.
    done: &'static str,
}

#[derive(Template)]
#[template(path = "pages/enterprise/look_up_withdraw.html")]
struct Withdraw {
    page: Page,
    receipt: String,
    /// With which the number meets nothing when it is sent again.
    pass: String,
}

/// Something that happened, in words.
struct Event {
    at: Option<String>,
    words: String,
}

/// A line of the conversation: what the reporter added, or what a supervisor wrote.
struct Said {
    at: String,
    supervisor: bool,
    words: String,
}

/// `GET /r`.
pub(super) async fn get(page: Page) -> Answer {
    html(&LookUp { page, form: Form::default() })
}

/// `POST /r` with the digits.
pub(super) async fn post(State(app): State<App>, page: Page, Now(now): Now, addr: ClientAddr, form: Form) -> Answer {
    let mut form = form.only(&["receipt", "pass", "work"]);
    match held(&app, now, addr, &mut form).await? {
        Held::Right(record) => {
            // The messages on this page are seen now: that is all a supervisor learns of it.
            let mut tx = app.db.write().await?;
            conversations::seen(&mut tx, record.report.id, now).await?;
            tx.commit().await?;
            found(&app, page, fresh(&app, &record), &record, "").await
        }
        other => not_held(page, form, paths::LOOK_UP, other),
    }
}

/// `POST /r/add` with the digits and the words.
pub(super) async fn add(State(app): State<App>, page: Page, Now(now): Now, addr: ClientAddr, form: Form) -> Answer {
    let mut form = form.only(&["receipt", "pass", "work", "submission", "added"]);
    let record = match held(&app, now, addr, &mut form).await? {
        Held::Right(record) => record,
        other => return not_held(page, form, paths::LOOK_UP_ADD, other),
    };
    let words = form.optional_paragraph("added", REPORT_MAX);
    if words.is_empty() && !form.has_errors() {
        form.fail("added", "required");
    }
    if !super::report::receipt::is_key(form.one("submission")) {
        form.set("submission", encode_secret(&app.service.ids.secret()));
        form.fail("", "no-submission");
    }
    if form.has_errors() {
        return found(&app, page, form, &record, "").await;
    }
    let id = record.report.id;
    let key = Submission { scope: format!("note:{id}"), key: form.one("submission").to_owned() };
    let mut tx = app.db.write().await?;
    match submission::claim(&mut tx, now, Some(&key), &words, id.0).await {
        Ok(None) => add_to_report(&mut tx, &app.service, now, id, &words).await?,
        // Sent before: it is there.
        Ok(Some(_)) => {}
        Err(ActionError::OtherContent(_)) => {
            drop(tx);
            form.set("submission", encode_secret(&app.service.ids.secret()));
            form.fail("added", "sent-before");
            return found(&app, page, form, &record, "").await;
        }
        Err(error) => return Err(error.into()),
    }
    tx.commit().await?;
    found(&app, page, fresh(&app, &record), &record, "look-added").await
}

/// `POST /r/withdraw` with the digits; asks first.
pub(super) async fn withdraw(
    State(app): State<App>,
    page: Page,
    Now(now): Now,
    addr: ClientAddr,
    form: Form,
) -> Answer {
    let mut form = form.only(&["receipt", "pass", "work", "sure"]);
    let record = match held(&app, now, addr, &mut form).await? {
        Held::Right(record) => record,
        other => return not_held(page, form, paths::LOOK_UP_WITHDRAW, other),
    };
    if form.one("sure") != "yes" {
        let pass = open_pass(&app.service, now, &record.receipt);
        return html(&Withdraw { page, receipt: record.receipt, pass });
    }
    let mut tx = app.db.write().await?;
    match withdraw_report(&mut tx, &app.service, now, record.report.id).await {
        Ok(()) => tx.commit().await?,
        // It was withdrawn before: that is what was wanted.
        Err(ActionError::State(_)) => drop(tx),
        Err(error) => return Err(error.into()),
    }
    let mut tx = app.db.read().await?;
    let record = reports::get(&mut tx, record.report.id).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    found(&app, page, fresh(&app, &record), &record, "look-withdrawn-now").await
}

/// `POST /r/identity` with the digits and how far the reporter may be named.
pub(super) async fn identity(
    State(app): State<App>,
    page: Page,
    Now(now): Now,
    addr: ClientAddr,
    form: Form,
) -> Answer {
    let mut form = form.only(&["receipt", "pass", "work", "submission", "identity"]);
    let record = match held(&app, now, addr, &mut form).await? {
        Held::Right(record) => record,
        other => return not_held(page, form, paths::LOOK_UP_IDENTITY, other),
    };
    let Some(wanted) = form.choice("identity", Identity::parse) else {
        return found(&app, page, form, &record, "").await;
    };
    let mut tx = app.db.write().await?;
    let done = raise_identity(&mut tx, &app.service, now, record.report.id, wanted).await;
    if settle(tx, &mut form, done).await?.is_none() {
        return found(&app, page, form, &record, "").await;
    }
    let mut tx = app.db.read().await?;
    let record = reports::get(&mut tx, record.report.id).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    found(&app, page, fresh(&app, &record), &record, "identity-done").await
}

/// A form for more words.
fn fresh(app: &App, record: &ReportRecord) -> Form {
    let submission = encode_secret(&app.service.ids.secret());
    Form::prefilled([("receipt", record.receipt.clone()), ("submission", submission)])
}

/// What became of the digits in a form.
enum Held {
    Right(Box<ReportRecord>),
    /// They are wrong; how is in the form.
    Wrong,
    Ask(Ask),
}

/// The report of the digits in the form; what is wrong with them is recorded in it.
async fn held(app: &App, now: DateTime<Utc>, addr: ClientAddr, form: &mut Form) -> Result<Held, AppError> {
    if form.has_errors() {
        return Ok(Held::Wrong);
    }
    let receipt = match ReceiptNumber::parse(form.one("receipt")) {
        Ok(receipt) => receipt,
        Err(error) => {
            form.fail_all([malformed(form.one("receipt"), error)]);
            return Ok(Held::Wrong);
        }
    };
    let network = door::masked(app, &addr.network());
    let (pass, work) = (form.one("pass").to_owned(), form.one("work").to_owned());
    let mut tx = app.db.write().await?;
    match look_up(&mut tx, &app.service, now, &network, &receipt, (&pass, &work)).await? {
        LookedUp::Right(record) => {
            tx.rollback().await?;
            Ok(Held::Right(record))
        }
        LookedUp::Wrong => {
            tx.commit().await?;
            form.fail("receipt", "unknown");
            Ok(Held::Wrong)
        }
        LookedUp::Ask(ask) => {
            tx.rollback().await?;
            app.service.held_up.count(held_up::Held::Receipt);
            Ok(Held::Ask(ask))
        }
    }
}

/// The page for digits that led to no report, from a form that was sent to `action`.
fn not_held(page: Page, form: Form, action: &str, held: Held) -> Answer {
    match held {
        Held::Ask(ask) => open_form::ask_look_up(page, action, &form, ask),
        Held::Right(_) | Held::Wrong => html_with(StatusCode::UNPROCESSABLE_ENTITY, &LookUp { page, form }),
    }
}

fn malformed(typed: &str, error: ReceiptNumberError) -> FieldError {
    let (code, hint) = match error {
        ReceiptNumberError::Length { .. } if typed.trim().is_empty() => ("required", None),
        ReceiptNumberError::Length { found } => ("length", Some(found.to_string())),
        ReceiptNumberError::NotDigit { position, .. } => ("digit", Some(position.to_string())),
        ReceiptNumberError::Check => ("check", None),
    };
    FieldError { field: "receipt", code, hint }
}

async fn found(app: &App, page: Page, mut form: Form, record: &ReportRecord, done: &'static str) -> Answer {
    form.set("pass", open_pass(&app.service, page.now, &record.receipt));
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let agencies = &snapshot.registries.agencies;
    let agency = record.report.agency.and_then(|id| agencies.get(&id)).map(|a| a.name.clone());
    let text = Some(record.agency_text.clone()).filter(|text| !text.is_empty());
    let status = form.status();
    let view = Found {
        groups: groups(&record.receipt),
        agency: agency.or(text).unwrap_or_else(|| page.t("unknown")),
        arrived: page.arrival(&record.report.arrived_at, record.report.arrival_known),
        timeline: timeline(&mut tx, &page, &snapshot, record).await?,
        talk: talk(&mut tx, &page, record).await?,
        identity: record.identity,
        wider: Identity::ALL.iter().copied().filter(|level| *level > record.identity).collect(),
        withdrawn: record.withdrawn_at.is_some(),
        form,
        page,
        done,
    };
    html_with(status, &view)
}

/// The conversation, oldest first.
async fn talk(tx: &mut Tx, page: &Page, record: &ReportRecord) -> Result<Vec<Said>, AppError> {
    let id = record.report.id;
    let mut said: Vec<(DateTime<Utc>, bool, String)> = Vec::new();
    for note in reports::notes(tx, id).await? {
        said.push((note.created_at, false, note.words));
    }
    for message in conversations::messages(tx, id).await? {
        let phrase = message.phrase.map(|phrase| page.t(&format!("phrase-{phrase}")));
        let parts: Vec<String> = phrase.into_iter().chain(Some(message.words).filter(|w| !w.is_empty())).collect();
        said.push((message.created_at, true, parts.join("\n")));
    }
    said.sort_by_key(|(at, supervisor, _)| (*at, *supervisor));
    Ok(said.into_iter().map(|(at, supervisor, words)| Said { at: page.time(&at), supervisor, words }).collect())
}

/// What is known, in order.
async fn timeline(
    tx: &mut Tx,
    page: &Page,
    snapshot: &crate::actions::Snapshot,
    record: &ReportRecord,
) -> Result<Vec<Event>, AppError> {
    let report = &record.report;
    let mut events = vec![Event { at: Some(page.time(&report.filed_at)), words: page.t("look-received") }];
    for note in reports::notes(tx, report.id).await? {
        events.push(Event { at: Some(page.time(&note.created_at)), words: page.t("look-note") });
    }
    for opening in contact_openings::of_report(tx, report.id).await? {
        if let Some(at) = opening.opened_at {
            let reason = page.t(&format!("opening-{}", opening.reason));
            events.push(Event { at: Some(page.time(&at)), words: page.t1("look-contact-opened", "reason", reason) });
        }
    }
    if let Some(at) = record.withdrawn_at {
        events.push(Event { at: Some(page.time(&at)), words: page.t("look-withdrawn") });
        return Ok(events);
    }
    // What only the discipline office sees is no answer here either.
    let raised = violations::by_subject(tx, Subject::Report(report.id)).await?;
    let raised: Vec<_> = raised.into_iter().filter(|v| v.rule != RuleCode::Int01).collect();
    let open = |rule| raised.iter().any(|v| v.rule == rule && v.state == ViolationState::Suspected);
    let day = snapshot.registries.zone.local_date(report.arrived_at);
    let days = snapshot.policies.on(day).policy.rules.fil_04.working_days;
    let last = snapshot.registries.holidays.addwd(day, days);
    let held = quarantine::get(tx, report.id.0).await?.is_some_and(|held| held.state != HeldState::Released);
    let comparison = if record.matched_filing.is_some() {
        page.t("look-matched")
    } else if report.agency.is_none() {
        page.t("look-no-agency")
    } else if report.service {
        page.t("look-service")
    } else if held {
        // Compared with nothing yet.
        page.t("look-held")
    } else if page.now < deadline(snapshot.registries.zone, last) {
        page.t1("look-waiting", "day", page.date(&last))
    } else {
        page.t("look-unmatched")
    };
    events.push(Event { at: None, words: comparison });
    let decided = raised
        .iter()
        .filter(|v| matches!(v.state, ViolationState::Confirmed | ViolationState::Dismissed))
        .filter_map(|v| v.decided_at)
        .max();
    if let Some(at) = decided {
        events.push(Event { at: Some(page.time(&at)), words: page.t("look-decided") });
    } else if raised.iter().any(|v| open(v.rule)) {
        events.push(Event { at: None, words: page.t("look-open") });
    }
    Ok(events)
}
