//! One value that is bound to a statement: the types that both databases understand.

use crate::domain::id;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, Postgres, Sqlite};
use uuid::Uuid;

/// A bound value. Each carries its type also when it is NULL, since PostgreSQL asks for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// An id.
    Uuid(Option<Uuid>),
    /// A text.
    Text(Option<String>),
    /// A whole number.
    Int(Option<i64>),
    /// Yes or no.
    Bool(Option<bool>),
    /// An instant.
    Time(Option<DateTime<Utc>>),
    /// A local date.
    Date(Option<NaiveDate>),
    /// JSON.
    Json(Option<Value>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

macro_rules! bind_each {
    ($query:expr, $params:expr) => {{
        let mut query = $query;
        for param in $params {
            query = match param {
                Param::Uuid(v) => query.bind(v),
                Param::Text(v) => query.bind(v),
                Param::Int(v) => query.bind(v),
                Param::Bool(v) => query.bind(v),
                Param::Time(v) => query.bind(v),
                Param::Date(v) => query.bind(v),
                Param::Json(v) => query.bind(v),
                Param::Bytes(v) => query.bind(v),
            };
        }
        query
    }};
}

pub(super) fn sqlite(sql: &'static str, params: &[Param]) -> Query<'static, Sqlite, SqliteArguments> {
    bind_each!(sqlx::query::<Sqlite>(sql), params.iter().cloned())
}

pub(super) fn postgres(sql: &'static str, params: &[Param]) -> Query<'static, Postgres, PgArguments> {
    bind_each!(sqlx::query::<Postgres>(sql), params.iter().cloned())
}

/// The same for a text that was put together of such statements.
pub(super) fn postgres_composed(
    sql: String,
    params: impl Iterator<Item = Param>,
) -> Query<'static, Postgres, PgArguments> {
    bind_each!(sqlx::query::<Postgres>(AssertSqlSafe(sql)), params)
}

macro_rules! from_value {
    ($($ty:ty => $variant:ident($value:ident) $convert:expr;)+) => {$(
        impl From<$ty> for Param {
            fn from($value: $ty) -> Self {
                Self::$variant(Some($convert))
            }
        }

        impl From<Option<$ty>> for Param {
            fn from(value: Option<$ty>) -> Self {
                Self::$variant(value.map(|$value| $convert))
            }
        }
    )+};
}

from_value! {
    Uuid => Uuid(v) v;
    id::AgencyId => Uuid(v) v.0;
    id::MatterId => Uuid(v) v.0;
    id::InspectorId => Uuid(v) v.0;
    id::EnterpriseId => Uuid(v) v.0;
    id::SiteId => Uuid(v) v.0;
    id::FilingId => Uuid(v) v.0;
    id::ReportId => Uuid(v) v.0;
    id::PolicyId => Uuid(v) v.0;
    id::ViolationId => Uuid(v) v.0;
    id::SignId => Uuid(v) v.0;
    id::UserId => Uuid(v) v.0;
    id::MailId => Uuid(v) v.0;
    id::RequestId => Uuid(v) v.0;
    &str => Text(v) v.to_owned();
    &String => Text(v) v.clone();
    String => Text(v) v;
    i64 => Int(v) v;
    u32 => Int(v) i64::from(v);
    bool => Bool(v) v;
    DateTime<Utc> => Time(v) v;
    NaiveDate => Date(v) v;
    Value => Json(v) v;
    Vec<u8> => Bytes(v) v;
    &[u8] => Bytes(v) v.to_vec();
}

/// A list of bound values: `params![id, name, now]`.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::storage::param::Param::from($value)),*]
    };
}
pub(crate) use params;
