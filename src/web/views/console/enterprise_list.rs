//! `/console/enterprises`: search by name, pinyin, initials, address, credit code; filters by town, tag, credit class and activity, each
//! value with how many it would leave. `/console/enterprises/suggest` answers while somebody types.

use super::enterprises::class;
use crate::app::App;
use crate::domain::enterprise::CreditClass;
use crate::domain::search_keys::Words;
use crate::storage::enterprise_search::{self, EnterpriseQuery, Facet, Facets, Filter};
use crate::storage::enterprises::EnterpriseRecord;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, OPERATOR, SUPERVISOR};
use crate::web::extract::filters::PAGE_ROWS;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;

/// How many enterprises are suggested.
pub(super) const SUGGESTED: usize = 8;

/// What a filter calls enterprises without a class.
const NO_CLASS: &str = "none";

struct Row {
    href: String,
    name: String,
    uscc: String,
    town: String,
    class: String,
    tags: Vec<String>,
    active: bool,
}

/// A value of a filter with how many it would leave.
struct Choice {
    value: String,
    label: String,
}

#[derive(Template)]
#[template(path = "pages/console/enterprises.html")]
struct List {
    page: Page,
    filters: Filters,
    operator: bool,
    total: usize,
    towns: Vec<Choice>,
    tags: Vec<Choice>,
    key: Vec<Choice>,
    classes: Vec<Choice>,
    states: Vec<Choice>,
    /// A filter beside the words is set: they are shown open.
    open: bool,
    rows: Vec<Row>,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/console/enterprise-suggest.html")]
struct Suggestions {
    page: Page,
    rows: Vec<Row>,
    /// The options fill in the credit code instead of leading to the page.
    pick: bool,
}

/// `GET /console/enterprises`.
pub(super) async fn list(State(app): State<App>, me: Console<{ SUPERVISOR | OPERATOR }>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let query = query(&filters);
    let facets = enterprise_search::facets(&mut tx, &query).await?;
    let rows = usize::try_from(PAGE_ROWS).unwrap_or_default() + 1;
    let mut found = enterprise_search::search(&mut tx, &query, filters.after_name(), rows).await?;
    let next = filters.next(&mut found.rows, |e| format!("{}.{}", e.id, e.name));
    html(&List {
        operator: me.is(OPERATOR),
        total: found.total,
        towns: choices(&facets, Filter::Town, &query.towns, |town| {
            if town.is_empty() { page.t("registry-no-town") } else { town.to_owned() }
        }),
        tags: choices(&facets, Filter::Tag, &query.tags, str::to_owned),
        key: choices(&facets, Filter::Tagged, &[], |_| page.t("registry-key-enterprise")),
        classes: classes(&page, &facets),
        states: states(&page, &facets),
        open: ["town", "tag", "key", "class", "state"].iter().any(|name| filters.form.filled(name)),
        rows: found.rows.into_iter().map(|e| row(&page, e)).collect(),
        next,
        page,
        filters,
    })
}

/// `GET /console/enterprises/suggest?q=…`: at most eight active enterprises; with `pick` options that fill in the credit code.
pub(super) async fn suggest(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR }>,
    filters: Filters,
) -> Answer {
    let page = me.bare().clone();
    let mut rows = Vec::new();
    if let Some(words) = filters.words("q").as_deref().and_then(Words::parse) {
        let mut tx = app.db.read().await?;
        let found = enterprise_search::search(&mut tx, &EnterpriseQuery::of_words(words), None, SUGGESTED).await?;
        rows = found.rows.into_iter().map(|e| row(&page, e)).collect();
    }
    html(&Suggestions { page, rows, pick: filters.form.filled("pick") })
}

/// What the filters in the address ask for.
pub(super) fn query(filters: &Filters) -> EnterpriseQuery {
    let all = |name| filters.form.all(name).filter(|value| !value.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let words = filters.words("q").as_deref().and_then(Words::parse);
    EnterpriseQuery {
        nothing: filters.form.filled("q") && words.is_none(),
        words,
        towns: all("town").into_iter().map(|town| if town == NO_CLASS { String::new() } else { town }).collect(),
        tags: all("tag"),
        tagged: filters.form.filled("key"),
        classes: filters
            .form
            .all("class")
            .filter_map(|value| if value == NO_CLASS { Some(None) } else { CreditClass::parse(value).map(Some) })
            .collect(),
        active: match filters.one("state") {
            "off" => Some(false),
            "all" => None,
            _ => Some(true),
        },
    }
}

/// The values of a filter, the most frequent first. One that is chosen stays, even if nothing is left of it.
fn choices(facets: &Facets, filter: Filter, chosen: &[String], label: impl Fn(&str) -> String) -> Vec<Choice> {
    let mut values: Vec<Facet> = facets.get(&filter).cloned().unwrap_or_default();
    values.retain(|facet| facet.count > 0 || chosen.contains(&facet.value));
    values.sort_by(|a, b| (b.count, &a.value).cmp(&(a.count, &b.value)));
    let value = |facet: &Facet| if facet.value.is_empty() { NO_CLASS.to_owned() } else { facet.value.clone() };
    values
        .into_iter()
        .map(|facet| Choice { value: value(&facet), label: counted(&label(&facet.value), facet.count) })
        .collect()
}

/// A value with its count.
fn counted(label: &str, count: usize) -> String {
    format!("{label} {count}")
}

fn count(facets: &Facets, filter: Filter, value: &str) -> usize {
    facets.get(&filter).into_iter().flatten().find(|facet| facet.value == value).map_or(0, |facet| facet.count)
}

fn classes(page: &Page, facets: &Facets) -> Vec<Choice> {
    let all = CreditClass::ALL.iter().copied().map(Some).chain([None]);
    all.map(|of| {
        let code = of.map_or("", CreditClass::as_str);
        let value = if code.is_empty() { NO_CLASS } else { code };
        Choice { value: value.to_owned(), label: counted(&class(page, of), count(facets, Filter::Class, code)) }
    })
    .collect()
}

fn states(page: &Page, facets: &Facets) -> Vec<Choice> {
    let (on, off) = (count(facets, Filter::Active, "on"), count(facets, Filter::Active, "off"));
    [("", "registry-active", on), ("off", "registry-inactive", off), ("all", "registry-any-state", on + off)]
        .map(|(value, key, count)| Choice { value: value.to_owned(), label: counted(&page.t(key), count) })
        .into()
}

fn row(page: &Page, e: EnterpriseRecord) -> Row {
    Row {
        href: paths::item(paths::ENTERPRISES, e.id),
        class: class(page, e.credit_class),
        name: e.name,
        uscc: e.uscc,
        town: e.town,
        tags: e.tags,
        active: e.active,
    }
}
