//! Deciding a violation, and taking a decision back within some minutes: the one place where the standing of a violation changes by a decision.

use super::{appeal, consequences};
use crate::actions::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::cases::{AppealState, DecisionKind, Dismissal, Refused, UNDO};
use crate::domain::id::{UserId, ViolationId};
use crate::domain::text::{self, PURPOSE_MAX};
use crate::storage::cases::decisions::{self, DecisionRecord};
use crate::storage::cases::items;
use crate::storage::violations::{self, ViolationRecord};
use crate::storage::{Tx, agency_visits, enterprises};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use std::collections::BTreeSet;

/// A decision as it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDecision {
    /// What.
    pub kind: DecisionKind,
    /// Why. May be empty for a confirmation, an acceptance and a look at a correction.
    pub reason: String,
    /// Why it is none, of a dismissal.
    pub dismissal: Option<Dismissal>,
    /// The last day for a correction; the policy's working days from today where none is given.
    pub follow_up_on: Option<NaiveDate>,
    /// What the agency reads beside the bare outcome, if it was asked; may be empty.
    pub told: String,
}

impl CaseDecision {
    /// A decision with nothing but a reason.
    #[must_use]
    pub fn new(kind: DecisionKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), dismissal: None, follow_up_on: None, told: String::new() }
    }
}

/// What an action that a state refuses answers.
pub(super) const fn refused(refused: Refused) -> ActionError {
    ActionError::State(refused.0)
}

/// Takes the enterprises of these violations first, in one order, so that nothing is judged anew there meanwhile; returns the violations.
///
/// # Errors
/// [`ActionError::NotFound`]; otherwise when the store fails.
pub async fn hold(tx: &mut Tx, ids: &[ViolationId]) -> Result<Vec<ViolationRecord>> {
    let missing = || ActionError::NotFound("violation");
    let (mut at, mut about) = (BTreeSet::new(), BTreeSet::new());
    for id in ids {
        let violation = violations::get(tx, *id).await?.ok_or_else(missing)?;
        at.insert(violation.enterprise);
        // What is judged over all of an agency's visits changes by what happens at any enterprise.
        about.extend(violation.agency.filter(|_| !violation.rule.from_dossier()));
    }
    for enterprise in at {
        enterprises::touch(tx, enterprise).await?;
    }
    for agency in about {
        agency_visits::touch(tx, agency).await?;
    }
    let mut held = Vec::with_capacity(ids.len());
    for id in ids {
        held.push(violations::get(tx, *id).await?.ok_or_else(missing)?);
    }
    Ok(held)
}

/// Decides a violation; `version` is what the supervisor saw. Its agency, if it was asked, hears of it when the minutes for taking it back
/// are over. An appeal that waits is moot where nothing is left to appeal against; otherwise it goes on waiting.
///
/// # Errors
/// [`ActionError::NotFound`], [`ActionError::State`] when its state does not allow it, [`ActionError::Stale`] when it changed since,
/// [`ActionError::Malformed`] for `reason`, `told` (missing, too long) or `follow_up_on` (`past`); otherwise when the store fails.
pub async fn decide_case(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: ViolationId,
    version: Option<i64>,
    decision: &CaseDecision,
) -> Result<ViolationRecord> {
    take(tx, service, now, actor, id, version, decision, AppealState::Moot).await
}

/// As [`decide_case`]; `appeal` is what becomes of an appeal that waits, where the decision ends it.
#[expect(clippy::too_many_arguments, reason = "what every action takes, what was seen, the decision, and the appeal")]
pub(super) async fn take(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: ViolationId,
    version: Option<i64>,
    decision: &CaseDecision,
    appeal: AppealState,
) -> Result<ViolationRecord> {
    let reason = cleaned(decision)?;
    let told = text::optional_paragraph(&decision.told, PURPOSE_MAX).map_err(|e| FieldError::new("told", e.code()))?;
    let record = hold(tx, &[id]).await?.pop().ok_or(ActionError::NotFound("violation"))?;
    if version.is_some_and(|seen| seen != record.version) {
        return Err(ActionError::Stale("violation"));
    }
    let follow_up = follow_up(tx, service, now, decision).await?;
    let before = record.standing();
    let after =
        before.decided(decision.kind, now, by(actor), &reason, decision.dismissal, follow_up).map_err(refused)?;
    violations::stand(tx, id, record.version, &after, now).await?;
    let stored = DecisionRecord {
        id: service.ids.uuid(now),
        violation: id,
        kind: decision.kind,
        reason: reason.clone(),
        before,
        outcomes: items::outcomes(tx, id).await?,
        after_version: record.version + 1,
        decided_at: now,
        decided_by: by(actor),
        undone_at: None,
    };
    decisions::insert(tx, &stored).await?;
    let detail = json!({
        "severity": record.severity.level(),
        "reason": reason,
        "dismissal": decision.dismissal,
        "follow_up_on": after.follow_up_on,
    });
    audit::record(tx, service, now, actor, action(decision.kind), ("violation", id.0), detail).await?;
    let record = violations::get(tx, id).await?.ok_or(ActionError::NotFound("violation"))?;
    let ended = appeal::end(tx, service, now, actor, &record, &stored, appeal).await?;
    consequences::of_decision(tx, service, now, &record, &stored, &told.unwrap_or_default(), ended).await?;
    Ok(record)
}

