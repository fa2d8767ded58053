//! `/console/explanations/{id}`: a request. A liaison reads what is asked and answers; a supervisor sees the same and what came of it.

use super::parts::{self, AnswerView, Item};
use super::review;
use crate::actions::cases::note_seen;
use crate::app::App;
use crate::domain::cases::{AnswerChoice, Extension, RequestState};
use crate::domain::id::{AgencyId, RequestId, UserId};
use crate::domain::user::User;
use crate::storage::cases::requests::{self, RequestRecord};
use crate::storage::cases::{answers, appeals, items};
use crate::storage::{Tx, users};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, LIAISON, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::{Answer, html_with};
use crate::web::views::console::Choice;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is shown")]
#[derive(Template)]
#[template(path = "pages/console/cases/explanation.html")]
struct View {
    page: Page,
    form: Form,
    id: RequestId,
    version: i64,
    number: String,
    state: String,
    state_class: &'static str,
    due: String,
    due_class: &'static str,
    conflict: bool,
    sent: String,
    items: Vec<Item>,
    /// Why the last answer was returned; empty if it was not.
    returned: String,
    may_answer: bool,
    /// An answer was given that no supervisor has looked at yet: sending again makes a new version.
    again: bool,
    choices: Vec<Choice>,
    may_extend: bool,
    extension: String,
    assignee: String,
    colleagues: Vec<Choice>,
    answers: Vec<AnswerView>,
}

/// `GET /console/explanations/{id}`. The first time that the agency opens it is noted.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | LIAISON }>,
    Path(id): Path<String>,
) -> Answer {
    let id = RequestId::parse(&id).ok_or(AppError::NotFound)?;
    let Some(agency) = me.own_agency()? else {
        let mut tx = app.db.read().await?;
        return review::show(&app, &mut tx, &me, id, Form::default(), StatusCode::OK).await;
    };
    let mut tx = app.db.read().await?;
    let request = requests::get(&mut tx, id, Some(agency)).await?.ok_or(AppError::NotFound)?;
    drop(tx);
    if request.state == RequestState::Sent {
        let mut tx = app.db.write().await?;
        note_seen(&mut tx, &app.service, me.now, me.user.id, agency, id).await?;
        tx.commit().await?;
    }
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, agency, id, Form::default(), StatusCode::OK).await
}

/// The page of the agency.
pub(super) async fn show<const ROLES: u8>(
    app: &App,
    tx: &mut Tx,
    me: &Console<ROLES>,
    agency: AgencyId,
    id: RequestId,
    form: Form,
    status: StatusCode,
) -> Answer {
    let page = me.page(tx).await?;
    let request = requests::get(tx, id, Some(agency)).await?.ok_or(AppError::NotFound)?;
    let snapshot = app.service.snapshot(tx).await?;
    let holidays = &snapshot.registries.holidays;
    let appeals = appeals::of_request(tx, id).await?;
    let given = answers::of_request(tx, id).await?;
    let asked = items::of_request(tx, id).await?;
    let answered = given.iter().any(|answer| answer.round == request.round);
    let request = request.known(&asked, answered, me.now);
    let files = answers::files(tx, id).await?;
    let people = users::liaisons(tx, agency).await?;
    let shown = asked.iter().map(|item| parts::with_appeals(&page, holidays, item, &appeals)).collect();
    let (due, due_class) = parts::due(&page, holidays, &request);
    let returned = given.last().filter(|_| request.state == RequestState::Returned);
    let view = View {
        id,
        version: request.version,
        number: request.number.clone(),
        state: agency_state(&page, &request),
        state_class: parts::state_class(&request, me.now),
        due,
        due_class,
        conflict: status == StatusCode::CONFLICT,
        sent: page.time(&request.sent_at),
        items: shown,
        returned: returned.map(|answer| answer.verdict_words.clone()).unwrap_or_default(),
        may_answer: request.state.awaits_answer() || request.state == RequestState::Replied,
        again: request.state == RequestState::Replied,
        choices: AnswerChoice::ALL
            .iter()
            .map(|choice| Choice { value: choice.as_str().to_owned(), label: page.t(&format!("answer-{choice}")) })
            .collect(),
        may_extend: request.state.awaits_answer() && request.extension == Extension::Unasked && me.now < request.due_at,
        extension: match request.extension {
            Extension::Unasked => String::new(),
            other => page.t(&format!("extension-{other}")),
        },
        assignee: name_of(&people, &request),
        colleagues: colleagues(&people, &request, me.user.id),
        answers: parts::answers(&page, &request, &given, &files, &people),
        form,
        page,
    };
    html_with(status, &view)
}

/// The state as the agency reads it.
fn agency_state(page: &Page, request: &RequestRecord) -> String {
    match request.state {
        RequestState::Sent | RequestState::Seen => page.t("request-to-answer"),
        other => page.t(&format!("request-{other}")),
    }
}

fn name_of(people: &[User], request: &RequestRecord) -> String {
    people.iter().find(|user| Some(user.id) == request.assignee).map(|user| user.name.clone()).unwrap_or_default()
}

/// To whom the reader may hand over: not to who deals with it already, and not to themselves while nobody is named.
fn colleagues(people: &[User], request: &RequestRecord, reader: UserId) -> Vec<Choice> {
    if request.state.is_over() {
        return Vec::new();
    }
    people
        .iter()
        .filter(|user| user.id != request.assignee.unwrap_or(reader))
        .map(|user| Choice { value: user.id.to_string(), label: user.name.clone() })
        .collect()
}
