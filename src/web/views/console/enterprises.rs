//! `/console/enterprises` and `/console/enterprises/{id}`: search by name, initials, address, credit code; the page with signs, and for
//! supervisors the filings. An operator sees registry and signs only.

use super::filings::{self, Line as FilingLine};
use super::signs::{self, Shown};
use crate::app::App;
use crate::domain::id::EnterpriseId;
use crate::domain::sign::UnitKind;
use crate::i18n::facts::Facts;
use crate::storage::enterprise_lists;
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::filing_search::{self, FilingSearch};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, OPERATOR, SUPERVISOR};
use crate::web::extract::filters::PAGE_ROWS;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::{Path, State};

/// So many filings are shown on an enterprise's page; the list has the others.
const FILINGS_SHOWN: i64 = 10;

struct Row {
    href: String,
    name: String,
    uscc: String,
    town: String,
    class: String,
}

#[derive(Template)]
#[template(path = "pages/console/enterprises.html")]
struct List {
    page: Page,
    filters: Filters,
    total: i64,
    rows: Vec<Row>,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/console/enterprise.html")]
struct View {
    page: Page,
    enterprise: EnterpriseRecord,
    class: String,
    signs: Vec<Shown>,
    no_sign_in_use: bool,
    operator: bool,
    unit: String,
    unit_kind: UnitKind,
    supervisor: bool,
    lines: Vec<FilingLine>,
    all_filings: String,
    all_reports: String,
}

/// `GET /console/enterprises`.
pub(super) async fn list(State(app): State<App>, me: Console<{ SUPERVISOR | OPERATOR }>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let words = filters.words("q");
    let total = enterprise_lists::count(&mut tx).await?;
    let mut found = enterprise_lists::search(&mut tx, words.as_deref(), filters.after_name(), PAGE_ROWS + 1).await?;
    let next = filters.next(&mut found, |e| format!("{}.{}", e.id, e.name));
    let rows = found
        .into_iter()
        .map(|e| Row {
            href: paths::item(paths::ENTERPRISES, e.id),
            class: class(&page, &e),
            name: e.name,
            uscc: e.uscc,
            town: e.town,
        })
        .collect();
    html(&List { page, filters, total, rows, next })
}

/// `GET /console/enterprises/{id}`.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR }>,
    Path(id): Path<String>,
) -> Answer {
    let id = EnterpriseId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    let enterprise = enterprises::get(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let mut lines = Vec::new();
    if me.is(SUPERVISOR) {
        let search = FilingSearch {
            scope: me.scope()?,
            agency: None,
            enterprise: Some(id),
            kind: None,
            mark: None,
            overdue_by: me.now,
            from: None,
            to: None,
            words: None,
        };
        let found = filing_search::search(&mut tx, &search, None, FILINGS_SHOWN).await?;
        lines = found.iter().map(|row| filings::line(&page, &facts, row)).collect();
    }
    let signs = signs::of_unit(&mut tx, &page, id.0).await?;
    html(&View {
        class: class(&page, &enterprise),
        enterprise,
        no_sign_in_use: signs.iter().all(|sign| !sign.in_use),
        signs,
        operator: me.is(OPERATOR),
        unit: id.to_string(),
        unit_kind: UnitKind::Enterprise,
        supervisor: me.is(SUPERVISOR),
        lines,
        all_filings: format!("{}?enterprise={id}", paths::FILINGS),
        all_reports: format!("{}?enterprise={id}", paths::REPORTS),
        page,
    })
}

fn class(page: &Page, enterprise: &EnterpriseRecord) -> String {
    enterprise.credit_class.map_or_else(|| page.t("credit-none"), |class| class.as_str().to_owned())
}
