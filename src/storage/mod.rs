//! The store: SQLite by default, PostgreSQL when one machine is not enough. This layer alone names sqlx.
//!
//! [`Db`] opens transactions; functions are `table::verb(&mut tx, …)`, so that the caller owns the transaction. One SQL
//! text serves both databases; [`Tx`], [`param::Param`] and [`row::Row`] alone know that there are two.

pub mod agency_visits;
pub mod alerts;
pub mod api_tokens;
pub mod attempts;
pub mod audit;
pub mod audit_chain;
pub mod audit_lists;
pub mod backups;
pub mod batches;
pub mod bells;
pub mod cases;
pub mod certificate_notices;
pub mod clock_faults;
pub mod contact_openings;
pub mod container;
pub mod conversations;
mod copier;
mod db;
pub mod devices;
pub mod dossiers;
pub mod dump;
mod ends_of_time;
pub mod enterprise_index;
pub mod enterprise_lists;
pub mod enterprise_search;
pub mod enterprises;
pub mod error;
pub mod external_identities;
pub mod figure_days;
pub mod figure_stages;
pub mod figure_violations;
pub mod figure_years;
pub mod figures;
pub mod files;
pub mod filing_lists;
pub mod filing_search;
pub mod filings;
mod glances;
pub mod health;
pub mod held_requests;
pub mod imports;
mod inline;
pub mod inspector_lists;
pub mod invitations;
pub mod key_marks;
mod known;
pub mod known_browsers;
mod later;
pub mod leases;
pub mod mails;
mod members;
pub mod merges;
mod named_enterprises;
pub mod open_form_counts;
pub mod open_signs;
mod own;
pub(crate) mod param;
pub mod passkeys;
mod patient;
mod plan;
pub mod policy_lists;
pub mod protection;
pub mod quarantine;
mod queue;
pub mod rating_lists;
pub mod ratings;
pub mod record_updates;
pub mod registries;
pub mod registry_activity;
pub mod registry_updates;
pub mod report_search;
pub mod reports;
mod resting;
pub mod row;
pub mod scanned;
pub mod screens;
pub mod second_steps;
pub mod sessions;
mod shared;
pub mod sheet_batches;
pub mod sign_in_rules;
pub mod sign_lists;
pub mod sign_prints;
pub mod sign_scans;
pub mod signs;
pub mod sites;
mod statements;
pub mod submissions;
pub mod tasks;
mod turn;
mod tx;
pub mod unverified;
pub mod users;
pub mod violation_inbox;
pub mod violation_lists;
pub mod violations;

pub use db::{Backend, Db};
pub use ends_of_time::newest_possible;
pub use error::{Result, StorageError};
pub use param::Param;
pub use statements::all_statements;
pub use tx::Tx;

/// The statements of each table family.
const FAMILIES: &[&[statements::Statement]] = &[
    agency_visits::STATEMENTS,
    alerts::STATEMENTS,
    api_tokens::STATEMENTS,
    attempts::STATEMENTS,
    audit::STATEMENTS,
    audit_chain::STATEMENTS,
    audit_lists::STATEMENTS,
    backups::STATEMENTS,
    batches::STATEMENTS,
    devices::STATEMENTS,
    certificate_notices::STATEMENTS,
    clock_faults::STATEMENTS,
    contact_openings::STATEMENTS,
    conversations::STATEMENTS,
    dossiers::STATEMENTS,
    enterprise_index::STATEMENTS,
    enterprise_lists::STATEMENTS,
    enterprise_search::STATEMENTS,
    enterprises::STATEMENTS,
    external_identities::STATEMENTS,
    files::STATEMENTS,
    bells::STATEMENTS,
    figure_days::STATEMENTS,
    figure_stages::STATEMENTS,
    figure_violations::STATEMENTS,
    figure_years::STATEMENTS,
    figures::STATEMENTS,
    filing_lists::STATEMENTS,
    filings::STATEMENTS,
    imports::STATEMENTS,
    inspector_lists::STATEMENTS,
    filing_search::STATEMENTS,
    held_requests::STATEMENTS,
    invitations::STATEMENTS,
    key_marks::STATEMENTS,
    known::STATEMENTS,
    known_browsers::STATEMENTS,
    leases::STATEMENTS,
    mails::STATEMENTS,
    merges::STATEMENTS,
    open_form_counts::STATEMENTS,
    open_signs::STATEMENTS,
    passkeys::STATEMENTS,
    protection::STATEMENTS,
    quarantine::STATEMENTS,
    rating_lists::STATEMENTS,
    ratings::STATEMENTS,
    policy_lists::STATEMENTS,
    record_updates::STATEMENTS,
    registries::STATEMENTS,
    registry_activity::STATEMENTS,
    registry_updates::STATEMENTS,
    reports::STATEMENTS,
    report_search::STATEMENTS,
    scanned::STATEMENTS,
    screens::STATEMENTS,
    second_steps::STATEMENTS,
    sessions::STATEMENTS,
    sheet_batches::STATEMENTS,
    sign_in_rules::STATEMENTS,
    sign_lists::STATEMENTS,
    sign_prints::STATEMENTS,
    sign_scans::STATEMENTS,
    signs::STATEMENTS,
    sites::STATEMENTS,
    submissions::STATEMENTS,
    tasks::STATEMENTS,
    unverified::STATEMENTS,
    users::STATEMENTS,
    violation_inbox::STATEMENTS,
    violation_lists::STATEMENTS,
    violations::STATEMENTS,
];
