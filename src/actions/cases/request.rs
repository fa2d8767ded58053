//! Asking an agency to explain: the draft that a supervisor looks at, and sending it. Both are made by the same function.

use super::decide::{by, refused};
use super::letters::{self, Letter};
use super::wording::Tells;
use super::{steps, wording};
use crate::actions::{ActionError, Actor, Result, Service, Snapshot, audit};
use crate::domain::cases::{Extension, RequestState, unasked};
use crate::domain::holidays::deadline;
use crate::domain::id::{AgencyId, PolicyId, RequestId, ViolationId};
use crate::storage::Tx;
use crate::storage::cases::items::{self, RequestItem};
use crate::storage::cases::requests::{self, RequestRecord};
use crate::storage::users;
use crate::storage::violations::{self, ViolationRecord};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

/// The most violations of one request.
const MOST_ITEMS: usize = 50;

/// One violation of a draft, in the words that the agency will read.
#[derive(Clone, Debug)]
pub struct DraftItem {
    /// The violation as it stands.
    pub violation: ViolationRecord,
    /// The item as it will be stored.
    pub item: RequestItem,
    /// What its words tell of where and when.
    pub tells: Tells,
}

/// A request that is not sent yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The agency.
    pub agency: AgencyId,
    /// What is asked.
    pub items: Vec<DraftItem>,
    /// The last day for an answer.
    pub due_on: NaiveDate,
    /// Whether somebody of the agency can sign in to answer.
    pub can_answer: bool,
    policy: PolicyId,
}

/// The last day for an answer to what is asked on a day.
#[must_use]
pub fn due_on(snapshot: &Snapshot, asked: NaiveDate) -> NaiveDate {
    let days = snapshot.policies.on(asked).policy.rules.exp_01.working_days;
    snapshot.registries.holidays.addwd(asked, days)
}

/// Drafts a request about these violations.
///
/// # Errors
/// [`ActionError::NotFound`] for one that is not there; [`ActionError::State`]: `none` without violations, `too_many`, `no_agency`,
/// `agencies` when they are of several, a code of [`crate::domain::cases::Unasked`] when an agency must not be asked about one,
/// `explaining`, `closed`, `dismissed`, `cleared` when one stands so; otherwise when the store fails.
pub async fn draft_request(tx: &mut Tx, service: &Service, now: DateTime<Utc>, ids: &[ViolationId]) -> Result<Draft> {
    if ids.is_empty() {
        return Err(ActionError::State("none"));
    }
    if ids.len() > MOST_ITEMS {
        return Err(ActionError::State("too_many"));
    }
    let snapshot = service.snapshot(tx).await?;
    let today = service.settings.zone.local_date(now);
    let policy = snapshot.policies.on(today);
    let due_on = due_on(&snapshot, today);
    let request = RequestId(service.ids.uuid(now));
    let mut drafted = Vec::with_capacity(ids.len());
    let mut agency = None;
    for (position, id) in (1..).zip(ids) {
        let violation = violations::get(tx, *id).await?.ok_or(ActionError::NotFound("violation"))?;
        if let Some(why) = unasked(violation.rule, violation.severity, violation.subject) {
            return Err(ActionError::State(why.as_str()));
        }
        let concerned = violation.agency.ok_or(ActionError::State("no_agency"))?;
        if *agency.get_or_insert(concerned) != concerned {
            return Err(ActionError::State("agencies"));
        }
        violation.standing().asked(due_on).map_err(refused)?;
        let words = wording::words(tx, &snapshot.registries, &snapshot.policies, &violation, today).await?;
        let item = RequestItem {
            id: service.ids.uuid(now),
            request,
            violation: *id,
            position,
            rule: violation.rule,
            filing: words.filing,
            filing_number: words.filing_number,
            asked: words.asked,
            rule_text: words.rule,
            outcome: None,
            outcome_words: String::new(),
            outcome_at: None,
            follow_up_on: None,
        };
        drafted.push(DraftItem { violation, item, tells: words.tells });
    }
    let agency = agency.ok_or(ActionError::State("no_agency"))?;
    let can_answer = !users::liaisons(tx, agency).await?.is_empty();
    Ok(Draft { agency, items: drafted, due_on, can_answer, policy: policy.id })
}

/// Sends a request about these violations, each with the version that the supervisor saw.
///
/// # Errors
/// As [`draft_request`]; [`ActionError::Stale`] when a violation changed since it was seen.
pub async fn send_request(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    seen: &[(ViolationId, i64)],
) -> Result<RequestRecord> {
    let ids: Vec<ViolationId> = seen.iter().map(|(id, _)| *id).collect();
    super::decide::hold(tx, &ids).await?;
    let draft = draft_request(tx, service, now, &ids).await?;
    if draft.items.iter().zip(seen).any(|(drafted, (_, version))| drafted.violation.version != *version) {
        return Err(ActionError::Stale("violation"));
    }
    let zone = service.settings.zone;
    let today = zone.local_date(now);
    let first = draft.items.first().ok_or(ActionError::State("none"))?;
    let record = RequestRecord {
        id: first.item.request,
        number: number(first.item.request),
        agency: draft.agency,
        enterprise: first.violation.enterprise,
        policy: draft.policy,
        state: RequestState::Sent,
        round: 1,
        sent_at: now,
        sent_day: today,
        sent_by: by(actor),
        asked_on: today,
        due_on: draft.due_on,
        due_at: deadline(zone, draft.due_on),
        extension: Extension::Unasked,
        extension_words: String::new(),
        assignee: None,
        seen_at: None,
        replied_at: None,
        ended_at: None,
        listed_at: None,
        circulated_at: None,
        version: 1,
    };
    requests::insert(tx, &record).await?;
    for drafted in &draft.items {
        let v = &drafted.violation;
        items::insert(tx, &drafted.item).await?;
        let after = v.standing().asked(draft.due_on).map_err(refused)?;
        violations::stand(tx, v.id, v.version, &after, now).await?;
        let detail = json!({ "request": record.id, "number": record.number });
        audit::record(tx, service, now, actor, "violation.asked", ("violation", v.id.0), detail).await?;
    }
    steps::plan(tx, service, now, &record).await?;
    let detail = json!({ "number": record.number, "agency": record.agency, "items": draft.items.len(), "due_on": record.due_on });
    audit::record(tx, service, now, actor, "request.sent", ("request", record.id.0), detail).await?;
    letters::to_liaisons(tx, service, now, &record, Letter::Asked, None).await?;
    Ok(record)
}

/// The number of a request as people write it: the random end of its id, `7F3A-09C2-51D0`.
fn number(id: RequestId) -> String {
    let b = id.0.as_bytes();
    format!("{:02X}{:02X}-{:02X}{:02X}-{:02X}{:02X}", b[10], b[11], b[12], b[13], b[14], b[15])
}
