//! Opening a reporter's sealed contact: asked for with a reason, agreed to by a second supervisor, readable by the first one for 15 minutes, each step
//! in the audit, and told to the reporter on the receipt page.

use super::report_for;
use crate::actions::{ActionError, Actor, FieldError, Result, Service, audit, seal};
use crate::domain::id::{ReportId, UserId};
use crate::domain::reporter::{AGREED_HOURS, OPEN_MINUTES, OpeningReason, OpeningState};
use crate::domain::text::{self, PURPOSE_MAX};
use crate::storage::contact_openings::{self, Opening};
use crate::storage::{Tx, reports};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

/// Asks for the contact of a report, with a reason in general words and one for the second person.
///
/// # Errors
/// [`ActionError::NotFound`] without contact; [`ActionError::State`] while another opening is under way; [`ActionError::Malformed`] without a
/// reason; otherwise when the store fails.
#[expect(clippy::too_many_arguments, reason = "what every action takes, who asks, and why")]
pub async fn ask_to_open(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    asker: UserId,
    discipline: bool,
    id: ReportId,
    reason: OpeningReason,
    words: &str,
) -> Result<()> {
    let words = text::paragraph(words, PURPOSE_MAX).map_err(|e| FieldError::new("contact_words", e.code()))?;
    report_for(tx, id, discipline).await?;
    if !reports::has_contact(tx, id).await? {
        return Err(ActionError::NotFound("contact"));
    }
    if contact_openings::of_report(tx, id).await?.iter().any(|opening| under_way(opening, now)) {
        return Err(ActionError::State("under_way"));
    }
    contact_openings::insert(tx, service.ids.uuid(now), id, (reason, &words), asker, now).await?;
    let detail = json!({ "reason": reason });
    audit::record(tx, service, now, &Actor::User(asker), "contact.asked", ("report", id.0), detail).await
}

/// A second supervisor agrees, or refuses.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when it was decided before, or for the one who asked; otherwise when the store fails.
#[expect(clippy::too_many_arguments, reason = "what every action takes, who decides, and what")]
pub async fn decide_opening(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    decider: UserId,
    discipline: bool,
    id: ReportId,
    opening: Uuid,
    agreed: bool,
) -> Result<()> {
    report_for(tx, id, discipline).await?;
    let found = contact_openings::of_report(tx, id).await?.into_iter().find(|o| o.id == opening);
    let found = found.ok_or(ActionError::NotFound("opening"))?;
    let state = if agreed { OpeningState::Approved } else { OpeningState::Refused };
    if found.asked_by == decider || !contact_openings::decide(tx, opening, state, decider, now).await? {
        return Err(ActionError::State("decided"));
    }
    let action = if agreed { "contact.approved" } else { "contact.refused" };
    audit::record(tx, service, now, &Actor::User(decider), action, ("report", id.0), json!({})).await
}

/// Opens an agreed contact for [`OPEN_MINUTES`].
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when nobody agreed within [`AGREED_HOURS`], or it was opened before; an internal error when the
/// contact was sealed with another key; otherwise when the store fails.
pub async fn open_contact(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    opener: UserId,
    discipline: bool,
    id: ReportId,
) -> Result<()> {
    report_for(tx, id, discipline).await?;
    let agreed = |o: &Opening| o.asked_by == opener && o.state == OpeningState::Approved && under_way(o, now);
    let openings = contact_openings::of_report(tx, id).await?;
    let opening = openings.iter().find(|o| agreed(o)).ok_or(ActionError::State("not_agreed"))?;
    // A contact that cannot be opened must not be told to the reporter as opened.
    words(tx, service, id).await?;
    if !contact_openings::open(tx, opening.id, now, now + TimeDelta::minutes(OPEN_MINUTES)).await? {
        return Err(ActionError::State("not_agreed"));
    }
    let detail = json!({ "reason": opening.reason });
    audit::record(tx, service, now, &Actor::User(opener), "contact.opened", ("report", id.0), detail).await
}

/// The contact and until when it can be read, for the one who opened it, while that lasts.
///
/// # Errors
/// When it was sealed with another key, or the store fails.
pub async fn readable(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    reader: UserId,
    openings: &[Opening],
) -> Result<Option<(String, DateTime<Utc>)>> {
    let open = |o: &&Opening| o.asked_by == reader && o.state == OpeningState::Opened;
    let lasting =
        openings.iter().filter(open).find_map(|o| Some((o.report, o.open_until.filter(|until| now < *until)?)));
    let Some((report, until)) = lasting else { return Ok(None) };
    Ok(Some((words(tx, service, report).await?, until)))
}

async fn words(tx: &mut Tx, service: &Service, id: ReportId) -> Result<String> {
    let sealed = reports::contact(tx, id).await?.ok_or(ActionError::NotFound("contact"))?;
    seal::open(service, &sealed)
}

/// Whether somebody waits for a decision, may open it, or can read it.
fn under_way(opening: &Opening, now: DateTime<Utc>) -> bool {
    match opening.state {
        OpeningState::Asked => true,
        OpeningState::Approved => opening.decided_at.is_some_and(|at| now < at + TimeDelta::hours(AGREED_HOURS)),
        OpeningState::Opened => opening.open_until.is_some_and(|until| now < until),
        OpeningState::Refused => false,
    }
}
