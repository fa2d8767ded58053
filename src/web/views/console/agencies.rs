//! `/console/agencies` and `/console/agencies/{id}`: agencies with their matters, inspectors and signs. A liaison sees the own one.

use super::Choice;
use super::history::{self, Event};
use super::signs::{self, Shown};
use crate::actions::Snapshot;
use crate::app::App;
use crate::domain::agency::Agency;
use crate::domain::dossier::Registries;
use crate::domain::id::AgencyId;
use crate::domain::search_keys::{Document, Words};
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
    active: bool,
}

#[derive(Template)]
#[template(path = "pages/console/agencies.html")]
struct List {
    page: Page,
    filters: Filters,
    operator: bool,
    states: Vec<Choice>,
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
    active: bool,
    history: Vec<Event>,
    history_shown: usize,
}

/// The agencies that the filters leave, by name.
pub(super) fn found<'a>(snapshot: &'a Snapshot, own: Option<AgencyId>, filters: &Filters) -> Vec<&'a Agency> {
    let words = filters.words("q").as_deref().and_then(Words::parse);
    let inactive = &snapshot.inactive_agencies;
    let of_state = |agency: &Agency| match filters.one("state") {
        "off" => inactive.contains(&agency.id),
        "all" => true,
        _ => !inactive.contains(&agency.id),
    };
    let of_words = |agency: &Agency| {
        words.as_ref().is_none_or(|words| words.found_in(&Document::new(&agency.name, &agency.short_name, "")))
    };
    let mut found: Vec<&Agency> = snapshot
        .registries
        .agencies
        .values()
        .filter(|agency| own.is_none_or(|own| own == agency.id))
        .filter(|agency| (own.is_some() || of_state(agency)) && of_words(agency))
        .collect();
    found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    found
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
    let found = found(&snapshot, own, &filters);
    let (shown, previous, next) = filters.numbered(found);
    let lines = shown
        .into_iter()
        .map(|agency| {
            let (matters, inspectors) = counts(&snapshot.registries, agency.id);
            let parent = parent_name(&snapshot.registries, agency);
            let href = paths::item(paths::AGENCIES, agency.id);
            let active = !snapshot.inactive_agencies.contains(&agency.id);
            Line { href, name: agency.name.clone(), parent, matters, inspectors, active }
        })
        .collect();
    let states = ["registry-active", "registry-inactive", "registry-any-state"];
    let states = ["", "off", "all"].into_iter().zip(states);
    let states = states.map(|(value, key)| Choice { value: value.to_owned(), label: page.t(key) }).skip(1).collect();
    html(&List { operator: me.is(OPERATOR), states, page, filters, lines, previous, next })
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
        active: !snapshot.inactive_agencies.contains(&id),
        history: history::of_record(&mut tx, &page, &snapshot.registries, id.0, None, me.is(OPERATOR)).await?,
        history_shown: history::SHOWN * 4,
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
