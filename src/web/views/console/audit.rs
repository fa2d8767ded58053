//! `/console/audit`: who did what, but for what would tell an administrator who reported (see [`audit_lists`]).

use super::Choice;
use crate::app::App;
use crate::domain::day::Zone;
use crate::domain::user::User;
use crate::storage::audit::AuditRow;
use crate::storage::audit_lists::{self, AuditFilter};
use crate::storage::users;
use crate::web::extract::Filters;
use crate::web::extract::console::{ADMINISTRATOR, Console};
use crate::web::extract::filters::{PAGE_ROWS, cursor};
use crate::web::page::Page;
use crate::web::respond::{Answer, html};
use askama::Template;
use axum::extract::State;
use uuid::Uuid;

/// Kinds of objects that a list filters by, except those that are hidden.
const OBJECTS: [&str; 9] =
    ["filing", "sign", "sign_batch", "inspector", "user", "policy", "mail", "enterprise", "agency"];

/// Kinds of actors.
const ACTORS: [&str; 7] = ["user", "inspector", "unenrolled", "enterprise", "token", "system", "replay"];

struct Line {
    at: String,
    actor: String,
    action: String,
    code: String,
    object: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "pages/console/audit.html")]
struct List {
    page: Page,
    filters: Filters,
    actors: Vec<Choice>,
    objects: Vec<Choice>,
    lines: Vec<Line>,
    next: String,
}

/// `GET /console/audit`.
pub(super) async fn get(State(app): State<App>, me: Console<ADMINISTRATOR>, filters: Filters) -> Answer {
    let zone = app.service.settings.zone;
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let people = users::list(&mut tx).await?;
    let filter = read_filter(&filters, zone);
    let mut rows = audit_lists::list(&mut tx, &filter, filters.after(), PAGE_ROWS + 1).await?;
    drop(tx);
    let next = filters.next(&mut rows, |row| cursor(row.at, row.id));
    let choices = |list: &[&str], prefix: &str| {
        list.iter()
            .map(|code| Choice { value: (*code).to_owned(), label: page.t(&format!("{prefix}-{code}")) })
            .collect()
    };
    html(&List {
        actors: choices(&ACTORS, "actor"),
        objects: choices(&OBJECTS, "object"),
        lines: rows.iter().map(|row| line(&page, row, &people)).collect(),
        next,
        page,
        filters,
    })
}

/// What the URL asks for.
pub(super) fn read_filter(filters: &Filters, zone: Zone) -> AuditFilter {
    let known =
        |list: &[&str], name: &str| list.iter().find(|one| **one == filters.one(name)).map(|one| (*one).to_owned());
    AuditFilter {
        actor_kind: known(&ACTORS, "actor"),
        object: Uuid::try_parse(filters.one("id")).ok(),
        object_kind: known(&OBJECTS, "object"),
        from: filters.date("from").map(|day| zone.start_of(day)),
        before: filters.date("to").and_then(|day| day.succ_opt()).map(|day| zone.start_of(day)),
    }
}

fn line(page: &Page, row: &AuditRow, people: &[User]) -> Line {
    let action = page.lang.maybe(&format!("audit-{}", row.action.replace(['.', '_'], "-")), &[]);
    let kind = page.lang.maybe(&format!("actor-{}", row.actor_kind), &[]).unwrap_or_else(|| row.actor_kind.clone());
    let name = match row.actor_kind.as_str() {
        "user" => people.iter().find(|user| user.id.to_string() == row.actor).map(|user| user.name.clone()),
        "inspector" if !row.actor.is_empty() => Some(row.actor.clone()),
        _ => None,
    };
    let object = page.lang.maybe(&format!("object-{}", row.object_kind), &[]);
    let object = object.unwrap_or_else(|| row.object_kind.clone());
    let empty = row.detail.as_object().is_none_or(serde_json::Map::is_empty);
    Line {
        at: page.time(&row.at),
        actor: name.unwrap_or(kind),
        action: action.unwrap_or_else(|| row.action.clone()),
        code: row.action.clone(),
        object: match row.object_id {
            Some(id) => format!("{object} {}", tail(id)),
            None => object,
        },
        detail: if empty { String::new() } else { row.detail.to_string() },
    }
}

/// The random end of an id: enough to tell two apart.
fn tail(id: Uuid) -> String {
    let text = id.simple().to_string();
    text[text.len() - 8..].to_owned()
}
