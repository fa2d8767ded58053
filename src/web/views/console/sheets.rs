//! `/console/sheets`: which signs are put on which sheets, with the count and the first page before anything is made; and the batches so far.

use super::{Choice, agency_choices};
use crate::actions::enqueue_task;
use crate::actions::make_sheets::{NoSheets, SHEETS_MOST, SheetOrder, SheetsFailed, conditions, first_sheets};
use crate::app::App;
use crate::domain::dossier::Registries;
use crate::domain::id::{AgencyId, SignId};
use crate::domain::sheet::{SheetForm, SheetKind, SheetScope};
use crate::domain::sign::UnitKind;
use crate::domain::task::{TaskKind, TaskState};
use crate::domain::text::NAME_MAX;
use crate::print::preview;
use crate::storage::sheet_batches::{self, SheetBatch};
use crate::storage::{Tx, newest_possible};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::extract::filters::{PAGE_ROWS, cursor};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::json;
use uuid::Uuid;

/// A batch in the list.
struct Line {
    href: String,
    asked: String,
    by: String,
    kind: String,
    conditions: String,
    count: i64,
    state: String,
    state_class: &'static str,
}

#[derive(Template)]
#[template(path = "pages/console/sheets.html")]
struct View {
    page: Page,
    filters: Filters,
    kinds: Vec<Choice>,
    scopes: Vec<Choice>,
    units: Vec<Choice>,
    towns: Vec<Choice>,
    tags: Vec<Choice>,
    agencies: Vec<Choice>,
    forms: Vec<Choice>,
    media: Vec<Choice>,
    covers: Vec<Choice>,
    /// What is asked for, as the fields of a form.
    fields: Vec<(&'static str, String)>,
    count: usize,
    pages: usize,
    label: bool,
    /// Why it cannot be made; empty if it can.
    trouble: String,
    preview: String,
    lines: Vec<Line>,
    next: String,
}

/// `GET /console/sheets`.
pub(super) async fn get(State(app): State<App>, me: Console<OPERATOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, filters, StatusCode::OK).await
}

/// `GET /console/sheets/preview.svg` with the same query: the first page with signs.
pub(super) async fn first_page(State(app): State<App>, me: Console<OPERATOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let first = first_sheets(&mut tx, &app.service, me.now, &order_of(&filters.form)).await?;
    drop(tx);
    let (_, gathered) = first.map_err(|_| AppError::NotFound)?;
    let page = gathered.first_page().map_err(|_| AppError::NotFound)?;
    let svg = preview::svg(&page).map_err(|error| AppError::internal(&error))?;
    let mut response = Response::new(Body::from(svg));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    Ok(response)
}

