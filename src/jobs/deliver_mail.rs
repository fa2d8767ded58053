//! Mails on their way: claimed by lease, a few at a time, tried again until they are taken.
//!
//! A crash after the server took a mail and before that was noted sends it again, with the same Message-ID. A
//! refused recipient is stuck, for a person to look at; the others go on.

use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::id::MailId;
use crate::domain::notice::{MailState, is_daytime, next_morning};
use crate::mail::{Letter, Mailer, SendError};
use crate::storage::mails::{self, MailRecord};
use crate::storage::{StorageError, Tx, backups};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use tokio::task::JoinSet;

/// How many mails are claimed at a time and sent side by side.
const BATCH: u8 = 4;

/// So often one begins at the oldest again: of what is stored meanwhile some may have been due before what was claimed last.
const AGAIN: TimeDelta = TimeDelta::seconds(10);

/// Mails that were sent are noted together, with the next claim, unless another one beside them takes longer than this.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long a claimed mail is left to its claimer; longer than a conversation may take with all its time limits.
const LEASE_MINUTES: i64 = 5;

/// Minutes until the next try, after the first, second, … failure; the last one again and again.
const RETRY_MINUTES: [i64; 5] = [1, 2, 5, 10, 30];

/// Longest error kept with a mail, in characters.
const ERROR_CHARS: usize = 300;

/// Sends every mail that is due, and returns how many were taken. What waits for the daytime is put off at night.
///
/// # Errors
/// When the store fails; a mail that is not taken is no error.
pub async fn deliver_due(app: &App, mailer: &Mailer) -> Result<usize> {
    deliver(app, mailer, true).await
}

/// The same whatever the hour: for the end of a replay.
///
/// # Errors
/// As [`deliver_due`].
pub async fn deliver_everything(app: &App, mailer: &Mailer) -> Result<usize> {
    deliver(app, mailer, false).await
}

/// A mail that was tried, and what is to be noted of it.
struct Tried {
    id: MailId,
    lease: DateTime<Utc>,
    /// How often it had been tried before.
    failures: i64,
    result: std::result::Result<(), SendError>,
}

async fn deliver(app: &App, mailer: &Mailer, heed_hours: bool) -> Result<usize> {
    let (mut sent, mut tried) = (0, Vec::new());
    let mut more = is_due(app).await?;
    let (mut begun, mut from) = (app.clock.now(), DateTime::UNIX_EPOCH);
    while more {
        let now = app.clock.now();
        if now - begun >= AGAIN {
            (begun, from) = (now, DateTime::UNIX_EPOCH);
        }
        let lease = now + TimeDelta::minutes(LEASE_MINUTES);
        let claimed = match claim(app, from, now, lease, &tried).await {
            Err(_) if !tried.is_empty() => {
                note_each(app, &mut tried).await;
                claim(app, from, now, lease, &[]).await?
            }
            claimed => claimed?,
        };
        tried.clear();
        more = claimed.len() == usize::from(BATCH);
        // The oldest are claimed first: what is left is no older.
        from = claimed.iter().map(|record| record.next_attempt_at).max().unwrap_or(from);
        let claimed = put_off(app, claimed, lease, heed_hours).await?;
        sent += send_side_by_side(app, mailer, claimed, lease, &mut tried).await;
    }
    note_each(app, &mut tried).await;
    Ok(sent)
}

/// Notes what became of those tried before, and claims the next ones.
async fn claim(
    app: &App,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
    lease: DateTime<Utc>,
    tried: &[Tried],
) -> Result<Vec<MailRecord>> {
    let mut tx = app.db.write_shared().await?;
    for one in tried {
        note(&mut tx, one, now).await?;
    }
    let claimed = mails::claim(&mut tx, from, now, lease, i64::from(BATCH)).await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Whether a mail is due that may be sent: none may after a restore, until a person releases them.
async fn is_due(app: &App) -> Result<bool> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let due = mails::next_attempt(&mut tx).await?.is_some_and(|at| at <= now);
    Ok(due && backups::held(&mut tx).await?.is_none())
}

