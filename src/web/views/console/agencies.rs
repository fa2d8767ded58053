//! `/console/agencies` and `/console/agencies/{id}`: agencies with their matters, inspectors and signs. A liaison sees the own one.

use super::signs::{self, Shown};
use crate::app::App;
use crate::domain::agency::Agency;
use crate::domain::dossier::Registries;
use crate::domain::id::AgencyId;
use crate::domain::sign::UnitKind;
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, LIAISON, OPERATOR, SUPERVISOR};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::{Path, State};

struct Line {
    href: String,
    name: String,
    parent: String,
    matters: usize,
    inspectors: usize,
}

#[derive(Template)]
#[template(path = "pages/console/agencies.html")]
struct List {
    page: Page,
    filters: Filters,
    lines: Vec<Line>,
    previous: String,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/console/agency.html")]
struct View {
    page: Page,
    agency: Agency,
    parent: String,
    matters: usize,
    matters_href: String,
    inspectors: usize,
    inspectors_href: String,
    signs: Vec<Shown>,
    no_sign_in_use: bool,
    operator: bool,
    unit: String,
    unit_kind: UnitKind,
}

/// `GET /console/agencies`.
pub(super) async fn list(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR | LIAISON }>,
    filters: Filters,
) -> Answer {
    let own = me.own_agency()?;
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let words = filters.words("q").map(|words| words.to_lowercase());
    let mut found: Vec<&Agency> = snapshot
        .registries
        .agencies
        .values()
        .filter(|agency| own.is_none_or(|own| own == agency.id))
        .filter(|agency| {
            words.as_ref().is_none_or(|words| {
                agency.name.to_lowercase().contains(words) || agency.short_name.to_lowercase().contains(words)
            })
        })
        .collect();
    found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let (shown, previous, next) = filters.numbered(found);
    let lines = shown
        .into_iter()
        .map(|agency| {
            let (matters, inspectors) = counts(&snapshot.registries, agency.id);
            let parent = parent_name(&snapshot.registries, agency);
            let href = paths::item(paths::AGENCIES, agency.id);
            Line { href, name: agency.name.clone(), parent, matters, inspectors }
        })
        .collect();
    html(&List { page, filters, lines, previous, next })
}

/// `GET /console/agencies/{id}`.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR | LIAISON }>,
    Path(id): Path<String>,
) -> Answer {
    let id = AgencyId::parse(&id).ok_or(AppError::NotFound)?;
    if me.own_agency()?.is_some_and(|own| own != id) {
        return Err(AppError::NotFound);
    }
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let agency = snapshot.registries.agencies.get(&id).ok_or(AppError::NotFound)?;
    let (matters, inspectors) = counts(&snapshot.registries, id);
    let signs = signs::of_unit(&mut tx, &page, id.0).await?;
    html(&View {
        agency: agency.clone(),
        parent: parent_name(&snapshot.registries, agency),
        matters,
        matters_href: format!("{}?agency={id}", paths::MATTERS),
        inspectors,
        inspectors_href: format!("{}?agency={id}", paths::INSPECTORS),
        no_sign_in_use: signs.iter().all(|sign| !sign.in_use),
        signs,
        operator: me.is(OPERATOR),
        unit: id.to_string(),
        unit_kind: UnitKind::Agency,
        page,
    })
}

/// Matters and inspectors of an agency.
fn counts(registries: &Registries, id: AgencyId) -> (usize, usize) {
    let matters = registries.matters.values().filter(|matter| matter.agency == id).count();
    let inspectors = registries.inspectors.values().filter(|inspector| inspector.agency == id).count();
    (matters, inspectors)
}

fn parent_name(registries: &Registries, agency: &Agency) -> String {
    agency.parent.and_then(|id| registries.agencies.get(&id)).map(|parent| parent.name.clone()).unwrap_or_default()
}
