//! `/console/quarantine`: reports and urgent filings that came in a flood, accepted and receipted. A supervisor releases them or sets them aside,
//! many at once. For supervisors only: no agency role learns that there is such a list.

use crate::actions::{ActionError, quarantine as act};
use crate::app::App;
use crate::domain::id::{FilingId, ReportId};
use crate::domain::open_form::{HeldState, OpenForm};
use crate::domain::violation::Severity;
use crate::storage::Tx;
use crate::storage::quarantine::{self, Listed};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::extract::filters::{PAGE_ROWS, cursor};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::DateTime;
use std::collections::HashMap;
use uuid::Uuid;

/// The most that are released or set aside at once; each in a transaction of its own.
const MOST: usize = 200;

/// Characters of the words that a line shows.
const EXCERPT: usize = 80;

struct Line {
    id: Uuid,
    href: String,
    kind: String,
    filed: String,
    enterprise: String,
    agency: String,
    words: String,
    reason: String,
}

/// A tab with how many are behind it.
struct Tab {
    href: String,
    label: String,
    count: i64,
    current: bool,
}

#[derive(Template)]
#[template(path = "pages/console/quarantine.html")]
struct View {
    page: Page,
    form: Form,
    filters: Filters,
    tabs: Vec<Tab>,
    state: &'static str,
    lines: Vec<Line>,
    /// How many are in the tab, and how many "all" reaches at once.
    total: i64,
    reach: i64,
    /// The latest that was held when the page was made: "all" means no later one.
    until: i64,
    /// Every line begins ticked.
    ticked: bool,
    tick_href: String,
    /// What was just done; empty for nothing.
    done: String,
    next: String,
}

/// `GET /console/quarantine`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, filters: Filters) -> Answer {
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, filters, Form::default(), StatusCode::OK).await
}

