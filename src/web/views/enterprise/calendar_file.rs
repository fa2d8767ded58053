//! The public calendar as a file (`/calendar.ics`, RFC 5545): an all-day event for each run of no-disturb days.

use super::calendar::{end, first_of_month, is_quiet};
use crate::actions::Snapshot;
use crate::app::App;
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::respond::Answer;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;
use chrono::NaiveDate;
use icalendar::{Calendar, Component as _, Event, EventLike as _, Property};

/// A run of no-disturb days is followed at most this far beyond the months shown.
const FURTHEST: usize = 62;

/// `GET /calendar.ics`.
pub(super) async fn get(State(app): State<App>, page: Page) -> Answer {
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    drop(tx);
    let text = file(&page, &snapshot);
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    let name = HeaderValue::from_str("inline; filename=\"calendar.ics\"").map_err(|e| AppError::internal(&e))?;
    headers.insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

fn file(page: &Page, snapshot: &Snapshot) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//mashang//no-disturb calendar//ZH"));
    calendar.append_property(Property::new("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    calendar.name(&page.t1("cal-file-name", "district", page.district()));
    for (first, last) in runs(snapshot, page.today()) {
        let mut event = Event::new();
        // The same run has the same identity on every day that the file is read.
        event.uid(&format!("no-disturb-{first}@{}", page.host()));
        event.timestamp(page.now);
        event.summary(&page.t("cal-file-summary"));
        event.description(&page.t("cal-file-words"));
        event.starts(first);
        // The end of an all-day event is the day after its last.
        event.ends(last.succ_opt().unwrap_or(last));
        event.append_property(Property::new("TRANSP", "TRANSPARENT"));
        calendar.push(event.done());
    }
    calendar.to_string()
}

/// The maximal runs of no-disturb days that touch this and the next five months.
fn runs(snapshot: &Snapshot, today: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
    let from = first_of_month(today);
    let to = end(from);
    let quiet = |day: &NaiveDate| is_quiet(snapshot, *day);
    // A run that began before this month keeps its beginning, and with it its identity.
    let mut day = std::iter::successors(Some(from), NaiveDate::pred_opt).take(FURTHEST).take_while(quiet).last();
    let mut runs = Vec::new();
    let mut at = day.take().unwrap_or(from);
    while at <= to {
        if quiet(&at) {
            let last = at.iter_days().take(2 * FURTHEST + 200).take_while(quiet).last().unwrap_or(at);
            runs.push((at, last));
            at = last;
        }
        let Some(next) = at.succ_opt() else { break };
        at = next;
    }
    runs
}
