//! The console of supervisors, liaisons, operators and administrators: one page or form a file. Which roles may open a page is written in its
//! handlers' signatures.

mod inbox;
mod sign_in;
mod violation;
mod violation_timeline;
mod violation_view;

use crate::app::App;
use crate::domain::dossier::Registries;
use crate::domain::notice::MailState;
use crate::domain::violation::ViolationState;
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
