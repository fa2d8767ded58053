//! Indexing enterprises that were entered or changed, so that a search need not compare each of them.

use crate::app::App;
use crate::storage::{Result, enterprise_index};

/// Indexes those that wait, if they are many, a segment a transaction; returns how many were indexed.
///
/// # Errors
/// When the store fails.
pub async fn index_enterprises(app: &App) -> Result<usize> {
    let mut indexed = 0;
    loop {
        let mut tx = app.db.read().await?;
        let worthwhile = enterprise_index::unsettled(&mut tx).await?;
        drop(tx);
        if !worthwhile {
            break;
        }
        let mut tx = app.db.write().await?;
        indexed += enterprise_index::settle(&mut tx).await?;
        tx.commit().await?;
    }
    if indexed > 0 {
        app.db.tidy().await;
        tracing::info!(enterprises = indexed, "indexed for searching");
    }
    Ok(indexed)
}
