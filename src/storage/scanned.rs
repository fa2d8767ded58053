//! What an enterprise's code opens, read by one statement: its sign, the enterprise, the site where it hangs, and the version of the registries,
//! which every page asks for next. On PostgreSQL each further statement is a way there and back.

use super::param::params;
use super::row::Row;
use super::signs::{self, SignRecord};
use super::sites::Site;
use super::statements::statements;
use super::{Result, Tx};
use crate::domain::id::EnterpriseId;

/// A sign and the place where it hangs.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// The sign.
    pub sign: SignRecord,
    /// Of which enterprise, as far as that is in the registry and in use; `None` for a blank sign or an agency's.
    pub premises: Option<Premises>,
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

statements! {
    BY_TOKEN = "SELECT s.*, e.name AS enterprise_name, e.address AS enterprise_address, e.active AS enterprise_active,
            t.name AS site_name, t.town AS site_town, t.address AS site_address, t.active AS site_active,
            t.created_at AS site_created_at, r.version AS registries
        FROM signs s
        JOIN registry_state r ON r.id = 1
        LEFT JOIN enterprises e ON e.id = s.unit_id
        LEFT JOIN sites t ON t.id = s.site_id AND t.enterprise_id = s.unit_id
        WHERE s.token = $1";
}

/// The sign with this token and where it hangs.
///
/// # Errors
/// When the store fails.
pub async fn by_token(tx: &mut Tx, token: &str) -> Result<Option<Scanned>> {
    let Some(row) = tx.fetch_optional(BY_TOKEN, params![token]).await? else { return Ok(None) };
    tx.known.registries = Some(row.get("registries")?);
    let sign = signs::from_row(&row)?;
    let premises = premises(&row, &sign)?;
    Ok(Some(Scanned { sign, premises }))
}

fn premises(row: &Row, sign: &SignRecord) -> Result<Option<Premises>> {
    let in_use = row.get::<Option<bool>>("enterprise_active")? == Some(true);
    let Some(enterprise) = sign.unit.map(EnterpriseId).filter(|_| in_use) else { return Ok(None) };
    let name = row.get("enterprise_name")?;
    let address = row.get("enterprise_address")?;
    let Some(site_name) = row.get::<Option<String>>("site_name")? else {
        return Ok(Some(Premises { enterprise, name, address, site: None }));
    };
    let site = Site {
        id: row.id("site_id")?,
        enterprise,
        name: site_name,
        town: row.get("site_town")?,
        address: row.get("site_address")?,
        active: row.get("site_active")?,
        created_at: row.get("site_created_at")?,
    };
    Ok(Some(Premises { enterprise, name, address, site: Some(site) }))
}
