//! `/console/violations/bulk?v=ID&v=ID`: one decision on several violations. First which one, then (`kind=…`) what it would make of each and
//! whether its agency would be told, with the form that makes it.

use super::ask::{parse, visible};
use super::decide::{kinds, offered, read_decision};
use crate::actions::cases::{Preview, Telling, decide_case, hold, preview_decision};
use crate::app::App;
use crate::domain::cases::{DecisionKind, Dismissal, Standing};
use crate::domain::id::ViolationId;
use crate::domain::notice::case_number;
use crate::i18n::facts::Facts;
use crate::storage::violation_lists;
use crate::storage::violations::ViolationRecord;
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use crate::web::settle::settle_or_again;
use crate::web::views::console::Choice;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;

/// The most violations that are decided at once.
const MOST: usize = 100;

/// A violation with what it is and what it would be.
struct Line {
    href: String,
    number: String,
    rule: String,
    agency: String,
    state: String,
    /// How it would stand; empty where its state does not allow the decision.
    becomes: String,
    /// Whether its agency would be told, and what else would end.
    told: String,
    key: String,
}

#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is shown")]
#[derive(Template)]
#[template(path = "pages/console/cases/bulk.html")]
struct View {
    page: Page,
    form: Form,
    conflict: bool,
    lines: Vec<Line>,
    ids: Vec<ViolationId>,
    /// The decisions that every one of them allows: the first step.
    kinds: Vec<Choice>,
    /// The decision that is previewed; empty in the first step.
    kind: &'static str,
    kind_words: String,
    /// Back to the first step.
    change_href: String,
    /// How many the decision is made on.
    count: usize,
    /// How many do not allow it.
    unfit: usize,
    reason_hint: &'static str,
    needs_dismissal: bool,
    needs_follow_up: bool,
    /// Whether some agency would read words.
    may_tell: bool,
    dismissals: Vec<Choice>,
}

/// `GET /console/violations/bulk`: which decision; with `kind`, what it would do to each.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, filters: Filters) -> Answer {
    let mut ids: Vec<ViolationId> = filters.form.all("v").filter_map(ViolationId::parse).take(MOST).collect();
    ids.sort_unstable();
    ids.dedup();
    let kind = offered(filters.one("kind"));
    let form = Form::prefilled(kind.map(|kind| ("kind", kind.as_str())));
    show(&app, &me, &ids, form, StatusCode::OK).await
}

