//! The store: SQLite by default, PostgreSQL when one machine is not enough. This layer alone names sqlx.
//!
//! [`Db`] opens transactions; functions are `table::verb(&mut tx, …)`, so that the caller owns the transaction. One SQL
//! text serves both databases; [`Tx`], [`param::Param`] and [`row::Row`] alone know that there are two.

pub mod alerts;
pub mod api_tokens;
pub mod attempts;
pub mod audit;
pub mod audit_lists;
mod db;
pub mod devices;
pub mod contact_openings;
pub mod conversations;
pub mod enterprise_lists;
pub mod enterprises;
pub mod error;
pub mod files;
pub mod filing_lists;
pub mod filing_search;
pub mod filings;
pub mod health;
pub mod inspector_lists;
pub mod invitations;
pub mod leases;
pub mod mails;
pub(crate) mod param;
pub mod policy_lists;
pub mod protection;
pub mod rating_lists;
pub mod ratings;
pub mod registries;
pub mod registry_updates;
pub mod report_search;
pub mod reports;
pub mod row;
pub mod sessions;
pub mod sign_lists;
pub mod sign_prints;
pub mod sign_scans;
pub mod signs;
pub mod sites;
mod statements;
pub mod submissions;
pub mod tasks;
mod tx;
pub mod users;
pub mod violation_inbox;
pub mod violation_lists;
pub mod violations;

pub use db::{Backend, Db};
pub use error::{Result, StorageError};
pub use filing_lists::newest_possible;
pub use statements::all_statements;
pub use tx::Tx;

/// The statements of each table family.
const FAMILIES: &[&[statements::Statement]] = &[
    alerts::STATEMENTS,
    api_tokens::STATEMENTS,
    attempts::STATEMENTS,
    audit::STATEMENTS,
    audit_lists::STATEMENTS,
    devices::STATEMENTS,
    contact_openings::STATEMENTS,
    conversations::STATEMENTS,
    enterprise_lists::STATEMENTS,
    enterprises::STATEMENTS,
    files::STATEMENTS,
    filing_lists::STATEMENTS,
    filings::STATEMENTS,
    inspector_lists::STATEMENTS,
    filing_search::STATEMENTS,
    invitations::STATEMENTS,
    leases::STATEMENTS,
    mails::STATEMENTS,
    protection::STATEMENTS,
    rating_lists::STATEMENTS,
    ratings::STATEMENTS,
    policy_lists::STATEMENTS,
    registries::STATEMENTS,
    registry_updates::STATEMENTS,
    reports::STATEMENTS,
    report_search::STATEMENTS,
    sessions::STATEMENTS,
    sign_lists::STATEMENTS,
    sign_prints::STATEMENTS,
    sign_scans::STATEMENTS,
    signs::STATEMENTS,
    sites::STATEMENTS,
    submissions::STATEMENTS,
    tasks::STATEMENTS,
    users::STATEMENTS,
    violation_inbox::STATEMENTS,
    violation_lists::STATEMENTS,
    violations::STATEMENTS,
];
