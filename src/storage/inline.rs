//! A SQLite connection that works on the caller's own thread, for the short statements of shared writes and of glances.
//!
//! sqlx hands each statement to a thread of the connection's own and waits for the answer. Twenty statements a filing were forty changes of
//! thread, and took longer than their work. What may wait, for a lock or for the disk, is not done here: see [`super::shared`].
//!
//! Values are written as sqlx writes them, so that both read what the other wrote.

use super::db::{BUSY_TIMEOUT, CACHE_SIZE, LOG_PAGES};
use super::param::Param;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement, ToSql};
use serde::de::DeserializeOwned;
use sqlx::types::Json;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// Pages that a connection for glances keeps in memory: below zero in KiB.
const GLANCING_CACHE_SIZE: &str = "-4000";

/// Statements that stay prepared.
const PREPARED: usize = 200;

type Result<T> = std::result::Result<T, rusqlite::Error>;

/// The connection.
#[derive(Debug)]
pub(super) struct Inline {
    conn: Connection,
    /// By address and length of the text, which is there for as long as the program runs.
    shapes: RefCell<HashMap<(usize, usize), Arc<Shape>>>,
}

/// What of a statement is the same each time that it runs.
#[derive(Debug)]
struct Shape {
    /// Which value each place takes, counted from 0.
    takes: Vec<usize>,
    /// The names of the columns; empty where a later one has the same.
    columns: Vec<String>,
}

/// A row that was read by it.
#[derive(Debug)]
pub struct InlineRow {
    shape: Arc<Shape>,
    cells: Vec<Cell>,
    /// Texts and bytes of all cells, one after the other.
    bytes: Vec<u8>,
    /// Where the next column is expected: most are read in their order.
    next: std::cell::Cell<usize>,
}

/// A value of a row; texts and bytes by their place in `bytes`.
#[derive(Clone, Debug)]
enum Cell {
    Null,
    Integer(i64),
    Real,
    Text(Range<usize>),
    Blob(Range<usize>),
}

/// A value as it is read.
#[derive(Clone, Copy, Debug)]
pub enum Read<'a> {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// A fraction, which no column has.
    Real,
    /// A text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

/// A type that is read from a column.
pub trait FromColumn: Sized {
    /// The value, if it is one of this type.
    fn from_column(value: Read<'_>) -> Option<Self>;
}

impl Inline {
    /// Opens a file that is there, with the schema of this program.
    pub(super) fn open(path: &Path, durable: bool) -> Result<Self> {
        let conn = Self::connect(path, CACHE_SIZE)?;
        // FULL, because WAL with NORMAL loses acknowledged commits at a power cut.
        conn.pragma_update(None, "synchronous", if durable { "FULL" } else { "OFF" })?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
        Ok(Self::over(conn))
    }

    /// Copies what is committed from the write-ahead log into the file, as far as no reader needs the file as it is. Nobody waits for it.
    pub(super) fn copy_log(&self) -> Result<()> {
        self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
    }

    /// The same, only to read.
    pub(super) fn open_reading(path: &Path) -> Result<Self> {
        let conn = Self::connect(path, GLANCING_CACHE_SIZE)?;
        conn.pragma_update(None, "query_only", true)?;
        Ok(Self::over(conn))
    }

    fn over(conn: Connection) -> Self {
        Self { conn, shapes: RefCell::default() }
    }

    fn connect(path: &Path, cache_size: &str) -> Result<Connection> {
        let conn =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.pragma_update(None, "cache_size", cache_size)?;
        conn.pragma_update(None, "temp_store", "memory")?;
        conn.set_prepared_statement_cache_capacity(PREPARED);
        Ok(conn)
    }

    /// Runs statements that take no values, one after the other.
    pub(super) fn run(&self, sql: &str) -> Result<()> {
        self.conn.execute_batch(sql)
    }

