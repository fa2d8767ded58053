//! What a supervisor does with a request: grants or refuses more time, accepts or returns an answer, withdraws, notes a circulation.

use super::decide::{self, CaseDecision, by};
use super::letters::{self, Letter};
use super::{closing, judge, steps};
use crate::actions::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::cases::{DecisionKind, Extension, MOST_RETURNS, RequestState};
use crate::domain::holidays::deadline;
use crate::domain::id::{RequestId, ViolationId};
use crate::domain::text::{self, PURPOSE_MAX};
use crate::domain::violation::Subject;
use crate::storage::Tx;
use crate::storage::cases::requests::{self, RequestRecord};
use crate::storage::cases::{answers, items, steps as stored_steps};
use crate::storage::violations::{self, ViolationRecord};
use chrono::{DateTime, Utc};
use serde_json::json;

/// A request as a supervisor saw it, with its violations held.
async fn held(tx: &mut Tx, id: RequestId, version: i64) -> Result<(RequestRecord, Vec<ViolationRecord>)> {
    let asked: Vec<ViolationId> = items::of_request(tx, id).await?.iter().map(|item| item.violation).collect();
    let violations = decide::hold(tx, &asked).await?;
    let request = requests::get(tx, id, None).await?.ok_or(ActionError::NotFound("request"))?;
    if request.version != version {
        return Err(ActionError::Stale("request"));
    }
    Ok((request, violations))
}

/// Grants or refuses the extension that the agency asked for.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when none waits for a decision; [`ActionError::Stale`]; otherwise when the store fails.
pub async fn decide_extension(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: RequestId,
    version: i64,
    grant: bool,
) -> Result<()> {
    let (mut request, violations) = held(tx, id, version).await?;
    if request.extension != Extension::Asked || !request.state.awaits_answer() {
        return Err(ActionError::State("extension"));
    }
    let (action, letter) = if grant {
        let snapshot = service.snapshot(tx).await?;
        let days = snapshot.policies.on(request.sent_day).policy.rules.exp_01.extension_days;
        request.extension = Extension::Granted;
        request.due_on = snapshot.registries.holidays.addwd(request.due_on, days);
        request.due_at = deadline(service.settings.zone, request.due_on);
        ("request.extended", Letter::Extended)
    } else {
        request.extension = Extension::Refused;
        ("request.not-extended", Letter::NotExtended)
    };
    requests::update(tx, &request).await?;
    if grant {
        ask_again(tx, now, &request, &violations).await?;
        steps::plan(tx, service, now, &request).await?;
        judge::request(tx, service, now, id, true).await?;
    }
    let detail = json!({ "due_on": request.due_on });
    audit::record(tx, service, now, actor, action, ("request", id.0), detail).await?;
    letters::to_liaisons(tx, service, now, &request, letter, None).await
}

async fn ask_again(
    tx: &mut Tx,
    now: DateTime<Utc>,
    request: &RequestRecord,
    violations: &[ViolationRecord],
) -> Result<()> {
    for violation in violations {
        let (before, after) = (violation.standing(), violation.standing().asked_again(request.due_on));
        if before != after {
            violations::stand(tx, violation.id, violation.version, &after, now).await?;
        }
    }
    Ok(())
}

/// Returns an answer with a reason; the agency answers again within the working days of a request. Twice at most.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when there is no answer to return, `returned_twice`, `cleared` when nothing that was asked for
/// is open; [`ActionError::Stale`];
/// [`ActionError::Malformed`] for `return_words`; otherwise when the store fails.
pub async fn return_answer(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: RequestId,
    version: i64,
    words: &str,
) -> Result<()> {
    let words = text::paragraph(words, PURPOSE_MAX).map_err(|e| FieldError::new("return_words", e.code()))?;
    let (mut request, violations) = held(tx, id, version).await?;
    if request.state != RequestState::Replied {
        return Err(ActionError::State(request.state.as_str()));
    }
    if request.round > MOST_RETURNS {
        return Err(ActionError::State("returned_twice"));
    }
    if items::open(tx, id).await? == 0 {
        return Err(ActionError::State("cleared"));
    }
    let latest = answers::of_request(tx, id).await?.pop().ok_or(ActionError::State("sent"))?;
    answers::judge(tx, latest.id, RequestState::Returned, &words, now, by(actor)).await?;
    let snapshot = service.snapshot(tx).await?;
    let zone = service.settings.zone;
    let days = snapshot.policies.on(request.sent_day).policy.rules.exp_01.working_days;
    request.state = RequestState::Returned;
    request.round += 1;
    request.asked_on = zone.local_date(now);
    request.due_on = snapshot.registries.holidays.addwd(request.asked_on, days);
    request.due_at = deadline(zone, request.due_on);
    requests::update(tx, &request).await?;
    ask_again(tx, now, &request, &violations).await?;
    steps::plan(tx, service, now, &request).await?;
    let detail = json!({ "round": request.round, "due_on": request.due_on });
    audit::record(tx, service, now, actor, "request.returned", ("request", id.0), detail).await?;
    letters::to_liaisons(tx, service, now, &request, Letter::Returned, None).await
}

