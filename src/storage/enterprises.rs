//! Enterprises: one of them, and the row that orders everything accepted at it.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx, enterprise_index};
use crate::domain::enterprise::{CreditClass, Enterprise};
use crate::domain::id::EnterpriseId;
use chrono::{DateTime, Utc};
use serde_json::json;

/// An enterprise as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnterpriseRecord {
    /// Identity.
    pub id: EnterpriseId,
    /// Unified social credit code.
    pub uscc: String,
    /// Registered name.
    pub name: String,
    /// Town or street office (镇街).
    pub town: String,
    /// Address.
    pub address: String,
    /// Industry code (行业代码).
    pub industry: String,
    /// Credit class.
    pub credit_class: Option<CreditClass>,
    /// Tags (重点企业类别).
    pub tags: Vec<String>,
    /// Where it is reached by mail; may be empty.
    pub email: String,
    /// What a search looks at: name, pinyin, initials, address, credit code, in lower case.
    pub search: String,
    /// Hash of its PIN, once set.
    pub pin_hash: Option<String>,
    /// Not deactivated.
    pub active: bool,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

statements! {
    TOUCH = "UPDATE enterprises SET version = version + 1 WHERE id = $1 RETURNING version, credit_class, town, merged_into";
    TOUCH_AT = "UPDATE enterprises SET version = version + 1 WHERE id = $1 AND version = $2";
    TOUCH_AND_SET = "UPDATE enterprises SET version = version + 1, next_change_at = $3, own_change_at = $4
        WHERE id = $1 AND version = $2";
    SET_NEXT_CHANGE = "UPDATE enterprises SET next_change_at = $2, own_change_at = $3 WHERE id = $1";
    OWN_CHANGE = "SELECT own_change_at FROM enterprises WHERE id = $1";
    DUE = "SELECT id, next_change_at FROM enterprises
        WHERE next_change_at <= $1
        ORDER BY next_change_at, id
        LIMIT $2";
    NEXT_DUE = "SELECT MIN(next_change_at) AS at FROM enterprises";
    GET = "SELECT * FROM enterprises WHERE id = $1";
    BY_USCC = "SELECT * FROM enterprises WHERE uscc = $1";
    INSERT = "INSERT INTO enterprises (
            id, uscc, name, town, address, industry, credit_class, tags, email, search, pin_hash, active, version,
            next_change_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, TRUE, 0, NULL, $11)";
    UPDATE = "UPDATE enterprises
        SET name = $2, town = $3, address = $4, industry = $5, credit_class = $6, tags = $7, email = $8, search = $9,
            active = $10
        WHERE id = $1";
    SET_PIN = "UPDATE enterprises SET pin_hash = $2 WHERE id = $1";
}

/// Locks an enterprise for this transaction and takes the next number of acceptance; `None` if there is no such enterprise.
///
/// Of a record that was merged into another one that other one is locked, and named in the answer.
///
/// Every write that is judged begins with this, so that two filings at one enterprise are judged one after the other on
/// both databases.
///
/// # Errors
/// When the store fails.
pub async fn touch(tx: &mut Tx, id: EnterpriseId) -> Result<Option<(i64, Enterprise)>> {
    let Some(mut row) = tx.fetch_optional(TOUCH, params![id]).await? else { return Ok(None) };
    let mut id = id;
    // A merge points straight at the record that is left; a second step is one that was merged at this moment.
    while let Some(survivor) = row.id_opt("merged_into")? {
        id = survivor;
        row = tx.fetch_one(TOUCH, params![id]).await?;
    }
    touched(&row, id).map(Some)
}

/// The same before the turn: what is planned holds if the row still has the version that it was looked at with.
pub(super) async fn touch_at(tx: &mut Tx, id: EnterpriseId, version: i64) -> Result<()> {
    tx.later("enterprise", TOUCH_AT, params![id, version]).await
}

/// The version of a row and what is judged of it.
pub(super) fn touched(row: &Row, id: EnterpriseId) -> Result<(i64, Enterprise)> {
    let credit_class = row.code_opt("credit_class", CreditClass::parse)?;
    let town = row.get("town")?;
    Ok((row.get("version")?, Enterprise { id, credit_class, town }))
}

