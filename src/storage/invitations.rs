//! The invitations to confirm and rate that follow every visit.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{FilingId, MailId};
use chrono::{DateTime, Utc};

statements! {
    PLAN = "INSERT INTO visit_invitations (filing_id, due_at, state, mail_id) VALUES ($1, $2, 'pending', NULL)
        ON CONFLICT (filing_id) DO UPDATE SET due_at = excluded.due_at WHERE visit_invitations.state = 'pending'";
    PLAN_NEW = "INSERT INTO visit_invitations (filing_id, due_at, state, mail_id) VALUES ($1, $2, 'pending', NULL)";
    NEXT = "SELECT MIN(due_at) AS at FROM visit_invitations WHERE state = 'pending'";
    DUE = "SELECT filing_id FROM visit_invitations WHERE state = 'pending' AND due_at <= $1
        ORDER BY due_at, filing_id
        LIMIT $2";
    SETTLE = "UPDATE visit_invitations SET state = $2, mail_id = $3 WHERE filing_id = $1 AND state = 'pending'";
}

/// Plans the invitation of a visit, or moves it while it has not been sent.
///
/// # Errors
/// When the store fails.
pub async fn plan(tx: &mut Tx, filing: FilingId, due_at: DateTime<Utc>) -> Result<()> {
    tx.execute(PLAN, params![filing, due_at]).await.map(drop)
}

/// Plans the invitation of a filing that is new.
///
/// # Errors
/// When the store fails.
pub async fn plan_new(tx: &mut Tx, filing: FilingId, due_at: DateTime<Utc>) -> Result<()> {
    tx.later("invitation", PLAN_NEW, params![filing, due_at]).await
}

/// When the next invitation is due.
///
/// # Errors
/// When the store fails.
pub async fn next_due(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(NEXT, params![]).await?.get("at")
}

/// The visits whose invitation is due, at most `limit`.
///
/// # Errors
/// When the store fails.
pub async fn due(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> Result<Vec<FilingId>> {
    tx.fetch_all(DUE, params![now, limit]).await?.iter().map(|row| row.id("filing_id")).collect()
}

/// The invitation is in a mail, or there is nobody to send it to.
///
/// # Errors
/// When the store fails.
pub async fn settle(tx: &mut Tx, filing: FilingId, mail: Option<MailId>) -> Result<bool> {
    let state = if mail.is_some() { "mailed" } else { "dropped" };
    Ok(tx.execute(SETTLE, params![filing, state, mail]).await? == 1)
}
