//! `POST /console/export`: the list that a page shows, as a file. The same reading of the same filters as the page's own; what a role does not
//! see on a page it does not get as a file either.

use super::{audit, chosen_agency, dashboard, filings, reports};
use crate::actions::export::{Export, ListQuery, ask_for_export};
use crate::app::App;
use crate::domain::notice::MailState;
use crate::print::table::Format;
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{ADMINISTRATOR, ANYBODY, Console, LIAISON, OPERATOR, SUPERVISOR};
use crate::web::form::Form;
use crate::web::paths;
use crate::web::respond::{Answer, see_other};
use axum::extract::State;

/// `POST /console/export`.
pub(super) async fn post(State(app): State<App>, me: Console<ANYBODY>, form: Form) -> Answer {
    let format = Format::parse(form.one("format")).ok_or(AppError::BadRequest("format"))?;
    let filters = Filters::of(paths::CONSOLE, form.one("query"));
    let query = query(&app, &me, form.one("list"), &filters)?;
    let mut tx = app.db.write().await?;
    let export = Export { query, format };
    let lang = me.bare().lang.tag();
    let task = ask_for_export(&mut tx, &app.service, me.now, &me.actor(), &export, lang).await?;
    tx.commit().await?;
    see_other(&paths::task(task))
}

/// The list in the reader's scope; not found where the role has no such page.
fn query(app: &App, me: &Console<ANYBODY>, list: &str, filters: &Filters) -> Result<ListQuery, AppError> {
    let allowed = |roles: u8| if me.is(roles) { Ok(()) } else { Err(AppError::NotFound) };
    let words = || filters.words("q");
    Ok(match list {
        "filings" => {
            allowed(SUPERVISOR | LIAISON)?;
            ListQuery::Filings(filings::read_filter(filters, me.scope()?, me.now))
        }
        "cases" => {
            allowed(SUPERVISOR)?;
            ListQuery::Cases(dashboard::read_cases(filters, me.ceiling()))
        }
        "reports" => {
            allowed(SUPERVISOR)?;
            ListQuery::Reports(reports::read_filter(filters))
        }
        "enterprises" => {
            allowed(SUPERVISOR | OPERATOR)?;
            ListQuery::Enterprises { words: words() }
        }
        "agencies" => {
            allowed(SUPERVISOR | OPERATOR | LIAISON)?;
            ListQuery::Agencies { own: me.own_agency()?, words: words() }
        }
        "matters" => {
            allowed(SUPERVISOR | OPERATOR | LIAISON)?;
            ListQuery::Matters { own: me.own_agency()?, agency: chosen_agency(filters), words: words() }
        }
        "inspectors" => {
            allowed(SUPERVISOR | OPERATOR | LIAISON)?;
            ListQuery::Inspectors { own: me.own_agency()?, agency: chosen_agency(filters), words: words() }
        }
        "mails" => {
            allowed(ADMINISTRATOR)?;
            ListQuery::Mails { state: MailState::parse(filters.one("state")) }
        }
        "audit" => {
            allowed(ADMINISTRATOR)?;
            ListQuery::Audit(audit::read_filter(filters, app.service.settings.zone))
        }
        _ => return Err(AppError::NotFound),
    })
}
