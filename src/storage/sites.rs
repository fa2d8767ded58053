//! Branches and sites (分支、经营场所) of enterprises: each may have codes of its own. A filing or report may name the site it is about.

use super::param::{Param, params};
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx, filings};
use crate::domain::id::{EnterpriseId, FilingId, ReportId, SiteId};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// So many filings are asked about by one statement.
const ASKED: usize = 25;

/// A site as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Identity.
    pub id: SiteId,
    /// The enterprise that it belongs to.
    pub enterprise: EnterpriseId,
    /// Name: 二分厂, 石桥铺门店.
    pub name: String,
    /// Town or street office (镇街).
    pub town: String,
    /// Address.
    pub address: String,
    /// Not closed.
    pub active: bool,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

impl Site {
    /// Name and address in one line.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} · {}", self.name, self.address)
    }
}

statements! {
    INSERT = "INSERT INTO sites (id, enterprise_id, name, town, address, active, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    UPDATE = "UPDATE sites SET name = $2, town = $3, address = $4, active = $5 WHERE id = $1";
    GET = "SELECT * FROM sites WHERE id = $1";
    OF_ENTERPRISE = "SELECT * FROM sites WHERE enterprise_id = $1 ORDER BY name, id";
    OF_TOKEN = "SELECT sites.* FROM sites
        JOIN signs ON signs.site_id = sites.id AND signs.unit_id = sites.enterprise_id
        WHERE signs.token = $1";
    OF_FILING = "SELECT sites.* FROM sites JOIN filings ON filings.site_id = sites.id WHERE filings.id = $1";
    OF_REPORT = "SELECT sites.* FROM sites JOIN reports ON reports.site_id = sites.id WHERE reports.id = $1";
    OF_FILINGS = "SELECT sites.*, filings.id AS filing_id FROM sites JOIN filings ON filings.site_id = sites.id
        WHERE filings.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
            $23, $24, $25)";
    SET_ON_FILING = "UPDATE filings SET site_id = $2
        WHERE id = $1 AND site_id IS NULL AND enterprise_id IN (SELECT enterprise_id FROM sites WHERE id = $2)";
    SET_ON_REPORT = "UPDATE reports SET site_id = $2
        WHERE id = $1 AND site_id IS NULL AND enterprise_id IN (SELECT enterprise_id FROM sites WHERE id = $2)";
    MOVE = "UPDATE sites SET enterprise_id = $2 WHERE enterprise_id = $1";
}

/// Enters a site.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, s: &Site) -> Result<()> {
    let bound = params![s.id, s.enterprise, &s.name, &s.town, &s.address, s.active, s.created_at];
    tx.execute_one("site", INSERT, bound).await
}

/// Stores a site's changed name, town, address and whether it is open.
///
/// # Errors
/// When the store fails or there is no such site.
pub async fn update(tx: &mut Tx, s: &Site) -> Result<()> {
    tx.execute_one("site", UPDATE, params![s.id, &s.name, &s.town, &s.address, s.active]).await
}

/// One site.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: SiteId) -> Result<Option<Site>> {
    tx.fetch_optional(GET, params![id]).await?.as_ref().map(from_row).transpose()
}

/// All sites of an enterprise by name, closed ones too.
///
/// # Errors
/// When the store fails.
pub async fn of_enterprise(tx: &mut Tx, enterprise: EnterpriseId) -> Result<Vec<Site>> {
    tx.fetch_all(OF_ENTERPRISE, params![enterprise]).await?.iter().map(from_row).collect()
}

/// The site where the sign with this token hangs.
///
/// # Errors
/// When the store fails.
pub async fn of_token(tx: &mut Tx, token: &str) -> Result<Option<Site>> {
    tx.fetch_optional(OF_TOKEN, params![token]).await?.as_ref().map(from_row).transpose()
}

/// The site that a filing is about.
///
/// # Errors
/// When the store fails.
pub async fn of_filing(tx: &mut Tx, filing: FilingId) -> Result<Option<Site>> {
    tx.fetch_optional(OF_FILING, params![filing]).await?.as_ref().map(from_row).transpose()
}

/// The sites that these filings are about; those without one are left out.
///
/// # Errors
/// When the store fails.
pub async fn of_filings(tx: &mut Tx, filings: &[FilingId]) -> Result<HashMap<FilingId, Site>> {
    let mut sites = HashMap::new();
    for some in filings.chunks(ASKED) {
        let bound: Vec<Param> = (0..ASKED).map(|nth| Param::from(some[nth.min(some.len() - 1)])).collect();
        for row in tx.fetch_all(OF_FILINGS, &bound).await? {
            sites.insert(row.id("filing_id")?, from_row(&row)?);
        }
    }
    Ok(sites)
}

/// The site that a report is about.
///
/// # Errors
/// When the store fails.
pub async fn of_report(tx: &mut Tx, report: ReportId) -> Result<Option<Site>> {
    tx.fetch_optional(OF_REPORT, params![report]).await?.as_ref().map(from_row).transpose()
}

/// Notes which site of its enterprise a filing is about; `false` if one is noted, or the site is another enterprise's.
///
/// # Errors
/// When the store fails.
pub async fn set_on_filing(tx: &mut Tx, filing: FilingId, site: SiteId) -> Result<bool> {
    if filings::put_off_with_site(tx, filing, site) {
        return Ok(true);
    }
    Ok(tx.execute(SET_ON_FILING, params![filing, site]).await? == 1)
}

/// The same for a report.
///
/// # Errors
/// When the store fails.
pub async fn set_on_report(tx: &mut Tx, report: ReportId, site: SiteId) -> Result<bool> {
    Ok(tx.execute(SET_ON_REPORT, params![report, site]).await? == 1)
}

/// Gives all sites of one enterprise to another; returns how many.
///
/// # Errors
/// When the store fails.
pub async fn move_all(tx: &mut Tx, from: EnterpriseId, into: EnterpriseId) -> Result<u64> {
    tx.execute(MOVE, params![from, into]).await
}

fn from_row(row: &Row) -> Result<Site> {
    Ok(Site {
        id: row.id("id")?,
        enterprise: row.id("enterprise_id")?,
        name: row.get("name")?,
        town: row.get("town")?,
        address: row.get("address")?,
        active: row.get("active")?,
        created_at: row.get("created_at")?,
    })
}