    /// Runs a statement; how many rows it changed.
    pub(super) fn execute(&self, sql: &'static str, params: &[Param]) -> Result<u64> {
        let mut statement = self.conn.prepare_cached(sql)?;
        self.shape(sql, &statement)?.bind(&mut statement, params)?;
        if statement.column_count() > 0 {
            // It answers with rows, which nobody wants here.
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            drop(rows);
            return Ok(self.conn.changes());
        }
        let changed = statement.raw_execute()?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// The rows of a query, at most so many.
    pub(super) fn fetch(&self, sql: &'static str, params: &[Param], most: usize) -> Result<Vec<InlineRow>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let shape = self.shape(sql, &statement)?;
        shape.bind(&mut statement, params)?;
        let mut rows = statement.raw_query();
        let mut read = Vec::new();
        while read.len() < most
            && let Some(row) = rows.next()?
        {
            read.push(InlineRow::of(&shape, row)?);
        }
        Ok(read)
    }

    fn shape(&self, sql: &'static str, statement: &Statement<'_>) -> Result<Arc<Shape>> {
        let key = (sql.as_ptr().addr(), sql.len());
        if let Some(shape) = self.shapes.borrow().get(&key) {
            return Ok(shape.clone());
        }
        let shape = Arc::new(Shape::of(statement)?);
        self.shapes.borrow_mut().insert(key, shape.clone());
        Ok(shape)
    }

    /// Has SQLite parse a statement.
    pub(super) fn prepare(&self, sql: &str) -> Result<()> {
        self.conn.prepare(sql).map(drop)
    }
}

impl Shape {
    fn of(statement: &Statement<'_>) -> Result<Self> {
        let takes = (1..=statement.parameter_count()).map(|place| {
            let name = statement.parameter_name(place).unwrap_or_default();
            let number = name.strip_prefix('$').and_then(|number| number.parse::<usize>().ok()?.checked_sub(1));
            number.ok_or_else(|| rusqlite::Error::InvalidParameterName(name.to_owned()))
        });
        let mut columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        for place in 0..columns.len() {
            // Of two columns of one name the later is read, as by sqlx.
            if columns[place + 1..].contains(&columns[place]) {
                columns[place].clear();
            }
        }
        Ok(Self { takes: takes.collect::<Result<_>>()?, columns })
    }

    /// Binds each value to the place with its number. To SQLite itself `$2` is a name, and the first name in the text the first place.
    fn bind(&self, statement: &mut Statement<'_>, params: &[Param]) -> Result<()> {
        for (place, value) in (1..).zip(&self.takes) {
            let param = params.get(*value);
            let param = param.ok_or_else(|| rusqlite::Error::InvalidParameterCount(params.len(), self.takes.len()))?;
            statement.raw_bind_parameter(place, param)?;
        }
        Ok(())
    }
}

impl ToSql for Param {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        let borrowed = |bytes| ToSqlOutput::Borrowed(ValueRef::Blob(bytes));
        let text = |text: String| ToSqlOutput::Owned(Value::Text(text));
        Ok(match self {
            Self::Uuid(Some(id)) => borrowed(id.as_bytes()),
            Self::Text(Some(words)) => ToSqlOutput::Borrowed(ValueRef::Text(words.as_bytes())),
            Self::Int(Some(number)) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Bool(Some(yes)) => ToSqlOutput::Owned(Value::Integer(i64::from(*yes))),
            Self::Time(Some(at)) => text(at.to_rfc3339_opts(SecondsFormat::AutoSi, false)),
            Self::Date(Some(day)) => text(day.format("%F").to_string()),
            Self::Json(Some(json)) => text(json.to_string()),
            Self::Bytes(Some(bytes)) => borrowed(bytes),
            Self::Uuid(None)
            | Self::Text(None)
            | Self::Int(None)
            | Self::Bool(None)
            | Self::Time(None)
            | Self::Date(None)
            | Self::Json(None)
            | Self::Bytes(None) => ToSqlOutput::Owned(Value::Null),
        })
    }
}

impl InlineRow {
    fn of(shape: &Arc<Shape>, row: &rusqlite::Row<'_>) -> Result<Self> {
        let (mut cells, mut bytes) = (Vec::with_capacity(shape.columns.len()), Vec::with_capacity(256));
        let mut keep = |of: &[u8]| {
            let begin = bytes.len();
            bytes.extend_from_slice(of);
            begin..bytes.len()
        };
        for place in 0..shape.columns.len() {
            cells.push(match row.get_ref(place)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Integer(number),
                ValueRef::Real(_) => Cell::Real,
                ValueRef::Text(text) => Cell::Text(keep(text)),
                ValueRef::Blob(blob) => Cell::Blob(keep(blob)),
            });
        }
        Ok(Self { shape: shape.clone(), cells, bytes, next: std::cell::Cell::new(0) })
    }

    /// The place of a column.
    fn place(&self, column: &str) -> Option<usize> {
        let (columns, next) = (&self.shape.columns, self.next.get());
        let expected = columns.get(next).is_some_and(|name| name == column);
        let place = if expected { next } else { columns.iter().position(|name| name == column)? };
        self.next.set(place + 1);
        Some(place)
    }

