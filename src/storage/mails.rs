//! The outbox: mails written in the transaction of an event, claimed by lease, delivered at least once.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{MailId, UserId};
use crate::domain::notice::{MailKind, MailState};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A mail to be stored.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// Identity.
    pub id: MailId,
    /// The user it is for.
    pub user: Option<UserId>,
    /// Address.
    pub recipient: String,
    /// What it is about.
    pub kind: MailKind,
    /// Subject, one line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Message-ID with its angle brackets, fixed for ever.
    pub message_id: String,
    /// Message-ID of the mail that it continues.
    pub in_reply_to: Option<String>,
}

/// A stored mail.
#[derive(Clone, Debug)]
pub struct MailRecord {
    /// What was stored.
    pub mail: NewMail,
    /// When it was written; its Date.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub state: MailState,
    /// How often delivery was tried.
    pub attempts: i64,
    /// Not tried before this.
    pub next_attempt_at: DateTime<Utc>,
    /// Somebody delivers it until then.
    pub leased_until: Option<DateTime<Utc>>,
    /// When the server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// What went wrong last; empty if nothing.
    pub last_error: String,
}

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Mails not yet delivered.
    pub waiting: i64,
    /// Mails that were refused.
    pub stuck: i64,
    /// The oldest mail not yet delivered.
    pub oldest: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO mails (
            id, user_id, recipient, kind, subject, body_text, body_html, message_id, in_reply_to, created_at, state,
            attempts, next_attempt_at, leased_until, sent_at, last_error)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', 0, $10, NULL, NULL, '')";
    /// The predicate is repeated outside the subquery: without it PostgreSQL hands out most rows twice.
    /// The first of each state, and of these the first: of both states at once, all that wait would be read and sorted for the few that are taken. So
    /// they would be if SQLite looked the states up once more by their index, which it cannot behind a function. What is earlier than `$4` is not looked
    /// at: on PostgreSQL the index leads to each mail that was ever due there, until the vacuum has been.
    CLAIM = "UPDATE mails SET leased_until = $1
        WHERE id IN (
                SELECT id FROM (
                    SELECT * FROM (
                        SELECT id, next_attempt_at FROM mails
                        WHERE state = 'pending' AND next_attempt_at >= $4 AND next_attempt_at <= $2
                            AND (leased_until IS NULL OR leased_until < $2)
                        ORDER BY next_attempt_at, id
                        LIMIT $3) pending
                    UNION ALL
                    SELECT * FROM (
                        SELECT id, next_attempt_at FROM mails
                        WHERE state = 'retry' AND next_attempt_at >= $4 AND next_attempt_at <= $2
                            AND (leased_until IS NULL OR leased_until < $2)
                        ORDER BY next_attempt_at, id
                        LIMIT $3) retry) due
                ORDER BY next_attempt_at, id
                LIMIT $3)
            AND COALESCE(state, '') IN ('pending', 'retry') AND next_attempt_at <= $2
            AND (leased_until IS NULL OR leased_until < $2)
        RETURNING *";
    SENT = "UPDATE mails
        SET state = 'sent', attempts = attempts + 1, sent_at = $3, leased_until = NULL, last_error = ''
        WHERE id = $1 AND leased_until = $2";
    FAILED = "UPDATE mails
        SET state = $3, attempts = attempts + 1, next_attempt_at = $4, leased_until = NULL, last_error = $5
        WHERE id = $1 AND leased_until = $2";
    POSTPONE = "UPDATE mails SET next_attempt_at = $3, leased_until = NULL WHERE id = $1 AND leased_until = $2";
    AGAIN = "UPDATE mails SET state = 'retry', next_attempt_at = $2
        WHERE id = $1 AND (state IN ('stuck', 'retry') OR (state = 'withheld' AND last_error <> ''))";
    GET = "SELECT * FROM mails WHERE id = $1";
    PAGE = "SELECT * FROM mails
        WHERE created_at < $1 OR (created_at = $1 AND id < $2)
        ORDER BY created_at DESC, id DESC
        LIMIT $3";
    PAGE_OF_STATE = "SELECT * FROM mails
        WHERE state = $4 AND (created_at < $1 OR (created_at = $1 AND id < $2))
        ORDER BY created_at DESC, id DESC
        LIMIT $3";
    QUEUE = "SELECT state, COUNT(*) AS mails, MIN(created_at) AS oldest FROM mails
        WHERE state IN ('pending', 'retry', 'stuck')
        GROUP BY state";
    WITHHOLD = "UPDATE mails SET state = 'withheld' WHERE state IN ('pending', 'retry')";
    /// With a word of why, so that a person may send one of them after all.
    SET_ASIDE = "UPDATE mails SET state = 'withheld', leased_until = NULL, last_error = $1 WHERE state IN ('pending', 'retry')";
    NEXT_ATTEMPT = "SELECT MIN(at) AS at FROM (
            SELECT MIN(next_attempt_at) AS at FROM mails WHERE state = 'pending'
            UNION ALL
            SELECT MIN(next_attempt_at) FROM mails WHERE state = 'retry') first";
    LONG_WAITING = "SELECT user_id, kind, COUNT(*) AS mails FROM mails
        WHERE state = 'retry' AND created_at < $1 AND (leased_until IS NULL OR leased_until < $2)
            AND user_id IS NOT NULL
        GROUP BY user_id, kind
        ORDER BY user_id, kind";
    GATHER = "UPDATE mails SET state = 'gathered', leased_until = NULL
        WHERE user_id = $1 AND kind = $2 AND state = 'retry' AND created_at < $3
            AND (leased_until IS NULL OR leased_until < $4)
        RETURNING id";
}

