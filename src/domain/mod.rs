//! What the district's rules are about, as pure values: no I/O, no clock, no SQL, no HTML.

mod code_enum;

pub mod agency;
pub mod api_token;
pub mod audit_chain;
pub mod calendar;
pub mod cases;
pub mod credit_code;
pub mod day;
pub mod delivery_route;
pub mod dossier;
pub mod enterprise;
pub mod exemption;
pub mod figures;
pub mod filing;
pub mod holidays;
pub mod id;
pub mod import;
pub mod inspector;
pub mod matching;
pub mod notice;
pub mod policy;
pub mod reporter;
pub mod rule;
pub mod rules;
pub mod search_keys;
pub mod search_text;
pub mod sheet;
pub mod sign;
pub mod sign_code;
pub mod task;
pub mod text;
pub mod trusted_proxies;
pub mod user;
pub mod violation;
pub mod visit_report;
pub mod what_if;
