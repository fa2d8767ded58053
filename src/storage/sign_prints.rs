//! Signs on their way to a sheet: which ones, in the order in which they are carried out, with everything that a sheet shows; and each time
//! that one was printed.

use super::enterprise_lists::containing;
use super::param::{Param, params};
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::delivery_route::{self, Stop};
use crate::domain::id::{AgencyId, SignId};
use crate::domain::sign::{SignState, UnitKind};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use uuid::Uuid;

/// How many ids a statement takes at a time.
const CHUNK: usize = 50;

/// Which signs to print. The default is every sign that is in use; blank ones are taken by [`PrintFilter::blank`] alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrintFilter {
    /// Of enterprises or of agencies.
    pub kind: Option<UnitKind>,
    /// Of enterprises in this town (镇街).
    pub town: Option<String>,
    /// Of this agency and of its teams and stations.
    pub agency: Option<AgencyId>,
    /// Of enterprises with this tag.
    pub tag: Option<String>,
    /// Never printed so far.
    pub never_printed: bool,
    /// Made since then in the place of another one.
    pub replaced_since: Option<DateTime<Utc>>,
    /// Blank signs instead of those in use.
    pub blank: bool,
    /// Blank signs of this batch.
    pub blank_batch: Option<Uuid>,
    /// Exactly these, as far as they can be printed; all other conditions are left out then.
    pub ids: Vec<SignId>,
}

/// A sign as a sheet shows it.
#[derive(Clone, Debug)]
pub struct PrintSign {
    /// Identity.
    pub id: SignId,
    /// Running number.
    pub serial: String,
    /// What the code carries.
    pub token: String,
    /// What a person can type, without separators.
    pub short_code: String,
    /// Enterprise or agency: the two kinds of sheet.
    pub kind: UnitKind,
    /// Where it stands.
    pub state: SignState,
    /// Name of the unit; empty for a blank sign.
    pub name: String,
    /// Town of an enterprise or of its site, else empty.
    pub town: String,
    /// Address of an enterprise or of its site, else empty.
    pub address: String,
    /// Which site of the enterprise.
    pub site: Option<Uuid>,
    /// Name of that site; empty without one.
    pub site_name: String,
    /// Where it is to hang; may be empty.
    pub place: String,
    /// Edition.
    pub edition: i64,
    /// When it was made: its date of issue (制发日期).
    pub created_at: DateTime<Utc>,
    /// When it was last printed.
    pub printed_at: Option<DateTime<Utc>>,
}

impl PrintSign {
    /// Where it is carried to.
    #[must_use]
    pub fn stop(&self) -> Stop {
        Stop {
            town: self.town.clone(),
            address: self.address.clone(),
            name: self.name.clone(),
            serial: self.serial.clone(),
        }
    }
}

/// One time that a sign was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The batch.
    pub batch: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The host that the code carried.
    pub host: String,
}

/// The signs that a filter takes.
macro_rules! chosen {
    () => {
        "FROM signs s
        LEFT JOIN enterprises e ON e.id = s.unit_id
        LEFT JOIN agencies a ON a.id = s.unit_id
        LEFT JOIN sites t ON t.id = s.site_id
        WHERE ((s.state = 'blank' AND $1) OR (
                s.state IN ('generated', 'printed', 'issued', 'active') AND NOT $1 AND (e.active OR a.active)))
            AND (s.unit_kind = $2 OR $2 IS NULL)
            AND (COALESCE(t.town, e.town) = $3 OR $3 IS NULL)
            AND (a.id = $4 OR a.parent_id = $4 OR $4 IS NULL)
            AND (CAST(e.tags AS TEXT) LIKE $5 ESCAPE '\\' OR $5 IS NULL)
            AND (s.printed_at IS NULL OR NOT $6)
            AND ((s.replaces_id IS NOT NULL AND s.created_at >= $7) OR $7 IS NULL)
            AND (s.blank_batch = $8 OR $8 IS NULL)"
    };
}

