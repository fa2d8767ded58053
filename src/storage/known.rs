//! What several steps of one event ask for, read once in a transaction: the version of the registries, and the newest row of the audit.

use super::param::params;
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

statements! {
    BOTH = "SELECT s.version, a.at, (SELECT MIN(begins) FROM clock_faults WHERE begins <= a.at AND ends >= a.at) AS begins
        FROM registry_state s
        CROSS JOIN (SELECT MAX(at) AS at FROM audit) a
        WHERE s.id = 1";
}

/// Reads both, since whatever writes wants both.
///
/// # Errors
/// When the store fails.
pub(super) async fn read(tx: &mut Tx) -> Result<(i64, Option<DateTime<Utc>>)> {
    let row = tx.fetch_one(BOTH, params![]).await?;
    let (version, newest) = (row.get("version")?, row.get("at")?);
    let newest = clock_faults::before(tx, newest, row.get("begins")?).await?;
    tx.known = Known { newest_audit: Newest::At(newest), registries: Some(version) };
    Ok((version, newest))
}
