//! `/console/policy/what-if`: a draft of the policy over the last twelve months. Asking for it is a button of the form; the result is kept with
//! the task, for whoever asked.

use super::policy_diff::{self, Line};
use super::policy_form::{draft_of, show_draft};
use crate::actions::{Snapshot, enqueue_task};
use crate::app::App;
use crate::domain::id::AgencyId;
use crate::domain::policy::Policy;
use crate::domain::task::{TaskKind, TaskState};
use crate::domain::user::Role;
use crate::domain::violation::Subject;
use crate::domain::what_if::{Fate, Group, Row, subject_of};
use crate::storage::tasks;
use crate::web::error::AppError;
use crate::web::extract::console::{ADMINISTRATOR, Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, see_other};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

/// A rule and an agency in the table.
struct Sums {
    rule: String,
    code: &'static str,
    agency: String,
    group: Group,
}

/// One difference in the list.
struct Difference {
    fate: String,
    class: &'static str,
    rule: String,
    agency: String,
    severity: String,
    /// Where the filing or report is; empty for those who may not read it.
    href: String,
}

#[derive(Template)]
#[template(path = "pages/console/policy-what-if.html")]
struct View {
    page: Page,
    lead: String,
    differences: Vec<Line>,
    sums: Vec<Sums>,
    /// Appears, disappears, changes, over all.
    totals: [u32; 3],
    rows: Vec<Difference>,
    omitted: u32,
}

/// `POST /console/policy/what-if`: the same fields as the form of a new version; date and reason may be missing.
pub(super) async fn post(State(app): State<App>, me: Console<{ SUPERVISOR | ADMINISTRATOR }>, form: Form) -> Answer {
    let mut tx = app.db.write().await?;
    let (form, policy) = draft_of(&app, &mut tx, form).await?;
    if form.has_errors() {
        tx.rollback().await?;
        let mut tx = app.db.read().await?;
        let administrator = me.user.role == Role::Administrator;
        let page = me.page(&mut tx).await?;
        return show_draft(page, administrator, form, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let lang = me.page(&mut tx).await?.lang.tag();
    let params = json!({ "policy": policy, "next": paths::WHAT_IF });
    let id = enqueue_task(&mut tx, &app.service, me.now, &me.actor(), TaskKind::WhatIf, params, lang).await?;
    tx.commit().await?;
    see_other(&paths::task(id))
}

/// `GET /console/policy/what-if`: the newest result of one's own.
pub(super) async fn latest(State(app): State<App>, me: Console<{ SUPERVISOR | ADMINISTRATOR }>) -> Answer {
    let mut tx = app.db.read().await?;
    let own = tasks::of_owner(&mut tx, me.user.id, TaskKind::WhatIf, 1).await?;
    match own.first() {
        Some(task) if task.state == TaskState::Done && may_read(&me, &task.result) => {
            see_other(&paths::what_if(task.id))
        }
        Some(task) if task.state != TaskState::Done => see_other(&paths::task(task.id)),
        _ => see_other("/console/policy/new"),
    }
}

/// Whether a result is for its reader: one that rests on what enterprises told too, or does not say, is none for an administrator.
fn may_read(me: &Console<{ SUPERVISOR | ADMINISTRATOR }>, result: &Value) -> bool {
    me.user.role != Role::Administrator || result["told"] == Value::Bool(false)
}

/// `GET /console/policy/what-if/{id}`.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | ADMINISTRATOR }>,
    Path(id): Path<String>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    let task = tasks::get(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let mine = task.created_by == Some(me.user.id) && task.kind == TaskKind::WhatIf && task.state == TaskState::Done;
    if !mine || !may_read(&me, &task.result) {
        return Err(AppError::NotFound);
    }
    let snapshot = app.service.snapshot(&mut tx).await?;
    let draft: Policy = field(&task.params, "policy")?;
    let groups: Vec<Group> = field(&task.result, "groups")?;
    let rows: Vec<Row> = field(&task.result, "rows")?;
    let omitted: u32 = field(&task.result, "omitted")?;
    let total = |of: fn(&Group) -> u32| groups.iter().map(of).fold(0, u32::saturating_add);
    let totals = [total(|g| g.sums.appears), total(|g| g.sums.disappears), total(|g| g.sums.changes)];
    let in_force = &snapshot.policies.on(page.today()).policy;
    let supervisor = me.user.role == Role::Supervisor;
    let changed = |g: &Group| g.sums.appears + g.sums.disappears + g.sums.changes > 0;
    let mut groups: Vec<Group> = groups.into_iter().filter(|g| g.sums.before + g.sums.after > 0).collect();
    groups.sort_by_key(|g| (!changed(g), g.rule));
    html(&View {
        lead: page.t1(
            if supervisor { "what-if-lead" } else { "what-if-lead-filings" },
            "time",
            page.time(&task.ended_at.unwrap_or(task.created_at)),
        ),
        differences: policy_diff::lines(&page, in_force, &draft),
        sums: groups.into_iter().map(|group| sums(&page, &snapshot, group)).collect(),
        totals,
        rows: rows.iter().map(|row| difference(&page, &snapshot, row, supervisor)).collect(),
        omitted,
        page,
    })
}

fn sums(page: &Page, snapshot: &Snapshot, group: Group) -> Sums {
    let (rule, code) = (page.lang.rule_name(group.rule), group.rule.as_str());
    Sums { rule, code, agency: agency_name(page, snapshot, group.agency), group }
}

fn difference(page: &Page, snapshot: &Snapshot, row: &Row, supervisor: bool) -> Difference {
    let (fate, class) = match row.fate {
        Fate::Appears => ("what-if-appears", "new"),
        Fate::Disappears => ("what-if-disappears", "done"),
        Fate::Changes => ("what-if-changes", "wait"),
    };
    let level = |level: Option<u8>| level.map_or_else(|| "–".to_owned(), |n| page.t(&format!("severity-{n}")));
    let href = match subject_of(row) {
        Some(Subject::Filing(id)) if supervisor => paths::item(paths::FILINGS, id),
        Some(Subject::Report(id)) if supervisor => paths::item(paths::REPORTS, id),
        _ => String::new(),
    };
    Difference {
        fate: page.t(fate),
        class,
        rule: format!("{} {}", row.rule, page.lang.rule_name(row.rule)),
        agency: agency_name(page, snapshot, row.agency),
        severity: format!("{} → {}", level(row.before), level(row.after)),
        href,
    }
}

fn agency_name(page: &Page, snapshot: &Snapshot, agency: Option<AgencyId>) -> String {
    let name = agency.and_then(|id| snapshot.registries.agencies.get(&id)).map(|agency| agency.name.clone());
    name.unwrap_or_else(|| page.t("what-if-nobody"))
}

fn field<T: DeserializeOwned>(value: &Value, name: &str) -> Result<T, AppError> {
    serde_json::from_value(value[name].clone()).map_err(|error| AppError::internal(&error))
}
