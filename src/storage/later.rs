//! Writes that were put off, sent to PostgreSQL in one statement: a way there and back costs more than most of them.
//!
//! ```text
//! WITH w0 AS (INSERT … VALUES ($1, $2) RETURNING 0 AS part), w1 AS (UPDATE … SET x = $4 WHERE id = $3 RETURNING 1 AS part)
//! SELECT * FROM w0 UNION ALL SELECT * FROM w1
//! ```
//!
//! Each row of the answer is the number of a write that changed a row. The parts see the database as it was before the statement, and none sees
//! another; foreign keys are looked at when all have run.
//!
//! Where the statement is all of a transaction ([`run_whole`]), it has to fail by itself unless each part has changed one row:
//!
//! ```text
//! SELECT CASE WHEN COUNT(*) = 2 AND COUNT(DISTINCT part) = 2 THEN 2 ELSE … END FROM (SELECT * FROM w0 UNION ALL SELECT * FROM w1) written
//! ```

use super::error::{Result, StorageError};
use super::param::{self, Param};
use sqlx::{PgConnection, Row as _};
use std::fmt::Write as _;

/// More are not sent together: they have to be put off no further.
pub(super) const MOST: usize = 24;

/// A write that must change exactly one row.
#[derive(Debug)]
pub(super) struct Waiting {
    /// What it changes, to name it in an error.
    pub(super) what: &'static str,
    /// Its text: an `INSERT` or `UPDATE` without `RETURNING`.
    pub(super) sql: &'static str,
    /// Its values.
    pub(super) params: Vec<Param>,
}

impl Waiting {
    /// Becomes another statement, which takes these values beside its own.
    pub(super) fn becomes(&mut self, sql: &'static str, more: &[Param]) {
        self.sql = sql;
        self.params.extend_from_slice(more);
    }

    /// Takes these in place of its last values.
    pub(super) fn end_with(&mut self, values: &[Param]) {
        self.params.truncate(self.params.len().saturating_sub(values.len()));
        self.params.extend_from_slice(values);
    }
}

/// What a statement fails with that was all of a transaction: words that are no number, which PostgreSQL repeats.
const UNWRITTEN: &str = "changed meanwhile and done anew in its turn, parts written: ";
/// What PostgreSQL calls that.
const NO_NUMBER: &str = "22P02";

/// Runs all of them; none is left out.
///
/// # Errors
/// [`StorageError::Stale`] when one changed another number of rows than one; otherwise when the database refuses one.
pub(super) async fn run(conn: &mut PgConnection, waiting: Vec<Waiting>) -> Result<()> {
    if let [one] = &*waiting {
        let changed = param::postgres(one.sql, &one.params).execute(conn).await?.rows_affected();
        return if changed == 1 { Ok(()) } else { Err(StorageError::Stale(one.what)) };
    }
    let (with, select) = together(waiting.iter().map(|one| (one.sql, one.params.len())));
    let text = with + " " + &select;
    let (names, params): (Vec<_>, Vec<_>) = waiting.into_iter().map(|one| (one.what, one.params)).unzip();
    let query = param::postgres_composed(text, params.into_iter().flatten());
    let mut changed = vec![0_u32; names.len()];
    for row in query.fetch_all(conn).await? {
        let number: i32 = row.try_get(0)?;
        if let Some(count) = usize::try_from(number).ok().and_then(|number| changed.get_mut(number)) {
            *count += 1;
        }
    }
    match names.into_iter().zip(changed).find(|(_, count)| *count != 1) {
        Some((what, _)) => Err(StorageError::Stale(what)),
        None => Ok(()),
    }
}

/// Runs all of them in a transaction of their own, or none.
///
/// # Errors
/// [`StorageError::InTurn`] when one changed another number of rows than one; otherwise when the database refuses one.
pub(super) async fn run_whole(conn: &mut PgConnection, waiting: Vec<Waiting>) -> Result<()> {
    if waiting.is_empty() {
        return Ok(());
    }
    let text = whole(waiting.iter().map(|one| (one.sql, one.params.len())), waiting.len());
    let query = param::postgres_composed(text, waiting.into_iter().flat_map(|one| one.params));
    match query.fetch_one(conn).await {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error))
            if error.code().as_deref() == Some(NO_NUMBER) && error.message().contains(UNWRITTEN) =>
        {
            Err(StorageError::InTurn)
        }
        Err(error) => Err(error.into()),
    }
}

/// The statement that fails by itself.
fn whole<'a>(parts: impl Iterator<Item = (&'a str, usize)>, number: usize) -> String {
    let (with, select) = together(parts);
    format!(
        "{with} SELECT CASE WHEN COUNT(*) = {number} AND COUNT(DISTINCT part) = {number} THEN {number} \
        ELSE CAST('{UNWRITTEN}' || COUNT(*) AS INTEGER) END FROM ({select}) written"
    )
}

/// The parts, and what reads the number of each that has changed a row; each comes with the number of its values.
fn together<'a>(parts: impl Iterator<Item = (&'a str, usize)>) -> (String, String) {
    let (mut with, mut select, mut before) = (String::new(), String::new(), 0);
    for (number, (sql, values)) in parts.enumerate() {
        let (comma, union) = if number == 0 { ("WITH ", "") } else { (", ", " UNION ALL ") };
        let _ = write!(with, "{comma}w{number} AS ({} RETURNING {number} AS part)", moved(sql, before));
        let _ = write!(select, "{union}SELECT * FROM w{number}");
        before += values;
    }
    (with, select)
}

/// The same text with each `$1` further on by so many.
fn moved(sql: &str, by: usize) -> String {
    let mut text = String::with_capacity(sql.len() + 16);
    let mut pieces = sql.split('$');
    text.extend(pieces.next());
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        let number: usize = number.parse().unwrap_or(0);
        let _ = write!(text, "${}{rest}", number + by);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::together;

    #[test]
    fn statements_are_put_together_with_values_of_their_own() {
        let parts = [("INSERT INTO a (x, y) VALUES ($1, $2)", 2), ("UPDATE b SET x = $2 WHERE id = $1", 2)];
        let with = "WITH w0 AS (INSERT INTO a (x, y) VALUES ($1, $2) RETURNING 0 AS part), \
            w1 AS (UPDATE b SET x = $4 WHERE id = $3 RETURNING 1 AS part)";
        let select = "SELECT * FROM w0 UNION ALL SELECT * FROM w1";
        assert_eq!(together(parts.into_iter()), (with.to_owned(), select.to_owned()));
    }
}
