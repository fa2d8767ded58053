//! The console's list of filings: with the names of the enterprises, newest first, page by page (keyset).

use super::enterprise_lists::containing;
use super::filings::{FilingRecord, Scope, from_row};
use super::named_enterprises::{groups, named};
use super::param::{Param, params};
use super::statements::statements;
use super::{Result, Tx, newest_possible};
use crate::domain::filing::Kind;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId};
use chrono::{DateTime, NaiveDate, Utc};
use std::cmp::Reverse;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Which filings a list shows. Days are local dates of the first day of the visit, both ends inclusive.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct FilingSearch {
    /// Whose filings may be seen.
    pub scope: Scope,
    /// Those of one agency.
    pub agency: Option<AgencyId>,
    /// At one enterprise.
    pub enterprise: Option<EnterpriseId>,
    /// Of one kind.
    pub kind: Option<Kind>,
    /// Those of one mark, see [`MARKS`].
    pub mark: Option<String>,
    /// Planned to end by this instant and overdue then: what the mark `overdue` means. The instant of the page minus a day.
    pub overdue_by: DateTime<Utc>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Words in the enterprise's name, initials, address or credit code, or a part of the filing's number of at least four characters.
    pub words: Option<String>,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct FoundFiling {
    /// The filing.
    pub record: FilingRecord,
    /// The name of the enterprise.
    pub enterprise: String,
}

/// What a list can be narrowed to: what figures count (all but what waits to be confirmed, as by all other marks), standing, arrived, cancelled, with an exemption, arrived without a result, filed after the visit,
/// received while the clock was in doubt, overdue, visits that count for the enterprise (standing and no service visit), and those that
/// wait for the approval of the unit's head and are not overdue; and those from unknown phones that nobody has confirmed.
pub const MARKS: [&str; 12] = [
    "counted",
    "live",
    "arrived",
    "cancelled",
    "exempt",
    "undone",
    "backfiled",
    "doubtful",
    "overdue",
    "visit",
    "unapproved",
    "unconfirmed",
];

/// Characters of a filing's number; of fewer than four, every number has some.
const NUMBER: RangeInclusive<usize> = 4..=9;

/// A page of filings, newest first, of those that a condition narrows it to: the one that an index serves, which no condition does that may be off.
macro_rules! newest_of {
    ($narrow:literal) => {
        concat!(
            "SELECT f.*, e.name AS enterprise_name
        FROM filings f
        JOIN enterprises e ON e.id = f.enterprise_id
        WHERE ",
            $narrow,
            " AND (f.filed_at, f.id) < ($1, $2)
            AND (f.agency_id = $3 OR $3 IS NULL)
            AND (f.agency_id = $4 OR $4 IS NULL)
            AND (f.enterprise_id = $5 OR $5 IS NULL)
            AND (f.kind = $6 OR $6 IS NULL)
            AND (f.first_day >= $7 OR $7 IS NULL)
            AND (f.first_day <= $8 OR $8 IS NULL)
            AND (($11 = 'unconfirmed' AND f.unconfirmed AND f.cancelled_at IS NULL)
                OR ($11 = 'counted' AND NOT f.unconfirmed)
                OR ($11 = 'cancelled' AND NOT f.unconfirmed AND f.cancelled_at IS NOT NULL)
                OR ($11 <> 'cancelled' AND NOT f.unconfirmed AND f.cancelled_at IS NULL
                    AND ($11 = 'live'
                        OR ($11 = 'arrived' AND f.arrived_at IS NOT NULL)
                        OR ($11 = 'exempt' AND f.exemption IS NOT NULL)
                        OR ($11 = 'undone' AND f.arrived_at IS NOT NULL AND f.result IS NULL)
                        OR ($11 = 'backfiled' AND f.backfiled)
                        OR ($11 = 'doubtful' AND f.clock_doubtful)
                        OR ($11 = 'visit' AND f.kind <> 'service_visit')
                        OR ($11 = 'overdue' AND f.arrived_at IS NULL AND f.left_at IS NULL AND f.result IS NULL
                            AND f.planned_end <= $12)
                        OR ($11 = 'unapproved' AND f.arrived_at IS NULL AND f.kind NOT IN ('service_visit', 'immediate')
                            AND CAST(f.approval AS TEXT) = 'null' AND f.planned_end > $12)))
                OR $11 IS NULL)
            AND (e.search LIKE $9 ESCAPE '\\' OR $9 IS NULL)
        ORDER BY f.filed_at DESC, f.id DESC
        LIMIT $10"
        )
    };
}

statements! {
    OF_ALL = newest_of!("TRUE");
    OF_AGENCY = newest_of!("f.agency_id = $13");
    OF_ENTERPRISES = newest_of!("f.enterprise_id IN (
            $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28,
            $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44)");
    // The limit, which nothing reaches, has PostgreSQL look for the numbers first: without it each filing is asked for its own, ten times slower.
    OF_NUMBER = newest_of!("f.number IN (SELECT number FROM filings WHERE number LIKE $13 ESCAPE '\\' LIMIT 1000000)");
    GET = "SELECT f.*, e.name AS enterprise_name
        FROM filings f
        JOIN enterprises e ON e.id = f.enterprise_id
        WHERE f.id = $1 AND (f.agency_id = $2 OR $2 IS NULL)";
    OVERDUE = "SELECT COUNT(*) AS n FROM filings
        WHERE agency_id = $1 AND first_day >= $2 AND cancelled_at IS NULL AND arrived_at IS NULL AND left_at IS NULL
            AND result IS NULL AND planned_end <= $3";
    UNAPPROVED = "SELECT COUNT(*) AS n FROM filings
        WHERE agency_id = $1 AND cancelled_at IS NULL AND arrived_at IS NULL AND kind NOT IN ('service_visit', 'immediate')
            AND CAST(approval AS TEXT) = 'null' AND planned_end > $2";
}

/// At most `limit` filings after the one that `after` names, newest first.
///
/// # Errors
/// When the store fails.
pub async fn search(
    tx: &mut Tx,
    s: &FilingSearch,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<FoundFiling>> {
    let whose = s.agency.or(s.scope.agency());
    let place = (after, limit);
    let newest = async |tx: &mut Tx, words: Option<&str>| match (s.enterprise, whose) {
        (Some(one), _) => of_enterprises(tx, s, &[one], words, place).await,
        (None, Some(agency)) => read(tx, s, OF_AGENCY, vec![agency.into()], words, place).await,
        (None, None) => read(tx, s, OF_ALL, Vec::new(), words, place).await,
    };
    let Some(words) = s.words.as_deref() else { return newest(tx, None).await };
    let mut found = match named(tx, Some(words)).await? {
        Some(enterprises) => of_enterprises(tx, s, &enterprises, None, place).await?,
        None => newest(tx, Some(words)).await?,
    };
    let number = words.replace(['-', ' '], "");
    if NUMBER.contains(&number.len()) && number.bytes().all(|b| b.is_ascii_alphanumeric()) {
        let number = containing(&number).to_uppercase();
        found.extend(read(tx, s, OF_NUMBER, vec![number.into()], None, place).await?);
    }
    let at = |found: &FoundFiling| (found.record.filing.filed_at, found.record.filing.id);
    found.sort_unstable_by_key(|one| Reverse(at(one)));
    found.dedup_by_key(|one| at(one));
    found.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(found)
}

/// Where a page begins, and how many filings it has.
type Place = (Option<(DateTime<Utc>, Uuid)>, i64);

async fn of_enterprises(
    tx: &mut Tx,
    s: &FilingSearch,
    enterprises: &[EnterpriseId],
    words: Option<&str>,
    place: Place,
) -> Result<Vec<FoundFiling>> {
    let mut found = Vec::new();
    for some in groups(enterprises) {
        found.extend(read(tx, s, OF_ENTERPRISES, some, words, place).await?);
    }
    Ok(found)
}

async fn read(
    tx: &mut Tx,
    s: &FilingSearch,
    sql: &'static str,
    narrow: Vec<Param>,
    words: Option<&str>,
    (after, limit): Place,
) -> Result<Vec<FoundFiling>> {
    let (time, id) = after.unwrap_or((newest_possible(), Uuid::max()));
    let mut bound = params![
        time,
        id,
        s.scope.agency(),
        s.agency,
        s.enterprise,
        s.kind.map(Kind::as_str),
        s.from,
        s.to,
        words.map(containing),
        limit,
        s.mark.clone(),
        s.overdue_by,
    ]
    .to_vec();
    bound.extend(narrow);
    tx.fetch_all(sql, &bound).await?.iter().map(found).collect()
}

/// One filing with the name of its enterprise, if it is there and in scope.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: FilingId, scope: Scope) -> Result<Option<FoundFiling>> {
    tx.fetch_optional(GET, params![id, scope.agency()]).await?.as_ref().map(found).transpose()
}

/// How many filings of an agency wait for the approval of its head: what the mark `unapproved` holds.
///
/// # Errors
/// When the store fails.
pub async fn unapproved(tx: &mut Tx, agency: AgencyId, overdue_by: DateTime<Utc>) -> Result<i64> {
    tx.fetch_one(UNAPPROVED, params![agency, overdue_by]).await?.get("n")
}

/// How many filings of an agency since a local day are overdue: what the mark `overdue` holds.
///
/// # Errors
/// When the store fails.
pub async fn overdue(tx: &mut Tx, agency: AgencyId, since: NaiveDate, overdue_by: DateTime<Utc>) -> Result<i64> {
    tx.fetch_one(OVERDUE, params![agency, since, overdue_by]).await?.get("n")
}

fn found(row: &super::row::Row) -> Result<FoundFiling> {
    Ok(FoundFiling { record: from_row(row)?, enterprise: row.get("enterprise_name")? })
}
