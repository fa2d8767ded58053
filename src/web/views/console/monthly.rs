//! `/console/monthly`: the monthly report for supervisors or for agencies, as Word or PDF; and the evidence pack of a violation. Both are made in
//! the background, and who made them is on record.

use crate::actions::evidence::{Evidence, Pack};
use crate::actions::export::{Wanted, ask_for};
use crate::actions::monthly::{Monthly, Paper, Reader};
use crate::app::App;
use crate::domain::figures::month_of;
use crate::domain::id::ViolationId;
use crate::storage::violation_lists;
use crate::web::error::AppError;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{Months, NaiveDate};

#[derive(Template)]
#[template(path = "pages/console/monthly.html")]
struct View {
    page: Page,
    form: Form,
}

/// `GET /console/monthly`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let last = month_of(page.today()) - Months::new(1);
    let form = Form::prefilled([
        ("month", last.format("%Y-%m").to_string()),
        ("reader", "internal".to_owned()),
        ("paper", "docx".to_owned()),
    ]);
    html(&View { page, form })
}

/// `POST /console/monthly`.
pub(super) async fn post(State(app): State<App>, me: Console<SUPERVISOR>, form: Form) -> Answer {
    let mut form = form.only(&["month", "reader", "paper"]);
    let month = form.choice("month", |text| NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok());
    let early = month.is_some_and(|month| month < NaiveDate::default());
    if early || month.is_some_and(|month| month > me.bare().today()) {
        form.fail("month", if early { "invalid" } else { "ahead" });
    }
    let reader = form.choice("reader", |text| match text {
        "internal" => Some(Reader::Internal),
        "agencies" => Some(Reader::Agencies),
        _ => None,
    });
    let paper = form.choice("paper", |text| match text {
        "docx" => Some(Paper::Docx),
        "pdf" => Some(Paper::Pdf),
        _ => None,
    });
    let mut tx = app.db.write().await?;
    if let (Some(month), Some(reader), Some(paper), false) = (month, reader, paper, form.has_errors()) {
        let wanted = Wanted::Monthly(Monthly { month, reader, paper, ceiling: me.ceiling() });
        let task = ask_for(&mut tx, &app.service, me.now, &me.actor(), &wanted, me.bare().lang.tag()).await?;
        tx.commit().await?;
        return see_other(&paths::task(task));
    }
    let mut page = me.page(&mut tx).await?;
    tx.rollback().await?;
    page.posted = true;
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &View { page, form })
}

/// `POST /console/violations/{id}/evidence`.
pub(super) async fn evidence(
    State(app): State<App>,
    me: Console<SUPERVISOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let violation = ViolationId::parse(&id).ok_or(AppError::NotFound)?;
    let pack = if form.one("pack") == "zip" { Pack::Zip } else { Pack::Pdf };
    let mut tx = app.db.write().await?;
    violation_lists::get_visible(&mut tx, violation, me.ceiling()).await?.ok_or(AppError::NotFound)?;
    let wanted = Wanted::Evidence(Evidence { violation, ceiling: me.ceiling(), pack });
    let task = ask_for(&mut tx, &app.service, me.now, &me.actor(), &wanted, me.bare().lang.tag()).await?;
    tx.commit().await?;
    see_other(&paths::task(task))
}
