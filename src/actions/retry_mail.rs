//! Trying a stuck or waiting mail again at once, at a person's wish.

use super::{ActionError, Actor, Result, Service, audit};
use crate::domain::id::MailId;
use crate::storage::{Tx, mails};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Makes a mail due now.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::Stale`] when it is neither stuck nor waiting; otherwise when the store fails.
pub async fn retry_mail(tx: &mut Tx, service: &Service, now: DateTime<Utc>, actor: &Actor, id: MailId) -> Result<()> {
    mails::get(tx, id).await?.ok_or(ActionError::NotFound("mail"))?;
    mails::again(tx, id, now).await?;
    audit::record(tx, service, now, actor, "mail.retried", ("mail", id.0), json!({})).await
}
