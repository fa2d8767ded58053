//! `/console/violations/{id}`: what happened, facts apart from inference, the timeline, and the decision: confirm (认定) or dismiss (排除).

use super::Choice;
use super::fact_rows::Fact;
use super::violation_case::{self, Case};
use super::violation_timeline::{self, Event};
use super::violation_view::{self, Evidence, Told};
use crate::actions::{Decision, Result as Done, decide_violation};
use crate::app::App;
use crate::domain::id::ViolationId;
use crate::domain::notice::case_number;
use crate::domain::rule::RuleCode;
use crate::domain::text::PURPOSE_MAX;
use crate::domain::violation::ViolationState;
use crate::i18n::facts::Facts;
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, alerts, audit, users, violation_lists};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use crate::web::settle::settle_or_again;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

/// Why a violation is dismissed: a choice, with words beside it.
const REASONS: [&str; 6] = ["facts", "exception", "joint", "duplicate", "rule", "other"];

#[derive(Template)]
#[template(path = "pages/console/violation.html")]
struct View {
    page: Page,
    form: Form,
    number: String,
    id: ViolationId,
    version: i64,
    title: String,
    why: String,
    level: u8,
    state: String,
    state_class: &'static str,
    open: bool,
    /// What was decided, by whom and when; empty before a decision.
    decided: String,
    decision_reason: String,
    /// Somebody else was faster.
    conflict: bool,
    provisional: bool,
    facts: Vec<Fact>,
    rule: String,
    rule_text: String,
    policy: String,
    inputs: String,
    evidence: Vec<Evidence>,
    events: Vec<Event>,
    mails: Vec<Told>,
    reasons: Vec<Choice>,
    case: Case,
}

/// The heading: not each is of an agency's inspection at an enterprise that is suspected of something.
const fn title_key(rule: RuleCode) -> &'static str {
    match rule {
        RuleCode::Agg01 => "violation-title-agency",
        RuleCode::Frq03 => "violation-title-enterprise",
        RuleCode::Ret01 => "violation-title-referral",
        _ => "violation-title",
    }
}

/// `GET /console/violations/{id}`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>, Path(id): Path<String>) -> Answer {
    let mut tx = app.db.read().await?;
    let record = fetch(&mut tx, &me, &id).await?;
    show(&app, &mut tx, &me, record, Form::default(), StatusCode::OK).await
}

/// `POST /console/violations/{id}/confirm`.
pub(super) async fn confirm(
    State(app): State<App>,
    me: Console<SUPERVISOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let mut form = form.only(&["version", "note"]);
    let note = form.optional_paragraph("note", PURPOSE_MAX);
    decide(&app, &me, &id, form, Decision::Confirm, note).await
}

/// `POST /console/violations/{id}/dismiss`.
pub(super) async fn dismiss(
    State(app): State<App>,
    me: Console<SUPERVISOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let mut form = form.only(&["version", "dismissal", "details"]);
    let chosen = form.choice("dismissal", |reason| REASONS.into_iter().find(|known| *known == reason));
    let words = form.line("details", PURPOSE_MAX - 40);
    // Kept as a sentence in the office's own language, so that it reads by itself years later.
    let label = chosen.map(|reason| crate::i18n::Lang::Zh.t(&format!("dismiss-{reason}"))).unwrap_or_default();
    decide(&app, &me, &id, form, Decision::Dismiss, format!("{label}：{words}")).await
}

/// The violation, if the person may see it.
pub(super) async fn fetch(tx: &mut Tx, me: &Console<SUPERVISOR>, id: &str) -> Result<ViolationRecord, AppError> {
    let id = ViolationId::parse(id).ok_or(AppError::NotFound)?;
    violation_lists::get_visible(tx, id, me.ceiling()).await?.ok_or(AppError::NotFound)
}

async fn decide(
    app: &App,
    me: &Console<SUPERVISOR>,
    id: &str,
    mut form: Form,
    decision: Decision,
    reason: String,
) -> Answer {
    let version = form.version();
    let mut tx = app.db.write().await?;
    let id = fetch(&mut tx, me, id).await?.id;
    let mut done = Ok(());
    if !form.has_errors() {
        let (service, actor) = (&app.service, me.actor());
        done = decide_violation(&mut tx, service, me.now, &actor, id, version, decision, &reason).await.map(drop);
    }
    finish(app, me, tx, id, form, done.map(|()| "decided")).await
}

