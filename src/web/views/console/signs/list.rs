//! `/console/signs`: the lists that an operator works through: never printed, to be handed out, never scanned, fallen silent, in grace, revoked, blank.

use super::{class, grouped, unit_path};
use crate::app::App;
use crate::domain::sign::{self, SignList, UnitKind, host_of};
use crate::storage::sign_lists::{self, ListedSign, SignFilter};
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, OPERATOR, SUPERVISOR};
use crate::web::extract::filters::PAGE_ROWS;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use crate::web::views::console::Choice;
use askama::Template;
use axum::extract::State;
use uuid::Uuid;

struct Tab {
    href: String,
    label: String,
    count: i64,
    /// Something to do.
    hot: bool,
    current: bool,
}

struct Line {
    id: String,
    href: String,
    serial: String,
    short_code: String,
    unit: String,
    unit_href: String,
    place: String,
    town: String,
    printed: String,
    last_scan: String,
    state: String,
    state_class: &'static str,
}

#[derive(Template)]
#[template(path = "pages/console/signs/list.html")]
struct List {
    page: Page,
    filters: Filters,
    tabs: Vec<Tab>,
    title: String,
    hint: String,
    kinds: Vec<Choice>,
    lines: Vec<Line>,
    operator: bool,
    /// Those printed may be ticked as handed out.
    tick: bool,
    next: String,
}

/// `GET /console/signs`, with `tab`, `q`, `kind`, `batch`, `host=other`.
pub(in crate::web::views::console) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR }>,
    filters: Filters,
) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let filter = read_filter(&filters, page.public_url());
    let list = filter.list;
    let counts = sign_lists::counts(&mut tx, me.now).await?;
    let mut found = sign_lists::list(&mut tx, &filter, me.now, filters.one("after"), PAGE_ROWS + 1).await?;
    drop(tx);
    let next = filters.next(&mut found, |row| row.sign.serial.clone());
    let tabs = counts
        .into_iter()
        .map(|(tab, count)| Tab {
            href: filters.with("tab", if tab == SignList::All { "" } else { tab.as_str() }),
            label: page.t(&format!("signs-list-{tab}")),
            count,
            hot: count > 0 && matches!(tab, SignList::NeverScanned | SignList::Silent),
            current: tab == list,
        })
        .collect();
    let kind = |kind: &UnitKind| Choice { value: kind.to_string(), label: page.t(&format!("signs-kind-{kind}")) };
    html(&List {
        tabs,
        title: page.t(&format!("signs-list-{list}")),
        hint: page.t(&format!("signs-list-{list}-hint")),
        kinds: UnitKind::ALL.iter().map(kind).collect(),
        lines: found.into_iter().map(|row| line(&page, row)).collect(),
        operator: me.is(OPERATOR),
        tick: me.is(OPERATOR) && list == SignList::ToHandOut,
        next,
        page,
        filters,
    })
}

/// What the URL asks for.
pub(in crate::web::views::console) fn read_filter(filters: &Filters, public_url: &str) -> SignFilter {
    SignFilter {
        list: SignList::parse(filters.one("tab")).unwrap_or(SignList::All),
        kind: UnitKind::parse(filters.one("kind")),
        words: filters.words("q"),
        other_host_than: (filters.one("host") == "other").then(|| host_of(public_url).to_owned()),
        blank_batch: Uuid::try_parse(filters.one("batch")).ok(),
    }
}

fn line(page: &Page, row: ListedSign) -> Line {
    let sign = row.sign;
    let day = |at: &chrono::DateTime<chrono::Utc>| page.date(&page.zone().local_date(*at));
    Line {
        id: sign.id.to_string(),
        href: paths::item(paths::SIGNS, sign.id),
        short_code: grouped(&sign.short_code),
        unit: if sign.unit.is_some() { row.unit_name } else { page.t(&format!("signs-blank-{}", sign.unit_kind)) },
        unit_href: sign.unit.map(|unit| unit_path(sign.unit_kind, unit)).unwrap_or_default(),
        printed: sign.printed_at.as_ref().map_or_else(|| page.t("signs-never"), day),
        last_scan: sign.last_scanned_at.as_ref().map_or_else(|| page.t("signs-never"), day),
        state: page.t(&format!("sign-{}", sign.state)),
        state_class: class(sign::opening(sign.state, sign.grace_until, page.now)),
        serial: sign.serial,
        place: sign.place,
        town: row.town,
    }
}
