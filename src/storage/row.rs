//! A row of either database, read by column name.

use super::error::{Result, StorageError};
use super::inline::{FromColumn, InlineRow};
use crate::domain::id;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};
use uuid::Uuid;

/// A row.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From SQLite, read on the caller's thread.
    Inline(InlineRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

/// A type that both databases decode.
pub trait Column:
    FromColumn + for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}
impl<T> Column for T where
    T: FromColumn + for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

impl Row {
    /// The value of a column.
    ///
    /// # Errors
    /// When there is no such column or it holds another type.
    pub fn get<T: Column>(&self, column: &'static str) -> Result<T> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Inline(row) => row.get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// An id newtype from a UUID column.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn id<T: From<Id>>(&self, column: &'static str) -> Result<T> {
        self.get::<Uuid>(column).map(|id| T::from(Id(id)))
    }

    /// An id newtype from a UUID column that may be NULL.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn id_opt<T: From<Id>>(&self, column: &'static str) -> Result<Option<T>> {
        Ok(self.get::<Option<Uuid>>(column)?.map(|id| T::from(Id(id))))
    }

    /// A JSON column as a typed value.
    ///
    /// # Errors
    /// As [`Row::get`]; also when the JSON does not fit the type.
    pub fn json<T: DeserializeOwned + Send + Unpin + 'static>(&self, column: &'static str) -> Result<T> {
        let read = match self {
            Self::Sqlite(row) => row.try_get::<Json<T>, _>(column),
            Self::Inline(row) => row.get::<Json<T>>(column),
            Self::Postgres(row) => row.try_get::<Json<T>, _>(column),
        };
        match read {
            Ok(Json(value)) => Ok(value),
            Err(error) => {
                // JSON that does not fit is shown; what is none, or is not there, is the database's own error.
                let Ok(Json(value)) = self.get::<Json<serde_json::Value>>(column) else { return Err(error.into()) };
                Err(StorageError::Unreadable { what: column, value: value.to_string() })
            }
        }
    }

    /// A text column that holds the code of an enum.
    ///
    /// # Errors
    /// As [`Row::get`]; also when it is none of the codes.
    pub fn code<T>(&self, column: &'static str, parse: fn(&str) -> Option<T>) -> Result<T> {
        if let Self::Inline(row) = self
            && let Some(text) = row.text(column)
        {
            return super::error::readable(column, text, parse(text));
        }
        let text: String = self.get(column)?;
        super::error::readable(column, &text, parse(&text))
    }

    /// The same for a column that may be NULL.
    ///
    /// # Errors
    /// As [`Row::code`].
    pub fn code_opt<T>(&self, column: &'static str, parse: fn(&str) -> Option<T>) -> Result<Option<T>> {
        let text: Option<String> = self.get(column)?;
        text.map(|text| super::error::readable(column, &text, parse(&text))).transpose()
    }
}

/// A UUID on its way from a column to an id newtype.
#[derive(Clone, Copy, Debug)]
pub struct Id(Uuid);

macro_rules! from_id {
    ($($name:ident),+ $(,)?) => {$(
        impl From<Id> for id::$name {
            fn from(id: Id) -> Self {
                Self(id.0)
            }
        }
    )+};
}

from_id!(
    AgencyId,
    MatterId,
    InspectorId,
    EnterpriseId,
    SiteId,
    FilingId,
    ReportId,
    PolicyId,
    ViolationId,
    SignId,
    UserId,
    MailId,
    RequestId
);
