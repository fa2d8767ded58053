//! `/console/matters`: what agencies have published as inspected.

use super::{Choice, agency_choices, chosen_agency};
use crate::app::App;
use crate::domain::agency::Matter;
use crate::domain::dossier::Registries;
use crate::domain::id::AgencyId;
use crate::domain::search_keys::{Document, Words};
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, LIAISON, OPERATOR, SUPERVISOR};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;
use std::collections::BTreeSet;

struct Line {
    href: String,
    name: String,
    agency: String,
    group: String,
    basis: String,
    published: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "pages/console/matters.html")]
struct List {
    page: Page,
    filters: Filters,
    all: bool,
    operator: bool,
    groups: Vec<Choice>,
    agencies: Vec<Choice>,
    lines: Vec<Line>,
    previous: String,
    next: String,
}

/// The matters that the filters leave, by name.
pub(super) fn found<'a>(registries: &'a Registries, own: Option<AgencyId>, filters: &Filters) -> Vec<&'a Matter> {
    let agency = chosen_agency(filters);
    let words = filters.words("q").as_deref().and_then(Words::parse);
    let (group, day) = (filters.one("group"), filters.date("day"));
    let has = |matter: &Matter, words: &Words| {
        words.found_in(&Document::new(&matter.name, &format!("{}{}", matter.group, matter.legal_basis), ""))
    };
    let mut found: Vec<&Matter> = registries
        .matters
        .values()
        .filter(|matter| own.is_none_or(|own| own == matter.agency))
        .filter(|matter| agency.is_none_or(|agency| agency == matter.agency))
        .filter(|matter| group.is_empty() || matter.group == group)
        .filter(|matter| day.is_none_or(|day| matter.published_on(day)))
        .filter(|matter| words.as_ref().is_none_or(|words| has(matter, words)))
        .collect();
    found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    found
}

/// `GET /console/matters`.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR | LIAISON }>,
    filters: Filters,
) -> Answer {
    let own = me.own_agency()?;
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let registries = &snapshot.registries;
    let found = found(registries, own, &filters);
    let (shown, previous, next) = filters.numbered(found);
    let today = page.today();
    let lines = shown
        .into_iter()
        .map(|matter| Line {
            href: paths::item(paths::MATTERS, matter.id),
            name: matter.name.clone(),
            agency: registries.agencies.get(&matter.agency).map(|agency| agency.name.clone()).unwrap_or_default(),
            group: matter.group.clone(),
            basis: matter.legal_basis.clone(),
            published: match matter.published_to {
                None => page.t1("since", "day", page.date(&matter.published_from)),
                Some(to) => format!("{} – {}", page.date(&matter.published_from), page.date(&to)),
            },
            current: matter.published_on(today),
        })
        .collect();
    let own_matters = registries.matters.values().filter(|matter| own.is_none_or(|own| own == matter.agency));
    let groups: BTreeSet<&str> =
        own_matters.map(|matter| matter.group.as_str()).filter(|group| !group.is_empty()).collect();
    let groups = groups.into_iter().map(|group| Choice { value: group.to_owned(), label: group.to_owned() }).collect();
    let operator = me.is(OPERATOR);
    html(&List {
        operator,
        groups,
        all: own.is_none(),
        agencies: agency_choices(registries),
        page,
        filters,
        lines,
        previous,
        next,
    })
}