    fn read(&self, place: usize) -> Read<'_> {
        let kept = |range: &Range<usize>| self.bytes.get(range.clone()).unwrap_or_default();
        match self.cells.get(place) {
            Some(Cell::Integer(number)) => Read::Integer(*number),
            Some(Cell::Real) => Read::Real,
            // What is no UTF-8 is read as bytes, so that no text type takes it.
            Some(Cell::Text(range)) => str::from_utf8(kept(range)).map_or(Read::Blob(kept(range)), Read::Text),
            Some(Cell::Blob(range)) => Read::Blob(kept(range)),
            Some(Cell::Null) | None => Read::Null,
        }
    }

    /// The text of a column, if it is one.
    pub(super) fn text(&self, column: &str) -> Option<&str> {
        match self.read(self.place(column)?) {
            Read::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a column, in the words of sqlx where it cannot be had.
    pub(super) fn get<T: FromColumn>(&self, column: &str) -> std::result::Result<T, sqlx::Error> {
        let place = self.place(column).ok_or_else(|| sqlx::Error::ColumnNotFound(column.to_owned()))?;
        let value = self.read(place);
        T::from_column(value).ok_or_else(|| sqlx::Error::ColumnDecode {
            index: column.to_owned(),
            source: format!("{value:?} is no {}", std::any::type_name::<T>()).into(),
        })
    }
}

/// An instant. The form in which all are written is read at once: `2026-03-03T02:00:00+00:00`, or with `.123` before the zone.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    quick(text.as_bytes()).or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()))
}

fn quick(text: &[u8]) -> Option<DateTime<Utc>> {
    let local = text.strip_suffix(b"+00:00")?;
    let millis = match local.len() {
        19 => 0,
        23 if local[19] == b'.' => number(&local[20..])?,
        _ => return None,
    };
    if [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')].iter().any(|(place, mark)| local[*place] != *mark) {
        return None;
    }
    let part = |range: Range<usize>| number(&local[range]);
    let day = NaiveDate::from_ymd_opt(i32::try_from(part(0..4)?).ok()?, part(5..7)?, part(8..10)?)?;
    Some(day.and_hms_milli_opt(part(11..13)?, part(14..16)?, part(17..19)?, millis)?.and_utc())
}

/// A number of few digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

macro_rules! from_column {
    ($($ty:ty: $pattern:pat => $value:expr;)+) => {$(
        impl FromColumn for $ty {
            fn from_column(value: Read<'_>) -> Option<Self> {
                match value {
                    $pattern => $value,
                    _ => None,
                }
            }
        }
    )+};
}

from_column! {
    i64: Read::Integer(number) => Some(number);
    i32: Read::Integer(number) => i32::try_from(number).ok();
    bool: Read::Integer(number) => Some(number != 0);
    String: Read::Text(text) => Some(text.to_owned());
    Vec<u8>: Read::Blob(bytes) => Some(bytes.to_vec());
    Uuid: Read::Blob(bytes) => Uuid::from_slice(bytes).ok();
    DateTime<Utc>: Read::Text(text) => instant(text);
    NaiveDate: Read::Text(text) => NaiveDate::parse_from_str(text, "%F").ok();
}

impl<T: DeserializeOwned> FromColumn for Json<T> {
    fn from_column(value: Read<'_>) -> Option<Self> {
        match value {
            Read::Text(text) => serde_json::from_str(text).ok().map(Json),
            _ => None,
        }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: Read<'_>) -> Option<Self> {
        match value {
            Read::Null => Some(None),
            value => T::from_column(value).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{instant, quick};
    use chrono::{DateTime, SecondsFormat, Utc};

    #[test]
    fn instants_are_read_as_they_are_written() {
        for (seconds, nanos) in [(0, 0), (1_772_503_200, 0), (1_772_503_200, 123_000_000), (1_709_251_199, 7_000_000)] {
            let at = DateTime::<Utc>::from_timestamp(seconds, nanos).expect("an instant");
            let text = at.to_rfc3339_opts(SecondsFormat::AutoSi, false);
            assert_eq!((quick(text.as_bytes()), instant(&text)), (Some(at), Some(at)), "{text}");
        }
        for text in ["2026-03-03T02:00:00.123456+00:00", "2026-03-03T10:00:00+08:00", "2026-03-03T02:00:00Z"] {
            assert_eq!(quick(text.as_bytes()), None);
            assert_eq!(instant(text), DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()), "{text}");
        }
        for text in [
            "",
            "2026-02-30T02:00:00+00:00",
            "2026-03-03T24:00:00+00:00",
            "2026-03-0xT02:00:00+00:00",
            "2026-03-03 02:00",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
