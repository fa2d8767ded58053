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

/// Plans the invitation of a filing, one whatever becomes of it: some hours after they left or meant to leave, also where nobody checked in, for
/// there it matters most. It moves with the filing until it is sent. What reports say of an arrival counts for nothing here, and an agency sees
/// nothing of it.
///
/// # Errors
/// When the store fails.
pub async fn plan_invitation(tx: &mut Tx, service: &Service, filing: &Filing) -> Result<()> {
    // One that was cancelled is found out when it is due.
    Ok(invitations::plan(tx, filing.id, invited_at(over(filing), service.settings.zone)).await?)
}

/// Plans the invitation of a filing that is new.
///
/// # Errors
/// When the store fails.
pub async fn plan_first_invitation(tx: &mut Tx, service: &Service, filing: &Filing) -> Result<()> {
    Ok(invitations::plan_new(tx, filing.id, invited_at(over(filing), service.settings.zone)).await?)
}

/// When a visit is over: they left, or meant to have left.
fn over(filing: &Filing) -> DateTime<Utc> {
    let planned = filing.planned.end();
    filing.left_at.unwrap_or_else(|| filing.arrived_at.map_or(planned, |arrived| planned.max(arrived)))
}

/// An invitation that could not be sent for longer than this is not sent any more: nobody remembers the visit.
const STALE_AFTER: TimeDelta = TimeDelta::days(7);

/// Makes the mail of an invitation that is due; none where the enterprise has no address, or the visit is long past.
///
/// # Errors
/// [`ActionError::Stale`] when somebody else has made it meanwhile; when the mail cannot be rendered or the store fails. The transaction is to
/// be rolled back then, and with it the mail.
pub async fn invite(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: FilingId) -> Result<Option<MailId>> {
    let record = filings::get(tx, id, Scope::All).await?.filter(|record| worth(record, now));
    let mail = match record {
        Some(record) => mail(tx, service, now, &record).await?,
        None => None,
    };
    if !invitations::settle(tx, id, mail).await? && mail.is_some() {
        return Err(ActionError::Stale("invitation"));
    }
    Ok(mail)
}

fn worth(record: &FilingRecord, now: DateTime<Utc>) -> bool {
    record.filing.live() && now < over(&record.filing) + STALE_AFTER
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