/// Those of the claimed ones that may be sent at this hour; the others wait for the morning.
async fn put_off(
    app: &App,
    mut claimed: Vec<MailRecord>,
    lease: DateTime<Utc>,
    heed_hours: bool,
) -> Result<Vec<MailRecord>> {
    if !heed_hours || !claimed.iter().any(|record| record.mail.kind.daytime_only()) {
        return Ok(claimed);
    }
    let (now, zone) = (app.clock.now(), app.service.settings.zone);
    let snapshot = app.service.snapshot(&mut app.db.glance().await?).await?;
    let holidays = &snapshot.registries.holidays;
    if is_daytime(now, zone, holidays) {
        return Ok(claimed);
    }
    let morning = next_morning(now, zone, holidays);
    let mut tx = app.db.write_shared().await?;
    for record in claimed.extract_if(.., |record| record.mail.kind.daytime_only()) {
        mails::postpone(&mut tx, record.mail.id, lease, morning).await?;
    }
    tx.commit().await?;
    Ok(claimed)
}

/// Sends them; how many were taken. Who is not noted yet at the end is left in `tried`.
async fn send_side_by_side(
    app: &App,
    mailer: &Mailer,
    claimed: Vec<MailRecord>,
    lease: DateTime<Utc>,
    tried: &mut Vec<Tried>,
) -> usize {
    let (mut sending, mut sent) = (JoinSet::new(), 0);
    for record in claimed {
        sending.spawn(send_one(letter(app, &record), mailer.clone(), record, lease));
    }
    loop {
        match tokio::time::timeout(PATIENCE, sending.join_next()).await {
            Ok(Some(Ok(one))) => {
                sent += usize::from(one.result.is_ok());
                tried.push(one);
            }
            // It was told to end: its mail is tried again after the lease.
            Ok(Some(Err(_))) => {}
            Ok(None) => return sent,
            Err(_) => note_each(app, tried).await,
        }
    }
}

async fn send_one(letter: Letter, mailer: Mailer, record: MailRecord, lease: DateTime<Utc>) -> Tried {
    let (id, failures) = (record.mail.id, record.attempts);
    // In a task of its own, so that a mail that makes the builder panic harms no other.
    let result = match tokio::spawn(async move { mailer.send(&letter).await }).await {
        Ok(result) => result,
        Err(_) => Err(SendError::Refused("this mail cannot be built".to_owned())),
    };
    match &result {
        Ok(()) => {}
        Err(SendError::Refused(_)) => tracing::warn!(mail = %id, "a mail was refused for good; it is stuck"),
        Err(SendError::Temporary(_)) => {
            tracing::warn!(mail = %id, retry_in_minutes = retry_minutes(failures), "a mail was not delivered");
        }
    }
    Tried { id, lease, failures, result }
}

fn letter(app: &App, record: &MailRecord) -> Letter {
    let mail = &record.mail;
    Letter {
        from: app.service.settings.mail_from.clone(),
        to: mail.recipient.clone(),
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        html: mail.html.clone(),
        message_id: mail.message_id.clone(),
        in_reply_to: mail.in_reply_to.clone(),
        created_at: record.created_at,
        zone: app.service.settings.zone,
    }
}

/// Notes each by itself, so that one whose lease is lost keeps no other from being noted.
async fn note_each(app: &App, tried: &mut Vec<Tried>) {
    for one in tried.drain(..) {
        let noted = match note_alone(app, &one, app.db.plan().await).await {
            Err(ActionError::Storage(StorageError::InTurn)) => note_alone(app, &one, app.db.write_shared().await).await,
            noted => noted,
        };
        if let Err(error) = noted {
            let taken = one.result.is_ok();
            tracing::error!(mail = %one.id, %error, taken, "what became of a mail could not be noted; it is tried again");
        }
    }
}

async fn note_alone(app: &App, one: &Tried, tx: std::result::Result<Tx, StorageError>) -> Result<()> {
    let mut tx = tx?;
    note(&mut tx, one, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

async fn note(tx: &mut Tx, one: &Tried, now: DateTime<Utc>) -> Result<()> {
    let Tried { id, lease, failures, ref result } = *one;
    match result {
        Ok(()) => mails::sent(tx, id, lease, now).await?,
        Err(SendError::Refused(error)) => {
            mails::failed(tx, id, lease, MailState::Stuck, now, &short(error)).await?;
        }
        Err(SendError::Temporary(error)) => {
            let next = now + TimeDelta::minutes(retry_minutes(failures));
            mails::failed(tx, id, lease, MailState::Retry, next, &short(error)).await?;
        }
    }
    Ok(())
}

/// How long to wait after one more failure, when there were `failures` before.
fn retry_minutes(failures: i64) -> i64 {
    let nth = usize::try_from(failures).unwrap_or(0).min(RETRY_MINUTES.len() - 1);
    RETRY_MINUTES[nth]
}

fn short(error: &str) -> String {
    error.chars().filter(|c| !c.is_control()).take(ERROR_CHARS).collect()
}
