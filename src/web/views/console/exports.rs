//! `POST /console/export`: the list that a page shows, as a file. The same reading of the same filters as the page's own; what a role does not
//! see on a page it does not get as a file either.

use super::cases::explanations;
use super::{
    agencies, audit, chosen_agency, dashboard, enterprise_list, filings, inbox, inspectors, matters, ratings, reports,
    signs,
};
use crate::actions::Snapshot;
use crate::actions::export::{ListQuery, Wanted, ask_for};
use crate::app::App;
use crate::domain::notice::MailState;
use crate::domain::violation::Severity;
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
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    drop(tx);
    let query = query(&snapshot, &me, form.one("list"), &filters)?;
    let mut tx = app.db.write().await?;
    let wanted = Wanted::List { query, format };
    let lang = me.bare().lang.tag();
    let task = ask_for(&mut tx, &app.service, me.now, &me.actor(), &wanted, lang).await?;
    tx.commit().await?;
    see_other(&paths::task(task))
}

/// The list in the reader's scope; not found where the role has no such page.
fn query(snapshot: &Snapshot, me: &Console<ANYBODY>, list: &str, filters: &Filters) -> Result<ListQuery, AppError> {
    let allowed = |roles: u8| if me.is(roles) { Ok(()) } else { Err(AppError::NotFound) };
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
            ListQuery::Reports(reports::read_filter(filters, me.user.id, me.ceiling() == Severity::Referral))
        }
        "enterprises" => {
            allowed(SUPERVISOR | OPERATOR)?;
            ListQuery::Enterprises(enterprise_list::query(filters))
        }
        "agencies" => {
            allowed(SUPERVISOR | OPERATOR | LIAISON)?;
            let found = agencies::found(snapshot, me.own_agency()?, filters);
            ListQuery::Agencies { ids: found.iter().map(|agency| agency.id).collect() }
        }
        "matters" => {
            allowed(SUPERVISOR | OPERATOR | LIAISON)?;
            let found = matters::found(&snapshot.registries, me.own_agency()?, filters);
            ListQuery::Matters { ids: found.iter().map(|matter| matter.id).collect() }
        }
        "inspectors" => {
            allowed(SUPERVISOR | OPERATOR | LIAISON)?;
            let found = inspectors::found(snapshot, me.own_agency()?, filters, me.bare().today());
            ListQuery::Inspectors { ids: found.iter().map(|inspector| inspector.id).collect() }
        }
        "inbox" => {
            allowed(SUPERVISOR)?;
            let filter = inbox::read_filter(filters, me.ceiling());
            ListQuery::Inbox { filter, tab: inbox::read_tab(filters), today: me.bare().today() }
        }
        "explanations" => {
            allowed(SUPERVISOR | LIAISON)?;
            let (agency, tab) = explanations::read_filter(filters, me.own_agency()?);
            let own = me.own_agency()?.is_some();
            ListQuery::Explanations { agency, tab, today: me.bare().today(), own }
        }
        "circulation" => {
            allowed(SUPERVISOR)?;
            ListQuery::Circulation
        }
        "signs" => {
            allowed(SUPERVISOR | OPERATOR)?;
            ListQuery::Signs { filter: signs::list::read_filter(filters, me.bare().public_url()) }
        }
        "users" => {
            allowed(ADMINISTRATOR)?;
            ListQuery::Users
        }
        "ratings" => {
            allowed(SUPERVISOR | LIAISON)?;
            let today = me.bare().today();
            match me.own_agency()? {
                Some(agency) => ListQuery::Quarters { agency, today },
                None => ListQuery::Ratings {
                    span: ratings::chosen(filters, today).span(me.bare().zone()),
                    agency: chosen_agency(filters),
                },
            }
        }
        "mails" => {
            allowed(ADMINISTRATOR)?;
            ListQuery::Mails { state: MailState::parse(filters.one("state")) }
        }
        "audit" => {
            allowed(ADMINISTRATOR)?;
            ListQuery::Audit(audit::read_filter(filters, snapshot.registries.zone))
        }
        _ => return Err(AppError::NotFound),
    })
}
