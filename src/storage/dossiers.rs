//! An enterprise's filings as judging reads them, and whether there is more to read; and the enterprise along with them, before the turn of a filing.

use super::known::{self, known_columns};
use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, StorageError, Tx, enterprises, filings};
use crate::domain::enterprise::Enterprise;
use crate::domain::filing::Filing;
use crate::domain::id::EnterpriseId;
use crate::domain::violation::VerdictLine;
use chrono::NaiveDate;
use uuid::Uuid;

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

/// The filings of a dossier, in the order in which the columns are read. What is beside them does not depend on the row and is looked up once.
macro_rules! kept_columns {
    () => {
        "f.exemption, f.exemption_reason, f.evidence_ref, f.planned_start, f.planned_end, f.id, f.seq, f.agency_id,
            f.enterprise_id, f.kind, f.matters, f.inspectors, f.joint_group, f.filed_at, f.rescheduled_at, f.arrived_at, f.left_at,
            f.result, f.cancelled_at, f.assistants, f.approval, f.special, f.matters_inspected, f.presence_confirmed_at,
            f.unconfirmed, f.verdict,
            EXISTS (SELECT 1 FROM reports r WHERE r.enterprise_id = $1 AND r.arrived_day >= $2 AND NOT r.held) AS reports,
            EXISTS (SELECT 1 FROM filings g JOIN ratings r ON r.filing_id = g.id
                WHERE g.enterprise_id = $1 AND g.first_day >= $2) AS ratings,
            EXISTS (SELECT 1 FROM violations v WHERE v.enterprise_id = $1) AS violations"
    };
}

statements! {
    FILINGS = concat!("SELECT ", kept_columns!(), "
        FROM filings f
        WHERE f.enterprise_id = $1 AND f.first_day >= $2 AND NOT f.held");
    /// Its columns first: those of the same name in each row of a filing.
    WITH_ENTERPRISE = concat!("SELECT e.version, e.credit_class, e.town, e.merged_into, ", known_columns!(), ",
            ", kept_columns!(), "
        FROM enterprises e
        LEFT JOIN filings f ON f.enterprise_id = e.id AND f.first_day >= $2 AND NOT f.held
        WHERE e.id = $1");
}

/// An enterprise as it was before the turn of a filing there.
#[derive(Clone, Debug)]
pub struct Looked {
    version: i64,
    enterprise: Enterprise,
    merged: bool,
    filings: (Vec<Kept>, Beside),
}

/// An enterprise that is touched.
#[derive(Clone, Debug)]
pub struct Touched {
    /// The number of acceptance.
    pub seq: i64,
    /// The enterprise: of a record that was merged into another one, that other one.
    pub enterprise: Enterprise,
    /// Its filings as [`filings`] gives them, where they were looked at before.
    pub filings: Option<(Vec<Kept>, Beside)>,
}

/// Reads by one statement what accepting a filing rests on: the enterprise, its filings from `from` on, the version of the registries, and the
/// newest row of the audit. For a plan (see [`super::plan`]), and nothing for any other write, which is to touch the enterprise first.
///
/// # Errors
/// When the store fails.
pub async fn look(tx: &mut Tx, enterprise: EnterpriseId, from: NaiveDate) -> Result<Option<Looked>> {
    if !tx.plans() {
        return Ok(None);
    }
    let rows = tx.fetch_all(WITH_ENTERPRISE, params![enterprise, from]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let (version, known) = enterprises::touched(first, enterprise)?;
    let merged = first.id_opt::<EnterpriseId>("merged_into")?.is_some();
    let none = first.get::<Option<Uuid>>("id")?.is_none();
    let filings = (kept_of(if none { &[] } else { &rows })?, beside(first)?);
    let told = known::told(first)?;
    drop(rows);
    known::note(tx, told).await?;
    Ok(Some(Looked { version, enterprise: known, merged, filings }))
}

/// As [`enterprises::touch`], for a plan by what was looked at, which holds if nothing has changed there until its turn.
///
/// # Errors
/// When the store fails; [`StorageError::InTurn`] for a plan at a record that was merged into another one.
pub async fn touch(tx: &mut Tx, id: EnterpriseId, looked: Option<Looked>) -> Result<Option<Touched>> {
    let Some(Looked { version, enterprise, merged, filings }) = looked else {
        let touched = enterprises::touch(tx, id).await?;
        return Ok(touched.map(|(seq, enterprise)| Touched { seq, enterprise, filings: None }));
    };
    if merged {
        return Err(StorageError::InTurn);
    }
    enterprises::touch_at(tx, id, version).await?;
    Ok(Some(Touched { seq: version + 1, enterprise, filings: Some(filings) }))
}

/// The filings of an enterprise whose first day is `from` or later, in order of acceptance, without those that are held; and what there is
/// beside them.
///
/// # Errors
/// When the store fails.
pub async fn filings(tx: &mut Tx, enterprise: EnterpriseId, from: NaiveDate) -> Result<(Vec<Kept>, Beside)> {
    let rows = tx.fetch_all(FILINGS, params![enterprise, from]).await?;
    Ok((kept_of(&rows)?, rows.first().map_or(Ok(Beside::UNKNOWN), beside)?))
}

fn beside(row: &Row) -> Result<Beside> {
    Ok(Beside { reports: row.get("reports")?, ratings: row.get("ratings")?, violations: row.get("violations")? })
}

fn kept_of(rows: &[Row]) -> Result<Vec<Kept>> {
    let mut all = rows.iter().map(kept).collect::<Result<Vec<_>>>()?;
    all.sort_unstable_by_key(|kept| (kept.filing.filed_at, kept.filing.seq));
    Ok(all)
}

fn kept(row: &Row) -> Result<Kept> {
    Ok(Kept { filing: filings::filing(row)?, verdict: row.json("verdict")? })
}
