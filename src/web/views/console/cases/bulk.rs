//! `/console/violations/bulk?v=ID&v=ID`: one decision on several violations, with a preview of what it does to each.

use super::ask::{parse, visible};
use super::decide::{kinds, read_decision};
use crate::actions::ActionError;
use crate::actions::cases::decide_case;
use crate::app::App;
use crate::domain::cases::{DecisionKind, Dismissal};
use crate::domain::id::ViolationId;
use crate::domain::notice::case_number;
use crate::i18n::facts::Facts;
use crate::storage::{Tx, violation_lists};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use crate::web::views::console::Choice;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

/// The most violations that are decided at once.
const MOST: usize = 100;

/// A violation with what it is and what it would be.
struct Line {
    href: String,
    number: String,
    rule: String,
    agency: String,
    state: String,
    key: String,
}

#[derive(Template)]
#[template(path = "pages/console/cases/bulk.html")]
struct View {
    page: Page,
    form: Form,
    conflict: bool,
    lines: Vec<Line>,
    /// The decisions that every one of them allows.
    kinds: Vec<Choice>,
    dismissals: Vec<Choice>,
}

/// `GET /console/violations/bulk`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, filters: Filters) -> Answer {
    let mut ids: Vec<ViolationId> = filters.form.all("v").filter_map(ViolationId::parse).take(MOST).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, &ids, Form::default(), StatusCode::OK).await
}

/// `POST /console/violations/bulk` with `v` = `ID.VERSION` each, and a decision: all of them or none.
pub(super) async fn post(State(app): State<App>, me: Console<SUPERVISOR>, form: Form) -> Answer {
    let mut form = form.only(&["v", "kind", "reason", "told", "dismissal", "follow_up_on"]);
    let mut seen: Vec<(ViolationId, i64)> = form.all("v").filter_map(parse).take(MOST).collect();
    seen.sort_unstable();
    seen.dedup_by_key(|(id, _)| *id);
    let ids: Vec<ViolationId> = seen.iter().map(|(id, _)| *id).collect();
    let decision = read_decision(&mut form);
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut tx = app.db.write().await?;
    visible(&mut tx, &me, &ids).await?;
    if let Some(decision) = decision.filter(|_| !form.has_errors() && !seen.is_empty()) {
        let mut done = Ok(());
        // In the order of their enterprises, so that two supervisors never wait for each other.
        let mut ordered = Vec::with_capacity(seen.len());
        for (id, version) in seen {
            let record = violation_lists::get_visible(&mut tx, id, me.ceiling()).await?.ok_or(AppError::NotFound)?;
            ordered.push((record.enterprise, id, version));
        }
        ordered.sort_unstable();
        for (_, id, version) in ordered {
            if let Err(error) =
                decide_case(&mut tx, &app.service, me.now, &me.actor(), id, Some(version), &decision).await
            {
                done = Err(error);
                break;
            }
        }
        match done {
            Ok(()) => {
                tx.commit().await?;
                return see_other(paths::VIOLATIONS);
            }
            Err(ActionError::Malformed(errors)) => form.fail_all(errors),
            Err(ActionError::Stale(_) | ActionError::State(_)) => status = StatusCode::CONFLICT,
            Err(error) => return Err(error.into()),
        }
    }
    tx.rollback().await?;
    let mut tx = app.db.read().await?;
    show(&app, &mut tx, &me, &ids, form, status).await
}

async fn show(
    app: &App,
    tx: &mut Tx,
    me: &Console<SUPERVISOR>,
    ids: &[ViolationId],
    form: Form,
    status: StatusCode,
) -> Answer {
    let page = me.page(tx).await?;
    let snapshot = app.service.snapshot(tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let (mut lines, mut standings) = (Vec::new(), Vec::new());
    for id in ids {
        let record = violation_lists::get_visible(tx, *id, me.ceiling()).await?.ok_or(AppError::NotFound)?;
        standings.push(record.standing());
        lines.push(Line {
            href: paths::item(paths::VIOLATIONS, record.id),
            number: case_number(record.id),
            rule: page.lang.rule_name(record.rule),
            agency: record.agency.map_or_else(|| page.t("agency-not-told"), |id| facts.agency(id)),
            state: super::decide::standing_words(&page, &record.standing()),
            key: format!("{}.{}", record.id, record.version),
        });
    }
    let fits = |kind: &DecisionKind| !standings.is_empty() && standings.iter().all(|standing| standing.allows(*kind));
    let view = View {
        kinds: kinds(&page, fits),
        dismissals: Dismissal::ALL
            .iter()
            .map(|d| Choice { value: d.as_str().to_owned(), label: page.t(&format!("dismiss-{d}")) })
            .collect(),
        conflict: status == StatusCode::CONFLICT,
        lines,
        form,
        page,
    };
    html_with(status, &view)
}
