//! Correcting a filing (更正) and moving its planned span (改期).

use super::change_filing::{Change, Target, change_filing};
use super::file_inspection::{Accompanying, check_inspectors, check_span, cleaned, without_repeats};
use super::{ActionError, FieldError, Result, Service};
use crate::domain::day::Span;
use crate::domain::exemption::{Exemption, ExemptionCode};
use crate::domain::filing::{Approval, SpecialPapers};
use crate::domain::id::MatterId;
use crate::domain::text::PURPOSE_MAX;
use crate::storage::Tx;
use crate::storage::filings::FilingRecord;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// What is to be changed; `None` leaves a part as it is.
#[derive(Clone, Debug, Default)]
pub struct AmendFiling {
    /// New start and end of the planned span.
    pub planned: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Another exemption, or `Some(None)` to claim none.
    pub exemption: Option<Option<ExemptionCode>>,
    /// Its reason.
    pub exemption_reason: Option<String>,
    /// Its evidence.
    pub evidence_ref: Option<String>,
    /// Other inspectors.
    pub inspectors: Option<Vec<String>>,
    /// Other matters.
    pub matters: Option<Vec<MatterId>>,
    /// Other assistants.
    pub assistants: Option<Vec<String>>,
    /// Another approval, or `Some(None)` for none.
    pub approval: Option<Option<Approval>>,
    /// Other papers of a special inspection.
    pub special: Option<SpecialPapers>,
    /// Why, for the audit; empty if nobody said.
    pub reason: String,
}

/// Changes a live filing; a moved planned span counts as planned now. After the arrival neither the plan nor the claim of an exemption
/// can be changed; what the unit's head approved in person is not replaced by what somebody else enters.
///
/// # Errors
/// [`ActionError::Malformed`] for malformed input; otherwise as every change of a filing.
pub async fn amend_filing(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    target: Target<'_>,
    command: AmendFiling,
) -> Result<FilingRecord> {
    let snapshot = service.snapshot(tx).await?;
    let mut errors = Vec::new();
    let planned = command.planned.and_then(|(start, end)| {
        errors.extend(check_span(start, end));
        Span::new(start, end)
    });
    errors.extend(command.inspectors.as_deref().and_then(check_inspectors));
    match &command.matters {
        Some(matters) if matters.is_empty() => errors.push(FieldError::new("matters", "required")),
        Some(matters) if matters.iter().any(|m| !snapshot.registries.matters.contains_key(m)) => {
            errors.push(FieldError::new("matters", "unknown"));
        }
        _ => {}
    }
    let mut words = |field, words: Option<String>| words.map(|w| cleaned(field, &w, PURPOSE_MAX, &mut errors));
    let grounds = words("exemption_reason", command.exemption_reason);
    let evidence_ref = words("evidence_ref", command.evidence_ref);
    let reason = words("change_reason", Some(command.reason)).unwrap_or_default();
    let given = (command.assistants.is_some(), command.approval.is_some(), command.special.is_some());
    let more = Accompanying {
        assistants: command.assistants.unwrap_or_default(),
        approval: command.approval.flatten(),
        special: command.special.unwrap_or_default(),
    };
    let more = more.cleaned(&snapshot.registries, &mut errors);
    if !errors.is_empty() {
        return Err(ActionError::Malformed(errors));
    }
    change_filing(tx, service, now, target, "filing.amended", |record| {
        let mut changes = Map::new();
        let filing = &mut record.filing;
        // Once they are there, the plan is what it was; the grounds of an exemption may still follow, the claim may not.
        let fixed = filing.arrived_at.is_some() && !target.actor.tells_history();
        let new_plan = planned.is_some_and(|planned| planned != filing.planned);
        let new_claim = command.exemption.is_some_and(|code| code != filing.exemption_code());
        if fixed && (new_plan || new_claim) {
            return Err(ActionError::State("arrived"));
        }
        if let Some(planned) = planned
            && planned != filing.planned
        {
            changes.insert("planned".into(), json!([filing.planned, planned]));
            filing.planned = planned;
            filing.rescheduled_at = Some(now);
        }
        if let Some(inspectors) = command.inspectors.map(|typed| snapshot.registries.certificates(&typed)) {
            note(&mut changes, "inspectors", &mut filing.inspectors, inspectors);
        }
        if let Some(matters) = command.matters.map(without_repeats) {
            note(&mut changes, "matters", &mut filing.matters, matters);
        }
        if given.0 {
            note(&mut changes, "assistants", &mut filing.assistants, more.assistants);
        }
        if given.1 {
            let by_head = filing.approval.as_ref().is_some_and(|approval| approval.account.is_some());
            if by_head
                && more.approval.as_ref().is_none_or(|new| new.account.is_none())
                && more.approval != filing.approval
            {
                return Err(FieldError::new("approver", "by_head").into());
            }
            note(&mut changes, "approval", &mut filing.approval, more.approval);
        }
        if given.2 {
            note(&mut changes, "special", &mut filing.special, more.special);
        }
        let exemption = amended_exemption(filing.exemption.as_ref(), command.exemption, grounds, evidence_ref);
        if exemption != filing.exemption {
            changes.insert("exemption".into(), json!([told(filing.exemption.as_ref()), told(exemption.as_ref())]));
            filing.exemption = exemption;
        }
        if !changes.is_empty() && !reason.is_empty() {
            changes.insert("reason".into(), json!(reason));
        }
        Ok::<Change, ActionError>((!changes.is_empty()).then_some(Value::Object(changes)))
    })
    .await
}

/// Puts a new value in place and notes old and new, if they differ.
fn note<T: PartialEq + serde::Serialize>(changes: &mut Map<String, Value>, name: &str, place: &mut T, new: T) {
    if *place != new {
        changes.insert(name.to_owned(), json!([place, new]));
        *place = new;
    }
}

#[expect(clippy::option_option, reason = "a code that is not given differs from one that is taken back")]
fn amended_exemption(
    old: Option<&Exemption>,
    code: Option<Option<ExemptionCode>>,
    reason: Option<String>,
    evidence_ref: Option<String>,
) -> Option<Exemption> {
    let code = code.unwrap_or(old.map(|e| e.code))?;
    Some(Exemption {
        code,
        reason: reason.or_else(|| old.map(|e| e.reason.clone())).unwrap_or_default(),
        evidence_ref: evidence_ref.or_else(|| old.map(|e| e.evidence_ref.clone())).unwrap_or_default(),
    })
}

fn told(exemption: Option<&Exemption>) -> Value {
    exemption.map_or(Value::Null, |e| json!({ "code": e.code, "reason": e.reason, "evidence_ref": e.evidence_ref }))
}
