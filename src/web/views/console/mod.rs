//! The console of supervisors, liaisons, operators and administrators: one page or form a file. Which roles may open a page is written in its
//! handlers' signatures.

mod agencies;
mod audit;
mod enterprises;
mod fact_rows;
mod filing;
mod filings;
mod inbox;
mod inspectors;
mod mails;
mod matters;
mod policy;
mod policy_form;
mod ratings;
mod report;
mod report_acts;
mod report_care;
mod reports;
mod settings;
mod sign_in;
mod signs;
mod task;
mod users;
mod violation;
mod violation_timeline;
mod violation_view;
mod watch;

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
        .route("/console/reports/{id}/say", post(report_acts::say))
        .route("/console/reports/{id}/read", post(report_acts::read))
        .route("/console/reports/{id}/contact", post(report_acts::ask))
        .route("/console/reports/{id}/contact/decide", post(report_acts::decide))
        .route("/console/reports/{id}/contact/open", post(report_acts::open))
        .route(paths::RATINGS, get(ratings::get))
        .route(paths::WATCH, get(watch::get))
        .route(paths::ENTERPRISES, get(enterprises::list))
        .route("/console/enterprises/{id}", get(enterprises::get))
        .route(paths::AGENCIES, get(agencies::list))
        .route("/console/agencies/{id}", get(agencies::get))
        .route(paths::MATTERS, get(matters::get))
        .route(paths::INSPECTORS, get(inspectors::list))
        .route("/console/inspectors/{id}", get(inspectors::get))
        .route("/console/inspectors/{id}/invite", post(inspectors::invite))
        .route("/console/inspectors/{id}/suspend", post(inspectors::suspend))
        .route("/console/signs/issue", post(signs::issue))
        .route("/console/signs/{id}/rotate", post(signs::rotate))
        .route("/console/signs/{id}/revoke", post(signs::revoke))
        .route("/console/signs/{id}/{file}", get(signs::code))
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
        MailState::Sent | MailState::Gathered => "done",
        MailState::Stuck => "over",
    }
}

/// The agency that a list is filtered by.
fn chosen_agency(filters: &Filters) -> Option<AgencyId> {
    AgencyId::parse(filters.one("agency"))
}
