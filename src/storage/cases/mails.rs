//! Which mail was about which request or violation, and holding back and withdrawing those that tell of a decision.

use crate::domain::id::{MailId, ViolationId};
use crate::domain::notice::MailState;
use crate::domain::violation::Subject;
use crate::storage::param::params;
use crate::storage::row::Row;
use crate::storage::statements::statements;
use crate::storage::{Result, Tx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A mail about a case, as its timeline shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseMail {
    /// The address.
    pub recipient: String,
    /// Its subject line.
    pub title: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub state: MailState,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
}

statements! {
    INSERT = "INSERT INTO case_mails (mail_id, subject_kind, subject_id, decision_id) VALUES ($1, $2, $3, $4)";
    HOLD = "UPDATE mails SET next_attempt_at = $2 WHERE id = $1 AND state = 'pending'";
    WITHDRAW = "UPDATE mails SET state = 'withdrawn', leased_until = NULL
        WHERE state IN ('pending', 'retry') AND id IN (SELECT mail_id FROM case_mails WHERE decision_id = $1)";
    GATHER = "UPDATE mails SET state = 'gathered'
        WHERE recipient = $2 AND subject = $3 AND state = 'pending' AND next_attempt_at > $4
            AND id IN (SELECT mail_id FROM case_mails WHERE subject_id = $1 AND decision_id IS NOT NULL)";
    UNTOLD = "SELECT c.decision_id FROM case_mails c
        JOIN mails m ON m.id = c.mail_id
        JOIN decisions d ON d.id = c.decision_id
        WHERE c.subject_id = $1 AND m.state = 'gathered' AND d.undone_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM case_mails o
                JOIN mails later ON later.id = o.mail_id
                WHERE o.subject_id = c.subject_id AND later.recipient = m.recipient AND later.subject = m.subject
                    AND later.created_at >= m.created_at AND later.state NOT IN ('gathered', 'withdrawn'))
        ORDER BY d.decided_at DESC, d.id DESC
        LIMIT 1";
    OF_SUBJECT = "SELECT m.recipient, m.subject, m.created_at, m.state, m.sent_at FROM case_mails c
        JOIN mails m ON m.id = c.mail_id
        WHERE c.subject_id = $1
        ORDER BY m.created_at, m.recipient";
    THREAD = "SELECT m.message_id FROM case_mails c
        JOIN mails m ON m.id = c.mail_id
        WHERE c.subject_id = $1 AND m.recipient = $2
        ORDER BY m.created_at, m.id
        LIMIT 1";
}

/// Notes what a mail is about.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, mail: MailId, subject: Subject, decision: Option<Uuid>) -> Result<()> {
    tx.execute_one("case mail", INSERT, params![mail, subject.kind(), subject.uuid(), decision]).await
}

/// Holds a mail that nobody has claimed yet until `at`.
///
/// # Errors
/// When the store fails.
pub async fn hold(tx: &mut Tx, mail: MailId, at: DateTime<Utc>) -> Result<()> {
    tx.execute(HOLD, params![mail, at]).await.map(drop)
}

/// Takes the mails that tell of a decision out of the queue; how many there were.
///
/// # Errors
/// When the store fails.
pub async fn withdraw(tx: &mut Tx, decision: Uuid) -> Result<u64> {
    tx.execute(WITHDRAW, params![decision]).await
}

/// Held mails with the same words about the same case to the same address go into the one that is written now.
///
/// # Errors
/// When the store fails.
pub async fn gather(tx: &mut Tx, about: Subject, recipient: &str, title: &str, now: DateTime<Utc>) -> Result<()> {
    tx.execute(GATHER, params![about.uuid(), recipient, title, now]).await.map(drop)
}

/// The latest decision that stands and that nothing tells of any more, because the mail that its own went into was withdrawn.
///
/// # Errors
/// When the store fails.
pub async fn untold(tx: &mut Tx, about: Subject) -> Result<Option<Uuid>> {
    let row = tx.fetch_optional(UNTOLD, params![about.uuid()]).await?;
    row.map(|row| row.get("decision_id")).transpose()
}

/// The mails about a request or a violation.
///
/// # Errors
/// When the store fails.
pub async fn of_subject(tx: &mut Tx, subject: Subject) -> Result<Vec<CaseMail>> {
    let read = |row: &Row| {
        Ok(CaseMail {
            recipient: row.get("recipient")?,
            title: row.get("subject")?,
            created_at: row.get("created_at")?,
            state: row.code("state", MailState::parse)?,
            sent_at: row.get("sent_at")?,
        })
    };
    tx.fetch_all(OF_SUBJECT, params![subject.uuid()]).await?.iter().map(read).collect()
}

/// The Message-ID of the first mail about a case to this address: those that follow answer it.
///
/// # Errors
/// When the store fails.
pub async fn thread(tx: &mut Tx, subject: Subject, recipient: &str) -> Result<Option<String>> {
    let row = tx.fetch_optional(THREAD, params![subject.uuid(), recipient]).await?;
    row.map(|row| row.get("message_id")).transpose()
}

/// The mails about a violation itself.
///
/// # Errors
/// When the store fails.
pub async fn of_violation(tx: &mut Tx, id: ViolationId) -> Result<Vec<CaseMail>> {
    of_subject(tx, Subject::Violation(id)).await
}
