//! `/console/ratings`: how enterprises rate inspections. Supervisors see each rating; a liaison sees sums of whole quarters of the own agency, of
//! five ratings or more. A quarter without ratings and one with too few look the same, and a quarter that goes on is not shown: so nobody
//! can tell a rating by looking again.

use super::{Choice, agency_choices, chosen_agency};
use crate::app::App;
use crate::domain::id::AgencyId;
use crate::domain::reporter::{FEWEST_RATINGS, QUARTERS_SHOWN, Quarter};
use crate::i18n::facts::Facts;
use crate::storage::Tx;
use crate::storage::rating_lists::{self, Rated, Sum};
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, LIAISON, SUPERVISOR};
use crate::web::extract::filters::{PAGE_ROWS, cursor};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;
use chrono::NaiveDate;

/// A quarter of a liaison, or an agency of a supervisor. `None` where there are too few ratings.
struct Line {
    name: String,
    shown: Option<Shown>,
}

struct Shown {
    count: i64,
    means: [String; 3],
}

struct Each {
    when: String,
    href: String,
    number: String,
    agency: String,
    enterprise: String,
    marks: [i64; 3],
}

#[derive(Template)]
#[template(path = "pages/console/ratings-agency.html")]
struct OfAgency {
    page: Page,
    filters: Filters,
    quarters: Vec<Line>,
}

#[derive(Template)]
#[template(path = "pages/console/ratings.html")]
struct List {
    page: Page,
    filters: Filters,
    agencies: Vec<Choice>,
    quarters: Vec<Choice>,
    sums: Vec<Line>,
    lines: Vec<Each>,
    next: String,
}

/// `GET /console/ratings`.
pub(super) async fn get(State(app): State<App>, me: Console<{ SUPERVISOR | LIAISON }>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    match me.own_agency()? {
        Some(agency) => of_agency(&mut tx, page, filters, agency).await,
        None => list(&app, &mut tx, page, filters).await,
    }
}

/// The last quarters that are over, the latest first.
async fn of_agency(tx: &mut Tx, page: Page, filters: Filters, agency: AgencyId) -> Answer {
    let mut quarters = Vec::new();
    let mut quarter = Quarter::of(page.today()).before();
    for _ in 0..QUARTERS_SHOWN {
        let sum = rating_lists::sum(tx, agency, quarter.span(page.zone())).await?;
        quarters.push(Line { name: name(&page, quarter), shown: Some(sum).filter(enough).map(shown) });
        quarter = quarter.before();
    }
    html(&OfAgency { page, filters, quarters })
}

/// The quarter that the filters choose; this one, if they choose none of those offered.
pub(super) fn chosen(filters: &Filters, today: NaiveDate) -> Quarter {
    let chosen = offered(today).find(|quarter| code(*quarter) == filters.one("quarter"));
    chosen.unwrap_or_else(|| Quarter::of(today))
}

fn offered(today: NaiveDate) -> impl Iterator<Item = Quarter> {
    std::iter::successors(Some(Quarter::of(today)), |quarter| Some(quarter.before())).take(QUARTERS_SHOWN)
}

fn code(quarter: Quarter) -> String {
    format!("{}-{}", quarter.year, quarter.number)
}

async fn list(app: &App, tx: &mut Tx, page: Page, filters: Filters) -> Answer {
    let quarters: Vec<Quarter> = offered(page.today()).collect();
    let chosen = chosen(&filters, page.today());
    let span = chosen.span(page.zone());
    let agency = chosen_agency(&filters);
    let snapshot = app.service.snapshot(tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: page.now };
    let mut sums = rating_lists::sums(tx, span).await?;
    sums.retain(|(of, _)| agency.is_none_or(|agency| agency == *of));
    let mut sums: Vec<Line> =
        sums.into_iter().map(|(of, sum)| Line { name: facts.agency(of), shown: Some(shown(sum)) }).collect();
    sums.sort_by(|a, b| a.name.cmp(&b.name));
    let mut rows = rating_lists::list(tx, span, agency, filters.after(), PAGE_ROWS + 1).await?;
    let next = filters.next(&mut rows, |row| cursor(row.rating.created_at, row.filing.0));
    let choice = |quarter: &Quarter| Choice { value: code(*quarter), label: name(&page, *quarter) };
    html(&List {
        agencies: agency_choices(&snapshot.registries),
        quarters: quarters.iter().map(choice).collect(),
        sums,
        lines: rows.iter().map(|row| each(&page, &facts, row)).collect(),
        next,
        page,
        filters,
    })
}

fn name(page: &Page, quarter: Quarter) -> String {
    page.t2("ratings-quarter", "year", quarter.year, "number", quarter.number)
}

const fn enough(sum: &Sum) -> bool {
    sum.count >= FEWEST_RATINGS
}

/// The sums as means with one digit.
fn shown(sum: Sum) -> Shown {
    Shown { count: sum.count, means: sum.means() }
}

fn each(page: &Page, facts: &Facts<'_>, row: &Rated) -> Each {
    let rating = &row.rating;
    Each {
        when: page.time(&rating.created_at),
        href: paths::item(paths::FILINGS, row.filing),
        number: row.number.clone(),
        agency: facts.agency(row.agency),
        enterprise: row.enterprise.clone(),
        marks: [rating.closeness, rating.integrity, rating.satisfaction],
    }
}
