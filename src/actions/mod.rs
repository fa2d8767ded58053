//! What the program does: one use case a file. An action takes an open transaction, `now` and a command; it loads, judges, writes and enqueues.
//!
//! Pages, the API, jobs, the command line and the replay all go through here, so that no path skips a rule or an audit row.
//! The caller opens the transaction, commits it, and only then acknowledges.

mod actor;
mod add_policy;
pub mod address;
mod alert_supervisors;
mod amend_filing;
mod announce_certificates;
mod api_clients;
pub mod approve_visit;
mod assess_agency;
mod assess_dossier;
pub mod attempts;
pub mod audit;
pub mod backup;
pub mod bells;
pub mod cases;
mod chain_audit;
mod change_filing;
mod change_user;
mod check_filing;
mod create_user;
mod decide_violation;
pub mod edit_records;
pub mod enrol;
mod enterprise_pin;
mod error;
pub mod evidence;
pub mod export;
pub mod external_sign_in;
pub mod figures;
mod file_inspection;
pub mod first_password;
mod gather_digest;
pub mod held_up;
mod hold_mails;
pub mod import_registry;
pub mod imports;
mod inspector_access;
mod keep_file;
pub mod known_browsers;
pub mod limits;
mod link_report;
pub mod look_ups;
pub mod make_sheets;
mod merge_enterprises;
pub mod monthly;
pub mod open_forms;
pub mod outbox;
pub mod own_sessions;
pub mod passes;
pub mod passkeys;
pub mod password;
pub mod quarantine;
mod rate_visit;
mod report_visit;
pub mod reporters;
mod retry_mail;
mod screens;
pub mod seal;
pub mod second_step;
mod service;
pub mod sign_in;
mod signs;
pub mod submission;
mod suspend_inspector;
mod sweep;
mod tasks;
mod trust_clock;
pub mod turns;
pub mod unverified;
mod verify_audit;
mod visit;
pub mod what_if;

pub use actor::Actor;
pub use add_policy::{add_policy, first_policy};
pub use alert_supervisors::{Raised, alert_supervisors};
pub use amend_filing::{AmendFiling, amend_filing};
pub use announce_certificates::{announce_certificates, certificates_due};
pub use api_clients::{create_token, revoke_token};
pub use chain_audit::{CheckpointKey, Unchained, chain_entries, checkpoint_audit, signed_by, unchained_entries};
pub use change_filing::Target;
pub use change_user::{change_password, reset_password, set_user_active, set_user_lead, set_user_preferences};
pub use check_filing::{Verdict, check_filing};
pub use create_user::{NewUser, check_new_user, create_user};
pub use decide_violation::{Decision, decide_violation};
pub use enterprise_pin::{
    NewPin, PIN_DIGITS, PinTurn, right_digits, right_pin, set_enterprise_pin, try_digits, try_pin,
};
pub use error::{ActionError, FieldError, Result};
pub use file_inspection::{Accompanying, FileInspection, Filed, file_inspection};
pub use gather_digest::{digests_due, gather_digest, gather_outage, outage};
pub use hold_mails::{hold_mails, release_mails};
pub use inspector_access::{reset_access, revoke_device, withdraw_invites};
pub use keep_file::{NewFile, keep_file};
pub use link_report::link_report;
pub use merge_enterprises::merge_enterprises;
pub use rate_visit::{Marks, rate_visit};
pub use report_visit::{ReportVisit, Reported, add_to_report, report_visit, withdraw_report};
pub use retry_mail::retry_mail;
pub use screens::{create_screen, revoke_screen};
pub use service::{Service, Settings, Snapshot};
pub use signs::{
    BLANK_MAX, ScanCounter, Scans, bind_sign, hand_out_signs, issue_first_signs, issue_sign, issue_sign_at,
    make_blank_signs, mark_printed, move_sign, record_scans, retire_sign, revoke_sign, rotate_sign,
};
pub use submission::Submission;
pub use suspend_inspector::suspend_inspector;
pub use sweep::sweep_enterprise;
pub use tasks::{Progress, RunningTasks, cancel_task, enqueue_task};
pub use trust_clock::trust_clock;
pub use verify_audit::{Broken, Checked, verify_audit};
pub use visit::{VisitOutcome, arrive, cancel_filing, confirm_presence, leave, record_result};
