//! The console of supervisors, liaisons, operators and administrators: one page or form a file. Which roles may open a page is written in its
//! handlers' signatures.

mod agencies;
mod agency_form;
mod approve;
mod audit;
mod backups;
mod bells;
mod cases;
mod dashboard;
mod enterprise_form;
mod enterprise_list;
mod enterprise_merge;
mod enterprise_pin;
mod enterprises;
mod exports;
mod external_sign_in;
mod fact_rows;
mod filing;
mod filings;
mod first_password;
mod history;
mod import;
mod inbox;
mod inspector_access;
mod inspector_form;
mod inspectors;
mod invite_many;
mod mails;
mod matter_form;
mod matters;
mod monthly;
mod new_password;
mod own_sessions;
mod passkeys;
mod policy;
mod policy_diff;
mod policy_form;
mod policy_numbers;
mod policy_what_if;
mod proof;
mod quarantine;
mod ratings;
mod record_form;
mod report;
mod report_acts;
mod report_care;
mod reports;
mod second_step;
mod settings;
mod sheet_batch;
mod sheets;
mod shown_once;
mod sign_in;
mod sign_in_code;
mod sign_in_passkey;
mod signs;
mod site_form;
mod task;
mod unverified;
mod user_accounts;
mod users;
mod violation;
mod violation_case;
mod violation_timeline;
mod violation_view;
mod watch;

use crate::app::App;
use crate::domain::dossier::Registries;
use crate::domain::id::AgencyId;
use crate::domain::notice::MailState;
use crate::domain::violation::ViolationState;
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{ANYBODY, Console, home};
use crate::web::form::Form;
use crate::web::paths;
use crate::web::respond::{Answer, see_other};
use axum::Router;
use axum::routing::{get, post};

pub(in crate::web) use dashboard::screen::get as screen;

/// Every route of the console.
pub(in crate::web) fn routes() -> Router<App> {
    Router::new()
        .route(paths::CONSOLE, get(start))
        .merge(account_routes())
        .merge(external_sign_in::routes())
        .merge(dashboard::routes())
        .route(paths::MONTHLY, get(monthly::get).post(monthly::post))
        .route("/console/violations/{id}/evidence", post(monthly::evidence))
        .route(paths::BELLS, get(bells::get).post(bells::add))
        .route("/console/bells/{id}/{what}", post(bells::change))
        .route("/console/export", post(exports::post))
        .route(paths::VIOLATIONS, get(inbox::get))
        .route("/console/violations/{id}", get(violation::get))
        .route("/console/violations/{id}/confirm", post(violation::confirm))
        .route("/console/violations/{id}/dismiss", post(violation::dismiss))
        .merge(cases::routes())
        .route(paths::FILINGS, get(filings::get))
        .route("/console/filings/{id}", get(filing::get))
        .route("/console/filings/{id}/approve", post(approve::post))
        .merge(report_routes())
        .route(paths::RATINGS, get(ratings::get))
        .route(paths::WATCH, get(watch::get))
        .route(paths::ENTERPRISES, get(enterprise_list::list))
        .route("/console/enterprises/suggest", get(enterprise_list::suggest))
        .route("/console/enterprises/new", get(enterprise_form::new).post(enterprise_form::create))
        .route("/console/enterprises/{id}", get(enterprises::get))
        .route("/console/enterprises/{id}/edit", get(enterprise_form::edit).post(enterprise_form::save))
        .route("/console/enterprises/{id}/active", post(enterprise_form::active))
        .route("/console/enterprises/{id}/pin", post(enterprise_pin::post))
        .route("/console/enterprises/{id}/history", get(history::enterprise))
        .route("/console/enterprises/{id}/merge", get(enterprise_merge::get).post(enterprise_merge::post))
        .route("/console/enterprises/{id}/sites/new", get(site_form::new).post(site_form::create))
        .route("/console/sites/{id}/edit", get(site_form::edit).post(site_form::save))
        .route("/console/sites/{id}/active", post(site_form::active))
        .route("/console/sites/{id}/history", get(history::site))
        .route(paths::AGENCIES, get(agencies::list))
        .route("/console/agencies/new", get(agency_form::new).post(agency_form::create))
        .route("/console/agencies/{id}", get(agencies::get))
        .route("/console/agencies/{id}/edit", get(agency_form::edit).post(agency_form::save))
        .route("/console/agencies/{id}/active", post(agency_form::active))
        .route(paths::MATTERS, get(matters::get))
        .route("/console/matters/new", get(matter_form::new).post(matter_form::create))
        .route("/console/matters/{id}", get(matter_form::get))
        .route("/console/matters/{id}/edit", get(matter_form::edit).post(matter_form::save))
        .route("/console/matters/{id}/active", post(matter_form::active))
        .route(paths::INSPECTORS, get(inspectors::list))
        .route("/console/inspectors/new", get(inspector_form::new).post(inspector_form::create))
        .route("/console/inspectors/{id}", get(inspectors::get))
        .route("/console/inspectors/{id}/edit", get(inspector_form::edit).post(inspector_form::save))
        .route(paths::INVITE_MANY, get(invite_many::get).post(invite_many::post))
        .route("/console/inspectors/{id}/access", get(inspector_access::get))
        .route("/console/inspectors/{id}/access/reset", post(inspector_access::reset))
        .route("/console/inspectors/{id}/access/withdraw", post(inspector_access::withdraw))
        .route("/console/inspectors/{id}/devices/{device}/revoke", post(inspector_access::revoke))
        .route("/console/inspectors/{id}/invite", post(inspectors::invite))
        .route("/console/inspectors/{id}/suspend", post(inspectors::suspend))
        .route(paths::SIGNS, get(signs::list::get))
        .route("/console/signs/blank", get(signs::blank::get).post(signs::blank::post))
        .route("/console/signs/new", get(signs::new::get))
        .route(paths::SIGN_BIND, get(signs::place::get_bind).post(signs::place::post_bind))
        .route("/console/signs/issue", post(signs::new::post))
        .route("/console/signs/handed-out", post(signs::change::hand_out))
        .route("/console/signs/{id}", get(signs::one::get))
        .route("/console/signs/{id}/move", get(signs::place::get_move).post(signs::place::post_move))
        .route("/console/signs/{id}/rotate", post(signs::change::rotate))
        .route("/console/signs/{id}/revoke", post(signs::change::revoke))
        .route("/console/signs/{id}/{file}", get(signs::code::get))
        .route(paths::SHEETS, get(sheets::get).post(sheets::post))
        .route("/console/sheets/preview.svg", get(sheets::first_page))
        .route("/console/sheets/{id}", get(sheet_batch::get))
        .route("/console/sheets/{id}/file", get(sheet_batch::file))
        .route("/console/sheets/{id}/printed", post(sheet_batch::printed))
        .route(paths::POLICY, get(policy::get))
        .route("/console/policy/new", get(policy_form::get).post(policy_form::post))
        .route(paths::WHAT_IF, get(policy_what_if::latest).post(policy_what_if::post))
        .route("/console/policy/what-if/{id}", get(policy_what_if::get))
        .route(paths::MAILS, get(mails::get))
        .route("/console/mails/{id}/retry", post(mails::retry))
        .route(paths::AUDIT, get(audit::get))
        .merge(backups::routes())
        .route(paths::USERS, get(users::list))
        .route("/console/users/new", get(users::new).post(users::create))
        .route(paths::SIGN_IN_RULE, post(users::rule))
        .route("/console/users/{id}", post(users::change))
        .route("/console/users/{id}/password", post(users::new_password))
        .route("/console/users/{id}/accounts", get(user_accounts::get).post(user_accounts::post))
        .merge(import::routes())
        .route("/console/tasks/{id}", get(task::get))
        .route("/console/tasks/{id}/file", get(task::file))
        .route("/console/tasks/{id}/cancel", post(task::cancel))
        .route(paths::UNVERIFIED, get(unverified::get))
        .route("/console/unverified/{id}", post(unverified::post))
}

