//! An enterprise's filings as judging reads them, and whether there is more to read.

use super::filings;
use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::filing::Filing;
use crate::domain::id::EnterpriseId;
use crate::domain::violation::VerdictLine;
use chrono::NaiveDate;

/// A filing that is judged.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What the rules see.
    pub filing: Filing,
    /// What is stored of the assessment from filings alone.
    pub verdict: Vec<VerdictLine>,
}

/// What else is stored of the enterprise: `false` where there certainly is none, so that nobody has to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Reports of arrivals within the span that was asked for.
    pub reports: bool,
    /// Ratings of those filings.
    pub ratings: bool,
    /// Violations, of any time.
    pub violations: bool,
}

impl Beside {
    const UNKNOWN: Self = Self { reports: true, ratings: true, violations: true };
}

statements! {
    // In the order in which the columns are read. What is beside the filings does not depend on the row and is looked up once.
    FILINGS = "SELECT exemption, exemption_reason, evidence_ref, planned_start, planned_end, id, seq, agency_id, enterprise_id, kind, matters,
            inspectors, joint_group, filed_at, rescheduled_at, arrived_at, left_at, result, cancelled_at, assistants, approval,
            special, matters_inspected, presence_confirmed_at, unconfirmed, verdict,
            EXISTS (SELECT 1 FROM reports r WHERE r.enterprise_id = $1 AND r.arrived_day >= $2 AND NOT r.held) AS reports,
            EXISTS (SELECT 1 FROM filings f JOIN ratings r ON r.filing_id = f.id
                WHERE f.enterprise_id = $1 AND f.first_day >= $2) AS ratings,
            EXISTS (SELECT 1 FROM violations v WHERE v.enterprise_id = $1) AS violations
        FROM filings
        WHERE enterprise_id = $1 AND first_day >= $2 AND NOT held";
}

/// The filings of an enterprise whose first day is `from` or later, in order of acceptance, without those that are held; and what there is
/// beside them.
///
/// # Errors
/// When the store fails.
pub async fn filings(tx: &mut Tx, enterprise: EnterpriseId, from: NaiveDate) -> Result<(Vec<Kept>, Beside)> {
    let rows = tx.fetch_all(FILINGS, params![enterprise, from]).await?;
    let mut kept = rows.iter().map(kept).collect::<Result<Vec<_>>>()?;
    kept.sort_unstable_by_key(|kept| (kept.filing.filed_at, kept.filing.seq));
    let beside = match rows.first() {
        Some(row) => {
            Beside { reports: row.get("reports")?, ratings: row.get("ratings")?, violations: row.get("violations")? }
        }
        None => Beside::UNKNOWN,
    };
    Ok((kept, beside))
}

fn kept(row: &Row) -> Result<Kept> {
    Ok(Kept { filing: filings::filing(row)?, verdict: row.json("verdict")? })
}
