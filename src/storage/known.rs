//! What several steps of one event ask for, read once in a transaction: the version of the registries, and the newest row of the audit.

use super::param::params;
use super::row::Row;
use super::statements::statements;
use super::{Result, Tx, clock_faults};
use chrono::{DateTime, Utc};

/// What was read once and holds for as long as the transaction lives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// When the newest row of the audit was written.
    pub(super) newest_audit: Newest,
    /// The version of the registries.
    pub(super) registries: Option<i64>,
}

/// What is known of the newest row of the audit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Newest {
    /// It was not looked at.
    Unread,
    /// When it was written; none if there is no row.
    At(Option<DateTime<Utc>>),
}

impl Known {
    pub(super) const NOTHING: Self = Self { newest_audit: Newest::Unread, registries: None };
}

/// Columns that tell both, for a statement that reads more beside them; [`told`] reads them.
macro_rules! known_columns {
    () => {
        "(SELECT version FROM registry_state WHERE id = 1) AS registries, (SELECT MAX(at) FROM audit) AS newest,
            (SELECT MIN(begins) FROM clock_faults
                WHERE begins <= (SELECT MAX(at) FROM audit) AND ends >= (SELECT MAX(at) FROM audit)) AS fault_begins"
    };
}
pub(super) use known_columns;

statements! {
    BOTH = concat!("SELECT ", known_columns!());
}

/// Reads both, since whatever writes wants both.
///
/// # Errors
/// When the store fails.
pub(super) async fn read(tx: &mut Tx) -> Result<(i64, Option<DateTime<Utc>>)> {
    let told = told(&tx.fetch_one(BOTH, params![]).await?)?;
    note(tx, told).await
}

/// What [`known_columns`] told of a row.
pub(super) struct Told {
    version: i64,
    newest: Option<DateTime<Utc>>,
    fault: Option<DateTime<Utc>>,
}

/// Reads it.
///
/// # Errors
/// When a column is missing or unreadable.
pub(super) fn told(row: &Row) -> Result<Told> {
    Ok(Told { version: row.get("registries")?, newest: row.get("newest")?, fault: row.get("fault_begins")? })
}

/// Keeps it.
///
/// # Errors
/// When the store fails.
pub(super) async fn note(tx: &mut Tx, Told { version, newest, fault }: Told) -> Result<(i64, Option<DateTime<Utc>>)> {
    let newest = clock_faults::before(tx, newest, fault).await?;
    tx.known = Known { newest_audit: Newest::At(newest), registries: Some(version) };
    Ok((version, newest))
}