/// `POST /console/quarantine` with `act` = `release` or `aside` (and a `reason`), for `which` = `picked` (`q` each) or `all` until `until`.
pub(super) async fn post(State(app): State<App>, me: Console<SUPERVISOR>, form: Form) -> Answer {
    let mut form = form.only(&["q", "which", "act", "reason", "state", "until"]);
    let state = tab(form.one("state"));
    let release = form.choice("act", |act| match act {
        "release" => Some(true),
        "aside" => Some(false),
        _ => None,
    });
    if release == Some(false) && !form.filled("reason") {
        form.fail("reason", "required");
    }
    let ids = chosen(&app, state, &form).await?;
    if ids.is_empty() && !form.has_errors() {
        form.fail("q", "required");
    }
    if let Some(release) = release.filter(|_| !form.has_errors()) {
        let mut done = 0;
        for id in ids {
            let decided = decide(&app, &me, id, release, form.one("reason")).await;
            // Somebody else was faster.
            if matches!(decided, Err(ActionError::State(_) | ActionError::NotFound(_))) {
                continue;
            }
            if form.heed(decided)?.is_none() {
                break;
            }
            done += 1;
        }
        if !form.has_errors() {
            let what = if release { "release" } else { "aside" };
            return see_other(&format!("{}?state={state}&done={what}&n={done}", paths::QUARANTINE));
        }
    }
    let filters = Filters::of(paths::QUARANTINE, &format!("state={state}"));
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, filters, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// One of them, in a transaction of its own: each release judges an enterprise and its agencies, and holds them no longer than that.
async fn decide(app: &App, me: &Console<SUPERVISOR>, id: Uuid, release: bool, reason: &str) -> Result<(), ActionError> {
    let mut tx = app.db.write().await?;
    let (service, actor) = (&app.service, me.actor());
    if release {
        act::release(&mut tx, service, me.now, &actor, id).await?;
    } else {
        act::set_aside(&mut tx, service, me.now, &actor, id, reason).await?;
    }
    Ok(tx.commit().await?)
}

/// The ids that a form is about.
async fn chosen(app: &App, state: HeldState, form: &Form) -> Result<Vec<Uuid>, AppError> {
    if form.one("which") != "all" {
        return Ok(form.all("q").filter_map(|id| Uuid::try_parse(id).ok()).take(MOST).collect());
    }
    let until = form.one("until").parse().ok().and_then(DateTime::from_timestamp_millis);
    let until = until.ok_or(AppError::BadRequest("until"))?;
    let mut tx = app.db.read().await?;
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let listed = quarantine::list(&mut tx, state, None, until, most).await?;
    Ok(listed.into_iter().map(|listed| listed.held.subject).collect())
}

/// The tab of the address: what waits, or what was set aside.
fn tab(text: &str) -> HeldState {
    HeldState::parse(text).filter(|state| *state == HeldState::Aside).unwrap_or(HeldState::Waits)
}

async fn show(
    app: &App,
    tx: &mut Tx,
    me: &Console<SUPERVISOR>,
    filters: Filters,
    form: Form,
    status: StatusCode,
) -> Answer {
    let page = me.page(tx).await?;
    let state = tab(filters.one("state"));
    let mut rows = quarantine::list(tx, state, filters.after(), me.now, PAGE_ROWS + 1).await?;
    let next = filters.next(&mut rows, |row| cursor(row.held.held_at, row.held.subject));
    let counts = [
        (HeldState::Waits, quarantine::count(tx, HeldState::Waits).await?),
        (HeldState::Aside, quarantine::count(tx, HeldState::Aside).await?),
    ];
    let total = counts.iter().find(|(of, _)| *of == state).map_or(0, |(_, count)| *count);
    let snapshot = app.service.snapshot(tx).await?;
    let names: HashMap<_, _> = snapshot.registries.agencies.values().map(|a| (a.id, a.name.as_str())).collect();
    let discipline = me.ceiling() == Severity::Referral;
    let line = |row: Listed| Line {
        id: row.held.subject,
        href: match row.held.kind {
            OpenForm::Report => paths::item(paths::REPORTS, ReportId(row.held.subject)),
            OpenForm::Urgent => paths::item(paths::FILINGS, FilingId(row.held.subject)),
        },
        kind: page.t(&format!("quarantine-kind-{}", row.held.kind)),
        filed: page.time(&row.held.held_at),
        enterprise: row.enterprise,
        agency: row.agency.and_then(|id| names.get(&id)).map_or_else(|| page.t("agency-not-told"), ToString::to_string),
        // Words beside a ticked 不得 are for the discipline office alone.
        words: if row.confined && !discipline { page.t("quarantine-confined") } else { excerpt(&row.words) },
        reason: row.held.reason,
    };
    let done = match filters.one("done") {
        what @ ("release" | "aside") => {
            page.t1(&format!("quarantine-done-{what}"), "n", filters.one("n").parse::<i64>().unwrap_or(0))
        }
        _ => String::new(),
    };
    let view = View {
        tabs: counts.iter().map(|(of, count)| one_tab(&page, *of, *count, *of == state)).collect(),
        state: state.as_str(),
        lines: rows.into_iter().map(line).collect(),
        total,
        reach: total.min(i64::try_from(MOST).unwrap_or(i64::MAX)),
        until: me.now.timestamp_millis(),
        ticked: filters.one("ticked") == "yes",
        tick_href: ticked(&filters),
        done,
        next,
        form,
        filters,
        page,
    };
    html_with(status, &view)
}

fn one_tab(page: &Page, state: HeldState, count: i64, current: bool) -> Tab {
    Tab {
        href: format!("{}?state={state}", paths::QUARANTINE),
        label: page.t(&format!("quarantine-{state}")),
        count,
        current,
    }
}

/// This very page with every line ticked.
fn ticked(filters: &Filters) -> String {
    let here = filters.with("ticked", "yes");
    match filters.one("after") {
        "" => here,
        after => format!("{here}&after={after}"),
    }
}

fn excerpt(words: &str) -> String {
    let mut short: String = words.chars().take(EXCERPT).map(|c| if c == '\n' { ' ' } else { c }).collect();
    if words.chars().count() > EXCERPT {
        short.push('…');
    }
    short
}

/// What a report's own page says about it; empty for one that is not held.
///
/// # Errors
/// When the store fails.
pub(super) async fn note(tx: &mut Tx, subject: Uuid) -> Result<&'static str, AppError> {
    Ok(match quarantine::get(tx, subject).await?.map(|held| held.state) {
        Some(HeldState::Waits) => "quarantine-note-waits",
        Some(HeldState::Aside) => "quarantine-note-aside",
        Some(HeldState::Released) | None => "",
    })
}
