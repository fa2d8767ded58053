//! What an agency does with a request: opens it, hands it over, asks for more time, answers.

use super::attachments::Attachment;
use super::letters::{self, Letter};
use super::{decide, judge};
use crate::actions::{ActionError, Actor, FieldError, NewFile, Result, Service, audit, keep_file};
use crate::domain::cases::{AnswerChoice, Extension, RequestState};
use crate::domain::id::{AgencyId, RequestId, UserId, ViolationId};
use crate::domain::text::{self, NAME_MAX, PURPOSE_MAX, REPORT_MAX};
use crate::domain::violation::Subject;
use crate::storage::cases::answers::{self, Answer, AnswerFile};
use crate::storage::cases::requests::{self, RequestRecord};
use crate::storage::cases::{items, steps};
use crate::storage::{Tx, users, violations};
use chrono::{DateTime, Utc};
use serde_json::json;

/// An answer as it is sent; its attachments are checked already.
#[derive(Clone, Debug)]
pub struct NewAnswer {
    /// In one word.
    pub choice: AnswerChoice,
    /// In many; up to 2,000 characters.
    pub words: String,
    /// Number of a document; may be empty.
    pub document: String,
    /// Attachments.
    pub files: Vec<Attachment>,
}

/// A request of the agency, as it was seen.
async fn own(tx: &mut Tx, id: RequestId, agency: AgencyId, version: Option<i64>) -> Result<RequestRecord> {
    let request = requests::get(tx, id, Some(agency)).await?.ok_or(ActionError::NotFound("request"))?;
    if version.is_some_and(|seen| seen != request.version) {
        return Err(ActionError::Stale("request"));
    }
    Ok(request)
}

/// Notes that the agency has opened a request; the first time counts.
///
/// # Errors
/// [`ActionError::NotFound`]; otherwise when the store fails.
pub async fn note_seen(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: UserId,
    agency: AgencyId,
    id: RequestId,
) -> Result<RequestRecord> {
    let mut request = own(tx, id, agency, None).await?;
    if request.state != RequestState::Sent {
        return Ok(request);
    }
    request.state = RequestState::Seen;
    request.seen_at = Some(now);
    requests::update(tx, &request).await?;
    request.version += 1;
    audit::record(tx, service, now, &Actor::User(user), "request.seen", ("request", id.0), json!({})).await?;
    Ok(request)
}

/// Hands a request over to a colleague of the same agency, who is told.
///
/// # Errors
/// [`ActionError::NotFound`] also for somebody who is no liaison of the agency; [`ActionError::State`] when it is over;
/// [`ActionError::Stale`]; otherwise when the store fails.
#[expect(clippy::too_many_arguments, reason = "what every action takes, who hands over, and what was seen")]
pub async fn hand_over(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: UserId,
    agency: AgencyId,
    id: RequestId,
    version: i64,
    to: UserId,
) -> Result<()> {
    let mut request = own(tx, id, agency, Some(version)).await?;
    if request.state.is_over() {
        return Err(ActionError::State(request.state.as_str()));
    }
    if !users::liaisons(tx, agency).await?.iter().any(|liaison| liaison.id == to) {
        return Err(ActionError::NotFound("user"));
    }
    request.assignee = Some(to);
    requests::update(tx, &request).await?;
    let detail = json!({ "to": to });
    audit::record(tx, service, now, &Actor::User(user), "request.handed-over", ("request", id.0), detail).await?;
    letters::to_person(tx, service, now, &request, Letter::HandedOver, Some(to)).await
}