/// Takes the latest decision on a violation back: it stands as before, its request goes on, and the mails that would have told of it
/// are not sent. `clock` is read when nobody else can write any more: a request that took its time to arrive is late all the same.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`]: `late` when the minutes are over, `undone` when that was done before;
/// [`ActionError::Stale`] when the violation changed since; otherwise when the store fails.
pub async fn undo_decision(
    tx: &mut Tx,
    service: &Service,
    clock: impl FnOnce() -> DateTime<Utc> + Send,
    actor: &Actor,
    id: ViolationId,
) -> Result<ViolationRecord> {
    let record = hold(tx, &[id]).await?.pop().ok_or(ActionError::NotFound("violation"))?;
    let now = clock();
    let latest = decisions::latest(tx, id).await?.ok_or(ActionError::NotFound("decision"))?;
    if latest.undone_at.is_some() {
        return Err(ActionError::State("undone"));
    }
    if now >= latest.decided_at + UNDO {
        return Err(ActionError::State("late"));
    }
    if record.version != latest.after_version {
        return Err(ActionError::Stale("violation"));
    }
    violations::stand(tx, id, record.version, &latest.before, now).await?;
    decisions::undo(tx, latest.id, now).await?;
    let detail = json!({ "decision": latest.kind });
    audit::record(tx, service, now, actor, "violation.undone", ("violation", id.0), detail).await?;
    let record = violations::get(tx, id).await?.ok_or(ActionError::NotFound("violation"))?;
    appeal::revive(tx, service, now, actor, &latest).await?;
    consequences::of_undoing(tx, service, now, &record, &latest).await?;
    Ok(record)
}

/// The reason in its stored form.
fn cleaned(decision: &CaseDecision) -> Result<String> {
    let optional = matches!(decision.kind, DecisionKind::Confirm | DecisionKind::Accept | DecisionKind::FollowUp);
    let cleaned = if optional {
        text::optional_paragraph(&decision.reason, PURPOSE_MAX).map(Option::unwrap_or_default)
    } else {
        text::paragraph(&decision.reason, PURPOSE_MAX)
    };
    cleaned.map_err(|e| FieldError::new("reason", e.code()).into())
}

/// The last day of a correction.
async fn follow_up(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    decision: &CaseDecision,
) -> Result<Option<NaiveDate>> {
    match decision.follow_up_on.filter(|_| decision.kind == DecisionKind::Correct) {
        Some(day) if day < service.settings.zone.local_date(now) => Err(FieldError::new("follow_up_on", "past").into()),
        Some(day) => Ok(Some(day)),
        None => default_follow_up(tx, service, now, decision.kind).await,
    }
}

/// The last day of a correction where none is given: the policy's working days from today.
pub(super) async fn default_follow_up(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    kind: DecisionKind,
) -> Result<Option<NaiveDate>> {
    if kind != DecisionKind::Correct {
        return Ok(None);
    }
    let today = service.settings.zone.local_date(now);
    let snapshot = service.snapshot(tx).await?;
    let days = snapshot.policies.on(today).policy.rules.exp_02.working_days;
    Ok(Some(snapshot.registries.holidays.addwd(today, days)))
}

/// The person who decides, if it is one.
pub(super) const fn by(actor: &Actor) -> Option<UserId> {
    if let Actor::User(user) = actor { Some(*user) } else { None }
}

/// The name of a decision in the audit.
const fn action(kind: DecisionKind) -> &'static str {
    match kind {
        DecisionKind::Confirm => "violation.confirmed",
        DecisionKind::Exempt => "violation.exempted",
        DecisionKind::Dismiss => "violation.dismissed",
        DecisionKind::Accept => "violation.accepted",
        DecisionKind::Correct => "violation.corrected",
        DecisionKind::FollowUp => "violation.followed-up",
        DecisionKind::Circulate => "violation.circulated",
        DecisionKind::Transfer => "violation.transferred",
        DecisionKind::Reopen => "violation.reopened",
        DecisionKind::Uphold => "violation.appeal-rejected",
    }
}
