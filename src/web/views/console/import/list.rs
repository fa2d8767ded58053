//! The form that sends a file, the templates, and what was taken over so far.

use super::{Trouble, preview};
use crate::actions::import_registry::{Choices, Limits, Registry};
use crate::actions::imports::{read_in_background, registry_of, upload_import};
use crate::app::App;
use crate::domain::import::ImportState;
use crate::storage::imports::{self, ImportRecord};
use crate::storage::{Tx, users};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::extract::filters::{PAGE_ROWS, cursor};
use crate::web::extract::{Filters, Upload};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

struct Kind {
    value: &'static str,
    label: String,
    columns: String,
}

struct Row {
    href: String,
    registry: String,
    file: String,
    who: String,
    state: String,
    state_class: &'static str,
    counts: String,
}

#[derive(Template)]
#[template(path = "pages/console/import/list.html")]
struct List {
    page: Page,
    filters: Filters,
    form: Form,
    trouble: Option<Trouble>,
    kinds: Vec<Kind>,
    rows: Vec<Row>,
    next: String,
}

/// `GET /console/import`.
pub(super) async fn list(State(app): State<App>, me: Console<OPERATOR>, filters: Filters) -> Answer {
    let form = Form::prefilled([("registry", filters.one("registry").to_owned())]);
    let mut tx = app.db.read().await?;
    answer(&mut tx, &me, filters, form, None).await
}

/// `POST /console/import`: keeps a file that can be read, and leads to its page.
pub(super) async fn send(
    State(app): State<App>,
    me: Console<OPERATOR>,
    filters: Filters,
    mut upload: Upload,
) -> Answer {
    let registry = upload.form.choice("registry", Registry::parse);
    let file = upload.files.iter().position(|file| file.field == "file").map(|at| upload.files.swap_remove(at));
    if file.is_none() {
        upload.form.fail("file", "required");
    }
    let (Some(registry), Some(file)) = (registry, file) else {
        let mut tx = app.db.read().await?;
        return answer(&mut tx, &me, filters, upload.form, None).await;
    };
    let (read, bytes) = read_in_background(registry, file.bytes, Choices::default(), Limits::UPLOAD).await?;
    let reading = match read {
        Ok(reading) => reading,
        Err(problem) => {
            let trouble = Trouble::of(me.bare(), &problem);
            let mut tx = app.db.read().await?;
            return answer(&mut tx, &me, filters, upload.form, Some(trouble)).await;
        }
    };
    let mut tx = app.db.write().await?;
    let new = (registry, file.name.as_str(), bytes);
    let record = upload_import(&mut tx, &app.service, me.now, &me.actor(), new, &reading).await?;
    tx.commit().await?;
    let to = paths::item(paths::IMPORT, record.id);
    if reading.check().is_ok() {
        drop(reading);
        preview(&app, &me, record).await?;
    }
    see_other(&to)
}

async fn answer(tx: &mut Tx, me: &Console<OPERATOR>, filters: Filters, form: Form, trouble: Option<Trouble>) -> Answer {
    let page = me.page(tx).await?;
    let people = users::list(tx).await?;
    let mut found = imports::list(tx, filters.after(), PAGE_ROWS + 1).await?;
    let next = filters.next(&mut found, |record| cursor(record.created_at, record.id));
    let mut rows = Vec::with_capacity(found.len());
    for record in &found {
        let by = record.created_by.and_then(|by| people.iter().find(|user| user.id == by));
        let who = by.map_or_else(|| page.t("actor-system"), |user| user.name.clone());
        rows.push(row(&page, record, &who)?);
    }
    let kinds = Registry::ALL
        .into_iter()
        .map(|registry| {
            let columns = registry.columns().into_iter();
            let columns = columns.map(|(name, required)| if required { format!("{name}*") } else { name.to_owned() });
            Kind {
                value: registry.as_str(),
                label: page.t(&format!("import-{}", registry.as_str())),
                columns: columns.collect::<Vec<_>>().join(" "),
            }
        })
        .collect();
    let wrong = form.has_errors() || trouble.is_some();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html_with(status, &List { page, filters, form, trouble, kinds, rows, next })
}

fn row(page: &Page, record: &ImportRecord, who: &str) -> Result<Row, AppError> {
    let (state, state_class) = state(page, record.state);
    let counts = record.counts;
    let words: [(&'static str, &dyn std::fmt::Display); 4] = [
        ("new", &counts.new),
        ("changed", &counts.changed),
        ("unchanged", &counts.unchanged),
        ("rejected", &counts.rejected),
    ];
    let counted = record.state != ImportState::Uploaded;
    Ok(Row {
        href: paths::item(paths::IMPORT, record.id),
        registry: page.t(&format!("import-{}", registry_of(record)?.as_str())),
        file: record.file_name.clone(),
        who: format!("{who} · {}", page.time(&record.created_at)),
        state,
        state_class,
        counts: if counted { page.tn("import-summary", &words) } else { String::new() },
    })
}

/// Where an import stands, in words, and its look.
pub(super) fn state(page: &Page, state: ImportState) -> (String, &'static str) {
    let class = match state {
        ImportState::Uploaded => "new",
        ImportState::Previewed => "wait",
        ImportState::Applied => "done",
        ImportState::Undone => "",
    };
    (page.t(&format!("import-state-{state}")), class)
}
