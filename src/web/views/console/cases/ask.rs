//! `/console/violations/ask?v=ID&v=ID`: a request for an explanation, shown exactly as the agency will read it, and sent.

use super::parts::{Item, item};
use crate::actions::ActionError;
use crate::actions::cases::{Draft, draft_request, due_on as due_if_asked, send_request};
use crate::actions::reporters::{Care, any_rests_on_report, care, hold_request, waiting};
use crate::app::App;
use crate::domain::id::ViolationId;
use crate::domain::reporter::next_batch;
use crate::i18n::facts::Facts;
use crate::storage::{Tx, violation_lists};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "pages/console/cases/ask.html")]
struct View {
    page: Page,
    /// Why nothing can be asked; empty if it can.
    trouble: String,
    /// Somebody else was faster.
    conflict: bool,
    agency: String,
    due: String,
    days: String,
    can_answer: bool,
    items: Vec<Item>,
    /// `ID.VERSION` of each violation.
    sent: Vec<String>,
    /// It leaves with the next batch, because it rests on what an enterprise told.
    only_batch: bool,
    /// When the next batch leaves.
    /// The last day for an answer if it is sent at once.
    due_now: String,
    batch_at: String,
    /// Few enterprises fit what it says, or it names the one: a warning.
    crowd: String,
    /// The violations that are to be looked at where nothing can be asked.
    back: Vec<String>,
}

/// `GET /console/violations/ask`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, filters: Filters) -> Answer {
    let mut ids: Vec<ViolationId> = filters.form.all("v").filter_map(ViolationId::parse).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, &ids, StatusCode::OK).await
}

/// `POST /console/violations/ask` with `v` = `ID.VERSION`, once a violation, and `when` = `batch` to let it wait for the next batch: what rests
/// on a report always does.
pub(super) async fn post(State(app): State<App>, me: Console<SUPERVISOR>, form: Form) -> Answer {
    let form = form.only(&["v", "when"]);
    let mut seen: Vec<(ViolationId, i64)> = form.all("v").filter_map(parse).collect();
    seen.sort_unstable();
    seen.dedup_by_key(|(id, _)| *id);
    let ids: Vec<ViolationId> = seen.iter().map(|(id, _)| *id).collect();
    let mut tx = app.db.write().await?;
    visible(&mut tx, &me, &ids).await?;
    let rests = rests(&mut tx, &me, &ids).await?;
    let done = if rests || form.one("when") == "batch" {
        let held = hold_request(&mut tx, &app.service, me.now, me.user.id, &seen).await;
        let first = ids.first().map(|id| paths::item(paths::VIOLATIONS, id)).unwrap_or_default();
        held.map(|_| paths::done(&first, "held"))
    } else {
        let sent = send_request(&mut tx, &app.service, me.now, &me.actor(), &seen).await;
        sent.map(|request| paths::done(&paths::item(paths::EXPLANATIONS, request.id), "asked"))
    };
    match done {
        Ok(to) => {
            tx.commit().await?;
            return see_other(&to);
        }
        Err(ActionError::Stale(_) | ActionError::State(_)) => tx.rollback().await?,
        Err(error) => return Err(error.into()),
    }
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, &ids, StatusCode::CONFLICT).await
}

/// Whether something among these rests on what an enterprise told.
async fn rests(tx: &mut Tx, me: &Console<SUPERVISOR>, ids: &[ViolationId]) -> Result<bool, AppError> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(violation_lists::get_visible(tx, *id, me.ceiling()).await?.ok_or(AppError::NotFound)?);
    }
    Ok(any_rests_on_report(tx, &found).await?)
}

/// `ID.VERSION`.
pub(super) fn parse(text: &str) -> Option<(ViolationId, i64)> {
    let (id, version) = text.split_once('.')?;
    Some((ViolationId::parse(id)?, version.parse().ok()?))
}

/// Fails unless the supervisor may see all of them.
pub(super) async fn visible(tx: &mut Tx, me: &Console<SUPERVISOR>, ids: &[ViolationId]) -> Result<(), AppError> {
    for id in ids {
        violation_lists::get_visible(tx, *id, me.ceiling()).await?.ok_or(AppError::NotFound)?;
    }
    Ok(())
}

async fn show(app: &App, tx: &mut Tx, me: &Console<SUPERVISOR>, ids: &[ViolationId], status: StatusCode) -> Answer {
    visible(tx, me, ids).await?;
    let page = me.page(tx).await?;
    let snapshot = app.service.snapshot(tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let conflict = status == StatusCode::CONFLICT;
    let back = ids.iter().map(|id| paths::item(paths::VIOLATIONS, id)).collect();
    let batch = next_batch(me.now, page.zone(), &snapshot.registries.holidays);
    // Its days count from when it leaves: with the batch, unless the supervisor says otherwise.
    let mut drafted = draft_request(tx, &app.service, batch, ids).await;
    for id in ids {
        if waiting(tx, *id).await?.is_some() {
            drafted = Err(ActionError::State("held"));
        }
    }
    let told = match &drafted {
        Ok(draft) => care(tx, &draft.items).await?,
        Err(_) => Care::default(),
    };
    let batch_at = page.time(&batch);
    let crowd = match told {
        Care { named: true, .. } => page.t("crowd-named"),
        Care { few: Some(few), .. } => page.t1("crowd-warning", "count", few),
        Care { few: None, .. } => String::new(),
    };
    let view = match drafted {
        Ok(Draft { agency, items, due_on, can_answer, .. }) => View {
            trouble: String::new(),
            conflict,
            agency: facts.agency(agency),
            due: page.date(&due_on),
            due_now: page.date(&due_if_asked(&snapshot, page.today())),
            days: snapshot.registries.holidays.wdiff(page.zone().local_date(batch), due_on).to_string(),
            can_answer,
            sent: items.iter().map(|d| format!("{}.{}", d.violation.id, d.violation.version)).collect(),
            items: items.iter().map(|d| item(&page, &d.item)).collect(),
            only_batch: told.rests_on_report,
            batch_at,
            crowd,
            back,
            page,
        },
        Err(ActionError::State(why)) => View {
            trouble: page.t(&format!("ask-refused-{}", why.replace('_', "-"))),
            conflict,
            agency: String::new(),
            due: String::new(),
            due_now: String::new(),
            days: String::new(),
            can_answer: true,
            items: Vec::new(),
            sent: Vec::new(),
            only_batch: false,
            batch_at,
            crowd,
            back,
            page,
        },
        Err(error) => return Err(error.into()),
    };
    let status = if status == StatusCode::OK && !view.trouble.is_empty() { StatusCode::CONFLICT } else { status };
    html_with(status, &view)
}
