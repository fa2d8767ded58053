//! Appeals of agencies against what was decided of violations that they were asked about.

use crate::domain::cases::{AppealState, UNDO};
use crate::domain::id::{AgencyId, RequestId, UserId, ViolationId};
use crate::storage::param::params;
use crate::storage::row::Row;
use crate::storage::statements::statements;
use crate::storage::{Result, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// An appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// Identity.
    pub id: Uuid,
    /// The request through which the agency knows of the decision.
    pub request: RequestId,
    /// The violation.
    pub violation: ViolationId,
    /// The agency.
    pub agency: AgencyId,
    /// Why.
    pub words: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Who.
    pub asked_by: UserId,
    /// The last local day for deciding it.
    pub due_on: NaiveDate,
    /// Where it stands.
    pub state: AppealState,
    /// The supervisor's reply.
    pub reply: String,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who decided it.
    pub decided_by: Option<UserId>,
    /// The decision on the violation that ended it; `None` while it waits, and where the earlier decision stands.
    pub decision: Option<Uuid>,
}

impl Appeal {
    /// Where it stands as far as the agency may know, with the reply: what a decision that can be taken back made of it is not told yet.
    #[must_use]
    pub fn known(&self, now: DateTime<Utc>) -> (AppealState, &str) {
        let held = self.decision.is_some() && self.decided_at.is_some_and(|at| now < at + UNDO);
        if held { (AppealState::Asked, "") } else { (self.state, &self.reply) }
    }
}

statements! {
    INSERT = "INSERT INTO appeals (
            id, request_id, violation_id, agency_id, words, asked_at, asked_by, due_on, state, reply, decided_at, decided_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'asked', '', NULL, NULL)";
    OF_VIOLATION = "SELECT * FROM appeals WHERE violation_id = $1 ORDER BY asked_at, id";
    OF_REQUEST = "SELECT * FROM appeals WHERE request_id = $1 ORDER BY asked_at, id";
    WAITING = "SELECT * FROM appeals WHERE violation_id = $1 AND state = 'asked'";
    DECIDE = "UPDATE appeals SET state = $2, reply = $3, decided_at = $4, decided_by = $5, decision_id = $6
        WHERE id = $1 AND state = 'asked'";
    REVIVE = "UPDATE appeals SET state = 'asked', reply = '', decided_at = NULL, decided_by = NULL, decision_id = NULL
        WHERE decision_id = $1";
}

/// Stores an appeal.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, a: &Appeal) -> Result<()> {
    let values = params![a.id, a.request, a.violation, a.agency, &a.words, a.asked_at, a.asked_by, a.due_on];
    tx.execute_one("appeal", INSERT, values).await
}

/// The appeals about a violation, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_violation(tx: &mut Tx, id: ViolationId) -> Result<Vec<Appeal>> {
    tx.fetch_all(OF_VIOLATION, params![id]).await?.iter().map(from_row).collect()
}

/// The appeal about a violation that waits for a decision.
///
/// # Errors
/// When the store fails.
pub async fn waiting(tx: &mut Tx, id: ViolationId) -> Result<Option<Appeal>> {
    tx.fetch_optional(WAITING, params![id]).await?.as_ref().map(from_row).transpose()
}

/// The appeals of a request, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_request(tx: &mut Tx, id: RequestId) -> Result<Vec<Appeal>> {
    tx.fetch_all(OF_REQUEST, params![id]).await?.iter().map(from_row).collect()
}

/// Stores how an appeal ended, and by which decision on the violation.
///
/// # Errors
/// [`crate::storage::StorageError::Stale`] when it had ended before; otherwise when the store fails.
pub async fn decide(
    tx: &mut Tx,
    id: Uuid,
    state: AppealState,
    reply: &str,
    now: DateTime<Utc>,
    by: Option<UserId>,
    decision: Option<Uuid>,
) -> Result<()> {
    tx.execute_one("appeal", DECIDE, params![id, state.as_str(), reply, now, by, decision]).await
}

/// Lets the appeal that a decision ended wait again; whether there was one.
///
/// # Errors
/// When the store fails.
pub async fn revive(tx: &mut Tx, decision: Uuid) -> Result<bool> {
    Ok(tx.execute(REVIVE, params![decision]).await? == 1)
}

fn from_row(row: &Row) -> Result<Appeal> {
    Ok(Appeal {
        id: row.get("id")?,
        request: row.id("request_id")?,
        violation: row.id("violation_id")?,
        agency: row.id("agency_id")?,
        words: row.get("words")?,
        asked_at: row.get("asked_at")?,
        asked_by: row.id("asked_by")?,
        due_on: row.get("due_on")?,
        state: row.code("state", AppealState::parse)?,
        reply: row.get("reply")?,
        decided_at: row.get("decided_at")?,
        decided_by: row.id_opt("decided_by")?,
        decision: row.get("decision_id")?,
    })
}