statements! {
    SELECT = concat!("SELECT s.id, s.serial, COALESCE(t.town, e.town, '') AS town, COALESCE(t.address, e.address, '') AS address,
            COALESCE(e.name, a.name, '') AS name ", chosen!());
    COUNT = concat!("SELECT COUNT(*) AS n ", chosen!());
    LOAD = "SELECT s.id, s.serial, s.token, s.short_code, s.unit_kind, s.state, s.site_id, s.place, s.edition, s.created_at,
            s.printed_at, COALESCE(t.town, e.town, '') AS town, COALESCE(t.address, e.address, '') AS address, COALESCE(e.name, a.name, '') AS name, COALESCE(t.name, '') AS site_name
        FROM signs s
        LEFT JOIN enterprises e ON e.id = s.unit_id
        LEFT JOIN agencies a ON a.id = s.unit_id
        LEFT JOIN sites t ON t.id = s.site_id
        WHERE s.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
            $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46,
            $47, $48, $49, $50)";
    INSERT = "INSERT INTO sign_prints (batch_id, sign_id, printed_at, host)
        SELECT $51, id, $52, $53
        FROM signs
        WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46,
                $47, $48, $49, $50)
            AND state IN ('blank', 'generated', 'printed', 'issued', 'active')
        ON CONFLICT (batch_id, sign_id) DO NOTHING";
    MARK = "UPDATE signs
        SET printed_at = $2, printed_host = $3, state = CASE WHEN state = 'generated' THEN 'printed' ELSE state END
        WHERE id IN (SELECT sign_id FROM sign_prints WHERE batch_id = $1)
            AND state IN ('blank', 'generated', 'printed', 'issued', 'active')";
    IN_BATCH = "SELECT sign_id FROM sign_prints WHERE batch_id = $1";
    OF_SIGN = "SELECT batch_id, printed_at, host FROM sign_prints WHERE sign_id = $1 ORDER BY printed_at, batch_id";
    OTHER_HOST = "SELECT COUNT(*) AS n
        FROM signs
        WHERE ((printed_host > '' AND printed_host < $1) OR printed_host > $1)
            AND state IN ('blank', 'printed', 'issued', 'active')";
    HOSTS = "SELECT printed_host, COUNT(*) AS n
        FROM signs
        WHERE printed_host <> '' AND state IN ('blank', 'printed', 'issued', 'active')
        GROUP BY printed_host
        ORDER BY printed_host";
}

/// The signs that a filter takes, in the order in which they are carried to their units.
///
/// All of them at once, as ids: 100,000 are a few megabytes, and what is printed does not shift while it is printed page by page. Load the rest
/// with [`load`].
///
/// # Errors
/// When the store fails.
pub async fn select(tx: &mut Tx, filter: &PrintFilter) -> Result<Vec<SignId>> {
    if !filter.ids.is_empty() {
        let mut signs = load(tx, &filter.ids).await?;
        signs.retain(|sign| sign.state.printable());
        let stops = signs.iter().map(|sign| (sign.id, sign.stop())).collect();
        return Ok(in_order(stops));
    }
    let mut stops = Vec::new();
    for row in tx.fetch_all(SELECT, &conditions(filter)).await? {
        let stop = Stop {
            town: row.get("town")?,
            address: row.get("address")?,
            name: row.get("name")?,
            serial: row.get("serial")?,
        };
        stops.push((row.id("id")?, stop));
    }
    Ok(in_order(stops))
}

fn in_order(mut stops: Vec<(SignId, Stop)>) -> Vec<SignId> {
    stops.sort_unstable_by(|(_, a), (_, b)| delivery_route::compare(a, b));
    stops.into_iter().map(|(id, _)| id).collect()
}

/// How many signs a filter takes; its `ids` are not looked at.
///
/// # Errors
/// When the store fails.
pub async fn count(tx: &mut Tx, filter: &PrintFilter) -> Result<i64> {
    tx.fetch_one(COUNT, &conditions(filter)).await?.get("n")
}

