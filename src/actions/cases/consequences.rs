//! What follows from a decision and from taking one back: what its agency may know, its request, its deadlines, and the rules that count.

use super::letters::{self, Letter};
use super::{closing, judge, steps};
use crate::actions::{Result, Service};
use crate::domain::cases::{DecisionKind, RequestState, Rung, Step, UNDO};
use crate::domain::holidays::deadline;
use crate::domain::id::RequestId;
use crate::domain::violation::{Subject, ViolationState};
use crate::storage::cases::decisions::DecisionRecord;
use crate::storage::cases::{answers, items, mails, requests, steps as stored_steps};
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, audit};
use chrono::{DateTime, Utc};

/// Whether a decision is told to the agency that was asked: what is accepted item by item is told once, when it `ends` the request, and looking
/// again at a correction tells nothing new. The end of an appeal is told in any case.
pub(super) const fn is_told(kind: DecisionKind, ends: bool) -> bool {
    match kind {
        DecisionKind::FollowUp | DecisionKind::Uphold => false,
        DecisionKind::Accept => ends,
        _ => true,
    }
}

/// Does what follows from a decision. `told` is what the agency reads beside the bare outcome; `appealed` the request through which it appealed,
/// if that ended the appeal.
pub(super) async fn of_decision(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    record: &ViolationRecord,
    decision: &DecisionRecord,
    told: &str,
    appealed: Option<RequestId>,
) -> Result<()> {
    let subject = Subject::Violation(record.id);
    if !matches!(decision.kind, DecisionKind::Confirm | DecisionKind::Uphold) {
        stored_steps::cancel(tx, subject, now).await?;
    }
    if let (DecisionKind::Correct, Some(day)) = (decision.kind, record.follow_up_on) {
        let rung = Rung { step: Step::FollowUp, at: deadline(service.settings.zone, day) };
        stored_steps::insert(tx, service.ids.uuid(now), subject, day, rung).await?;
    }
    let asked = requests::of_violation(tx, record.id).await?;
    if !asked.is_empty() && !matches!(decision.kind, DecisionKind::FollowUp | DecisionKind::Uphold) {
        let outcome = (decision.kind != DecisionKind::Reopen).then_some((decision.kind, now + UNDO));
        items::set_outcome(tx, record.id, outcome, told, record.follow_up_on).await?;
    }
    for request in asked {
        let mut ends = false;
        if !request.state.is_over() && items::open(tx, request.id).await? == 0 {
            let accepted = items::all_accepted(tx, request.id).await?;
            let state = if accepted { RequestState::Accepted } else { RequestState::Closed };
            closing::end(tx, service, now, &request, state).await?;
            ends = true;
        }
        let letter = if appealed == Some(request.id) {
            Some(Letter::AppealDecided)
        } else {
            (is_told(decision.kind, ends) && Some(request.agency) == record.agency).then_some(Letter::Outcome)
        };
        if let Some(letter) = letter {
            letters::to_liaisons(tx, service, now, &request, letter, Some(decision.id)).await?;
        }
    }
    rules(tx, service, now, record, decision.before.state).await
}

/// Does what follows from taking a decision back.
pub(super) async fn of_undoing(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    record: &ViolationRecord,
    decision: &DecisionRecord,
) -> Result<()> {
    mails::withdraw(tx, decision.id).await?;
    if decision.kind != DecisionKind::Uphold {
        let subject = Subject::Violation(record.id);
        stored_steps::cancel(tx, subject, now).await?;
        stored_steps::revive(tx, subject, decision.decided_at).await?;
    }
    if decision.outcomes.is_empty() {
        // Nobody was asked, or the decision is older than what it keeps: nothing of it stays told.
        items::set_outcome(tx, record.id, None, "", None).await?;
    }
    items::restore(tx, &decision.outcomes).await?;
    for request in requests::of_violation(tx, record.id).await? {
        letters::tell_again(tx, service, now, &request).await?;
        let Some(ended_at) = request.ended_at.filter(|at| *at >= decision.decided_at) else { continue };
        // What ended later ended because nothing was open: now something is, unless it was withdrawn.
        if ended_at > decision.decided_at
            && (items::open(tx, request.id).await? == 0 || was_withdrawn(tx, request.id).await?)
        {
            continue;
        }
        let answered = answers::of_request(tx, request.id).await?.iter().any(|answer| answer.round == request.round);
        let mut open = request.clone();
        open.ended_at = None;
        open.state = request.before_end(answered);
        requests::update(tx, &open).await?;
        stored_steps::revive(tx, Subject::Request(request.id), ended_at).await?;
        steps::judge_again(tx, service, now, request.id).await?;
    }
    let decided = if decision.kind == DecisionKind::Confirm { ViolationState::Confirmed } else { record.state };
    rules(tx, service, now, record, decided).await
}

async fn was_withdrawn(tx: &mut Tx, id: RequestId) -> Result<bool> {
    Ok(audit::by_object(tx, id.0).await?.iter().any(|row| row.action == "request.withdrawn"))
}

/// Lets the rules look that rest on what was confirmed and closed.
async fn rules(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    record: &ViolationRecord,
    before: ViolationState,
) -> Result<()> {
    let (was, is) = (before == ViolationState::Confirmed, record.state == ViolationState::Confirmed);
    if was != is {
        judge::count(tx, service, now, record).await?;
        judge::relapses(tx, service, now, record).await?;
    }
    judge::correction(tx, service, now, record.id).await
}
