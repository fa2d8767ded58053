//! Violations as they are stored: what a rule found, and what became of it.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, StorageError, Tx, figure_violations};
use crate::domain::cases::{ClosedAs, DecisionKind, Dismissal, Handling, Standing};
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, PolicyId, UserId, ViolationId};
use crate::domain::rules::Inputs;
use crate::domain::violation::{Finding, RuleCode, Severity, Subject, ViolationState};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

/// A stored violation.
#[derive(Clone, Debug)]
pub struct ViolationRecord {
    /// Identity.
    pub id: ViolationId,
    /// The rule.
    pub rule: RuleCode,
    /// The filing or report that carries it.
    pub subject: Subject,
    /// The enterprise visited.
    pub enterprise: EnterpriseId,
    /// The agency concerned.
    pub agency: Option<AgencyId>,
    /// How grave it is.
    pub severity: Severity,
    /// Where it stands.
    pub state: ViolationState,
    /// The policy version that produced it.
    pub policy: PolicyId,
    /// The conflicting filings that it rests on.
    pub evidence: Vec<FilingId>,
    /// The facts that the rule used.
    pub inputs: Inputs,
    /// When it was first raised.
    pub raised_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When a supervisor decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// The reason given; empty before a decision.
    pub decision_reason: String,
    /// How far it is handled.
    pub handling: Handling,
    /// What was decided last.
    pub decision_kind: Option<DecisionKind>,
    /// Why it was dismissed.
    pub dismissal: Option<Dismissal>,
    /// As what it was closed.
    pub closed_as: Option<ClosedAs>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The last day for a correction.
    pub follow_up_on: Option<NaiveDate>,
    /// When a supervisor saw that it is corrected.
    pub followed_up_at: Option<DateTime<Utc>>,
    /// The day by which somebody must act, beside an appeal.
    pub act_by: Option<NaiveDate>,
    /// The day by which an appeal that waits is to be decided.
    pub appeal_by: Option<NaiveDate>,
    /// Grows with each change.
    pub version: i64,
}

impl ViolationRecord {
    /// How it stands: what handling changes.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing {
            state: self.state,
            handling: self.handling,
            decision_kind: self.decision_kind,
            dismissal: self.dismissal,
            decided_at: self.decided_at,
            decided_by: self.decided_by,
            decision_reason: self.decision_reason.clone(),
            closed_as: self.closed_as,
            closed_at: self.closed_at,
            follow_up_on: self.follow_up_on,
            followed_up_at: self.followed_up_at,
            act_by: self.act_by,
            appeal_by: self.appeal_by,
        }
    }
}

statements! {
    INSERT = "INSERT INTO violations (
            id, rule, subject_kind, subject_id, enterprise_id, agency_id, severity, state, policy_id, evidence, inputs,
            raised_at, raised_day, updated_at, decided_at, decided_by, decision_reason, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'suspected', $8, $9, $10, $11, $12, $11, NULL, NULL, '', 1)";
    UPDATE = "UPDATE violations
        SET severity = $2, state = $3, policy_id = $4, evidence = $5, inputs = $6, agency_id = $7, updated_at = $8,
            version = version + 1
        WHERE id = $1 AND version = $9";
    STAND = "UPDATE violations
        SET state = $3, decided_at = $4, decided_by = $5, decision_reason = $6, handling = $7, decision_kind = $8,
            dismissal = $9, closed_as = $10, closed_at = $11, follow_up_on = $12, followed_up_at = $13, act_by = $14,
            appeal_by = $15, updated_at = $16, version = version + 1
        WHERE id = $1 AND version = $2";
    GET = "SELECT * FROM violations WHERE id = $1";
    BY_ENTERPRISE = "SELECT * FROM violations WHERE enterprise_id = $1";
    BY_SUBJECT = "SELECT * FROM violations WHERE subject_id = $1 ORDER BY rule";
}

