//! Decisions on one violation beside confirming and dismissing: `/console/violations/{id}/decide`, taking one back, deciding an appeal.

use crate::actions::ActionError;
use crate::actions::cases::{CaseDecision, decide_appeal, decide_case, undo_decision};
use crate::app::App;
use crate::domain::cases::{DecisionKind, Dismissal, Standing};
use crate::domain::text::PURPOSE_MAX;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::Answer;
use crate::web::views::console::violation::{fetch, finish};
use crate::web::views::console::{Choice, yes};
use axum::extract::{Path, State};
use chrono::NaiveDate;

/// A decision that is offered as such: an appeal is decided by its own form.
pub(super) fn offered(text: &str) -> Option<DecisionKind> {
    DecisionKind::parse(text).filter(|kind| *kind != DecisionKind::Uphold)
}

/// The decisions that are offered and pass `fits`, in words.
pub(in crate::web::views::console) fn kinds(page: &Page, fits: impl Fn(&DecisionKind) -> bool) -> Vec<Choice> {
    let fitting = DecisionKind::ALL.iter().filter(|kind| offered(kind.as_str()).is_some() && fits(kind));
    fitting.map(|kind| Choice { value: kind.as_str().to_owned(), label: page.lang.decision(*kind) }).collect()
}

/// How a violation stands, in words: what is known, and how far it is handled.
pub(in crate::web::views::console) fn standing_words(page: &Page, standing: &Standing) -> String {
    page.lang.standing(standing)
}

/// A decision as it was typed; errors are recorded.
pub(super) fn read_decision(form: &mut Form) -> Option<CaseDecision> {
    if form.one("kind").is_empty() {
        form.fail("kind", "undecided");
        return None;
    }
    let kind = form.choice("kind", offered)?;
    let reason = form.optional_paragraph("reason", PURPOSE_MAX - 40);
    let dismissal =
        if kind == DecisionKind::Dismiss { Some(form.choice("dismissal", Dismissal::parse)?) } else { None };
    if reason.is_empty() && !matches!(kind, DecisionKind::Confirm | DecisionKind::Accept | DecisionKind::FollowUp) {
        form.fail("reason", "required");
    }
    let follow_up_on = if form.filled("follow_up_on") && kind == DecisionKind::Correct {
        form.choice("follow_up_on", |text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
    } else {
        None
    };
    let told = form.optional_paragraph("told", PURPOSE_MAX);
    // Kept as a sentence in the office's own language, so that it reads by itself years later.
    let label = dismissal.map(|d| format!("{}：", crate::i18n::Lang::Zh.t(&format!("dismiss-{d}"))));
    let reason = format!("{}{reason}", label.unwrap_or_default());
    Some(CaseDecision { kind, reason, dismissal, follow_up_on, told })
}

/// `POST /console/violations/{id}/decide` with `version`, `kind`, `reason`, and what the kind needs.
pub(super) async fn post(
    State(app): State<App>,
    me: Console<SUPERVISOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let mut form = form.only(&["version", "kind", "reason", "told", "dismissal", "follow_up_on"]);
    let version = form.version();
    let decision = read_decision(&mut form);
    let mut tx = app.db.write().await?;
    let id = fetch(&mut tx, &me, &id).await?.id;
    let mut done = Ok(());
    if let (Some(decision), false) = (decision, form.has_errors()) {
        done = decide_case(&mut tx, &app.service, me.now, &me.actor(), id, version, &decision).await.map(drop);
    }
    finish(&app, &me, tx, id, form, done.map(|()| "decided")).await
}

/// `POST /console/violations/{id}/undo`: takes the latest decision back.
pub(super) async fn undo(
    State(app): State<App>,
    me: Console<SUPERVISOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let form = form.only(&[]);
    let mut tx = app.db.write().await?;
    let id = fetch(&mut tx, &me, &id).await?.id;
    let done = match undo_decision(&mut tx, &app.service, || app.clock.now(), &me.actor(), id).await {
        // Tapped twice: it is taken back already, as its page shows.
        Ok(_) | Err(ActionError::State("undone")) => Ok(()),
        Err(error) => Err(error),
    };
    finish(&app, &me, tx, id, form, done.map(|()| "undone")).await
}

/// `POST /console/violations/{id}/appeal` with `version`, `grant` = `yes` or `no`, `reply`.
pub(super) async fn appeal(
    State(app): State<App>,
    me: Console<SUPERVISOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let mut form = form.only(&["version", "grant", "reply"]);
    let version = form.version();
    let grant = form.choice("grant", yes);
    let mut tx = app.db.write().await?;
    let id = fetch(&mut tx, &me, &id).await?.id;
    let mut done = Ok(());
    if let (Some(version), Some(grant)) = (version, grant) {
        let reply = form.one("reply").to_owned();
        done = decide_appeal(&mut tx, &app.service, me.now, &me.actor(), id, version, grant, &reply).await;
    }
    finish(&app, &me, tx, id, form, done.map(|()| "appeal-decided")).await
}
