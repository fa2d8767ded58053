//! The invitation to confirm and rate that follows every visit (邀请评价): the same for all, so that answering is normal.

use crate::actions::outbox::{Reader, enqueue, letterhead};
use crate::actions::{ActionError, Result, Service};
use crate::domain::filing::Filing;
use crate::domain::id::{FilingId, MailId};
use crate::domain::notice::MailKind;
use crate::domain::reporter::invited_at;
use crate::i18n::Lang;
use crate::mail::compose::invitation;
use crate::storage::filings::{FilingRecord, Scope};
use crate::storage::{Tx, enterprises, filings, invitations};
use chrono::{DateTime, TimeDelta, Utc};

/// Plans the invitation of a filing whose inspectors have arrived, some hours after they left or meant to leave. What reports say of an arrival
/// counts for nothing here.
///
/// # Errors
/// When the store fails.
pub async fn plan_invitation(tx: &mut Tx, service: &Service, filing: &Filing) -> Result<()> {
    let Some(arrived) = filing.arrived_at else { return Ok(()) };
    let left = filing.left_at.unwrap_or_else(|| filing.planned.end().max(arrived));
    Ok(invitations::plan(tx, filing.id, invited_at(left, service.settings.zone)).await?)
}

/// An invitation that could not be sent for longer than this is not sent any more: nobody remembers the visit.
const STALE_AFTER: TimeDelta = TimeDelta::days(7);

/// Makes the mail of an invitation that is due; none where the enterprise has no address, or the visit is long past.
///
/// # Errors
/// When the mail cannot be rendered or the store fails.
pub async fn invite(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: FilingId) -> Result<Option<MailId>> {
    let record = filings::get(tx, id, Scope::All).await?.filter(|record| worth(record, now));
    let mail = match record {
        Some(record) => mail(tx, service, now, &record).await?,
        None => None,
    };
    invitations::settle(tx, id, mail).await?;
    Ok(mail)
}

fn worth(record: &FilingRecord, now: DateTime<Utc>) -> bool {
    let filing = &record.filing;
    let left = filing.left_at.unwrap_or_else(|| filing.planned.end());
    filing.live() && now < left + STALE_AFTER
}

async fn mail(tx: &mut Tx, service: &Service, now: DateTime<Utc>, record: &FilingRecord) -> Result<Option<MailId>> {
    let enterprise =
        enterprises::get(tx, record.filing.enterprise).await?.ok_or(ActionError::NotFound("enterprise"))?;
    let address = enterprise.email.trim();
    if address.is_empty() || !enterprise.active {
        return Ok(None);
    }
    let settings = &service.settings;
    let words = invitation(&letterhead(settings), Lang::Zh, &record.number, &record.inspection_code)
        .map_err(|error| ActionError::Internal(error.to_string()))?;
    let reader = Reader::at(address.to_owned());
    let id = enqueue(tx, service, now, &reader, MailKind::Invitation, words, None).await?;
    Ok(Some(id))
}
