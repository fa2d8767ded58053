//! How the database is set up, for whoever looks after it.

use super::db::{Backend, Db};
use super::param::params;
use super::{Result, Tx};

/// What is known of a database's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Version of the database.
    pub version: String,
    /// How commits are made durable, in its own words.
    pub durability: String,
    /// Whether a commit that was acknowledged survives a power cut.
    pub durable: bool,
}

/// Looks at a database's settings.
///
/// # Errors
/// When it does not answer.
pub async fn health(db: &Db) -> Result<Health> {
    // A connection for writing: its settings are the ones that count.
    let mut tx = db.write().await?;
    let health = match db.backend() {
        Backend::Sqlite => sqlite(&mut tx).await,
        Backend::Postgres => postgres(&mut tx).await,
    };
    tx.rollback().await?;
    health
}

// These statements are each for one database only, so that they are not in the list that is prepared on both.

async fn sqlite(tx: &mut Tx) -> Result<Health> {
    let version: String = tx.fetch_one("SELECT sqlite_version() AS v", params![]).await?.get("v")?;
    let journal: String = tx.fetch_one("PRAGMA journal_mode", params![]).await?.get("journal_mode")?;
    let synchronous: i64 = tx.fetch_one("PRAGMA synchronous", params![]).await?.get("synchronous")?;
    Ok(Health {
        version: format!("SQLite {version}"),
        durability: format!("journal_mode={journal}, synchronous={synchronous}"),
        durable: synchronous >= 2,
    })
}

async fn postgres(tx: &mut Tx) -> Result<Health> {
    let version: String = tx.fetch_one("SHOW server_version", params![]).await?.get("server_version")?;
    let commit: String = tx.fetch_one("SHOW synchronous_commit", params![]).await?.get("synchronous_commit")?;
    let fsync: String = tx.fetch_one("SHOW fsync", params![]).await?.get("fsync")?;
    Ok(Health {
        version: format!("PostgreSQL {version}"),
        durable: commit != "off" && fsync == "on",
        durability: format!("synchronous_commit={commit}, fsync={fsync}"),
    })
}