/// Stores what a rule found for the first time.
///
/// # Errors
/// When the store fails.
pub async fn insert(
    tx: &mut Tx,
    id: ViolationId,
    enterprise: EnterpriseId,
    finding: &Finding,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<()> {
    tx.later(
        "violation",
        INSERT,
        params![
            id,
            finding.rule.as_str(),
            finding.subject.kind(),
            finding.subject.uuid(),
            enterprise,
            finding.agency,
            i64::from(finding.severity.level()),
            finding.policy,
            json!(finding.evidence),
            json!(finding.inputs),
            now,
            today,
        ],
    )
    .await?;
    figure_violations::mark_new(tx, id, finding, today).await
}

/// Stores what re-assessment changed; `record.version` is the version that was read.
///
/// # Errors
/// [`StorageError::Stale`] when somebody else changed it since; otherwise when the store fails.
pub async fn update(tx: &mut Tx, r: &ViolationRecord, now: DateTime<Utc>) -> Result<()> {
    figure_violations::mark_before(tx, r.id, r.version).await?;
    tx.execute_one(
        "violation",
        UPDATE,
        params![
            r.id,
            i64::from(r.severity.level()),
            r.state.as_str(),
            r.policy,
            json!(r.evidence),
            json!(r.inputs),
            r.agency,
            now,
            r.version,
        ],
    )
    .await?;
    figure_violations::mark(tx, r.id).await
}

/// Stores what handling made of it; `version` is the version that was read.
///
/// # Errors
/// [`StorageError::Stale`] when somebody else changed it since; otherwise when the store fails.
pub async fn stand(tx: &mut Tx, id: ViolationId, version: i64, s: &Standing, now: DateTime<Utc>) -> Result<()> {
    figure_violations::mark_before(tx, id, version).await?;
    let values = params![
        id,
        version,
        s.state.as_str(),
        s.decided_at,
        s.decided_by,
        &s.decision_reason,
        s.handling.as_str(),
        s.decision_kind.map(DecisionKind::as_str),
        s.dismissal.map(Dismissal::as_str),
        s.closed_as.map(ClosedAs::as_str),
        s.closed_at,
        s.follow_up_on,
        s.followed_up_at,
        s.act_by,
        s.appeal_by,
        now,
    ];
    tx.execute_one("violation", STAND, values).await?;
    figure_violations::mark(tx, id).await
}

/// One violation.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: ViolationId) -> Result<Option<ViolationRecord>> {
    tx.fetch_optional(GET, params![id]).await?.as_ref().map(from_row).transpose()
}

/// All violations at an enterprise.
///
/// # Errors
/// When the store fails.
pub async fn by_enterprise(tx: &mut Tx, enterprise: EnterpriseId) -> Result<Vec<ViolationRecord>> {
    tx.fetch_all(BY_ENTERPRISE, params![enterprise]).await?.iter().map(from_row).collect()
}

/// The violations that one filing or report carries.
///
/// # Errors
/// When the store fails.
pub async fn by_subject(tx: &mut Tx, subject: Subject) -> Result<Vec<ViolationRecord>> {
    tx.fetch_all(BY_SUBJECT, params![subject.uuid()]).await?.iter().map(from_row).collect()
}

/// Reads a whole row of `violations`.
///
/// # Errors
/// When a column is missing or unreadable.
pub fn from_row(row: &Row) -> Result<ViolationRecord> {
    let kind: String = row.get("subject_kind")?;
    let severity: i64 = row.get("severity")?;
    Ok(ViolationRecord {
        id: row.id("id")?,
        rule: row.code("rule", RuleCode::parse)?,
        subject: Subject::from_parts(&kind, row.get("subject_id")?)
            .ok_or(StorageError::Unreadable { what: "subject_kind", value: kind })?,
        enterprise: row.id("enterprise_id")?,
        agency: row.id_opt("agency_id")?,
        severity: Severity::from_level(severity)
            .ok_or_else(|| StorageError::Unreadable { what: "severity", value: severity.to_string() })?,
        state: row.code("state", ViolationState::parse)?,
        policy: row.id("policy_id")?,
        evidence: row.json("evidence")?,
        inputs: row.json("inputs")?,
        raised_at: row.get("raised_at")?,
        updated_at: row.get("updated_at")?,
        decided_at: row.get("decided_at")?,
        decided_by: row.id_opt("decided_by")?,
        decision_reason: row.get("decision_reason")?,
        handling: row.code("handling", Handling::parse)?,
        decision_kind: row.code_opt("decision_kind", DecisionKind::parse)?,
        dismissal: row.code_opt("dismissal", Dismissal::parse)?,
        closed_as: row.code_opt("closed_as", ClosedAs::parse)?,
        closed_at: row.get("closed_at")?,
        follow_up_on: row.get("follow_up_on")?,
        followed_up_at: row.get("followed_up_at")?,
        act_by: row.get("act_by")?,
        appeal_by: row.get("appeal_by")?,
        version: row.get("version")?,
    })
}
