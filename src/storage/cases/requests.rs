//! Requests for an explanation: one asks one agency about one or several violations.

use super::items::RequestItem;
use crate::domain::cases::{Extension, RequestState, UNDO};
use crate::domain::id::{AgencyId, EnterpriseId, PolicyId, RequestId, UserId};
use crate::storage::param::params;
use crate::storage::row::Row;
use crate::storage::statements::statements;
use crate::storage::{Result, Tx};
use chrono::{DateTime, NaiveDate, Utc};

/// A stored request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// Identity.
    pub id: RequestId,
    /// Its number, as people write it.
    pub number: String,
    /// The agency that is asked.
    pub agency: AgencyId,
    /// The enterprise of its first violation.
    pub enterprise: EnterpriseId,
    /// The policy version whose deadlines hold.
    pub policy: PolicyId,
    /// Where it stands.
    pub state: RequestState,
    /// 1, and one more each time the answer was returned.
    pub round: i64,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// The local date of that.
    pub sent_day: NaiveDate,
    /// Who sent it.
    pub sent_by: Option<UserId>,
    /// The local day from which this round's deadline counts.
    pub asked_on: NaiveDate,
    /// The last local day for an answer.
    pub due_on: NaiveDate,
    /// The first instant after `due_on`.
    pub due_at: DateTime<Utc>,
    /// The one extension.
    pub extension: Extension,
    /// Why the agency asked for it; empty if it has not.
    pub extension_words: String,
    /// The liaison who answers, once one was named.
    pub assignee: Option<UserId>,
    /// When the agency first opened it.
    pub seen_at: Option<DateTime<Utc>>,
    /// When it was last answered.
    pub replied_at: Option<DateTime<Utc>>,
    /// When it was accepted, withdrawn or otherwise over.
    pub ended_at: Option<DateTime<Utc>>,
    /// Since when its agency is listed for circulation.
    pub listed_at: Option<DateTime<Utc>>,
    /// When that was done.
    pub circulated_at: Option<DateTime<Utc>>,
    /// Grows with each change.
    pub version: i64,
}

impl RequestRecord {
    /// How it stood before it ended; `answered` says whether this round was.
    #[must_use]
    pub const fn before_end(&self, answered: bool) -> RequestState {
        match (answered, self.round, self.seen_at) {
            (true, _, _) => RequestState::Replied,
            (false, 1, None) => RequestState::Sent,
            (false, 1, Some(_)) => RequestState::Seen,
            (false, _, _) => RequestState::Returned,
        }
    }

    /// The request as its agency may know it at this instant: while a decision that ended it can be taken back, it stands as before.
    #[must_use]
    pub fn known(self, items: &[RequestItem], answered: bool, now: DateTime<Utc>) -> Self {
        let just = self.ended_at.is_some_and(|at| now < at + UNDO);
        if !just || items.iter().all(|item| item.outcome_at.is_none_or(|at| at <= now)) {
            return self;
        }
        Self { state: self.before_end(answered), ended_at: None, ..self }
    }
}

statements! {
    INSERT = "INSERT INTO explanation_requests (
            id, number, agency_id, enterprise_id, policy_id, state, round, sent_at, sent_day, sent_by, asked_on, due_on, due_at,
            extension, extension_words, assignee, seen_at, replied_at, ended_at, listed_at, circulated_at, version)
        VALUES ($1, $2, $3, $4, $5, 'sent', 1, $6, $7, $8, $7, $9, $10, 'none', '', NULL, NULL, NULL, NULL, NULL, NULL, 1)";
    UPDATE = "UPDATE explanation_requests
        SET state = $3, round = $4, asked_on = $5, due_on = $6, due_at = $7, extension = $8, extension_words = $9,
            assignee = $10, seen_at = $11, replied_at = $12, ended_at = $13, listed_at = $14, circulated_at = $15,
            version = version + 1
        WHERE id = $1 AND version = $2";
    CLOSE = "UPDATE explanation_requests SET state = 'closed', ended_at = $2, listed_at = NULL, version = version + 1
        WHERE id = $1 AND state NOT IN ('accepted', 'closed')";
    GET = "SELECT * FROM explanation_requests WHERE id = $1";
    GET_OF_AGENCY = "SELECT * FROM explanation_requests WHERE id = $1 AND agency_id = $2";
    OF_VIOLATION = "SELECT r.* FROM explanation_requests r
        JOIN request_items i ON i.request_id = r.id
        WHERE i.violation_id = $1
        ORDER BY r.sent_at, r.id";
}

/// Stores a request as it is sent.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, r: &RequestRecord) -> Result<()> {
    let values = params![
        r.id,
        &r.number,
        r.agency,
        r.enterprise,
        r.policy,
        r.sent_at,
        r.sent_day,
        r.sent_by,
        r.due_on,
        r.due_at,
    ];
    tx.execute_one("request", INSERT, values).await
}

/// Stores what changed of a request; `r.version` is the version that was read.
///
/// # Errors
/// [`crate::storage::StorageError::Stale`] when somebody else changed it since; otherwise when the store fails.
pub async fn update(tx: &mut Tx, r: &RequestRecord) -> Result<()> {
    let values = params![
        r.id,
        r.version,
        r.state.as_str(),
        r.round,
        r.asked_on,
        r.due_on,
        r.due_at,
        r.extension.as_str(),
        &r.extension_words,
        r.assignee,
        r.seen_at,
        r.replied_at,
        r.ended_at,
        r.listed_at,
        r.circulated_at,
    ];
    tx.execute_one("request", UPDATE, values).await
}

/// Closes a request, whatever else changed of it since it was read: an event that lets it end must not fail. False if it is over already.
///
/// # Errors
/// When the store fails.
pub async fn close(tx: &mut Tx, id: RequestId, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.execute(CLOSE, params![id, now]).await? == 1)
}

/// One request; of this agency only, where one is given.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: RequestId, agency: Option<AgencyId>) -> Result<Option<RequestRecord>> {
    let row = match agency {
        None => tx.fetch_optional(GET, params![id]).await?,
        Some(agency) => tx.fetch_optional(GET_OF_AGENCY, params![id, agency]).await?,
    };
    row.as_ref().map(from_row).transpose()
}

/// The requests that ask for a violation, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_violation(tx: &mut Tx, id: crate::domain::id::ViolationId) -> Result<Vec<RequestRecord>> {
    tx.fetch_all(OF_VIOLATION, params![id]).await?.iter().map(from_row).collect()
}

/// Reads a whole row of `explanation_requests`.
///
/// # Errors
/// When a column is missing or unreadable.
pub fn from_row(row: &Row) -> Result<RequestRecord> {
    Ok(RequestRecord {
        id: row.id("id")?,
        number: row.get("number")?,
        agency: row.id("agency_id")?,
        enterprise: row.id("enterprise_id")?,
        policy: row.id("policy_id")?,
        state: row.code("state", RequestState::parse)?,
        round: row.get("round")?,
        sent_at: row.get("sent_at")?,
        sent_day: row.get("sent_day")?,
        sent_by: row.id_opt("sent_by")?,
        asked_on: row.get("asked_on")?,
        due_on: row.get("due_on")?,
        due_at: row.get("due_at")?,
        extension: row.code("extension", Extension::parse)?,
        extension_words: row.get("extension_words")?,
        assignee: row.id_opt("assignee")?,
        seen_at: row.get("seen_at")?,
        replied_at: row.get("replied_at")?,
        ended_at: row.get("ended_at")?,
        listed_at: row.get("listed_at")?,
        circulated_at: row.get("circulated_at")?,
        version: row.get("version")?,
    })
}
