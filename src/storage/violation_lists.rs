//! Lists of violations: newest first, page by page (keyset). For supervisors only.

use super::param::params;
use super::statements::statements;
use super::violations::{ViolationRecord, from_row};
use super::{Result, Tx, newest_possible};
use crate::domain::id::{AgencyId, EnterpriseId, ViolationId};
use crate::domain::violation::{RuleCode, Severity, ViolationState};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// Which violations a list shows. Days are local dates on which they were raised, both ends inclusive.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct ViolationFilter {
    /// The gravest that the reader may see.
    pub ceiling: Severity,
    /// The least grave to show.
    pub floor: Option<Severity>,
    /// Where it stands.
    pub state: Option<ViolationState>,
    /// The rule.
    pub rule: Option<RuleCode>,
    /// The agency concerned.
    pub agency: Option<AgencyId>,
    /// The enterprise visited.
    pub enterprise: Option<EnterpriseId>,
    /// The filing or report that carries it.
    pub subject: Option<Uuid>,
    /// How far it came at least: `asked`, `explained` or `closed`.
    pub stage: Option<String>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

/// A page of violations, newest first, of those that a condition narrows it to: the one that an index serves, which no condition does that may be off.
macro_rules! newest_of {
    ($narrow:literal) => {
        concat!(
            "SELECT * FROM violations
        WHERE ",
            $narrow,
            " AND (raised_at, id) < ($1, $2)
            AND severity <= $3
            AND (severity >= $4 OR $4 IS NULL)
            AND (state = $5 OR $5 IS NULL)
            AND (rule = $6 OR $6 IS NULL)
            AND (agency_id = $7 OR $7 IS NULL)
            AND (enterprise_id = $8 OR $8 IS NULL)
            AND (subject_id = $9 OR $9 IS NULL)
            AND (raised_day >= $10 OR $10 IS NULL)
            AND (raised_day <= $11 OR $11 IS NULL)
            AND (($13 = 'closed' AND closed_at IS NOT NULL)
                OR ($13 = 'asked'
                    AND EXISTS (SELECT 1 FROM request_items i WHERE i.violation_id = violations.id))
                OR ($13 = 'explained'
                    AND EXISTS (
                        SELECT 1 FROM request_items i JOIN request_answers a ON a.request_id = i.request_id
                        WHERE i.violation_id = violations.id))
                OR $13 IS NULL)
        ORDER BY raised_at DESC, id DESC
        LIMIT $12"
        )
    };
}

statements! {
    OF_ALL = newest_of!("TRUE");
    OF_SUBJECT = newest_of!("subject_id = $9");
    OF_ENTERPRISE = newest_of!("enterprise_id = $8");
    OF_AGENCY = newest_of!("agency_id = $7");
    GET_VISIBLE = "SELECT * FROM violations WHERE id = $1 AND severity <= $2";
}

/// At most `limit` violations after the one that `after` names, newest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    f: &ViolationFilter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<ViolationRecord>> {
    let (time, id) = after.unwrap_or((newest_possible(), Uuid::max()));
    let bound = params![
        time,
        id,
        i64::from(f.ceiling.level()),
        f.floor.map(|s| i64::from(s.level())),
        f.state.map(ViolationState::as_str),
        f.rule.map(RuleCode::as_str),
        f.agency,
        f.enterprise,
        f.subject,
        f.from,
        f.to,
        limit,
        f.stage.clone(),
    ];
    let sql = match f {
        ViolationFilter { subject: Some(_), .. } => OF_SUBJECT,
        ViolationFilter { enterprise: Some(_), .. } => OF_ENTERPRISE,
        ViolationFilter { agency: Some(_), .. } => OF_AGENCY,
        _ => OF_ALL,
    };
    tx.fetch_all(sql, bound).await?.iter().map(from_row).collect()
}

/// One violation, if it is there and no graver than the reader may see.
///
/// # Errors
/// When the store fails.
pub async fn get_visible(tx: &mut Tx, id: ViolationId, ceiling: Severity) -> Result<Option<ViolationRecord>> {
    tx.fetch_optional(GET_VISIBLE, params![id, i64::from(ceiling.level())]).await?.as_ref().map(from_row).transpose()
}