/// Signing in and out, and the own account.
fn account_routes() -> Router<App> {
    Router::new()
        .route("/console/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/console/sign-in/code", get(sign_in_code::get).post(sign_in_code::post))
        .route("/console/sign-in/passkey", post(sign_in_passkey::post))
        .route("/console/sign-in/passkey/challenge", post(sign_in_passkey::challenge))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route(paths::SETTINGS, get(settings::get))
        .route("/console/settings/alerts", post(settings::alerts))
        .route("/console/settings/password", post(settings::password))
        .route(paths::FIRST_PASSWORD, get(first_password::get).post(first_password::post))
        .route(paths::OWN_SESSIONS, post(own_sessions::post))
        .route(paths::PASSKEYS, get(passkeys::get).post(passkeys::post))
        .route(paths::PASSKEY_CHALLENGE, post(passkeys::challenge))
        .route(paths::SECOND_STEP, get(second_step::get).post(second_step::post))
}

/// What enterprises report, and what is held of it.
fn report_routes() -> Router<App> {
    Router::new()
        .route(paths::REPORTS, get(reports::get))
        .route(paths::QUARANTINE, get(quarantine::get).post(quarantine::post))
        .route("/console/reports/{id}", get(report::get))
        .route("/console/reports/{id}/link", post(report_acts::link))
        .route("/console/reports/{id}/say", post(report_acts::say))
        .route("/console/reports/{id}/read", post(report_acts::read))
        .route("/console/reports/{id}/contact", post(report_acts::ask))
        .route("/console/reports/{id}/contact/decide", post(report_acts::decide))
        .route("/console/reports/{id}/contact/open", post(report_acts::open))
}

/// `GET /console`: the first page of the role.
async fn start(me: Console<ANYBODY>) -> Answer {
    see_other(home(me.user.role))
}

/// A choice of a filter or a form.
struct Choice {
    value: String,
    label: String,
}

/// All agencies by name, for filters.
fn agency_choices(registries: &Registries) -> Vec<Choice> {
    let mut choices: Vec<Choice> = registries
        .agencies
        .values()
        .map(|agency| Choice { value: agency.id.to_string(), label: agency.name.clone() })
        .collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    choices
}

/// The look of a violation's state.
const fn state_class(state: ViolationState) -> &'static str {
    match state {
        ViolationState::Suspected => "new",
        ViolationState::Confirmed => "over",
        ViolationState::Dismissed | ViolationState::Cleared => "done",
    }
}

/// The look of a mail's state.
const fn mail_class(state: MailState) -> &'static str {
    match state {
        MailState::Pending | MailState::Retry => "wait",
        MailState::Sent | MailState::Gathered | MailState::Withheld | MailState::Withdrawn => "done",
        MailState::Stuck => "over",
    }
}

/// The agency that a list is filtered by.
fn chosen_agency(filters: &Filters) -> Option<AgencyId> {
    AgencyId::parse(filters.one("agency"))
}

/// A switch that a form sends as `yes` or `no`.
fn yes_or_no(form: &Form, name: &'static str) -> Result<bool, AppError> {
    yes(form.one(name)).ok_or(AppError::BadRequest(name))
}

/// Whether a choice of `yes` and `no` is `yes`.
fn yes(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