/// Asks for the one extension, before the deadline has passed.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`]: that of the request, `extension` when one was asked for before, `late`;
/// [`ActionError::Stale`]; otherwise when the store fails.
#[expect(clippy::too_many_arguments, reason = "what every action takes, who asks, and what was seen")]
pub async fn ask_extension(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: UserId,
    agency: AgencyId,
    id: RequestId,
    version: i64,
    words: &str,
) -> Result<()> {
    let words =
        text::optional_paragraph(words, PURPOSE_MAX).map_err(|e| FieldError::new("extension_words", e.code()))?;
    let mut request = own(tx, id, agency, Some(version)).await?;
    if !request.state.awaits_answer() {
        return Err(ActionError::State(request.state.as_str()));
    }
    if request.extension != Extension::Unasked {
        return Err(ActionError::State("extension"));
    }
    if now >= request.due_at {
        return Err(ActionError::State("late"));
    }
    request.extension = Extension::Asked;
    request.extension_words = words.unwrap_or_default();
    requests::update(tx, &request).await?;
    let actor = Actor::User(user);
    audit::record(tx, service, now, &actor, "request.extension-asked", ("request", id.0), json!({})).await?;
    letters::to_person(tx, service, now, &request, Letter::ExtensionAsked, request.sent_by).await
}

/// Answers a request, or corrects an answer that no supervisor has looked at yet. A late answer is taken as well.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when it is over; [`ActionError::Stale`]; [`ActionError::Malformed`] for `words`
/// (required, too long) or `document`; otherwise when the store fails.
#[expect(clippy::too_many_arguments, reason = "what every action takes, who answers, and what was seen")]
pub async fn answer_request(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: UserId,
    agency: AgencyId,
    id: RequestId,
    version: i64,
    new: &NewAnswer,
) -> Result<RequestRecord> {
    let words = text::paragraph(&new.words, REPORT_MAX).map_err(|e| FieldError::new("words", e.code()))?;
    let document = text::optional_line(&new.document, NAME_MAX).map_err(|e| FieldError::new("document", e.code()))?;
    let asked: Vec<ViolationId> = items::of_request(tx, id).await?.iter().map(|item| item.violation).collect();
    let held = decide::hold(tx, &asked).await?;
    let mut request = own(tx, id, agency, Some(version)).await?;
    if !request.state.awaits_answer() && request.state != RequestState::Replied {
        return Err(ActionError::State(request.state.as_str()));
    }
    let earlier = answers::of_request(tx, id).await?.iter().filter(|answer| answer.round == request.round).count();
    let answer = Answer {
        id: service.ids.uuid(now),
        request: id,
        round: request.round,
        version: i64::try_from(earlier).unwrap_or(i64::MAX).saturating_add(1),
        asked_on: request.asked_on,
        due_on: request.due_on,
        choice: new.choice,
        words,
        document: document.unwrap_or_default(),
        answered_at: now,
        answered_by: user,
        verdict: None,
        verdict_words: String::new(),
        verdict_at: None,
        verdict_by: None,
    };
    answers::insert(tx, &answer).await?;
    for (position, file) in (1..).zip(&new.files) {
        let kept = NewFile {
            name: file.name.clone(),
            media_type: file.media_type,
            expires_at: None,
            content: file.bytes.clone().into(),
        };
        let kept = keep_file(tx, service, now, kept).await?;
        let row = AnswerFile {
            id: service.ids.uuid(now),
            answer: answer.id,
            position,
            file: kept.id,
            name: file.name.clone(),
            media_type: file.media_type.to_owned(),
            size: kept.size,
        };
        answers::insert_file(tx, &row).await?;
    }
    request.state = RequestState::Replied;
    request.seen_at = request.seen_at.or(Some(now));
    request.replied_at = Some(now);
    requests::update(tx, &request).await?;
    steps::cancel(tx, Subject::Request(id), now).await?;
    for violation in held {
        let (before, after) = (violation.standing(), violation.standing().explained());
        if before != after {
            violations::stand(tx, violation.id, violation.version, &after, now).await?;
            let detail = json!({ "request": id });
            let object = ("violation", violation.id.0);
            audit::record(tx, service, now, &Actor::User(user), "violation.explained", object, detail).await?;
        }
    }
    let detail =
        json!({ "round": answer.round, "version": answer.version, "choice": answer.choice, "files": new.files.len() });
    audit::record(tx, service, now, &Actor::User(user), "request.answered", ("request", id.0), detail).await?;
    judge::request(tx, service, now, id, true).await?;
    letters::to_person(tx, service, now, &request, Letter::Answered, request.sent_by).await?;
    requests::get(tx, id, Some(agency)).await?.ok_or(ActionError::NotFound("request"))
}