/// `POST /console/sheets`: begins to make them.
pub(super) async fn post(State(app): State<App>, me: Console<OPERATOR>, form: Form) -> Answer {
    let order = order_of(&form);
    let mut tx = app.db.read().await?;
    let filters = Filters::sent(paths::SHEETS, form);
    if first_sheets(&mut tx, &app.service, me.now, &order).await?.is_err() {
        return show(&app, &mut tx, &me, filters, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    drop(tx);
    let mut tx = app.db.write().await?;
    let params = json!({ "order": order, "next": paths::SHEETS });
    let lang = me.bare().lang.tag();
    let task = enqueue_task(&mut tx, &app.service, me.now, &me.actor(), TaskKind::Sheet, params, lang).await?;
    tx.commit().await?;
    see_other(&paths::task(task))
}

async fn show(app: &App, tx: &mut Tx, me: &Console<OPERATOR>, filters: Filters, status: StatusCode) -> Answer {
    let page = me.page(tx).await?;
    let order = order_of(&filters.form);
    let snapshot = app.service.snapshot(tx).await?;
    let first = first_sheets(tx, &app.service, me.now, &order).await?;
    let (count, trouble) = match &first {
        Ok((count, gathered)) => {
            let trouble = match gathered.first_page() {
                Ok(_) => String::new(),
                Err(error) => SheetsFailed::from(error).words(page.lang),
            };
            (*count, trouble)
        }
        Err(none) => (if let NoSheets::TooMany(count) = none { *count } else { 0 }, none.words(page.lang)),
    };
    let towns = sheet_batches::towns(tx).await?.into_iter().map(|town| Choice { value: town.clone(), label: town });
    let towns = towns.collect();
    let tags =
        sheet_batches::tags(tx).await?.into_iter().map(|tag| Choice { value: tag.clone(), label: tag }).collect();
    let before = filters.after().unwrap_or((newest_possible(), Uuid::max()));
    let mut batches = sheet_batches::list(tx, before, PAGE_ROWS + 1).await?;
    let next = filters.next(&mut batches, |batch| cursor(batch.created_at, batch.id));
    let choices = |key: &str, codes: &[&'static str]| {
        let choice =
            |code: &&'static str| Choice { value: (*code).to_owned(), label: page.t(&format!("{key}-{code}")) };
        codes.iter().map(choice).collect::<Vec<_>>()
    };
    let codes = |all: &[SheetKind]| all.iter().map(|kind| kind.as_str()).collect::<Vec<_>>();
    let scopes: Vec<&str> = SheetScope::ALL.iter().map(|scope| scope.as_str()).collect();
    let fields = fields(&order);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let mut filters = filters;
    for (name, value) in &fields {
        filters.form.set(name, value.as_str());
    }
    let view = View {
        kinds: choices("sheet-kind", &codes(SheetKind::ALL)),
        scopes: choices("sheet-scope", &scopes),
        units: choices("sheet-word", &["enterprise", "agency"]),
        forms: choices("sheet-form", &["pdf", "zip"]),
        media: choices("sheet-medium", &["paper", "outdoor"]),
        covers: choices("sheet-cover", &["yes", "no"]),
        towns,
        tags,
        agencies: agency_choices(&snapshot.registries),
        pages: order.kind.pages(count, order.skipped()) + usize::from(order.cover && count > 0),
        label: order.kind.label(),
        preview: format!("{}/preview.svg?{query}", paths::SHEETS),
        fields,
        count,
        trouble,
        lines: batches.iter().map(|batch| line(&page, &snapshot.registries, batch)).collect(),
        next,
        filters,
        page,
    };
    html_with(status, &view)
}

/// The order that a form asks for; what cannot be read is as if it were not there.
pub(super) fn order_of(form: &Form) -> SheetOrder {
    let text =
        |name: &str| Some(form.one(name).trim()).filter(|text| !text.is_empty() && text.chars().count() <= NAME_MAX);
    let mut order = SheetOrder::new(SheetKind::parse(form.one("kind")).unwrap_or(SheetKind::Poster));
    order.form = SheetForm::parse(form.one("form")).unwrap_or(SheetForm::Pdf);
    order.outdoor = form.one("medium") == "outdoor";
    order.scope = SheetScope::parse(form.one("scope")).unwrap_or(SheetScope::NeverPrinted);
    order.unit = UnitKind::parse(form.one("unit"));
    order.town = text("town").map(str::to_owned);
    order.agency = AgencyId::parse(form.one("agency"));
    order.tag = text("tag").map(str::to_owned);
    order.signs = form.all("sign").filter_map(SignId::parse).take(SHEETS_MOST).collect();
    order.skip = form.one("skip").trim().parse().unwrap_or(0);
    order.cover = form.one("cover") != "no";
    order
}

/// The same as fields.
fn fields(order: &SheetOrder) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("kind", order.kind.to_string()),
        ("form", order.form.to_string()),
        ("medium", if order.outdoor { "outdoor" } else { "paper" }.to_owned()),
        ("scope", order.scope.to_string()),
        ("unit", order.unit.map(|unit| unit.to_string()).unwrap_or_default()),
        ("town", order.town.clone().unwrap_or_default()),
        ("agency", order.agency.map(|agency| agency.to_string()).unwrap_or_default()),
        ("tag", order.tag.clone().unwrap_or_default()),
        ("skip", order.skipped().to_string()),
        ("cover", if order.cover { "yes" } else { "no" }.to_owned()),
    ];
    fields.extend(order.signs.iter().map(|sign| ("sign", sign.to_string())));
    fields
}

/// What a batch was asked for: its order, read from the task.
pub(super) fn order_in(batch: &SheetBatch) -> SheetOrder {
    let order = batch.params.get("order").cloned().unwrap_or_default();
    serde_json::from_value(order).unwrap_or(SheetOrder::new(SheetKind::Poster))
}

/// The conditions of a batch in words.
pub(super) fn conditions_of(page: &Page, registries: &Registries, order: &SheetOrder) -> String {
    let agency = order.agency.and_then(|id| registries.agencies.get(&id)).map(|agency| agency.name.as_str());
    conditions(order, page.lang, agency)
}

/// Where a batch stands, in words, and its look.
pub(super) fn state_of(page: &Page, batch: &SheetBatch) -> (String, &'static str) {
    let key = match (batch.state, batch.printed, batch.kept_until) {
        (TaskState::Done, 1.., _) => ("sheets-printed", "done"),
        (TaskState::Done, _, Some(until)) if until <= page.now => ("sheets-expired", "over"),
        (TaskState::Done, ..) => ("sheets-ready", "new"),
        (TaskState::Failed, ..) => ("sheets-failed", "over"),
        (TaskState::Cancelled, ..) => ("sheets-cancelled", "done"),
        (TaskState::Queued | TaskState::Running, ..) => ("sheets-making", "wait"),
    };
    (page.t(key.0), key.1)
}

fn line(page: &Page, registries: &Registries, batch: &SheetBatch) -> Line {
    let order = order_in(batch);
    let (state, state_class) = state_of(page, batch);
    Line {
        href: paths::item(paths::SHEETS, batch.id),
        asked: page.time(&batch.created_at),
        by: batch.by.clone(),
        kind: page.t(&format!("sheet-kind-{}", order.kind)),
        conditions: conditions_of(page, registries, &order),
        count: batch.total,
        state,
        state_class,
    }
}
