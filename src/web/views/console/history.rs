//! The history of a record: who changed what when, old and new, as a record's own page and `…/history` show it.
//!
//! Only what happened to the record itself is told; who scanned, filed or reported is none of it.

use crate::app::App;
use crate::domain::dossier::Registries;
use crate::domain::id::{AgencyId, EnterpriseId, SiteId};
use crate::domain::user::User;
use crate::storage::audit::AuditRow;
use crate::storage::imports::{self, ImportRecord};
use crate::storage::{Tx, audit, enterprises, sites, users};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, OPERATOR, SUPERVISOR};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::{Path, State};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// What happens to records.
const EVENTS: [&str; 11] = [
    "entered",
    "changed",
    "deactivated",
    "reactivated",
    "merged",
    "absorbed",
    "suspended",
    "reinstated",
    "restored",
    "undone",
    "pin_set",
];

/// So many events are shown on a record's own page.
pub(super) const SHOWN: usize = 5;

/// A field that was changed.
pub(super) struct Change {
    pub(super) label: String,
    pub(super) was: String,
    pub(super) now: String,
}

/// The import that something came by.
#[derive(Clone)]
pub(super) struct Source {
    /// Its page; empty for who may not open it.
    pub(super) href: String,
    pub(super) file: String,
}

/// Something that happened to a record.
pub(super) struct Event {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) words: String,
    pub(super) source: Option<Source>,
    pub(super) changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "pages/console/history.html")]
struct View {
    page: Page,
    title: String,
    back: String,
    history: Vec<Event>,
}

/// Everything that happened to a record, the newest first; `entered` is when it was stored, if that is on record. An operator is led to the
/// imports that it came by and was changed by; a record that an import entered has no audit row of its own for that.
pub(super) async fn of_record(
    tx: &mut Tx,
    page: &Page,
    registries: &Registries,
    id: Uuid,
    entered: Option<DateTime<Utc>>,
    operator: bool,
) -> Result<Vec<Event>, AppError> {
    let rows = audit::by_object(tx, id).await?;
    let people = users::list(tx).await?;
    let mut known = HashMap::new();
    for import in rows.iter().filter_map(import_of) {
        if !known.contains_key(&import)
            && let Some(record) = imports::get(tx, import).await?
        {
            known.insert(import, source(page, &record, operator));
        }
    }
    let mut events: Vec<Event> = rows.iter().filter_map(|row| event(page, registries, &people, &known, row)).collect();
    if !rows.iter().any(|row| row.action.ends_with(".entered")) {
        let words = page.t("registry-event-entered");
        let first = match imports::entered_by(tx, id).await? {
            Some(import) => {
                let by = import.applied_by.and_then(|by| people.iter().find(|user| user.id == by));
                let name = by.map_or_else(|| page.t("actor-system"), |user| user.name.clone());
                let when = import.applied_at.or(entered).map(|at| page.time(&at)).unwrap_or_default();
                let who = page.t1("registry-by-import", "name", name);
                Some(Event { when, who, words, source: Some(source(page, &import, operator)), changes: Vec::new() })
            }
            None => entered.map(|at| {
                let when = page.time(&at);
                Event { when, who: String::new(), words, source: None, changes: Vec::new() }
            }),
        };
        if let Some(first) = first {
            events.insert(0, first);
        }
    }
    events.reverse();
    Ok(events)
}

fn source(page: &Page, import: &ImportRecord, operator: bool) -> Source {
    let named = !import.file_name.is_empty();
    Source {
        href: if operator { paths::item(paths::IMPORT, import.id) } else { String::new() },
        file: if named { import.file_name.clone() } else { page.t("nav-import") },
    }
}

/// The import that an audit row names.
fn import_of(row: &AuditRow) -> Option<Uuid> {
    row.detail.get("import").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok())
}

