//! `/console/import/{id}`: how the file is read, what it would change, the confirmation; afterwards what was done, and the undo.

use super::lines::{ShownLine, shown};
use super::list::state;
use super::read_as::{self, ReadAs};
use super::{Trouble, file_is_kept, find};
use crate::actions::import_registry::{PAGE_LINES, Problem};
use crate::actions::imports::{format_of, registry_of};
use crate::app::App;
use crate::domain::import::{Counts, ImportState, LineKind, undo_until};
use crate::domain::task::TaskState;
use crate::storage::imports::{self, ImportRecord};
use crate::storage::{Tx, tasks, users};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::REFRESH;
use axum::http::{HeaderValue, StatusCode};

struct Tab {
    href: String,
    label: String,
    count: u64,
    current: bool,
}

/// Work that goes on in the background.
struct Working {
    id: String,
    done: i64,
    total: i64,
    percent: i64,
    how_far: String,
}

#[derive(Template)]
#[template(path = "pages/console/import/show.html")]
struct View {
    page: Page,
    form: Form,
    trouble: Option<Trouble>,
    id: String,
    title: String,
    facts: Vec<(String, String)>,
    state: String,
    state_class: &'static str,
    stale: bool,
    working: Option<Working>,
    read_as: Option<ReadAs>,
    /// Whether the columns have to be chosen before anything else.
    choose: bool,
    counts: Counts,
    counted: bool,
    rejected: String,
    tabs: Vec<Tab>,
    kind: LineKind,
    lines: Vec<ShownLine>,
    previous: String,
    next: String,
    /// The digest of what is confirmed; `None` where there is nothing to confirm.
    confirm: Option<String>,
    /// How many are absent, in words; empty where they are not offered.
    absent: String,
    undo: String,
    undone: String,
}

/// `GET /console/import/{id}`.
pub(super) async fn show(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    filters: Filters,
) -> Answer {
    let mut tx = app.db.read().await?;
    let record = find(&mut tx, &id).await?;
    page(&app, &mut tx, &me, record, &filters, Form::default(), None).await
}

