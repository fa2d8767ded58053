//! Who is to hear of which violation at which severity, and by which mail they did.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, StorageError, Tx};
use crate::domain::id::{AgencyId, MailId, UserId, ViolationId};
use crate::domain::notice::{AlertState, MailState};
use crate::domain::violation::{RuleCode, Severity, Subject, ViolationState};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What is known of an alert when the same violation is told of again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Identity of the alert.
    pub id: Uuid,
    /// Who.
    pub user: UserId,
    /// At which severity, 2 to 4.
    pub severity: i64,
    /// Where it stands.
    pub state: AlertState,
    /// The Message-ID of the mail, once there is one.
    pub message_id: Option<String>,
}

/// A violation on its way into a digest, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered {
    /// The alert.
    pub alert: Uuid,
    /// The severity that the alert is about.
    pub alert_severity: i64,
    /// The violation.
    pub violation: ViolationId,
    /// Its rule.
    pub rule: RuleCode,
    /// What carries it.
    pub subject: Subject,
    /// The agency concerned.
    pub agency: Option<AgencyId>,
    /// Its severity now.
    pub severity: Severity,
    /// Its state now.
    pub state: ViolationState,
    /// When the visit is planned, or was.
    pub at: DateTime<Utc>,
}

/// An alert of a violation with the delivery of its mail: for the violation's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Who was told; the address.
    pub recipient: String,
    /// At which severity.
    pub severity: i64,
    /// Where the alert stands.
    pub alert: AlertState,
    /// When the alert is or was due.
    pub due_at: DateTime<Utc>,
    /// The mail, once there is one.
    pub mail: Option<MailId>,
    /// Where the mail stands.
    pub mail_state: Option<MailState>,
    /// When the mail was sent.
    pub sent_at: Option<DateTime<Utc>>,
}

statements! {
    TOLD = "SELECT alerts.id, alerts.user_id, alerts.severity, alerts.state, mails.message_id
        FROM alerts LEFT JOIN mails ON mails.id = alerts.mail_id
        WHERE alerts.violation_id = $1
        ORDER BY alerts.severity";
    INSERT = "INSERT INTO alerts (id, violation_id, user_id, severity, due_at, state, mail_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    REVIVE = "UPDATE alerts SET due_at = $2, state = $3, mail_id = $4 WHERE id = $1 AND state = 'dropped'";
    SUPERSEDE = "UPDATE alerts SET state = 'superseded' WHERE violation_id = $1 AND severity < $2 AND state = 'pending'";
    USERS_DUE = "SELECT DISTINCT user_id FROM alerts WHERE state = 'pending' AND due_at <= $1 ORDER BY user_id";
    DROP_WAITING = "UPDATE alerts SET state = 'dropped' WHERE state = 'pending'";
    POSTPONE = "UPDATE alerts SET due_at = $2 WHERE state = 'pending' AND due_at <= $1";
    BRING_FORWARD = "UPDATE alerts SET due_at = $2 WHERE state = 'pending' AND due_at >= $1 AND due_at > $2";
    TAKE_DUE = "UPDATE alerts SET state = 'gathering' WHERE user_id = $1 AND state = 'pending' AND due_at <= $2";
    TAKE_MAILED = "UPDATE alerts SET state = 'gathering' WHERE mail_id = $1";
    GATHERING = "SELECT alerts.id AS alert_id, alerts.severity AS alert_severity, violations.id, violations.rule,
            violations.subject_kind, violations.subject_id, violations.agency_id, violations.severity, violations.state,
            violations.raised_at, filings.arrived_at AS filing_arrived_at, filings.planned_start,
            reports.arrived_at AS report_arrived_at
        FROM alerts
        JOIN violations ON violations.id = alerts.violation_id
        LEFT JOIN filings ON filings.id = violations.subject_id
        LEFT JOIN reports ON reports.id = violations.subject_id
        WHERE alerts.user_id = $1 AND alerts.state = 'gathering'
        ORDER BY violations.raised_at, violations.id, alerts.severity";
    SETTLE = "UPDATE alerts SET state = $2, mail_id = $3 WHERE id = $1 AND state = 'gathering'";
    DELIVERIES = "SELECT users.email, alerts.severity, alerts.state, alerts.due_at, mails.id AS mail_id,
            mails.state AS mail_state, mails.sent_at
        FROM alerts
        JOIN users ON users.id = alerts.user_id
        LEFT JOIN mails ON mails.id = alerts.mail_id
        WHERE alerts.violation_id = $1
        ORDER BY alerts.created_at, users.email";
    NEXT_DUE = "SELECT MIN(due_at) AS at FROM alerts WHERE state = 'pending'";
}

/// What was told of a violation so far, the lowest severity first.
///
/// # Errors
/// When the store fails.
pub async fn told(tx: &mut Tx, violation: ViolationId) -> Result<Vec<Told>> {
    let rows = tx.fetch_all(TOLD, params![violation]).await?;
    rows.iter()
        .map(|row| {
            Ok(Told {
                id: row.get("id")?,
                user: row.id("user_id")?,
                severity: row.get("severity")?,
                state: row.code("state", AlertState::parse)?,
                message_id: row.get("message_id")?,
            })
        })
        .collect()
}

/// A new alert.
#[derive(Clone, Debug)]
pub struct NewAlert {
    /// Identity.
    pub id: Uuid,
    /// The violation.
    pub violation: ViolationId,
    /// Who is told.
    pub user: UserId,
    /// At which severity.
    pub severity: Severity,
    /// When.
    pub due_at: DateTime<Utc>,
    /// The mail that tells it, if at once.
    pub mail: Option<MailId>,
}