fn conditions(filter: &PrintFilter) -> [Param; 8] {
    [
        Param::from(filter.blank || filter.blank_batch.is_some()),
        Param::from(filter.kind.map(UnitKind::as_str)),
        Param::from(filter.town.as_ref()),
        Param::from(filter.agency),
        Param::from(filter.tag.as_ref().map(|tag| containing(&format!("\"{tag}\"")))),
        Param::from(filter.never_printed),
        Param::from(filter.replaced_since),
        Param::from(filter.blank_batch),
    ]
}

/// What a sheet shows of these signs, in the order given; unknown ids are left out.
///
/// # Errors
/// When the store fails.
pub async fn load(tx: &mut Tx, ids: &[SignId]) -> Result<Vec<PrintSign>> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        for row in tx.fetch_all(LOAD, &filled(chunk)).await? {
            let sign = print_sign(&row)?;
            found.insert(sign.id, sign);
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The ids as parameters; the last one is repeated, so that one statement serves all lengths.
fn filled(chunk: &[SignId]) -> Vec<Param> {
    let last = chunk.last().copied();
    (0..CHUNK).map(|at| Param::from(chunk.get(at).copied().or(last))).collect()
}

/// Notes that these signs were put on a sheet of `batch` with codes of `host`, and that those just made are printed now. Signs that are no longer
/// in use are left out.
///
/// # Errors
/// When the store fails.
pub async fn mark(tx: &mut Tx, ids: &[SignId], batch: Uuid, host: &str, now: DateTime<Utc>) -> Result<()> {
    for chunk in ids.chunks(CHUNK) {
        let mut bound = filled(chunk);
        bound.extend_from_slice(params![batch, now, host]);
        tx.execute(INSERT, &bound).await?;
    }
    tx.execute(MARK, params![batch, now, host]).await.map(drop)
}

/// The signs that were printed in a batch.
///
/// # Errors
/// When the store fails.
pub async fn in_batch(tx: &mut Tx, batch: Uuid) -> Result<Vec<SignId>> {
    tx.fetch_all(IN_BATCH, params![batch]).await?.iter().map(|row| row.id("sign_id")).collect()
}

/// Each time that a sign was printed, the first one first.
///
/// # Errors
/// When the store fails.
pub async fn of_sign(tx: &mut Tx, id: SignId) -> Result<Vec<Printed>> {
    let rows = tx.fetch_all(OF_SIGN, params![id]).await?;
    rows.iter()
        .map(|row| Ok(Printed { batch: row.get("batch_id")?, at: row.get("printed_at")?, host: row.get("host")? }))
        .collect()
}

/// How many signs that hang on walls carry another host than this.
///
/// # Errors
/// When the store fails.
pub async fn with_other_host(tx: &mut Tx, host: &str) -> Result<i64> {
    tx.fetch_one(OTHER_HOST, params![host]).await?.get("n")
}

/// How many signs that hang on walls carry which host.
///
/// # Errors
/// When the store fails.
pub async fn hosts(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    tx.fetch_all(HOSTS, params![]).await?.iter().map(|row| Ok((row.get("printed_host")?, row.get("n")?))).collect()
}

fn print_sign(row: &Row) -> Result<PrintSign> {
    Ok(PrintSign {
        id: row.id("id")?,
        serial: row.get("serial")?,
        token: row.get("token")?,
        short_code: row.get("short_code")?,
        kind: row.code("unit_kind", UnitKind::parse)?,
        state: row.code("state", SignState::parse)?,
        name: row.get("name")?,
        town: row.get("town")?,
        address: row.get("address")?,
        site: row.get("site_id")?,
        site_name: row.get("site_name")?,
        place: row.get("place")?,
        edition: row.get("edition")?,
        created_at: row.get("created_at")?,
        printed_at: row.get("printed_at")?,
    })
}
