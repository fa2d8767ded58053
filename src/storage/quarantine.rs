//! Reports and urgent filings that came in a flood and are held for a supervisor's look. No agency role ever reads this.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::AgencyId;
use crate::domain::open_form::{HeldState, OpenForm};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Something that is or was held.
#[derive(Clone, Debug)]
pub struct Held {
    /// The id of the report or filing.
    pub subject: Uuid,
    /// What it is.
    pub kind: OpenForm,
    /// Where it stands.
    pub state: HeldState,
    /// When it was accepted.
    pub held_at: DateTime<Utc>,
    /// Why it was set aside; empty otherwise.
    pub reason: String,
}

/// One in the list, with what it says.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The row.
    pub held: Held,
    /// The enterprise's name.
    pub enterprise: String,
    /// The agency, if it is named.
    pub agency: Option<AgencyId>,
    /// What the sender says: the words of the report, or the name of who files.
    pub words: String,
    /// The words stand beside a ticked 不得: for the discipline office alone.
    pub confined: bool,
}

statements! {
    INSERT = "INSERT INTO quarantine (subject_id, kind, held_at, state, reason, decided_by, decided_at)
        VALUES ($1, $2, $3, 'waits', '', NULL, NULL)";
    GET = "SELECT * FROM quarantine WHERE subject_id = $1";
    SETTLE = "UPDATE quarantine SET state = $2, reason = $3, decided_by = $4, decided_at = $5
        WHERE subject_id = $1 AND (state = 'waits' OR (state = 'aside' AND $6))";
    HOLD_REPORT = "UPDATE reports SET held = $2 WHERE id = $1";
    HOLD_FILING = "UPDATE filings SET held = $2 WHERE id = $1";
    LIST = "SELECT q.*, e.name AS enterprise_name, COALESCE(r.agency_id, f.agency_id) AS agency,
            COALESCE(r.words, u.name, '') AS words,
            CASE WHEN CAST(r.prohibited AS TEXT) <> '[]' THEN TRUE ELSE FALSE END AS confined
        FROM quarantine q
        LEFT JOIN reports r ON r.id = q.subject_id
        LEFT JOIN filings f ON f.id = q.subject_id
        LEFT JOIN unverified_filings u ON u.filing_id = q.subject_id
        JOIN enterprises e ON e.id = COALESCE(r.enterprise_id, f.enterprise_id)
        WHERE q.state = $1 AND (q.held_at, q.subject_id) > ($2, $3) AND q.held_at <= $4
        ORDER BY q.held_at, q.subject_id
        LIMIT $5";
    COUNT = "SELECT COUNT(*) AS n FROM quarantine WHERE state = $1";
}

/// Holds a report or filing that was just stored.
///
/// # Errors
/// When the store fails.
pub async fn hold(tx: &mut Tx, kind: OpenForm, subject: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.execute_one("held form", INSERT, params![subject, kind.as_str(), now]).await?;
    mark(tx, kind, subject, true).await
}

/// What is known of one; `None` for what was never held.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, subject: Uuid) -> Result<Option<Held>> {
    tx.fetch_optional(GET, params![subject]).await?.as_ref().map(from_row).transpose()
}

/// Releases it or sets it aside; false if that was done before, or it was released.
///
/// # Errors
/// When the store fails.
pub async fn settle(
    tx: &mut Tx,
    held: &Held,
    state: HeldState,
    reason: &str,
    by: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let released = state == HeldState::Released;
    let bound = params![held.subject, state.as_str(), reason, by, now, released];
    if tx.execute(SETTLE, bound).await? == 0 {
        return Ok(false);
    }
    if released {
        mark(tx, held.kind, held.subject, false).await?;
    }
    Ok(true)
}

async fn mark(tx: &mut Tx, kind: OpenForm, subject: Uuid, held: bool) -> Result<()> {
    let statement = match kind {
        OpenForm::Report => HOLD_REPORT,
        OpenForm::Urgent => HOLD_FILING,
    };
    tx.execute_one("held form", statement, params![subject, held]).await
}

/// At most `limit` of a state after the one that `after` names, oldest first, accepted until an instant.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    state: HeldState,
    after: Option<(DateTime<Utc>, Uuid)>,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let (time, id) = after.unwrap_or((DateTime::UNIX_EPOCH, Uuid::nil()));
    let rows = tx.fetch_all(LIST, params![state.as_str(), time, id, until, limit]).await?;
    rows.iter()
        .map(|row| {
            Ok(Listed {
                held: from_row(row)?,
                enterprise: row.get("enterprise_name")?,
                agency: row.id_opt("agency")?,
                words: row.get("words")?,
                confined: row.get("confined")?,
            })
        })
        .collect()
}

/// How many are in a state.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, state: HeldState) -> Result<i64> {
    tx.fetch_one(COUNT, params![state.as_str()]).await?.get("n")
}

fn from_row(row: &Row) -> Result<Held> {
    Ok(Held {
        subject: row.get("subject_id")?,
        kind: row.code("kind", OpenForm::parse)?,
        state: row.code("state", HeldState::parse)?,
        held_at: row.get("held_at")?,
        reason: row.get("reason")?,
    })
}