/// Stores an alert: mailed if it has a mail, else waiting for its digest.
///
/// # Errors
/// When the store fails, or there is one for the same violation, user and severity.
pub async fn insert(tx: &mut Tx, a: &NewAlert, now: DateTime<Utc>) -> Result<()> {
    let severity = i64::from(a.severity.level());
    let values = params![a.id, a.violation, a.user, severity, a.due_at, state_of(a.mail), a.mail, now];
    tx.later("alert", INSERT, values).await
}

/// Tells again of a violation that had been cleared before its digest; `alert` is the one that was dropped then.
///
/// # Errors
/// When the store fails, or the alert was not dropped.
pub async fn revive(tx: &mut Tx, alert: Uuid, due_at: DateTime<Utc>, mail: Option<MailId>) -> Result<()> {
    tx.execute_one("alert", REVIVE, params![alert, due_at, state_of(mail), mail]).await
}

fn state_of(mail: Option<MailId>) -> &'static str {
    if mail.is_some() { AlertState::Mailed.as_str() } else { AlertState::Pending.as_str() }
}

/// Takes the waiting alerts of a violation below this severity out of their digests.
///
/// # Errors
/// When the store fails.
pub async fn supersede(tx: &mut Tx, violation: ViolationId, below: Severity) -> Result<()> {
    tx.execute(SUPERSEDE, params![violation, i64::from(below.level())]).await.map(drop)
}

/// The users for whom a digest is due.
///
/// # Errors
/// When the store fails.
pub async fn users_due(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<UserId>> {
    tx.fetch_all(USERS_DUE, params![now]).await?.iter().map(|row| row.id("user_id")).collect()
}

/// Drops every alert that waits for its digest: what they tell stands in the console.
///
/// # Errors
/// When the store fails.
pub async fn drop_waiting(tx: &mut Tx) -> Result<u64> {
    tx.execute(DROP_WAITING, params![]).await
}

/// Moves what is due now to another time: a digest that was missed is not sent at night.
///
/// # Errors
/// When the store fails.
pub async fn postpone(tx: &mut Tx, now: DateTime<Utc>, to: DateTime<Utc>) -> Result<()> {
    tx.execute(POSTPONE, params![now, to]).await.map(drop)
}

/// What is due at `from` or later is due at `to`, if that is earlier: a clock that ran ahead put it off.
///
/// # Errors
/// When the store fails.
pub async fn bring_forward(tx: &mut Tx, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<()> {
    tx.execute(BRING_FORWARD, params![from, to]).await.map(drop)
}

/// Takes a user's alerts that are due for the digest that is being made.
///
/// # Errors
/// When the store fails.
pub async fn take_due(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<()> {
    tx.execute(TAKE_DUE, params![user, now]).await.map(drop)
}

/// Takes the alerts of a mail that could not be delivered for the digest that is being made.
///
/// # Errors
/// When the store fails.
pub async fn take_mailed(tx: &mut Tx, mail: MailId) -> Result<()> {
    tx.execute(TAKE_MAILED, params![mail]).await.map(drop)
}

/// What was taken for a user's digest, in the order in which the violations were raised.
///
/// # Errors
/// When the store fails or holds something unreadable.
pub async fn gathering(tx: &mut Tx, user: UserId) -> Result<Vec<Gathered>> {
    tx.fetch_all(GATHERING, params![user]).await?.iter().map(gathered).collect()
}

fn gathered(row: &Row) -> Result<Gathered> {
    let kind: String = row.get("subject_kind")?;
    let severity: i64 = row.get("severity")?;
    let times = ["filing_arrived_at", "planned_start", "report_arrived_at"];
    let mut at = None;
    for column in times {
        at = at.or(row.get::<Option<DateTime<Utc>>>(column)?);
    }
    Ok(Gathered {
        alert: row.get("alert_id")?,
        alert_severity: row.get("alert_severity")?,
        violation: row.id("id")?,
        rule: row.code("rule", RuleCode::parse)?,
        subject: Subject::from_parts(&kind, row.get("subject_id")?)
            .ok_or(StorageError::Unreadable { what: "subject_kind", value: kind })?,
        agency: row.id_opt("agency_id")?,
        severity: Severity::from_level(severity)
            .ok_or_else(|| StorageError::Unreadable { what: "severity", value: severity.to_string() })?,
        state: row.code("state", ViolationState::parse)?,
        at: match at {
            Some(at) => at,
            None => row.get("raised_at")?,
        },
    })
}

/// Ends the gathering of one alert: in this mail, or left out.
///
/// # Errors
/// When the store fails, or the alert was not being gathered.
pub async fn settle(tx: &mut Tx, alert: Uuid, mail: Option<MailId>) -> Result<()> {
    let state = if mail.is_some() { AlertState::Mailed } else { AlertState::Dropped };
    tx.execute_one("alert", SETTLE, params![alert, state.as_str(), mail]).await
}

/// Who was told of a violation, and how far their mails have come.
///
/// # Errors
/// When the store fails or holds something unreadable.
pub async fn deliveries(tx: &mut Tx, violation: ViolationId) -> Result<Vec<Delivery>> {
    let rows = tx.fetch_all(DELIVERIES, params![violation]).await?;
    rows.iter()
        .map(|row| {
            Ok(Delivery {
                recipient: row.get("email")?,
                severity: row.get("severity")?,
                alert: row.code("state", AlertState::parse)?,
                due_at: row.get("due_at")?,
                mail: row.id_opt("mail_id")?,
                mail_state: row.code_opt("mail_state", MailState::parse)?,
                sent_at: row.get("sent_at")?,
            })
        })
        .collect()
}

/// When the next digest is due.
///
/// # Errors
/// When the store fails.
pub async fn next_due(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(NEXT_DUE, params![]).await?.get("at")
}