/// The page of an import, with what is wrong with what was sent.
pub(super) async fn page(
    app: &App,
    tx: &mut Tx,
    me: &Console<OPERATOR>,
    record: ImportRecord,
    filters: &Filters,
    form: Form,
    trouble: Option<Trouble>,
) -> Answer {
    let wrong = form.has_errors() || trouble.is_some();
    let page = me.page(tx).await?;
    let registry = registry_of(&record)?;
    let format = format_of(&record);
    let open = matches!(record.state, ImportState::Uploaded | ImportState::Previewed);
    let (working, failed) = working(app, tx, &page, &record).await?;
    let busy = working.is_some();
    let kept = open && file_is_kept(tx, me, &record).await?;
    let mut trouble = trouble.or(failed);
    if open && !busy && trouble.is_none() {
        if !kept {
            trouble = Some(Trouble::of(&page, &Problem::new("file-gone")));
        } else if record.state == ImportState::Uploaded {
            trouble = Some(Trouble { reason: page.t("import-choose-columns"), advice: page.t("import-choose-hint") });
        }
    }
    let counted = record.state != ImportState::Uploaded && !busy;
    let kind = LineKind::parse(filters.one("tab")).unwrap_or_else(|| first(record.state, record.counts));
    let number = filters.one("page").parse::<u64>().unwrap_or(1).max(1);
    let pages = record.counts.of(kind).div_ceil(u64::try_from(PAGE_LINES).unwrap_or(1));
    let stored = imports::page(tx, record.id, kind, i64::try_from(number - 1).unwrap_or(0)).await?;
    let own = paths::item(paths::IMPORT, record.id);
    let at = |number: u64| format!("{own}?tab={kind}&page={number}");
    let (state, state_class) = state(&page, record.state);
    let refusing = record.counts.rejected > 0;
    let view = View {
        id: record.id.to_string(),
        title: page.t1("import-title", "registry", page.t(&format!("import-{}", registry.as_str()))),
        facts: facts(&page, tx, &record).await?,
        state,
        state_class,
        stale: record.stale && record.state == ImportState::Previewed,
        read_as: (kept && !busy).then(|| read_as::of(&page, registry, &format)),
        choose: record.state == ImportState::Uploaded,
        counts: record.counts,
        counted,
        rejected: if refusing { paths::rejected_rows(record.id) } else { String::new() },
        tabs: if counted { tabs(&page, &own, &record, kind) } else { Vec::new() },
        kind,
        lines: if counted { shown(&page, stored) } else { Vec::new() },
        previous: if number > 1 { at(number - 1) } else { String::new() },
        next: if number < pages { at(number + 1) } else { String::new() },
        confirm: (record.state == ImportState::Previewed && kept && !busy).then(|| record.digest.clone()),
        absent: if registry.deactivates_absent() && record.counts.absent > 0 && !refusing {
            page.t1("import-absent", "count", record.counts.absent)
        } else {
            String::new()
        },
        undo: undo(&page, &record, busy),
        undone: undone(&page, &record),
        form,
        trouble,
        working,
        page,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut response = html_with(status, &view)?;
    if busy {
        response.headers_mut().insert(REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// The list that is shown first: what needs eyes.
const fn first(state: ImportState, counts: Counts) -> LineKind {
    if matches!(state, ImportState::Undone) && counts.kept > 0 {
        LineKind::Kept
    } else if counts.rejected > 0 {
        LineKind::Rejected
    } else if counts.changed > 0 {
        LineKind::Changed
    } else if counts.new > 0 {
        LineKind::New
    } else {
        LineKind::Unchanged
    }
}

fn tabs(page: &Page, own: &str, record: &ImportRecord, kind: LineKind) -> Vec<Tab> {
    let offered = LineKind::ALL.iter().copied();
    let seldom = |kind: LineKind| matches!(kind, LineKind::Absent | LineKind::Kept);
    let offered = offered.filter(|kind| !seldom(*kind) || record.counts.of(*kind) > 0);
    let tab = |of: LineKind| Tab {
        href: format!("{own}?tab={of}"),
        label: page.t(&format!("import-tab-{of}")),
        count: record.counts.of(of),
        current: of == kind,
    };
    offered.map(tab).collect()
}

/// The work in the background, or why it failed.
async fn working(
    app: &App,
    tx: &mut Tx,
    page: &Page,
    record: &ImportRecord,
) -> Result<(Option<Working>, Option<Trouble>), AppError> {
    let Some(id) = record.task else { return Ok((None, None)) };
    let Some(task) = tasks::get(tx, id).await? else { return Ok((None, None)) };
    if task.state == TaskState::Failed {
        return Ok((None, Some(Trouble { reason: page.t(&task.trouble), advice: String::new() })));
    }
    if task.state.ended() {
        return Ok((None, None));
    }
    let (done, total) = app.service.running.get(id).map_or((task.done, task.total), |running| running.get());
    let percent = if total > 0 { (done * 100 / total).clamp(0, 100) } else { 0 };
    let how_far = match (task.state, total) {
        (TaskState::Queued, _) => page.t("task-queued"),
        (_, 0) => page.t("task-begun"),
        _ => page.tn("task-running", &[("done", &done), ("total", &total), ("percent", &percent)]),
    };
    Ok((Some(Working { id: id.to_string(), done, total, percent, how_far }), None))
}

async fn facts(page: &Page, tx: &mut Tx, record: &ImportRecord) -> Result<Vec<(String, String)>, AppError> {
    let people = users::list(tx).await?;
    let name = |by: Option<crate::domain::id::UserId>| {
        let user = by.and_then(|by| people.iter().find(|user| user.id == by));
        user.map_or_else(|| page.t("actor-system"), |user| user.name.clone())
    };
    let kilobytes = (record.size + 1023) / 1024;
    let file = format!(
        "{} · {kilobytes} KB · {} · {}",
        record.file_name,
        name(record.created_by),
        page.time(&record.created_at)
    );
    let mut facts = vec![(page.t("import-fact-file"), file)];
    if let Some(at) = &record.applied_at {
        facts.push((page.t("import-fact-applied"), format!("{} · {}", name(record.applied_by), page.time(at))));
    }
    if let Some(at) = &record.undone_at {
        facts.push((page.t("import-fact-undone"), format!("{} · {}", name(record.undone_by), page.time(at))));
    }
    if record.counts.deactivated > 0 {
        facts.push((page.t("import-fact-deactivated"), record.counts.deactivated.to_string()));
    }
    facts.push((page.t("import-fact-sha256"), record.sha256.clone()));
    Ok(facts)
}

/// Until when it can be undone, in words; empty if it cannot.
fn undo(page: &Page, record: &ImportRecord, busy: bool) -> String {
    let until = record.applied_at.map(undo_until).filter(|until| page.now < *until);
    match until {
        Some(until) if record.state == ImportState::Applied && !busy => {
            page.t1("import-undo-hint", "time", page.time(&until))
        }
        _ => String::new(),
    }
}

/// What an undo did, in words; empty before.
fn undone(page: &Page, record: &ImportRecord) -> String {
    if record.state != ImportState::Undone {
        return String::new();
    }
    page.t2("import-undone", "restored", record.counts.restored, "kept", record.counts.kept)
}