fn event(
    page: &Page,
    registries: &Registries,
    people: &[User],
    known: &HashMap<Uuid, Source>,
    row: &AuditRow,
) -> Option<Event> {
    let what = EVENTS.into_iter().find(|what| row.action.split_once('.').is_some_and(|(_, of)| of == *what))?;
    let words = match what {
        "merged" | "absorbed" => {
            let name = row.detail.get("name").and_then(Value::as_str).unwrap_or_default();
            page.t1(&format!("registry-event-{what}"), "name", name)
        }
        "changed" => match row.detail.pointer("/changed/active/1").and_then(Value::as_bool) {
            Some(true) => page.t("registry-event-reactivated"),
            Some(false) => page.t("registry-event-deactivated"),
            None => page.t("registry-event-changed"),
        },
        _ => page.t(&format!("registry-event-{what}")),
    };
    let import = import_of(row);
    let who = match row.actor_kind.as_str() {
        "user" => people.iter().find(|user| user.id.to_string() == row.actor).map(|user| user.name.clone()),
        "token" => Some(page.t("actor-token")),
        _ => Some(page.t("actor-system")),
    };
    let who = who.unwrap_or_else(|| page.t("somebody"));
    let by = if row.detail.get("undone").is_some() { "registry-by-undo" } else { "registry-by-import" };
    Some(Event {
        when: page.time(&row.at),
        who: if import.is_some() { page.t1(by, "name", who) } else { who },
        words,
        source: import.and_then(|import| known.get(&import).cloned()),
        changes: changes(page, registries, &row.detail),
    })
}

fn changes(page: &Page, registries: &Registries, detail: &Value) -> Vec<Change> {
    let Some(Value::Object(changed)) = detail.get("changed") else { return Vec::new() };
    let told = changed.iter().filter(|(field, _)| field.as_str() != "active");
    told.map(|(field, pair)| Change {
        label: page.t(&format!("registry-field-{}", field.replace('_', "-"))),
        was: value(page, registries, field, pair.get(0)),
        now: value(page, registries, field, pair.get(1)),
    })
    .collect()
}

/// A field's value in words.
fn value(page: &Page, registries: &Registries, field: &str, value: Option<&Value>) -> String {
    let empty = || page.t("registry-empty");
    match value {
        None | Some(Value::Null) => empty(),
        Some(Value::Bool(yes)) => page.t(if *yes { "yes" } else { "no" }),
        Some(Value::Array(list)) if list.is_empty() => empty(),
        Some(Value::Array(list)) => {
            let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            words.join(&page.t("list-comma"))
        }
        Some(Value::String(text)) if text.is_empty() => empty(),
        Some(Value::String(text)) => match field {
            "parent" | "agency" => {
                let agency = AgencyId::parse(text).and_then(|id| registries.agencies.get(&id));
                agency.map_or_else(empty, |agency| agency.name.clone())
            }
            "published_from" | "published_to" | "valid_from" | "valid_to" => {
                text.parse::<NaiveDate>().map_or_else(|_| text.clone(), |day| page.date(&day))
            }
            "kind" => page.t(&format!("registry-kind-{text}")),
            _ => text.clone(),
        },
        Some(other) => other.to_string(),
    }
}

/// `GET /console/enterprises/{id}/history`.
pub(super) async fn enterprise(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR }>,
    Path(id): Path<String>,
) -> Answer {
    let id = EnterpriseId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    let e = enterprises::get(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let history = of_record(&mut tx, &page, &snapshot.registries, id.0, Some(e.created_at), me.is(OPERATOR)).await?;
    html(&View { page, title: e.name, back: paths::item(paths::ENTERPRISES, id), history })
}

/// `GET /console/sites/{id}/history`.
pub(super) async fn site(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR }>,
    Path(id): Path<String>,
) -> Answer {
    let id = SiteId::parse(&id).ok_or(AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    let site = sites::get(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let page = me.page(&mut tx).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let history = of_record(&mut tx, &page, &snapshot.registries, id.0, Some(site.created_at), me.is(OPERATOR)).await?;
    html(&View { page, title: site.name, back: paths::item(paths::ENTERPRISES, site.enterprise), history })
}
