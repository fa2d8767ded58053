//! The public calendar (`/calendar`): the no-disturb days of this and the next five months, with holidays and make-up days.

use crate::actions::Snapshot;
use crate::app::App;
use crate::domain::holidays::HolidayKind;
use crate::web::page::Page;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;
use chrono::{Datelike as _, Months, NaiveDate};

/// Months shown.
pub(super) const MONTHS: u32 = 6;

#[derive(Template)]
#[template(path = "pages/enterprise/calendar.html")]
struct Calendar {
    page: Page,
    quiet_today: bool,
    /// The next day on which today's state ends.
    next: Option<String>,
    months: Vec<Month>,
    /// The first year without a table of holidays, if it is shown.
    provisional: Option<i32>,
}

struct Month {
    caption: String,
    weeks: Vec<Vec<Cell>>,
}

/// A day of the table, or an empty place before the first and after the last.
struct Cell {
    day: Option<u32>,
    class: String,
    mark: String,
    /// What a screen reader says beside the number.
    words: String,
}

/// `GET /calendar`.
pub(super) async fn get(State(app): State<App>, page: Page) -> Answer {
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    drop(tx);
    let today = page.today();
    let quiet_today = is_quiet(&snapshot, today);
    let next = today.iter_days().take(120).find(|day| is_quiet(&snapshot, *day) != quiet_today);
    let first = first_of_month(today);
    let starts = (0..MONTHS).filter_map(|n| first.checked_add_months(Months::new(n)));
    let months: Vec<Month> = starts.map(|start| month(&page, &snapshot, start)).collect();
    let last = end(first);
    let provisional = snapshot.registries.holidays.is_provisional(last).then(|| last.year());
    html(&Calendar { quiet_today, next: next.map(|day| page.date(&day)), months, provisional, page })
}

/// Whether a day is a no-disturb day, by the policy in force on that day.
pub(super) fn is_quiet(snapshot: &Snapshot, day: NaiveDate) -> bool {
    snapshot.policies.on(day).calendar.is_no_disturb(day)
}

/// The first day of a day's month.
pub(super) fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The last day shown of a calendar that begins with `first`.
pub(super) fn end(first: NaiveDate) -> NaiveDate {
    let after = first.checked_add_months(Months::new(MONTHS)).unwrap_or(first);
    after.pred_opt().unwrap_or(after)
}

fn month(page: &Page, snapshot: &Snapshot, start: NaiveDate) -> Month {
    let empty = || Cell { day: None, class: "out".to_owned(), mark: String::new(), words: String::new() };
    let before = start.weekday().num_days_from_monday();
    let mut cells: Vec<Cell> = (0..before).map(|_| empty()).collect();
    cells.extend(start.iter_days().take_while(|day| day.month() == start.month()).map(|day| cell(page, snapshot, day)));
    while !cells.len().is_multiple_of(7) {
        cells.push(empty());
    }
    let mut weeks = Vec::new();
    let mut rest = cells.into_iter().peekable();
    while rest.peek().is_some() {
        weeks.push(rest.by_ref().take(7).collect());
    }
    Month { caption: page.lang.month(start.year(), start.month()), weeks }
}

fn cell(page: &Page, snapshot: &Snapshot, day: NaiveDate) -> Cell {
    let holidays = &snapshot.registries.holidays;
    let (mut classes, mut marks, mut words) = (Vec::new(), Vec::new(), Vec::new());
    if is_quiet(snapshot, day) {
        classes.push("quiet");
        marks.push(page.t("cal-quiet"));
        words.push(page.t("cal-quiet-words"));
    }
    match holidays.kind_of(day) {
        Some((HolidayKind::Off, name)) => {
            marks.push(page.t("cal-off"));
            words.push(name.to_owned());
        }
        Some((HolidayKind::Work, _)) => {
            marks.push(page.t("cal-work"));
            words.push(page.t("cal-work-words"));
        }
        None => {}
    }
    if !holidays.is_working_day(day) {
        classes.push("off");
    }
    if day == page.today() {
        classes.push("today");
        words.push(page.t("today"));
    }
    Cell { day: Some(day.day()), class: classes.join(" "), mark: marks.join("·"), words: words.join(" ") }
}
