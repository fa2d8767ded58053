//! The history of a record: who changed what when, old and new, as a record's own page and `…/history` show it.
//!
//! Only what happened to the record itself is told; who scanned, filed or reported is none of it.

use crate::app::App;
use crate::domain::dossier::Registries;
use crate::domain::id::{AgencyId, EnterpriseId, SiteId};
use crate::domain::user::User;
use crate::storage::audit::AuditRow;
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
use uuid::Uuid;

/// What happens to records.
const EVENTS: [&str; 10] = [
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
];

/// So many events are shown on a record's own page.
pub(super) const SHOWN: usize = 5;

/// A field that was changed.
pub(super) struct Change {
    pub(super) label: String,
    pub(super) was: String,
    pub(super) now: String,
}

/// Something that happened to a record.
pub(super) struct Event {
    pub(super) when: String,
    pub(super) who: String,
    pub(super) words: String,
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

/// Everything that happened to a record, the newest first; `entered` is when it was stored, if that is on record.
pub(super) async fn of_record(
    tx: &mut Tx,
    page: &Page,
    registries: &Registries,
    id: Uuid,
    entered: Option<DateTime<Utc>>,
) -> Result<Vec<Event>, AppError> {
    let rows = audit::by_object(tx, id).await?;
    let people = users::list(tx).await?;
    let mut events: Vec<Event> = rows.iter().filter_map(|row| event(page, registries, &people, row)).collect();
    if let Some(at) = entered.filter(|_| !rows.iter().any(|row| row.action.ends_with(".entered"))) {
        let words = page.t("registry-event-entered");
        events.insert(0, Event { when: page.time(&at), who: String::new(), words, changes: Vec::new() });
    }
    events.reverse();
    Ok(events)
}

fn event(page: &Page, registries: &Registries, people: &[User], row: &AuditRow) -> Option<Event> {
    let what = EVENTS.into_iter().find(|what| row.action.split_once('.').is_some_and(|(_, of)| of == *what))?;
    let words = match what {
        "merged" | "absorbed" => {
            let name = row.detail.get("name").and_then(Value::as_str).unwrap_or_default();
            page.t1(&format!("registry-event-{what}"), "name", name)
        }
        _ => page.t(&format!("registry-event-{what}")),
    };
    let by_import = row.detail.get("import").is_some();
    let who = match row.actor_kind.as_str() {
        "user" => people.iter().find(|user| user.id.to_string() == row.actor).map(|user| user.name.clone()),
        "token" => Some(page.t("actor-token")),
        _ => Some(page.t("actor-system")),
    };
    let who = who.unwrap_or_else(|| page.t("somebody"));
    Some(Event {
        when: page.time(&row.at),
        who: if by_import { page.t1("registry-by-import", "name", who) } else { who },
        words,
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
    let history = of_record(&mut tx, &page, &snapshot.registries, id.0, Some(e.created_at)).await?;
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
    let history = of_record(&mut tx, &page, &snapshot.registries, id.0, Some(site.created_at)).await?;
    html(&View { page, title: site.name, back: paths::item(paths::ENTERPRISES, site.enterprise), history })
}
