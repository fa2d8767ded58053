//! What a request asks: one row a violation, in the words that the agency reads, and what the agency may know of the outcome.

use crate::domain::cases::DecisionKind;
use crate::domain::id::{FilingId, RequestId, ViolationId};
use crate::domain::violation::RuleCode;
use crate::storage::param::params;
use crate::storage::row::Row;
use crate::storage::statements::statements;
use crate::storage::{Result, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One violation of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestItem {
    /// Identity.
    pub id: Uuid,
    /// The request.
    pub request: RequestId,
    /// The violation: for supervisors only.
    pub violation: ViolationId,
    /// Its place in the request, from 1.
    pub position: i64,
    /// The rule.
    pub rule: RuleCode,
    /// The agency's own filing, if it is about one.
    pub filing: Option<FilingId>,
    /// Its number; empty without one.
    pub filing_number: String,
    /// What is asked, in Chinese and English.
    pub asked: [String; 2],
    /// The rule's text, in Chinese and English.
    pub rule_text: [String; 2],
    /// What was decided.
    pub outcome: Option<DecisionKind>,
    /// The reason that the agency reads.
    pub outcome_words: String,
    /// From when on the agency may know.
    pub outcome_at: Option<DateTime<Utc>>,
    /// The last day for a correction.
    pub follow_up_on: Option<NaiveDate>,
}

/// What the agency may know of the outcome of one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The item.
    pub item: Uuid,
    /// What was decided.
    pub kind: Option<DecisionKind>,
    /// The reason that the agency reads.
    pub words: String,
    /// From when on the agency may know.
    pub at: Option<DateTime<Utc>>,
    /// The last day for a correction.
    pub follow_up_on: Option<NaiveDate>,
}

impl RequestItem {
    /// What the agency may know of the outcome at this instant.
    #[must_use]
    pub fn known_outcome(&self, now: DateTime<Utc>) -> Option<(DecisionKind, DateTime<Utc>)> {
        self.outcome.zip(self.outcome_at).filter(|(_, at)| *at <= now)
    }
}

statements! {
    INSERT = "INSERT INTO request_items (
            id, request_id, violation_id, position, rule, filing_id, filing_number, asked_zh, asked_en, rule_zh, rule_en,
            outcome, outcome_words, outcome_at, follow_up_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, '', NULL, NULL)";
    OF_REQUEST = "SELECT * FROM request_items WHERE request_id = $1 ORDER BY position";
    GET = "SELECT * FROM request_items WHERE id = $1 AND request_id = $2";
    SET_OUTCOME = "UPDATE request_items
        SET outcome = $2, outcome_words = $3, outcome_at = $4, follow_up_on = $5
        WHERE violation_id = $1";
    OUTCOMES = "SELECT id, outcome, outcome_words, outcome_at, follow_up_on FROM request_items WHERE violation_id = $1 ORDER BY id";
    RESTORE = "UPDATE request_items SET outcome = $2, outcome_words = $3, outcome_at = $4, follow_up_on = $5 WHERE id = $1";
    OPEN = "SELECT COUNT(*) AS n FROM request_items i
        JOIN violations v ON v.id = i.violation_id
        WHERE i.request_id = $1 AND v.handling IN ('explaining', 'explained') AND v.state IN ('suspected', 'confirmed')";
    OTHERWISE = "SELECT COUNT(*) AS n FROM request_items i
        JOIN violations v ON v.id = i.violation_id
        WHERE i.request_id = $1 AND (i.outcome IS NULL OR i.outcome <> 'accept') AND v.state <> 'cleared'";
}

/// Stores one item of a request.
///
/// # Errors
/// When the store fails, or the request has the violation already.
pub async fn insert(tx: &mut Tx, i: &RequestItem) -> Result<()> {
    let values = params![
        i.id,
        i.request,
        i.violation,
        i.position,
        i.rule.as_str(),
        i.filing,
        &i.filing_number,
        &i.asked[0],
        &i.asked[1],
        &i.rule_text[0],
        &i.rule_text[1],
    ];
    tx.execute_one("request item", INSERT, values).await
}

/// The items of a request in their order.
///
/// # Errors
/// When the store fails.
pub async fn of_request(tx: &mut Tx, id: RequestId) -> Result<Vec<RequestItem>> {
    tx.fetch_all(OF_REQUEST, params![id]).await?.iter().map(from_row).collect()
}

/// One item of a request.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, request: RequestId, id: Uuid) -> Result<Option<RequestItem>> {
    tx.fetch_optional(GET, params![id, request]).await?.as_ref().map(from_row).transpose()
}

/// Stores what the agency may know of a decision, in every request that asks for the violation; `None` says that nothing is decided.
///
/// # Errors
/// When the store fails.
pub async fn set_outcome(
    tx: &mut Tx,
    violation: ViolationId,
    outcome: Option<(DecisionKind, DateTime<Utc>)>,
    words: &str,
    follow_up_on: Option<NaiveDate>,
) -> Result<()> {
    let (kind, at) = outcome.unzip();
    let values = params![violation, kind.map(DecisionKind::as_str), words, at, follow_up_on];
    tx.execute(SET_OUTCOME, values).await.map(drop)
}

/// What the agency may know of a violation, in every request that asks for it.
///
/// # Errors
/// When the store fails.
pub async fn outcomes(tx: &mut Tx, violation: ViolationId) -> Result<Vec<Outcome>> {
    let read = |row: &Row| {
        Ok(Outcome {
            item: row.get("id")?,
            kind: row.code_opt("outcome", DecisionKind::parse)?,
            words: row.get("outcome_words")?,
            at: row.get("outcome_at")?,
            follow_up_on: row.get("follow_up_on")?,
        })
    };
    tx.fetch_all(OUTCOMES, params![violation]).await?.iter().map(read).collect()
}

/// Puts back what the agency could know before.
///
/// # Errors
/// When the store fails.
pub async fn restore(tx: &mut Tx, before: &[Outcome]) -> Result<()> {
    for outcome in before {
        let kind = outcome.kind.map(DecisionKind::as_str);
        let values = params![outcome.item, kind, &outcome.words, outcome.at, outcome.follow_up_on];
        tx.execute_one("request item", RESTORE, values).await?;
    }
    Ok(())
}

/// How many of a request's violations still wait for the agency or for a supervisor.
///
/// # Errors
/// When the store fails.
pub async fn open(tx: &mut Tx, id: RequestId) -> Result<i64> {
    tx.fetch_one(OPEN, params![id]).await?.get("n")
}

/// Whether everything that a request asks for was accepted, but for what cleared.
///
/// # Errors
/// When the store fails.
pub async fn all_accepted(tx: &mut Tx, id: RequestId) -> Result<bool> {
    Ok(tx.fetch_one(OTHERWISE, params![id]).await?.get::<i64>("n")? == 0)
}

fn from_row(row: &Row) -> Result<RequestItem> {
    Ok(RequestItem {
        id: row.get("id")?,
        request: row.id("request_id")?,
        violation: row.id("violation_id")?,
        position: row.get("position")?,
        rule: row.code("rule", RuleCode::parse)?,
        filing: row.id_opt("filing_id")?,
        filing_number: row.get("filing_number")?,
        asked: [row.get("asked_zh")?, row.get("asked_en")?],
        rule_text: [row.get("rule_zh")?, row.get("rule_en")?],
        outcome: row.code_opt("outcome", DecisionKind::parse)?,
        outcome_words: row.get("outcome_words")?,
        outcome_at: row.get("outcome_at")?,
        follow_up_on: row.get("follow_up_on")?,
    })
}
