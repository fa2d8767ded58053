//! `/console/signs/{id}`: one sign with all that happened to it, and how often it is scanned.

use super::chart::{self, Bar};
use super::timeline::{self, Event};
use super::{Shown, fetch, shown, unit_path};
use crate::app::App;
use crate::domain::id::SiteId;
use crate::domain::sign::{SignState, host_of};
use crate::storage::signs::SignRecord;
use crate::storage::{audit, sign_lists, sign_prints, sign_scans, signs, sites, users};
use crate::web::extract::console::{Console, OPERATOR, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::Days;

/// The chart shows so many days, today included.
const DAYS: u64 = 30;

struct Fact {
    name: String,
    value: String,
    href: String,
}

#[derive(Template)]
#[template(path = "pages/console/signs/one.html")]
struct View {
    page: Page,
    form: Form,
    sign: Shown,
    facts: Vec<Fact>,
    bars: Vec<Bar>,
    /// The most scans of a day, for the axis.
    most: i64,
    scans: i64,
    total: i64,
    events: Vec<Event>,
    operator: bool,
    printed: bool,
}

/// `GET /console/signs/{id}`.
pub(in crate::web::views::console) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR }>,
    Path(id): Path<String>,
) -> Answer {
    let record = fetch(&app, &id).await?;
    show(&app, &me, record, Form::default(), StatusCode::OK).await
}

/// The page of a sign; with what is wrong of its form, where that was sent.
pub(super) async fn show<const ROLES: u8>(
    app: &App,
    me: &Console<ROLES>,
    record: SignRecord,
    form: Form,
    status: StatusCode,
) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let unit = match record.unit {
        Some(unit) => sign_lists::unit_name(&mut tx, record.unit_kind, unit).await?,
        None => None,
    };
    let from = page.today() - Days::new(DAYS - 1);
    let days = sign_scans::by_day(&mut tx, record.id, from).await?;
    let total = sign_scans::total(&mut tx, record.id).await?;
    let history = audit::by_object(&mut tx, record.id.0).await?;
    let prints = sign_prints::of_sign(&mut tx, record.id).await?;
    let people = users::list(&mut tx).await?;
    let before = match record.replaces {
        Some(id) => signs::get(&mut tx, id).await?,
        None => None,
    };
    let after = match (record.state, record.unit) {
        (SignState::Replaced | SignState::Retired, Some(unit)) => signs::of_unit(&mut tx, unit).await?,
        _ => Vec::new(),
    };
    let after = after.into_iter().find(|sign| sign.replaces == Some(record.id));
    let site = match record.site {
        Some(id) => sites::get(&mut tx, SiteId(id)).await?,
        None => None,
    };
    drop(tx);
    let time =
        |at: Option<chrono::DateTime<chrono::Utc>>| at.map_or_else(|| page.t("signs-never"), |at| page.time(&at));
    let fact = |key: &str, value: String| Fact { name: page.t(key), value, href: String::new() };
    let mut facts = vec![Fact {
        name: page.t(&format!("signs-kind-{}", record.unit_kind)),
        href: record.unit.map(|unit| unit_path(record.unit_kind, unit)).unwrap_or_default(),
        value: unit.unwrap_or_else(|| page.t(if record.unit.is_some() { "inactive" } else { "signs-not-bound" })),
    }];
    if let Some(site) = site {
        facts.push(fact("signs-site", site.name));
    }
    if !record.place.is_empty() {
        facts.push(fact("signs-place", record.place.clone()));
    }
    facts.push(fact("signs-made", page.time(&record.created_at)));
    facts.push(fact("signs-printed", time(record.printed_at)));
    if !record.printed_host.is_empty() {
        let old = record.printed_host != host_of(page.public_url());
        let host = record.printed_host.clone();
        facts.push(fact("signs-host", if old { page.t1("signs-host-old", "host", host) } else { host }));
    }
    facts.push(fact("signs-first-scan", time(record.first_scanned_at)));
    facts.push(fact("signs-last-scan", time(record.last_scanned_at)));
    for (key, other) in [("signs-replaces", before), ("signs-replaced-by", after)] {
        if let Some(other) = other {
            let href = paths::item(paths::SIGNS, other.id);
            facts.push(Fact { name: page.t(key), value: other.serial, href });
        }
    }
    let bars = chart::bars(&page, from, DAYS, &days);
    let view = View {
        form,
        facts,
        most: days.iter().map(|(_, scans)| *scans).max().unwrap_or(0),
        scans: days.iter().map(|(_, scans)| scans).sum(),
        bars,
        total,
        events: timeline::events(&page, &history, &prints, &people),
        operator: me.is(OPERATOR),
        printed: record.state == SignState::Printed,
        sign: shown(&page, record),
        page,
    };
    html_with(status, &view)
}
