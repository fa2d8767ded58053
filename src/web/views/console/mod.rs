//! The console of supervisors, liaisons, operators and administrators: one page or form a file. Which roles may open a page is written in its
//! handlers' signatures.

mod agencies;
mod audit;
mod enterprises;
mod fact_rows;
mod filing;
mod filings;
mod inbox;
mod inspector_access;
mod inspectors;
mod invite_many;
mod mails;
mod matters;
mod policy;
mod policy_form;
mod report;
mod reports;
mod settings;
mod sign_in;
mod signs;
mod task;
mod users;
mod violation;
mod violation_timeline;
mod violation_view;

use crate::app::App;
use crate::domain::dossier::Registries;
use crate::domain::id::AgencyId;
use crate::domain::notice::MailState;
use crate::domain::violation::ViolationState;
use crate::web::extract::Filters;
use crate::web::extract::console::{ANYBODY, Console, home};
use crate::web::paths;
use crate::web::respond::{Answer, see_other};
use axum::Router;
use axum::routing::{get, post};

/// Every route of the console.
pub(in crate::web) fn routes() -> Router<App> {
    Router::new()
        .route(paths::CONSOLE, get(start))
        .route("/console/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route(paths::VIOLATIONS, get(inbox::get))
        .route("/console/violations/{id}", get(violation::get))
        .route("/console/violations/{id}/confirm", post(violation::confirm))
        .route("/console/violations/{id}/dismiss", post(violation::dismiss))
        .route(paths::FILINGS, get(filings::get))
        .route("/console/filings/{id}", get(filing::get))
        .route(paths::REPORTS, get(reports::get))
        .route("/console/reports/{id}", get(report::get))
        .route("/console/reports/{id}/link", post(report::link))
        .route(paths::ENTERPRISES, get(enterprises::list))
        .route("/console/enterprises/{id}", get(enterprises::get))
        .route(paths::AGENCIES, get(agencies::list))
        .route("/console/agencies/{id}", get(agencies::get))
        .route(paths::MATTERS, get(matters::get))
        .route(paths::INSPECTORS, get(inspectors::list))
        .route("/console/inspectors/{id}", get(inspectors::get))
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
        .route(paths::POLICY, get(policy::get))
        .route("/console/policy/new", get(policy_form::get).post(policy_form::post))
        .route(paths::MAILS, get(mails::get))
        .route("/console/mails/{id}/retry", post(mails::retry))
        .route(paths::AUDIT, get(audit::get))
        .route(paths::USERS, get(users::list))
        .route("/console/users/new", get(users::new).post(users::create))
        .route("/console/users/{id}", post(users::change))
        .route("/console/tasks/{id}", get(task::get))
        .route("/console/tasks/{id}/file", get(task::file))
        .route("/console/tasks/{id}/cancel", post(task::cancel))
        .route(paths::SETTINGS, get(settings::get))
        .route("/console/settings/alerts", post(settings::alerts))
        .route("/console/settings/password", post(settings::password))
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
        MailState::Sent | MailState::Gathered | MailState::Withdrawn => "done",
        MailState::Stuck => "over",
    }
}

/// The agency that a list is filtered by.
fn chosen_agency(filters: &Filters) -> Option<AgencyId> {
    AgencyId::parse(filters.one("agency"))
}