/// Puts a mail into the outbox; it is due at once.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, m: &NewMail, now: DateTime<Utc>) -> Result<()> {
    let values = params![
        m.id,
        m.user,
        &m.recipient,
        m.kind.as_str(),
        &m.subject,
        &m.text,
        &m.html,
        &m.message_id,
        m.in_reply_to.clone(),
        now
    ];
    tx.later("mail", INSERT, values).await
}

/// Takes up to `limit` mails that are due, the oldest first and none that was due before `from`, for nobody else until `until`.
///
/// # Errors
/// When the store fails.
pub async fn claim(
    tx: &mut Tx,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<MailRecord>> {
    tx.fetch_all(CLAIM, params![until, now, limit, from]).await?.iter().map(from_row).collect()
}

/// Notes that the server has taken a mail; `lease` is the one that it was claimed with.
///
/// # Errors
/// [`super::StorageError::Stale`] when the lease is lost; otherwise when the store fails.
pub async fn sent(tx: &mut Tx, id: MailId, lease: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    tx.later("mail", SENT, params![id, lease, now]).await
}

/// Notes a failure: to be tried again at `next`, or stuck.
///
/// # Errors
/// As [`sent`].
pub async fn failed(
    tx: &mut Tx,
    id: MailId,
    lease: DateTime<Utc>,
    state: MailState,
    next: DateTime<Utc>,
    error: &str,
) -> Result<()> {
    tx.later("mail", FAILED, params![id, lease, state.as_str(), next, error]).await
}

/// Gives a claimed mail back untried, not to be tried before `next`.
///
/// # Errors
/// As [`sent`].
pub async fn postpone(tx: &mut Tx, id: MailId, lease: DateTime<Utc>, next: DateTime<Utc>) -> Result<()> {
    tx.execute_one("mail", POSTPONE, params![id, lease, next]).await
}

/// Tries a stuck or waiting mail again at once, at a person's wish.
///
/// # Errors
/// [`super::StorageError::Stale`] when it is neither; otherwise when the store fails.
pub async fn again(tx: &mut Tx, id: MailId, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("mail", AGAIN, params![id, now]).await
}

/// One mail.
///
/// # Errors
/// When the store fails or holds something unreadable.
pub async fn get(tx: &mut Tx, id: MailId) -> Result<Option<MailRecord>> {
    tx.fetch_optional(GET, params![id]).await?.as_ref().map(from_row).transpose()
}

/// A page of mails, the newest first: those in `state`, or all; older than the `(created_at, id)` that the page before ended with.
///
/// # Errors
/// When the store fails or holds something unreadable.
pub async fn list(
    tx: &mut Tx,
    state: Option<MailState>,
    older_than: Option<(DateTime<Utc>, MailId)>,
    limit: i64,
) -> Result<Vec<MailRecord>> {
    let (at, id) = older_than.unwrap_or((far_future(), MailId(Uuid::max())));
    let rows = match state {
        None => tx.fetch_all(PAGE, params![at, id, limit]).await?,
        Some(state) => tx.fetch_all(PAGE_OF_STATE, params![at, id, limit, state.as_str()]).await?,
    };
    rows.iter().map(from_row).collect()
}

/// Later than any mail, and still written with a year of four digits, so that SQLite compares it as text.
fn far_future() -> DateTime<Utc> {
    DateTime::from_timestamp(253_000_000_000, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// How much waits, and since when.
///
/// # Errors
/// When the store fails.
pub async fn queue(tx: &mut Tx) -> Result<Queue> {
    let mut queue = Queue::default();
    for row in tx.fetch_all(QUEUE, params![]).await? {
        let mails: i64 = row.get("mails")?;
        if row.code("state", MailState::parse)? == MailState::Stuck {
            queue.stuck = mails;
        } else {
            let oldest: DateTime<Utc> = row.get("oldest")?;
            queue.waiting += mails;
            queue.oldest = Some(queue.oldest.map_or(oldest, |other| other.min(oldest)));
        }
    }
    Ok(queue)
}

/// Takes everything that waits out of the queue for good: a history that was loaded mails nobody.
///
/// # Errors
/// When the store fails.
pub async fn withhold(tx: &mut Tx) -> Result<u64> {
    tx.execute(WITHHOLD, params![]).await
}

/// Takes everything that waits out of the queue, with the reason; each may still be sent at a person's wish.
///
/// # Errors
/// When the store fails.
pub async fn set_aside(tx: &mut Tx, reason: &str) -> Result<u64> {
    tx.execute(SET_ASIDE, params![reason]).await
}

/// The earliest instant at which a mail is to be tried.
///
/// # Errors
/// When the store fails.
pub async fn next_attempt(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(NEXT_ATTEMPT, params![]).await?.get("at")
}

/// For how many mails of each kind each user has been waiting in vain since before `before`.
///
/// # Errors
/// When the store fails.
pub async fn long_waiting(
    tx: &mut Tx,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<(UserId, MailKind, i64)>> {
    let rows = tx.fetch_all(LONG_WAITING, params![before, now]).await?;
    rows.iter().map(|row| Ok((row.id("user_id")?, row.code("kind", MailKind::parse)?, row.get("mails")?))).collect()
}

/// Takes the mails of one kind that a user has been waiting for since before `before` out of the queue.
///
/// # Errors
/// When the store fails.
pub async fn gather(
    tx: &mut Tx,
    user: UserId,
    kind: MailKind,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<MailId>> {
    let rows = tx.fetch_all(GATHER, params![user, kind.as_str(), before, now]).await?;
    rows.iter().map(|row| row.id("id")).collect()
}

fn from_row(row: &Row) -> Result<MailRecord> {
    Ok(MailRecord {
        mail: NewMail {
            id: row.id("id")?,
            user: row.id_opt("user_id")?,
            recipient: row.get("recipient")?,
            kind: row.code("kind", MailKind::parse)?,
            subject: row.get("subject")?,
            text: row.get("body_text")?,
            html: row.get("body_html")?,
            message_id: row.get("message_id")?,
            in_reply_to: row.get("in_reply_to")?,
        },
        created_at: row.get("created_at")?,
        state: row.code("state", MailState::parse)?,
        attempts: row.get("attempts")?,
        next_attempt_at: row.get("next_attempt_at")?,
        leased_until: row.get("leased_until")?,
        sent_at: row.get("sent_at")?,
        last_error: row.get("last_error")?,
    })
}