/// Commits and leads to the violation; or shows it again with what was wrong, or because somebody else was faster.
pub(super) async fn finish(
    app: &App,
    me: &Console<SUPERVISOR>,
    tx: Tx,
    id: ViolationId,
    mut form: Form,
    done: Done<&str>,
) -> Answer {
    let status = match settle_or_again(tx, &mut form, done).await? {
        Ok(what) => return see_other(&paths::done(&paths::item(paths::VIOLATIONS, id), what)),
        Err(status) => status,
    };
    let mut tx = app.db.read().await?;
    let record = fetch(&mut tx, me, &id.to_string()).await?;
    show(app, &mut tx, me, record, form, status).await
}

async fn show(
    app: &App,
    tx: &mut Tx,
    me: &Console<SUPERVISOR>,
    record: ViolationRecord,
    form: Form,
    status: StatusCode,
) -> Answer {
    let page = me.page(tx).await?;
    let snapshot = app.service.snapshot(tx).await?;
    let facts = Facts { lang: page.lang, registries: &snapshot.registries, now: me.now };
    let case = violation_case::case(tx, &page, &snapshot.registries.holidays, &record).await?;
    let subject = violation_view::subject(tx, &record).await?;
    let enterprise = violation_view::enterprise_name(tx, record.enterprise).await?;
    let evidence = violation_view::evidence(tx, &page, &facts, &record).await?;
    let mut recorded = violation_view::facts(&page, &facts, &subject, &enterprise);
    recorded.extend(violation_view::site(tx, &page, &subject).await?);
    recorded.extend(violation_view::unverified(tx, &page, &subject).await?);
    let told = alerts::deliveries(tx, record.id).await?;
    let history = audit::by_object(tx, record.id.0).await?;
    let people = users::list(tx).await?;

    let agency = record.agency.map_or_else(|| violation_view::claimed(&page, &facts, &subject), |id| facts.agency(id));
    let rule = page.lang.rule_name(record.rule);
    let policy = violation_view::policy(&snapshot.policies, record.policy);
    let decided = match (record.decided_at, record.decided_by) {
        (Some(at), by) => {
            let name = by.and_then(|by| people.iter().find(|user| user.id == by)).map(|user| user.name.clone());
            let name = name.unwrap_or_else(|| page.t("somebody"));
            let state = page.lang.violation_state(record.state);
            page.lang.ta("decided-by", &[("name", &name), ("time", &page.time(&at)), ("state", &state)])
        }
        _ => String::new(),
    };
    let view = View {
        number: case_number(record.id),
        id: record.id,
        version: record.version,
        title: page
            .lang
            .ta(title_key(record.rule), &[("agency", &agency), ("enterprise", &enterprise), ("rule", &rule)]),
        why: facts.sentence(&record.inputs),
        level: record.severity.level(),
        state: super::cases::decide::standing_words(&page, &record.standing()),
        state_class: super::state_class(record.state),
        open: record.state == ViolationState::Suspected && !record.standing().is_settled(),
        case,
        decided,
        decision_reason: record.decision_reason.clone(),
        conflict: status == StatusCode::CONFLICT,
        provisional: violation_view::is_provisional(&snapshot.registries, &subject, me.now),
        facts: recorded,
        rule_text: page.lang.rule_text(record.rule, &policy.policy),
        policy: violation_view::policy_words(&page, policy),
        inputs: violation_view::inputs(&record.inputs),
        evidence,
        events: violation_timeline::events(&page, &subject, &history, &told, &people),
        mails: violation_view::told(&page, &told),
        reasons: REASONS
            .iter()
            .map(|reason| Choice { value: (*reason).to_owned(), label: page.t(&format!("dismiss-{reason}")) })
            .collect(),
        rule: format!("{} {rule}", record.rule),
        form,
        page,
    };
    html_with(status, &view)
}
