//! A supervisor writes to the reporter, who reads it on the receipt page. Nothing is mailed: there is nowhere to mail it to.

use super::report_for;
use crate::actions::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::id::{ReportId, UserId};
use crate::domain::reporter::Phrase;
use crate::domain::text::{self, REPORT_MAX};
use crate::storage::{Tx, conversations};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Writes a fixed phrase, own words, or both; what the reporter added so far is read then.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] for a withdrawn report; [`ActionError::Malformed`] without anything to say; otherwise
/// when the store fails.
#[expect(clippy::too_many_arguments, reason = "what every action takes, who writes, and what")]
pub async fn write_to_reporter(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    author: UserId,
    discipline: bool,
    id: ReportId,
    phrase: Option<Phrase>,
    words: &str,
) -> Result<()> {
    let cleaned = text::optional_paragraph(words, REPORT_MAX).map_err(|e| FieldError::new("message", e.code()))?;
    let words = cleaned.unwrap_or_default();
    if phrase.is_none() && words.is_empty() {
        return Err(FieldError::new("message", "required").into());
    }
    let record = report_for(tx, id, discipline).await?;
    if record.report.withdrawn {
        return Err(ActionError::State("withdrawn"));
    }
    conversations::insert(tx, service.ids.uuid(now), id, author, phrase, &words, now).await?;
    conversations::read(tx, id, author, now).await?;
    let detail = json!({ "phrase": phrase });
    audit::record(tx, service, now, &Actor::User(author), "report.answered", ("report", id.0), detail).await
}

/// A supervisor has read what the reporter added.
///
/// # Errors
/// [`ActionError::NotFound`]; otherwise when the store fails.
pub async fn mark_read(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    reader: UserId,
    discipline: bool,
    id: ReportId,
) -> Result<()> {
    report_for(tx, id, discipline).await?;
    if conversations::read(tx, id, reader, now).await? == 0 {
        return Ok(());
    }
    audit::record(tx, service, now, &Actor::User(reader), "report.read", ("report", id.0), json!({})).await
}
