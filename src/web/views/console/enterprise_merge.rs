//! `/console/enterprises/{id}/merge`: this record is given up for another one of the same enterprise. First the other one is chosen, then both
//! are shown side by side with what moves, then the name is typed.
//!
//! An operator sees no reports and no violations: that they move along is said, how many they are is not.

use super::enterprise_form::fetch;
use super::enterprises::class;
use crate::actions::merge_enterprises;
use crate::app::App;
use crate::domain::id::EnterpriseId;
use crate::domain::search_text::fold;
use crate::storage::Tx;
use crate::storage::enterprises::{self, EnterpriseRecord};
use crate::storage::merges::{self, Holdings};
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html_with, see_other};
use crate::web::settle::settle;
use askama::Template;
use axum::extract::{Path, State};

/// A field of both records.
struct Pair {
    label: String,
    given_up: String,
    kept: String,
    differs: bool,
}

/// What is chosen, and what would happen.
struct Preview {
    into: EnterpriseId,
    name: String,
    pairs: Vec<Pair>,
    moved: Holdings,
}

#[derive(Template)]
#[template(path = "pages/console/enterprise-merge.html")]
struct View {
    page: Page,
    form: Form,
    back: String,
    name: String,
    preview: Option<Preview>,
}

/// `GET /console/enterprises/{id}/merge?other=CODE`: without a code it asks for one.
pub(super) async fn get(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    filters: Filters,
) -> Answer {
    let mut tx = app.db.read().await?;
    let record = fetch(&mut tx, &id).await?;
    let mut form = Form::prefilled([("other", filters.one("other"))]);
    let mut other = None;
    if form.filled("other") {
        let code = fold(form.one("other")).to_uppercase();
        other = enterprises::by_uscc(&mut tx, &code).await?.filter(|other| other.id != record.id && other.active);
        if other.is_none() {
            form.fail("other", "no_such_code");
        }
    }
    show(&mut tx, &me, record, other, form).await
}

/// `POST /console/enterprises/{id}/merge` with `into` and `confirm`.
pub(super) async fn post(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>, form: Form) -> Answer {
    let mut form = form.only(&["into", "confirm"]);
    let mut tx = app.db.write().await?;
    let record = fetch(&mut tx, &id).await?;
    let into = form.choice("into", EnterpriseId::parse);
    let mut done = Ok(());
    if let Some(into) = into {
        let (service, actor, typed) = (&app.service, me.actor(), form.one("confirm"));
        done = merge_enterprises(&mut tx, service, me.now, &actor, record.id, into, typed).await;
    }
    if let (Some(()), Some(into)) = (settle(tx, &mut form, done).await?, into) {
        return see_other(&paths::item(paths::ENTERPRISES, into));
    }
    let mut tx = app.db.read().await?;
    let other = match into {
        Some(id) => enterprises::get(&mut tx, id).await?.filter(|other| other.id != record.id && other.active),
        None => None,
    };
    show(&mut tx, &me, record, other, form).await
}

async fn show(
    tx: &mut Tx,
    me: &Console<OPERATOR>,
    record: EnterpriseRecord,
    other: Option<EnterpriseRecord>,
    form: Form,
) -> Answer {
    let page = me.page(tx).await?;
    let preview = match other {
        Some(other) => Some(Preview {
            into: other.id,
            pairs: pairs(&page, &record, &other),
            name: other.name,
            moved: merges::holdings(tx, record.id).await?,
        }),
        None => None,
    };
    let back = paths::item(paths::ENTERPRISES, record.id);
    html_with(form.status(), &View { page, form, back, name: record.name, preview })
}

fn pairs(page: &Page, given_up: &EnterpriseRecord, kept: &EnterpriseRecord) -> Vec<Pair> {
    let pair = |field: &str, of: &dyn Fn(&EnterpriseRecord) -> String| {
        let (a, b) = (of(given_up), of(kept));
        Pair { label: page.t(&format!("registry-field-{field}")), differs: a != b, given_up: a, kept: b }
    };
    vec![
        pair("name", &|e| e.name.clone()),
        pair("uscc", &|e| e.uscc.clone()),
        pair("town", &|e| e.town.clone()),
        pair("address", &|e| e.address.clone()),
        pair("industry", &|e| e.industry.clone()),
        pair("credit-class", &|e| class(page, e.credit_class)),
        pair("tags", &|e| e.tags.join(&page.t("list-comma"))),
        pair("email", &|e| e.email.clone()),
    ]
}
