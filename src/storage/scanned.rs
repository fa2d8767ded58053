//! What an enterprise's code opens, read by one statement: its sign, the enterprise, the site where it hangs, the version of the registries,
//! which every page asks for next; for the landing page the visits of a day, and for the form the phone that files. On PostgreSQL each further
//! statement is a way there and back.

use super::devices::Device;
use super::filings::{self, FilingRecord};
use super::param::params;
use super::row::Row;
use super::sites::Site;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::{EnterpriseId, SignId};
use crate::domain::sign::{SignState, UnitKind};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// A sign and the place where it hangs.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// The sign.
    pub sign: ScannedSign,
    /// Of which enterprise, as far as that is in the registry and in use; `None` for a blank sign or an agency's.
    pub premises: Option<Premises>,
}

/// What is told of a sign behind its code.
#[derive(Clone, Debug)]
pub struct ScannedSign {
    /// Its id.
    pub id: SignId,
    /// What its link ends with.
    pub token: String,
    /// What is typed where it cannot be scanned.
    pub short_code: String,
    /// Of an enterprise or an agency.
    pub unit_kind: UnitKind,
    /// Where it hangs, in words; may be empty.
    pub place: String,
    /// Printed, replaced, revoked and so on.
    pub state: SignState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when a replaced one opens.
    pub grace_until: Option<DateTime<Utc>>,
}

/// An enterprise where a sign hangs.
#[derive(Clone, Debug)]
pub struct Premises {
    /// The enterprise.
    pub enterprise: EnterpriseId,
    /// Its registered name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Which of its sites, if the sign hangs at one.
    pub site: Option<Site>,
}

/// The columns that [`scanned`] reads.
macro_rules! scanned_columns {
    () => {
        "s.id AS sign_id, s.token, s.short_code, s.unit_kind, s.unit_id, s.place, s.state, s.created_at, s.grace_until,
            e.name AS enterprise_name, e.address AS enterprise_address, e.active AS enterprise_active,
            t.id AS hangs_at, t.name AS site_name, t.town AS site_town, t.address AS site_address,
            t.active AS site_active, t.created_at AS site_created_at, r.version AS registries"
    };
}

/// What belongs to the sign `s`.
macro_rules! place_of_sign {
    () => {
        "LEFT JOIN enterprises e ON e.id = s.unit_id
        LEFT JOIN sites t ON t.id = s.site_id AND t.enterprise_id = s.unit_id"
    };
}

statements! {
    BY_TOKEN = concat!("SELECT ", scanned_columns!(), "
        FROM signs s
        JOIN registry_state r ON r.id = 1
        ", place_of_sign!(), "
        WHERE s.token = $1");
    /// One row, whether there is such a sign, such a phone, both or neither.
    WITH_PHONE = concat!("SELECT ", scanned_columns!(), ", d.id AS device_id, d.inspector_id, d.seen_at, i.cert_no
        FROM registry_state r
        LEFT JOIN signs s ON s.token = $1
        ", place_of_sign!(), "
        LEFT JOIN devices d ON d.token_hash = $2 AND d.revoked_at IS NULL
        LEFT JOIN inspectors i ON i.id = d.inspector_id
        WHERE r.id = 1");
    /// The sign in each row of a visit, or once with nothing of a visit.
    WITH_VISITS = concat!("SELECT ", scanned_columns!(), ", f.*
        FROM signs s
        JOIN registry_state r ON r.id = 1
        ", place_of_sign!(), "
        LEFT JOIN filings f ON f.enterprise_id = s.unit_id AND f.first_day >= $2 AND f.first_day <= $3
            AND f.last_day >= $3 AND f.cancelled_at IS NULL AND NOT f.held
        WHERE s.token = $1");
}

/// The sign with this token and where it hangs.
///
/// # Errors
/// When the store fails.
pub async fn by_token(tx: &mut Tx, token: &str) -> Result<Option<Scanned>> {
    let Some(row) = tx.fetch_optional(BY_TOKEN, params![token]).await? else { return Ok(None) };
    scanned(tx, &row).map(Some)
}

/// The same, and of its enterprise the filings whose span touches a day and that are not cancelled, without those that are held; of those that
/// began before `from` none. In no order.
///
/// # Errors
/// When the store fails.
pub async fn with_visits(
    tx: &mut Tx,
    token: &str,
    from: NaiveDate,
    day: NaiveDate,
) -> Result<Option<(Scanned, Vec<FilingRecord>)>> {
    let rows = tx.fetch_all(WITH_VISITS, params![token, from, day]).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let mut visits = Vec::new();
    for row in &rows {
        if row.get::<Option<Uuid>>("id")?.is_some() {
            visits.push(filings::from_row(row)?);
        }
    }
    Ok(Some((scanned(tx, first)?, visits)))
}

/// The same, and the phone with this secret, unless it is revoked.
///
/// # Errors
/// When the store fails.
pub async fn with_phone(tx: &mut Tx, token: &str, secret_hash: &[u8]) -> Result<(Option<Scanned>, Option<Device>)> {
    let row = tx.fetch_one(WITH_PHONE, params![token, secret_hash]).await?;
    tx.known.registries = Some(row.get("registries")?);
    let sign = match row.get::<Option<Uuid>>("sign_id")? {
        Some(_) => Some(scanned(tx, &row)?),
        None => None,
    };
    let phone = match row.get("device_id")? {
        Some(id) => {
            let (inspector, cert_no) = (row.id("inspector_id")?, row.get("cert_no")?);
            Some(Device { id, inspector, cert_no, seen_at: row.get("seen_at")? })
        }
        None => None,
    };
    Ok((sign, phone))
}

fn scanned(tx: &mut Tx, row: &Row) -> Result<Scanned> {
    tx.known.registries = Some(row.get("registries")?);
    let sign = ScannedSign {
        id: row.id("sign_id")?,
        token: row.get("token")?,
        short_code: row.get("short_code")?,
        unit_kind: row.code("unit_kind", UnitKind::parse)?,
        place: row.get("place")?,
        state: row.code("state", SignState::parse)?,
        created_at: row.get("created_at")?,
        grace_until: row.get("grace_until")?,
    };
    Ok(Scanned { sign, premises: premises(row)? })
}

fn premises(row: &Row) -> Result<Option<Premises>> {
    if row.get::<Option<bool>>("enterprise_active")? != Some(true) {
        return Ok(None);
    }
    let enterprise = row.id("unit_id")?;
    let site = match row.id_opt("hangs_at")? {
        Some(id) => Some(Site {
            id,
            enterprise,
            name: row.get("site_name")?,
            town: row.get("site_town")?,
            address: row.get("site_address")?,
            active: row.get("site_active")?,
            created_at: row.get("site_created_at")?,
        }),
        None => None,
    };
    let (name, address) = (row.get("enterprise_name")?, row.get("enterprise_address")?);
    Ok(Some(Premises { enterprise, name, address, site }))
}
