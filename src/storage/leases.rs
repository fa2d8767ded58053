//! Work that only one process at a time may do, by a lease that runs out if its holder dies.

use super::param::params;
use super::statements::statements;
use super::{Result, Tx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

statements! {
    ACQUIRE = "INSERT INTO leases (name, holder, leased_until) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET holder = $2, leased_until = $3
        WHERE leases.holder = $2 OR leases.leased_until <= $4";
    RELEASE = "UPDATE leases SET leased_until = $3 WHERE name = $1 AND holder = $2";
}

/// Takes or prolongs a lease until `until`; `false` if somebody else holds it.
///
/// # Errors
/// When the store fails.
pub async fn acquire(
    tx: &mut Tx,
    name: &'static str,
    holder: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool> {
    Ok(tx.execute(ACQUIRE, params![name, holder, until, now]).await? == 1)
}

/// Gives a lease back, if it is still held.
///
/// # Errors
/// When the store fails.
pub async fn release(tx: &mut Tx, name: &'static str, holder: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.execute(RELEASE, params![name, holder, now]).await.map(drop)
}
