//! What came in a flood: held, told to supervisors once a day, released or set aside by them. Nothing of it is lost.

use super::assess_dossier::{Occasion, assess_dossier};
use super::outbox::{Reader, enqueue, letterhead};
use super::{ActionError, Actor, FieldError, Result, Service, assess_agency, audit, reporters};
use crate::domain::id::{FilingId, ReportId};
use crate::domain::notice::MailKind;
use crate::domain::open_form::{HeldState, OpenForm};
use crate::domain::text::{self, PURPOSE_MAX};
use crate::mail::compose;
use crate::storage::filings::{self, Scope};
use crate::storage::quarantine::{self, Held};
use crate::storage::{Tx, enterprises, open_form_counts, reports, users};
use chrono::{DateTime, NaiveTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// Holds a report or filing that was just stored: no rule looks at it. The first of a day is told to the supervisors, by a mail that says
/// nothing of it.
///
/// # Errors
/// When the store fails or the mail cannot be rendered.
pub(super) async fn hold(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    kind: OpenForm,
    subject: Uuid,
) -> Result<()> {
    quarantine::hold(tx, kind, subject, now).await?;
    audit::record(tx, service, now, actor, "quarantine.held", (object(kind), subject), json!({})).await?;
    let zone = service.settings.zone;
    let today = zone.instant(zone.local_date(now), NaiveTime::MIN);
    if !open_form_counts::first(tx, "quarantine-told", "", today).await? {
        return Ok(());
    }
    for supervisor in users::supervisors(tx).await? {
        let reader = Reader::of(&supervisor);
        let words = compose::quarantine_notice(&letterhead(&service.settings), reader.lang)
            .map_err(|error| ActionError::Internal(error.to_string()))?;
        enqueue(tx, service, now, &reader, MailKind::Case, words, None).await?;
    }
    Ok(())
}

/// Releases what is held, also what was set aside: it is judged as what it is, by when it was accepted.
///
/// # Errors
/// [`ActionError::NotFound`] for what was never held, [`ActionError::State`] for what was released before; otherwise when the store fails.
pub async fn release(tx: &mut Tx, service: &Service, now: DateTime<Utc>, actor: &Actor, subject: Uuid) -> Result<()> {
    let held = find(tx, subject).await?;
    let missing = || ActionError::NotFound("held form");
    match held.kind {
        OpenForm::Report => {
            let record = reports::get(tx, ReportId(subject)).await?.ok_or_else(missing)?;
            let (_, enterprise) = enterprises::touch(tx, record.report.enterprise).await?.ok_or_else(missing)?;
            settle(tx, service, now, actor, &held, HeldState::Released, "").await?;
            let day = service.settings.zone.local_date(record.report.arrived_at);
            let judged = assess_dossier(tx, service, now, enterprise, Some(day), Occasion::Telling).await?;
            assess_agency::after_sweep(tx, service, now, &judged).await
        }
        OpenForm::Urgent => {
            let record = filings::get(tx, FilingId(subject), Scope::All).await?.ok_or_else(missing)?;
            let filing = record.filing;
            let (_, enterprise) = enterprises::touch(tx, filing.enterprise).await?.ok_or_else(missing)?;
            settle(tx, service, now, actor, &held, HeldState::Released, "").await?;
            reporters::plan_invitation(tx, service, &filing).await?;
            let day = filing.first_day(service.settings.zone);
            let judged = assess_dossier(tx, service, now, enterprise, Some(day), Occasion::Filing).await?;
            assess_agency::after_change(tx, service, now, None, &filing, &judged).await
        }
    }
}

/// Sets aside what waits, with the reason. It stays, its receipt opens it, and it can still be released.
///
/// # Errors
/// [`FieldError`] at `reason`; [`ActionError::NotFound`], [`ActionError::State`] for what was looked at before; otherwise when the store fails.
pub async fn set_aside(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    subject: Uuid,
    reason: &str,
) -> Result<()> {
    let reason = text::paragraph(reason, PURPOSE_MAX).map_err(|e| FieldError::new("reason", e.code()))?;
    let held = find(tx, subject).await?;
    settle(tx, service, now, actor, &held, HeldState::Aside, &reason).await
}

/// What the agency said of an urgent filing settles it here too, if it was held.
pub(super) async fn agency_said(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    filing: FilingId,
    refused_for: Option<&str>,
) -> Result<()> {
    match (quarantine::get(tx, filing.0).await?, refused_for) {
        (Some(held), None) if held.state != HeldState::Released => release(tx, service, now, actor, filing.0).await,
        (Some(held), Some(reason)) if held.state == HeldState::Waits => {
            settle(tx, service, now, actor, &held, HeldState::Aside, reason).await
        }
        _ => Ok(()),
    }
}

async fn find(tx: &mut Tx, subject: Uuid) -> Result<Held> {
    quarantine::get(tx, subject).await?.ok_or(ActionError::NotFound("held form"))
}

async fn settle(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    held: &Held,
    state: HeldState,
    reason: &str,
) -> Result<()> {
    if !quarantine::settle(tx, held, state, reason, &actor.name(), now).await? {
        return Err(ActionError::State("settled"));
    }
    let (action, detail) = match state {
        HeldState::Aside => ("quarantine.set_aside", json!({ "reason": reason })),
        _ => ("quarantine.released", json!({})),
    };
    audit::record(tx, service, now, actor, action, (object(held.kind), held.subject), detail).await
}

/// The kind of the object, as the audit names it.
const fn object(kind: OpenForm) -> &'static str {
    match kind {
        OpenForm::Report => "report",
        OpenForm::Urgent => "filing",
    }
}