/// Accepts an answer: every violation of the request that is still open is closed as accepted. What cleared meanwhile needs no decision; where
/// nothing else is left, the request ends.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when there is no answer; [`ActionError::Stale`]; [`ActionError::Malformed`] for
/// `reason`; otherwise when the store fails.
pub async fn accept_answer(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: RequestId,
    version: i64,
    reason: &str,
) -> Result<()> {
    let (request, violations) = held(tx, id, version).await?;
    if request.state != RequestState::Replied {
        return Err(ActionError::State(request.state.as_str()));
    }
    let decision = CaseDecision::new(DecisionKind::Accept, reason);
    for violation in violations.iter().filter(|v| v.standing().allows(DecisionKind::Accept)) {
        decide::decide_case(tx, service, now, actor, violation.id, None, &decision).await?;
    }
    let detail = json!({ "number": request.number });
    audit::record(tx, service, now, actor, "request.accepted", ("request", id.0), detail).await?;
    let left = requests::get(tx, id, None).await?.filter(|request| !request.state.is_over());
    if let (Some(request), 0) = (left, items::open(tx, id).await?) {
        closing::end(tx, service, now, &request, RequestState::Accepted).await?;
        letters::to_liaisons(tx, service, now, &request, Letter::Ended, None).await?;
    }
    Ok(())
}

/// Withdraws a request: its violations are as if nobody had asked, and the agency is told that nothing is asked any more.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when it is over; [`ActionError::Stale`]; [`ActionError::Malformed`] for
/// `withdraw_words`; otherwise when the store fails.
pub async fn withdraw_request(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: RequestId,
    version: i64,
    words: &str,
) -> Result<()> {
    let words = text::paragraph(words, PURPOSE_MAX).map_err(|e| FieldError::new("withdraw_words", e.code()))?;
    let (mut request, violations) = held(tx, id, version).await?;
    if request.state.is_over() {
        return Err(ActionError::State(request.state.as_str()));
    }
    request.state = RequestState::Closed;
    request.ended_at = Some(now);
    request.listed_at = None;
    requests::update(tx, &request).await?;
    stored_steps::cancel(tx, Subject::Request(id), now).await?;
    for violation in &violations {
        let (before, after) = (violation.standing(), violation.standing().unasked());
        if before != after {
            violations::stand(tx, violation.id, violation.version, &after, now).await?;
        }
    }
    audit::record(tx, service, now, actor, "request.withdrawn", ("request", id.0), json!({ "reason": words })).await?;
    judge::request(tx, service, now, id, true).await?;
    letters::to_liaisons(tx, service, now, &request, Letter::Withdrawn, None).await
}

/// Notes that an agency that was listed has been circulated (已通报).
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when it is not listed, or was circulated before; [`ActionError::Stale`]; otherwise when
/// the store fails.
pub async fn circulate_listed(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: RequestId,
    version: i64,
) -> Result<()> {
    let mut request = requests::get(tx, id, None).await?.ok_or(ActionError::NotFound("request"))?;
    if request.version != version {
        return Err(ActionError::Stale("request"));
    }
    if request.listed_at.is_none() || request.circulated_at.is_some() {
        return Err(ActionError::State("circulated"));
    }
    request.circulated_at = Some(now);
    requests::update(tx, &request).await?;
    audit::record(tx, service, now, actor, "request.circulated", ("request", id.0), json!({})).await
}