/// Remembers when what is found at an enterprise could next change by time alone, and of that when what agencies see of their own filings could:
/// never before the first.
///
/// # Errors
/// When the store fails.
pub async fn set_next_change(
    tx: &mut Tx,
    id: EnterpriseId,
    at: Option<DateTime<Utc>>,
    own: Option<DateTime<Utc>>,
) -> Result<()> {
    if let Some(touch) = tx.put_off(TOUCH_AT, params![id]) {
        touch.becomes(TOUCH_AND_SET, params![at, own]);
        return Ok(());
    }
    tx.later("enterprise", SET_NEXT_CHANGE, params![id, at, own]).await
}

/// When what agencies see of their own filings at an enterprise could next change by time alone.
///
/// # Errors
/// When the store fails.
pub async fn own_change(tx: &mut Tx, id: EnterpriseId) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(OWN_CHANGE, params![id]).await?.get("own_change_at")
}

/// Enterprises whose verdicts may have changed by `now`, the longest overdue first, at most `limit`.
///
/// # Errors
/// When the store fails.
pub async fn due(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> Result<Vec<(EnterpriseId, DateTime<Utc>)>> {
    let rows = tx.fetch_all(DUE, params![now, limit]).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.get("next_change_at")?))).collect()
}

/// The earliest instant at which a verdict anywhere could change by time alone.
///
/// # Errors
/// When the store fails.
pub async fn next_due(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    tx.fetch_one(NEXT_DUE, params![]).await?.get("at")
}

/// One enterprise.
///
/// # Errors
/// When the store fails.
pub async fn get(tx: &mut Tx, id: EnterpriseId) -> Result<Option<EnterpriseRecord>> {
    tx.fetch_optional(GET, params![id]).await?.as_ref().map(from_row).transpose()
}

/// One enterprise by its unified social credit code.
///
/// # Errors
/// When the store fails.
pub async fn by_uscc(tx: &mut Tx, uscc: &str) -> Result<Option<EnterpriseRecord>> {
    tx.fetch_optional(BY_USCC, params![uscc]).await?.as_ref().map(from_row).transpose()
}

/// Enters a new enterprise, active and without a PIN. A search finds it at once; `enterprise_index::settle` indexes it.
///
/// # Errors
/// When the store fails.
pub async fn insert(tx: &mut Tx, e: &EnterpriseRecord) -> Result<()> {
    tx.execute_one(
        "enterprise",
        INSERT,
        params![
            e.id,
            &e.uscc,
            &e.name,
            &e.town,
            &e.address,
            &e.industry,
            e.credit_class.map(CreditClass::as_str),
            json!(e.tags),
            &e.email,
            &e.search,
            e.created_at,
        ],
    )
    .await
}

/// Stores the changed registry columns of an enterprise. A search compares it directly until it is indexed again.
///
/// # Errors
/// When the store fails.
pub async fn update(tx: &mut Tx, e: &EnterpriseRecord) -> Result<()> {
    enterprise_index::leave(tx, e.id).await?;
    tx.execute_one(
        "enterprise",
        UPDATE,
        params![
            e.id,
            &e.name,
            &e.town,
            &e.address,
            &e.industry,
            e.credit_class.map(CreditClass::as_str),
            json!(e.tags),
            &e.email,
            &e.search,
            e.active,
        ],
    )
    .await
}

/// Sets the hash of an enterprise's PIN.
///
/// # Errors
/// When the store fails.
pub async fn set_pin(tx: &mut Tx, id: EnterpriseId, hash: Option<&str>) -> Result<()> {
    tx.execute_one("enterprise", SET_PIN, params![id, hash]).await
}

/// Reads a whole row of `enterprises`.
///
/// # Errors
/// When a column is missing or unreadable.
pub fn from_row(row: &Row) -> Result<EnterpriseRecord> {
    Ok(EnterpriseRecord {
        id: row.id("id")?,
        uscc: row.get("uscc")?,
        name: row.get("name")?,
        town: row.get("town")?,
        address: row.get("address")?,
        industry: row.get("industry")?,
        credit_class: row.code_opt("credit_class", CreditClass::parse)?,
        tags: row.json("tags")?,
        email: row.get("email")?,
        search: row.get("search")?,
        pin_hash: row.get("pin_hash")?,
        active: row.get("active")?,
        created_at: row.get("created_at")?,
    })
}
