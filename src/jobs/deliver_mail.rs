//! Mails on their way: claimed by lease, a few at a time, tried again until they are taken.
//!
//! A crash after the server took a mail and before that was noted sends it again, with the same Message-ID. A
//! refused recipient is stuck, for a person to look at; the others go on.

use crate::actions::{ActionError, Result};
use crate::app::App;
use crate::domain::notice::{MailState, is_daytime, next_morning};
use crate::mail::{Letter, Mailer, SendError};
use crate::storage::mails::{self, MailRecord};
use crate::storage::{StorageError, Tx, backups};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinSet;

/// How many mails are claimed at a time and sent side by side.
const BATCH: u8 = 4;

/// After so many claims one begins at the oldest again: of what is stored meanwhile some may have been due before what was claimed last.
const CLAIMS: u32 = 64;

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

async fn deliver(app: &App, mailer: &Mailer, heed_hours: bool) -> Result<usize> {
    let mut sent = 0;
    let mut more = is_due(app).await?;
    let (mut claims, mut from) = (0, DateTime::UNIX_EPOCH);
    while more {
        claims += 1;
        let now = app.clock.now();
        let lease = now + TimeDelta::minutes(LEASE_MINUTES);
        let mut tx = app.db.write_shared().await?;
        let mut claimed = mails::claim(&mut tx, from, now, lease, i64::from(BATCH)).await?;
        let snapshot = app.service.snapshot(&mut tx).await?;
        let (zone, holidays) = (app.service.settings.zone, &snapshot.registries.holidays);
        more = claimed.len() == usize::from(BATCH);
        // The oldest are claimed first: what is left is no older.
        let last = claimed.iter().map(|record| record.next_attempt_at).max().filter(|_| claims % CLAIMS > 0);
        from = last.unwrap_or(DateTime::UNIX_EPOCH);
        if heed_hours && !is_daytime(now, zone, holidays) {
            let morning = next_morning(now, zone, holidays);
            for record in claimed.extract_if(.., |record| record.mail.kind.daytime_only()) {
                mails::postpone(&mut tx, record.mail.id, lease, morning).await?;
            }
        }
        tx.commit().await?;
        sent += send_side_by_side(app, mailer, claimed, lease).await;
    }
    Ok(sent)
}

/// Whether a mail is due that may be sent: none may after a restore, until a person releases them.
async fn is_due(app: &App) -> Result<bool> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let due = mails::next_attempt(&mut tx).await?.is_some_and(|at| at <= now);
    Ok(due && backups::held(&mut tx).await?.is_none())
}

async fn send_side_by_side(app: &App, mailer: &Mailer, claimed: Vec<MailRecord>, lease: DateTime<Utc>) -> usize {
    let mut sending = JoinSet::new();
    let mut sent = 0;
    for record in claimed {
        sending.spawn(send_one(app.clone(), mailer.clone(), record, lease));
    }
    while let Some(result) = sending.join_next().await {
        sent += usize::from(matches!(result, Ok(true)));
    }
    sent
}

/// Sends one mail and notes what became of it; whether it was taken.
async fn send_one(app: App, mailer: Mailer, record: MailRecord, lease: DateTime<Utc>) -> bool {
    let letter = letter(&app, &record);
    // In a task of its own, so that a mail that makes the builder panic harms no other.
    let result = match tokio::spawn(async move { mailer.send(&letter).await }).await {
        Ok(result) => result,
        Err(_) => Err(SendError::Refused("this mail cannot be built".to_owned())),
    };
    let taken = result.is_ok();
    if let Err(error) = note(&app, &record, lease, result).await {
        tracing::error!(mail = %record.mail.id, %error, taken, "what became of a mail could not be noted; it is tried again");
    }
    taken
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

async fn note(
    app: &App,
    record: &MailRecord,
    lease: DateTime<Utc>,
    result: std::result::Result<(), SendError>,
) -> Result<()> {
    match write_note(app, record, lease, &result, app.db.plan().await?).await {
        Err(ActionError::Storage(StorageError::InTurn)) => {
            write_note(app, record, lease, &result, app.db.write_shared().await?).await
        }
        noted => noted,
    }
}

async fn write_note(
    app: &App,
    record: &MailRecord,
    lease: DateTime<Utc>,
    result: &std::result::Result<(), SendError>,
    mut tx: Tx,
) -> Result<()> {
    let id = record.mail.id;
    let now = app.clock.now();
    match result {
        Ok(()) => mails::sent(&mut tx, id, lease, now).await?,
        Err(SendError::Refused(error)) => {
            tracing::warn!(mail = %id, "a mail was refused for good; it is stuck");
            mails::failed(&mut tx, id, lease, MailState::Stuck, now, &short(error)).await?;
        }
        Err(SendError::Temporary(error)) => {
            let minutes = retry_minutes(record.attempts);
            tracing::warn!(mail = %id, retry_in_minutes = minutes, "a mail was not delivered");
            let next = now + TimeDelta::minutes(minutes);
            mails::failed(&mut tx, id, lease, MailState::Retry, next, &short(error)).await?;
        }
    }
    tx.commit().await?;
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
