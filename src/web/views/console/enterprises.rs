//! `/console/enterprises/{id}`: the record with its sites, signs and history, and for supervisors the filings. An operator sees registry and
//! signs only.

use super::filings::{self, Line as FilingLine};
use super::history::{self, Event};
use super::signs::{self, Shown};
use crate::app::App;
use crate::domain::enterprise::CreditClass;
use crate::domain::id::EnterpriseId;
use crate::domain::sign::UnitKind;
use crate::i18n::facts::Facts;
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::filing_search::{self, FilingSearch};
use crate::storage::record_updates::{self, Merged};
use crate::storage::sites::{self, Site};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, OPERATOR, SUPERVISOR};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::{Path, State};

/// So many filings are shown on an enterprise's page; the list has the others.
const FILINGS_SHOWN: i64 = 10;

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
    sites: Vec<Site>,
    /// The record that this one was merged into: its page and its name.
    survivor: Option<(String, String)>,
    merged: Vec<Merged>,
    history: Vec<Event>,
    history_shown: usize,
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
    let survivor = match record_updates::survivor(&mut tx, id).await? {
        Some(id) => {
            let name = enterprises::get(&mut tx, id).await?.map(|e| e.name).unwrap_or_default();
            Some((paths::item(paths::ENTERPRISES, id), name))
        }
        None => None,
    };
    let entered = Some(enterprise.created_at);
    html(&View {
        sites: sites::of_enterprise(&mut tx, id).await?,
        survivor,
        merged: record_updates::merged(&mut tx, id).await?,
        history: history::of_record(&mut tx, &page, &snapshot.registries, id.0, entered, me.is(OPERATOR)).await?,
        history_shown: history::SHOWN,
        class: class(&page, enterprise.credit_class),
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

/// A credit class in words.
pub(super) fn class(page: &Page, class: Option<CreditClass>) -> String {
    class.map_or_else(|| page.t("credit-none"), |class| class.as_str().to_owned())
}
