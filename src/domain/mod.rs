//! What the district's rules are about, as pure values: no I/O, no clock, no SQL, no HTML.

mod code_enum;

pub mod agency;
pub mod api_token;
pub mod calendar;
pub mod credit_code;
pub mod day;
pub mod delivery_route;
pub mod dossier;
pub mod enterprise;
pub mod exemption;
pub mod filing;
pub mod holidays;
pub mod id;
pub mod inspector;
pub mod matching;
pub mod notice;
pub mod policy;
pub mod reporter;
pub mod rule;
pub mod rules;
pub mod search_text;
pub mod sign;
pub mod sign_code;
pub mod task;
pub mod text;
pub mod trusted_proxies;
pub mod user;
pub mod violation;
pub mod visit_report;
