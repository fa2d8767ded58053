//! The integration tests: the real router over a temporary database, time moved by hand. One binary, so that it links once.

mod api;
mod cli;
mod enrol;
mod enterprise_bad_input;
mod enterprise_calendar;
mod enterprise_inspection;
mod enterprise_look_up;
mod enterprise_report;
mod enterprise_silence;
mod enterprise_world;
mod filing;
mod filing_afterwards;
mod filing_bad_input;
mod frame;
mod i18n;
mod import;
mod landing;
mod mail_alerts;
mod mail_jobs;
mod mail_outbox;
mod mail_smtp;
mod page_sizes;
mod replay_scenario;
mod storage;
mod structure;
mod support;
