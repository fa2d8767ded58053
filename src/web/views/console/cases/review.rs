//! A request as supervisors see it: what the agency reads, its answers, the timeline with mails and deadlines, and what to do next.

use super::parts::{self, AnswerView, Item};
use crate::actions::cases::{accept_answer, circulate_listed, decide_extension, return_answer, withdraw_request};
use crate::app::App;
use crate::domain::cases::{Extension, MOST_RETURNS, RequestState, StepState};
use crate::domain::id::RequestId;
use crate::domain::notice::case_number;
use crate::domain::violation::Subject;
use crate::i18n::facts::Facts;
use crate::storage::cases::requests::{self, RequestRecord};
use crate::storage::cases::{answers, appeals, items, mails, steps};
use crate::storage::{Tx, audit, users, violations};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use crate::web::settle::settle_or_again;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Utc};

/// Something that happened, or will.
struct Event {
    at: DateTime<Utc>,
    when: String,
    words: String,
    bad: bool,
}

#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is shown")]
#[derive(Template)]
#[template(path = "pages/console/cases/review.html")]
struct View {
    page: Page,
    form: Form,
    id: RequestId,
    version: i64,
    number: String,
    agency: String,
    state: String,
    state_class: &'static str,
    due: String,
    due_class: &'static str,
    conflict: bool,
    items: Vec<Item>,
    answers: Vec<AnswerView>,
    /// An extension waits for a decision; the agency's reason may be empty.
    extension_asked: bool,
    extension_words: String,
    /// All that it asks for has cleared: what is left is to end it.
    cleared: bool,
    may_accept: bool,
    may_return: bool,
    /// Returned twice already.
    must_decide: bool,
    may_withdraw: bool,
    may_circulate: bool,
    events: Vec<Event>,
}

/// `POST /console/explanations/{id}/review` with `version` and `act` = `accept`, `return`, `grant`, `refuse`, `withdraw` or `circulated`.
pub(super) async fn post(
    State(app): State<App>,
    me: Console<SUPERVISOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let id = RequestId::parse(&id).ok_or(AppError::NotFound)?;
    let mut form = form.only(&["version", "act", "reason", "return_words", "withdraw_words"]);
    let version = form.version();
    let acts = ["accept", "return", "grant", "refuse", "withdraw", "circulated"];
    let act = form.choice("act", |text| acts.into_iter().find(|act| *act == text));
    let mut tx = app.db.write().await?;
    requests::get(&mut tx, id, None).await?.ok_or(AppError::NotFound)?;
    let mut done = Ok(());
    if let (Some(version), Some(act)) = (version, act) {
        let (service, now, actor) = (&app.service, me.now, me.actor());
        let typed = |name: &str| form.one(name).to_owned();
        done = match act {
            "accept" => accept_answer(&mut tx, service, now, &actor, id, version, &typed("reason")).await,
            "return" => return_answer(&mut tx, service, now, &actor, id, version, &typed("return_words")).await,
            "withdraw" => withdraw_request(&mut tx, service, now, &actor, id, version, &typed("withdraw_words")).await,
            "circulated" => circulate_listed(&mut tx, service, now, &actor, id, version).await,
            grant => decide_extension(&mut tx, service, now, &actor, id, version, grant == "grant").await,
        };
    }
    let status = match settle_or_again(tx, &mut form, done).await? {
        Ok(()) => {
            let what = format!("request-{}", act.unwrap_or_default());
            return see_other(&paths::done(&paths::item(paths::EXPLANATIONS, id), &what));
        }
        Err(status) => status,
    };
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, id, form, status).await
}

/// The supervisors' page.
pub(super) async fn show<const ROLES: u8>(
    app: &App,
    tx: &mut Tx,
    me: &Console<ROLES>,
    id: RequestId,
    form: Form,
    status: StatusCode,
) -> Answer {
    let page = me.page(tx).await?;
    let request = requests::get(tx, id, None).await?.ok_or(AppError::NotFound)?;
    let snapshot = app.service.snapshot(tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let holidays = &snapshot.registries.holidays;
    let (_, due_class) = parts::due(&page, holidays, &request);
    let due = page.t1("due-was", "day", parts::due_line(&page, holidays, &request));
    let appeals = appeals::of_request(tx, id).await?;
    let mut shown = Vec::new();
    for item in items::of_request(tx, id).await? {
        let mut view = parts::with_appeals(&page, holidays, &item, &appeals);
        if let Some(violation) = violations::get(tx, item.violation).await? {
            view.violation_href = paths::item(paths::VIOLATIONS, violation.id);
            let standing = super::decide::standing_words(&page, &violation.standing());
            view.violation = format!("{} · {standing}", case_number(violation.id));
        }
        shown.push(view);
    }
    let given = answers::of_request(tx, id).await?;
    let files = answers::files(tx, id).await?;
    let people = users::list(tx).await?;
    let events = events(tx, &page, &request).await?;
    let replied = request.state == RequestState::Replied;
    let cleared = !request.state.is_over() && items::open(tx, id).await? == 0;
    let view = View {
        id,
        version: request.version,
        number: request.number.clone(),
        agency: facts.agency(request.agency),
        state: parts::state(&page, &request),
        state_class: parts::state_class(&request, me.now),
        due,
        due_class,
        conflict: status == StatusCode::CONFLICT,
        items: shown,
        answers: parts::answers(&page, &request, &given, &files, &people),
        extension_asked: request.extension == Extension::Asked && request.state.awaits_answer(),
        extension_words: request.extension_words.clone(),
        cleared,
        may_accept: replied,
        may_return: replied && !cleared && request.round <= MOST_RETURNS,
        must_decide: replied && !cleared && request.round > MOST_RETURNS,
        may_withdraw: !request.state.is_over(),
        may_circulate: request.listed_at.is_some() && request.circulated_at.is_none(),
        events,
        form,
        page,
    };
    html_with(status, &view)
}

/// What happened, what was mailed, and what will happen by itself, in the order of time.
async fn events(tx: &mut Tx, page: &Page, request: &RequestRecord) -> Result<Vec<Event>, AppError> {
    let subject = Subject::Request(request.id);
    let mut events = Vec::new();
    let mut add = |at: DateTime<Utc>, words: String, bad: bool| {
        events.push(Event { at, when: page.time(&at), words, bad });
    };
    for row in audit::by_object(tx, request.id.0).await? {
        let key = format!("audit-{}", row.action.replace('.', "-"));
        add(row.at, page.t(&key), matches!(row.action.as_str(), "request.listed" | "request.returned"));
    }
    for mail in mails::of_subject(tx, subject).await? {
        let state = page.t(&format!("mail-{}", mail.state));
        let words = page.tn("event-mail", &[("recipient", &mail.recipient), ("state", &state)]);
        add(mail.sent_at.unwrap_or(mail.created_at), words, false);
    }
    for step in steps::of_subject(tx, subject).await? {
        if step.state == StepState::Pending {
            let name = page.t(&format!("step-{}", step.step.as_str().replace('_', "-")));
            add(step.at, page.t1("event-ahead", "step", name), false);
        }
    }
    events.sort_by_key(|event| event.at);
    Ok(events)
}