/// `POST /console/violations/bulk` with `v` = `ID.VERSION` each, and a decision: all of them or none.
pub(super) async fn post(State(app): State<App>, me: Console<SUPERVISOR>, form: Form) -> Answer {
    let mut form = form.only(&["v", "kind", "reason", "told", "dismissal", "follow_up_on"]);
    let mut seen: Vec<(ViolationId, i64)> = form.all("v").filter_map(parse).take(MOST).collect();
    seen.sort_unstable();
    seen.dedup_by_key(|(id, _)| *id);
    let ids: Vec<ViolationId> = seen.iter().map(|(id, _)| *id).collect();
    let decision = read_decision(&mut form);
    let mut tx = app.db.write().await?;
    visible(&mut tx, &me, &ids).await?;
    let Some(decision) = decision.filter(|_| !form.has_errors() && !seen.is_empty()) else {
        tx.rollback().await?;
        return show(&app, &me, &ids, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    // All their enterprises first, so that nobody who waits for one of them holds another.
    hold(&mut tx, &ids).await?;
    let mut done = Ok(());
    for (id, version) in seen {
        done = decide_case(&mut tx, &app.service, me.now, &me.actor(), id, Some(version), &decision).await.map(drop);
        if done.is_err() {
            break;
        }
    }
    match settle_or_again(tx, &mut form, done).await? {
        Ok(()) => see_other(&paths::done(paths::VIOLATIONS, "bulk")),
        Err(status) => show(&app, &me, &ids, form, status).await,
    }
}

async fn show(app: &App, me: &Console<SUPERVISOR>, ids: &[ViolationId], form: Form, status: StatusCode) -> Answer {
    let tx = &mut app.db.read().await?;
    let page = me.page(tx).await?;
    let snapshot = app.service.snapshot(tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        records.push(violation_lists::get_visible(tx, *id, me.ceiling()).await?.ok_or(AppError::NotFound)?);
    }
    let kind = offered(form.one("kind"));
    let previews = match kind {
        Some(kind) => {
            let day = NaiveDate::parse_from_str(form.one("follow_up_on"), "%Y-%m-%d").ok();
            preview_decision(tx, &app.service, me.now, &records, kind, day).await?
        }
        None => Vec::new(),
    };
    let mut lines: Vec<Line> = records.iter().map(|record| line(&page, &facts, record)).collect();
    for ((line, record), preview) in lines.iter_mut().zip(&records).zip(&previews) {
        foretell(&page, line, &record.standing(), preview);
    }
    let fits = |kind: &DecisionKind| !records.is_empty() && records.iter().all(|r| r.standing().allows(*kind));
    let again: Vec<String> = ids.iter().map(|id| format!("v={id}")).collect();
    let count = previews.iter().filter(|preview| preview.after.is_some()).count();
    let optional = [DecisionKind::Confirm, DecisionKind::Accept, DecisionKind::FollowUp];
    let view = View {
        kinds: kinds(&page, fits),
        kind: kind.map(DecisionKind::as_str).unwrap_or_default(),
        kind_words: kind.map(|kind| page.lang.decision(kind)).unwrap_or_default(),
        change_href: format!("{}/bulk?{}", paths::VIOLATIONS, again.join("&")),
        count,
        unfit: previews.len() - count,
        reason_hint: if kind.is_some_and(|kind| optional.contains(&kind)) {
            "bulk-reason-optional"
        } else {
            "bulk-reason-hint"
        },
        needs_dismissal: kind == Some(DecisionKind::Dismiss),
        needs_follow_up: kind == Some(DecisionKind::Correct),
        may_tell: previews.iter().any(|p| matches!(p.telling, Telling::Mailed | Telling::WithRequest)),
        dismissals: Dismissal::ALL
            .iter()
            .map(|d| Choice { value: d.as_str().to_owned(), label: page.t(&format!("dismiss-{d}")) })
            .collect(),
        conflict: status == StatusCode::CONFLICT,
        ids: ids.to_vec(),
        lines,
        form,
        page,
    };
    html_with(status, &view)
}

/// A violation as it is.
fn line(page: &Page, facts: &Facts<'_>, record: &ViolationRecord) -> Line {
    Line {
        href: paths::item(paths::VIOLATIONS, record.id),
        number: case_number(record.id),
        rule: page.lang.rule_name(record.rule),
        agency: record.agency.map_or_else(|| page.t("agency-not-told"), |id| facts.agency(id)),
        state: super::decide::standing_words(page, &record.standing()),
        becomes: String::new(),
        told: String::new(),
        key: format!("{}.{}", record.id, record.version),
    }
}

/// Adds what the decision would make of it.
fn foretell(page: &Page, line: &mut Line, before: &Standing, preview: &Preview) {
    let Some(after) = &preview.after else { return };
    let becomes = super::decide::standing_words(page, after);
    line.becomes = match after.follow_up_on.filter(|_| after.followed_up_at.is_none()) {
        Some(day) => page.t2("bulk-becomes-by", "state", becomes, "day", page.date(&day)),
        None if after.followed_up_at.is_some() => page.t1("bulk-becomes-seen", "state", becomes),
        None => becomes,
    };
    line.told = page.t(match preview.telling {
        Telling::Unasked => "bulk-told-unasked",
        Telling::Silent => "bulk-told-silent",
        Telling::Mailed => "bulk-told-mailed",
        Telling::WithRequest => "bulk-told-with-request",
    });
    if before.appeal_by.is_some() {
        let appeal = page.t(if after.appeal_by.is_some() { "bulk-appeal-waits" } else { "bulk-appeal-ends" });
        line.told = page.t2("bulk-told-appeal", "told", &line.told, "appeal", appeal);
    }
}
