//! The store: SQLite by default, PostgreSQL when one machine is not enough. This layer alone names sqlx.
//!
//! [`Db`] opens transactions; functions are `table::verb(&mut tx, …)`, so that the caller owns the transaction. One SQL
//! text serves both databases; [`Tx`], [`param::Param`] and [`row::Row`] alone know that there are two.

mod db;
pub mod error;
pub(crate) mod param;
pub mod registries;
pub mod row;
mod statements;
mod tx;

pub use db::{Backend, Db};
pub use error::{Result, StorageError};
pub use statements::all_statements;
pub use tx::Tx;

/// The statements of each table family.
const FAMILIES: &[&[statements::Statement]] = &[registries::STATEMENTS];
