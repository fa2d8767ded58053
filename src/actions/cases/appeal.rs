//! Appeals: an agency disagrees with what was decided of a violation that it was asked about; a supervisor takes the violation up again, or
//! the decision stands.

use super::decide::{self, CaseDecision, by};
use super::letters::{self, Letter};
use crate::actions::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::cases::{APPEAL_DAYS, APPEAL_DECISION_DAYS, AppealState, DecisionKind};
use crate::domain::holidays::deadline;
use crate::domain::id::{AgencyId, RequestId, UserId, ViolationId};
use crate::domain::text::{self, PURPOSE_MAX};
use crate::storage::Tx;
use crate::storage::cases::appeals::{self, Appeal};
use crate::storage::cases::decisions::DecisionRecord;
use crate::storage::cases::{items, requests};
use crate::storage::violations::{self, ViolationRecord};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// An agency appeals against the outcome of one item of a request, within ten working days after it came to know of it.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`]: `no_outcome` before there is one, `late` after the working days, `appealed` while one
/// waits or when it was appealed against before; [`ActionError::Malformed`] for `appeal_words`; otherwise when the store fails.
#[expect(clippy::too_many_arguments, reason = "what every action takes, who appeals, and against what")]
pub async fn appeal_decision(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: UserId,
    agency: AgencyId,
    id: RequestId,
    item: Uuid,
    words: &str,
) -> Result<()> {
    let words = text::paragraph(words, PURPOSE_MAX).map_err(|e| FieldError::new("appeal_words", e.code()))?;
    let request = requests::get(tx, id, Some(agency)).await?.ok_or(ActionError::NotFound("request"))?;
    let item = items::get(tx, id, item).await?.ok_or(ActionError::NotFound("item"))?;
    let violation = decide::hold(tx, &[item.violation]).await?.pop().ok_or(ActionError::NotFound("violation"))?;
    let (_, known_at) = item.known_outcome(now).ok_or(ActionError::State("no_outcome"))?;
    let snapshot = service.snapshot(tx).await?;
    let (zone, holidays) = (service.settings.zone, &snapshot.registries.holidays);
    if now >= deadline(zone, holidays.addwd(zone.local_date(known_at), APPEAL_DAYS)) {
        return Err(ActionError::State("late"));
    }
    let earlier = appeals::of_violation(tx, item.violation).await?;
    if earlier.iter().any(|a| a.state == AppealState::Asked || a.asked_at >= known_at) {
        return Err(ActionError::State("appealed"));
    }
    let due_on = holidays.addwd(zone.local_date(now), APPEAL_DECISION_DAYS);
    let appeal = Appeal {
        id: service.ids.uuid(now),
        request: id,
        violation: item.violation,
        agency,
        words,
        asked_at: now,
        asked_by: user,
        due_on,
        state: AppealState::Asked,
        reply: String::new(),
        decided_at: None,
        decided_by: None,
        decision: None,
    };
    appeals::insert(tx, &appeal).await?;
    let after = violation.standing().appealed(Some(due_on));
    violations::stand(tx, violation.id, violation.version, &after, now).await?;
    let detail = json!({ "request": id, "due_on": due_on });
    let object = ("violation", violation.id.0);
    audit::record(tx, service, now, &Actor::User(user), "violation.appealed", object, detail).await?;
    let decider = violation.decided_by.or(request.sent_by);
    letters::to_person(tx, service, now, &request, Letter::Appealed, decider).await
}

/// Decides the appeal that waits: the violation is taken up again, or the decision stands. The agency is told when that can no longer be taken
/// back, as of every decision.
///
/// # Errors
/// [`ActionError::NotFound`] when none waits; [`ActionError::Stale`]; [`ActionError::State`] when the violation cannot be taken up again;
/// [`ActionError::Malformed`] for `reply`; otherwise when the store fails.
#[expect(clippy::too_many_arguments, reason = "what every action takes, what was seen, and the decision")]
pub async fn decide_appeal(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: ViolationId,
    version: i64,
    grant: bool,
    reply: &str,
) -> Result<()> {
    let reply = text::paragraph(reply, PURPOSE_MAX).map_err(|e| FieldError::new("reply", e.code()))?;
    let violation = decide::hold(tx, &[id]).await?.pop().ok_or(ActionError::NotFound("violation"))?;
    if violation.version != version {
        return Err(ActionError::Stale("violation"));
    }
    appeals::waiting(tx, id).await?.ok_or(ActionError::NotFound("appeal"))?;
    let (kind, state) = if grant {
        (DecisionKind::Reopen, AppealState::Granted)
    } else {
        (DecisionKind::Uphold, AppealState::Rejected)
    };
    let decision = CaseDecision::new(kind, reply);
    decide::take(tx, service, now, actor, id, Some(version), &decision, state).await.map(drop)
}

/// Ends the appeal that waits where a decision answers it, with the reason as the reply, or leaves nothing to appeal against. Returns the request
/// through which its agency is told.
pub(super) async fn end(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    record: &ViolationRecord,
    decision: &DecisionRecord,
    state: AppealState,
) -> Result<Option<RequestId>> {
    if decision.before.appeal_by.is_none() || record.appeal_by.is_some() {
        return Ok(None);
    }
    let Some(appeal) = appeals::waiting(tx, record.id).await? else { return Ok(None) };
    let reply = if state == AppealState::Moot { "" } else { decision.reason.as_str() };
    appeals::decide(tx, appeal.id, state, reply, now, by(actor), Some(decision.id)).await?;
    let action = match state {
        AppealState::Granted => Some("violation.appeal-granted"),
        AppealState::Moot => Some("violation.appeal-moot"),
        // The decision itself says it.
        AppealState::Asked | AppealState::Rejected => None,
    };
    if let Some(action) = action {
        audit::record(tx, service, now, actor, action, ("violation", record.id.0), json!({ "reply": reply })).await?;
    }
    Ok(Some(appeal.request))
}

/// Lets the appeal that a decision ended wait again: the decision was taken back.
pub(super) async fn revive(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    decision: &DecisionRecord,
) -> Result<()> {
    if !appeals::revive(tx, decision.id).await? {
        return Ok(());
    }
    let detail = json!({ "due_on": decision.before.appeal_by });
    audit::record(tx, service, now, actor, "violation.appeal-waits", ("violation", decision.violation.0), detail).await
}
