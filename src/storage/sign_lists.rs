//! The lists of signs that operators work through, by running number, page by page (keyset), with their counts.

use super::enterprise_lists::containing;
use super::param::params;
use super::signs::{SignRecord, from_row};
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::sign::{SILENCE, SignList, UnitKind};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A sign in a list.
#[derive(Clone, Debug)]
pub struct ListedSign {
    /// The sign.
    pub sign: SignRecord,
    /// Name of its unit; empty for a blank one.
    pub unit_name: String,
    /// Town of an enterprise, else empty.
    pub town: String,
}

/// Which signs a list shows.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct SignFilter {
    /// The list.
    pub list: SignList,
    /// Of enterprises or of agencies.
    pub kind: Option<UnitKind>,
    /// What the unit's name, initials, address, town or credit code, the running number or the short code contains.
    pub words: Option<String>,
    /// Those whose last printed code carries another host than this.
    pub other_host_than: Option<String>,
    /// Blank signs of this batch, bound ones too.
    pub blank_batch: Option<Uuid>,
}

statements! {
    LIST = "SELECT s.*, COALESCE(e.name, a.name, '') AS unit_name, COALESCE(e.town, '') AS town
        FROM signs s
        LEFT JOIN enterprises e ON e.id = s.unit_id
        LEFT JOIN agencies a ON a.id = s.unit_id
        WHERE s.serial > $1
            AND ($2 NOT IN ('never_printed', 'to_hand_out', 'never_scanned', 'silent') OR e.active OR a.active)
            AND ($2 = 'all'
                OR ($2 = 'never_printed' AND s.state = 'generated')
                OR ($2 = 'to_hand_out' AND s.state = 'printed')
                OR ($2 = 'never_scanned' AND s.state IN ('printed', 'issued', 'active') AND s.first_scanned_at IS NULL
                    AND s.printed_at <= $3 AND s.bound_at <= $3)
                OR ($2 = 'silent' AND s.state = 'active' AND s.last_scanned_at <= $3)
                OR ($2 = 'grace' AND s.state = 'replaced')
                OR ($2 = 'revoked' AND s.state = 'revoked')
                OR ($2 = 'blank' AND s.state = 'blank'))
            AND (s.unit_kind = $4 OR $4 IS NULL)
            AND (e.search LIKE $5 ESCAPE '\\' OR LOWER(e.name) LIKE $5 ESCAPE '\\' OR e.town LIKE $5 ESCAPE '\\'
                OR LOWER(a.name) LIKE $5 ESCAPE '\\' OR s.serial LIKE $5 ESCAPE '\\'
                OR LOWER(s.short_code) LIKE $6 ESCAPE '\\' OR $5 IS NULL)
            AND ((s.printed_host <> $7 AND s.printed_host <> '' AND s.state IN ('blank', 'printed', 'issued', 'active')) OR $7 IS NULL)
            AND (s.blank_batch = $8 OR $8 IS NULL)
        ORDER BY s.serial
        LIMIT $9";
    COUNTS = "SELECT COUNT(*) AS every,
            COUNT(CASE WHEN s.state = 'generated' AND (e.active OR a.active) THEN 1 END) AS never_printed,
            COUNT(CASE WHEN s.state = 'printed' AND (e.active OR a.active) THEN 1 END) AS to_hand_out,
            COUNT(CASE WHEN s.state IN ('printed', 'issued', 'active') AND s.first_scanned_at IS NULL
                AND s.printed_at <= $1 AND s.bound_at <= $1 AND (e.active OR a.active) THEN 1 END) AS never_scanned,
            COUNT(CASE WHEN s.state = 'active' AND s.last_scanned_at <= $1 AND (e.active OR a.active) THEN 1 END) AS silent,
            COUNT(CASE WHEN s.state = 'replaced' THEN 1 END) AS grace,
            COUNT(CASE WHEN s.state = 'revoked' THEN 1 END) AS revoked,
            COUNT(CASE WHEN s.state = 'blank' THEN 1 END) AS blank
        FROM signs s
        LEFT JOIN enterprises e ON e.id = s.unit_id
        LEFT JOIN agencies a ON a.id = s.unit_id";
    NEVER_SCANNED = "SELECT COUNT(*) AS n
        FROM signs s
        LEFT JOIN enterprises e ON e.id = s.unit_id
        LEFT JOIN agencies a ON a.id = s.unit_id
        WHERE s.first_scanned_at IS NULL AND s.state IN ('printed', 'issued', 'active') AND s.printed_at <= $1
            AND s.bound_at <= $1 AND (e.active OR a.active)";
    ENTERPRISE_NAME = "SELECT name FROM enterprises WHERE id = $1 AND active";
    AGENCY_NAME = "SELECT name FROM agencies WHERE id = $1 AND active";
}

/// At most `limit` signs of a list after the one with this running number.
///
/// # Errors
/// When the store fails.
pub async fn list(
    tx: &mut Tx,
    filter: &SignFilter,
    now: DateTime<Utc>,
    after: &str,
    limit: i64,
) -> Result<Vec<ListedSign>> {
    let code = filter.words.as_deref().map(|words| containing(&words.replace(['-', ' '], "")));
    let bound = params![
        after,
        filter.list.as_str(),
        now - SILENCE,
        filter.kind.map(UnitKind::as_str),
        filter.words.as_deref().map(containing),
        code,
        filter.other_host_than.as_ref(),
        filter.blank_batch,
        limit,
    ];
    let rows = tx.fetch_all(LIST, bound).await?;
    rows.iter()
        .map(|row| Ok(ListedSign { sign: from_row(row)?, unit_name: row.get("unit_name")?, town: row.get("town")? }))
        .collect()
}

/// How many signs each list has.
///
/// # Errors
/// When the store fails.
pub async fn counts(tx: &mut Tx, now: DateTime<Utc>) -> Result<Vec<(SignList, i64)>> {
    let row = tx.fetch_one(COUNTS, params![now - SILENCE]).await?;
    let column = |list| match list {
        SignList::All => "every",
        SignList::NeverPrinted => "never_printed",
        SignList::ToHandOut => "to_hand_out",
        SignList::NeverScanned => "never_scanned",
        SignList::Silent => "silent",
        SignList::Grace => "grace",
        SignList::Revoked => "revoked",
        SignList::Blank => "blank",
    };
    SignList::ALL.iter().map(|list| Ok((*list, row.get(column(*list))?))).collect()
}

/// How many signs the list of those never scanned has.
///
/// # Errors
/// When the store fails.
pub async fn never_scanned(tx: &mut Tx, now: DateTime<Utc>) -> Result<i64> {
    tx.fetch_one(NEVER_SCANNED, params![now - SILENCE]).await?.get("n")
}

/// The name of an active enterprise or agency; `None` if there is none.
///
/// # Errors
/// When the store fails.
pub async fn unit_name(tx: &mut Tx, kind: UnitKind, unit: Uuid) -> Result<Option<String>> {
    let statement = match kind {
        UnitKind::Enterprise => ENTERPRISE_NAME,
        UnitKind::Agency => AGENCY_NAME,
    };
    tx.fetch_optional(statement, params![unit]).await?.map(|row| row.get("name")).transpose()
}
