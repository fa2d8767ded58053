//! A SQLite connection that works on the caller's own thread, for the short statements of shared writes and of glances.
//!
//! sqlx hands each statement to a thread of the connection's own and waits for the answer. Twenty statements a filing were forty changes of
//! thread, and took longer than their work. What may wait, for a lock or for the disk, is not done here: see [`super::shared`].
//!
//! Values are written as sqlx writes them, so that both read what the other wrote.

use super::db::{BUSY_TIMEOUT, CACHE_SIZE};
use super::param::Param;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement, ToSql};
use serde::de::DeserializeOwned;
use sqlx::types::Json;
use std::cell::RefCell;
use std::collections::HashMap;
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
    /// The place of each column.
    columns: HashMap<String, usize>,
    width: usize,
}

/// A row that was read by it.
#[derive(Debug)]
pub struct InlineRow {
    shape: Arc<Shape>,
    values: Vec<Value>,
}

/// A type that is read from a column.
pub trait FromColumn: Sized {
    /// The value, if it is one of this type.
    fn from_column(value: &Value) -> Option<Self>;
}

impl Inline {
    /// Opens a file that is there, with the schema of this program.
    pub(super) fn open(path: &Path, durable: bool) -> Result<Self> {
        let conn = Self::connect(path, CACHE_SIZE)?;
        // FULL, because WAL with NORMAL loses acknowledged commits at a power cut.
        conn.pragma_update(None, "synchronous", if durable { "FULL" } else { "OFF" })?;
        conn.pragma_update(None, "foreign_keys", true)?;
        Ok(Self::over(conn))
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
            let values = (0..shape.width).map(|place| row.get::<_, Value>(place)).collect::<Result<_>>()?;
            read.push(InlineRow { shape: shape.clone(), values });
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
        let columns = statement.column_names().into_iter().enumerate();
        Ok(Self {
            takes: takes.collect::<Result<_>>()?,
            columns: columns.map(|(place, name)| (name.to_owned(), place)).collect(),
            width: statement.column_count(),
        })
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
    /// The value of a column, in the words of sqlx where it cannot be had.
    pub(super) fn get<T: FromColumn>(&self, column: &str) -> std::result::Result<T, sqlx::Error> {
        let value = self.shape.columns.get(column).and_then(|place| self.values.get(*place));
        let value = value.ok_or_else(|| sqlx::Error::ColumnNotFound(column.to_owned()))?;
        T::from_column(value).ok_or_else(|| sqlx::Error::ColumnDecode {
            index: column.to_owned(),
            source: format!("{value:?} is no {}", std::any::type_name::<T>()).into(),
        })
    }
}

macro_rules! from_column {
    ($($ty:ty: $pattern:pat => $value:expr;)+) => {$(
        impl FromColumn for $ty {
            fn from_column(value: &Value) -> Option<Self> {
                match value {
                    $pattern => $value,
                    _ => None,
                }
            }
        }
    )+};
}

from_column! {
    i64: Value::Integer(number) => Some(*number);
    i32: Value::Integer(number) => i32::try_from(*number).ok();
    bool: Value::Integer(number) => Some(*number != 0);
    String: Value::Text(text) => Some(text.clone());
    Vec<u8>: Value::Blob(bytes) => Some(bytes.clone());
    Uuid: Value::Blob(bytes) => Uuid::from_slice(bytes).ok();
    DateTime<Utc>: Value::Text(text) => DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    NaiveDate: Value::Text(text) => NaiveDate::parse_from_str(text, "%F").ok();
}

impl<T: DeserializeOwned> FromColumn for Json<T> {
    fn from_column(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => serde_json::from_str(text).ok().map(Json),
            _ => None,
        }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_column(value).map(Some),
        }
    }
}
