//! Stores rows by the million: without the indexes that nothing looks into meanwhile, in transactions of the size that each database likes, and
//! without a mark of the daily sums for each row. Indexes and sums are made once, at the end.

use mashang::storage::{Backend, Db, Tx};

type Failure = Box<dyn std::error::Error>;

/// A database that is being filled.
pub struct Bulk {
    db: Db,
    tx: Option<Tx>,
    stored: u32,
    indexes: Vec<&'static str>,
}

impl Bulk {
    /// Takes the indexes away.
    pub async fn begin(db: &Db) -> Result<Self, Failure> {
        let list = match db.backend() {
            Backend::Sqlite => {
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT LIKE 'CREATE UNIQUE%'
                    AND tbl_name IN ('filings', 'violations', 'audit', 'reports')"
            }
            Backend::Postgres => {
                "SELECT CAST(indexname AS TEXT) AS name, indexdef AS sql FROM pg_indexes
                WHERE schemaname = current_schema() AND indexdef NOT LIKE 'CREATE UNIQUE%'
                    AND tablename IN ('filings', 'violations', 'audit', 'reports')"
            }
        };
        let mut indexes = Vec::new();
        let mut tx = db.write().await?;
        for row in tx.fetch_all(list, &[]).await? {
            tx.execute(kept(format!("DROP INDEX {}", row.get::<String>("name")?)), &[]).await?;
            indexes.push(kept(row.get("sql")?));
        }
        tx.commit().await?;
        Ok(Self { db: db.clone(), tx: None, stored: 0, indexes })
    }

    /// Where the next filing or enterprise is stored.
    pub async fn tx(&mut self) -> Result<&mut Tx, Failure> {
        // Many small statements in one savepoint are quadratic on SQLite; on PostgreSQL a commit is a way there and back.
        let most = if self.db.backend() == Backend::Sqlite { 100 } else { 5_000 };
        self.stored += 1;
        if self.stored.is_multiple_of(most) {
            self.commit().await?;
        }
        Ok(match &mut self.tx {
            Some(tx) => tx,
            none => none.insert(self.db.write_shared().await?),
        })
    }

    async fn commit(&mut self) -> Result<(), Failure> {
        if let Some(mut tx) = self.tx.take() {
            if self.db.backend() == Backend::Sqlite {
                tx.execute("DELETE FROM figure_changes", &[]).await?;
                tx.execute("DELETE FROM figure_violation_changes", &[]).await?;
            } else {
                tx.execute("TRUNCATE figure_changes, figure_violation_changes", &[]).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// Makes the indexes and the sums.
    pub async fn end(mut self) -> Result<(), Failure> {
        self.commit().await?;
        for index in &self.indexes {
            let mut tx = self.db.write().await?;
            tx.execute(index, &[]).await?;
            tx.commit().await?;
        }
        let mut tx = self.db.write().await?;
        mashang::jobs::rebuild_figures(&mut tx).await?;
        if self.db.backend() == Backend::Postgres {
            // A server does it by itself, a little later; nobody does it on SQLite.
            tx.execute("ANALYZE", &[]).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// A statement is there for as long as the program runs.
fn kept(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}
