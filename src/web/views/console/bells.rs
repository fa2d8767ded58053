//! `/console/bells`: group robots that ring beside the mails. Administrators set them up, try them and pause them; an address is never shown again.

use super::Choice;
use crate::actions::bells::{Address, NewBell, add_bell, set_bell, test_bell};
use crate::app::App;
use crate::domain::bell::{BellKind, BellState};
use crate::domain::text::NAME_MAX;
use crate::domain::user::Office;
use crate::storage::{Tx, bells};
use crate::web::error::AppError;
use crate::web::extract::console::{ADMINISTRATOR, Console};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::settle::settle;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use uuid::Uuid;

/// The longest address or secret.
const ADDRESS_MAX: usize = 500;

struct Line {
    id: String,
    name: String,
    kind: String,
    host: String,
    office: String,
    active: bool,
    state: String,
    waiting: i64,
    stuck: i64,
    last: String,
    trouble: String,
}

#[derive(Template)]
#[template(path = "pages/console/bells.html")]
struct View {
    page: Page,
    form: Form,
    kinds: Vec<Choice>,
    offices: Vec<Choice>,
    lines: Vec<Line>,
}

/// `GET /console/bells`.
pub(super) async fn get(State(app): State<App>, me: Console<ADMINISTRATOR>) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    html(&view(&mut tx, page, Form::default()).await?)
}

/// `POST /console/bells`.
pub(super) async fn add(State(app): State<App>, me: Console<ADMINISTRATOR>, form: Form) -> Answer {
    let mut form = form.only(&["kind", "name", "url", "secret", "office"]);
    let kind = form.choice("kind", BellKind::parse);
    let name = form.line("name", NAME_MAX);
    let url = form.line("url", ADDRESS_MAX);
    let secret = form.optional_line("secret", ADDRESS_MAX);
    let office = Office::parse(form.one("office"));
    if let Some(kind) = kind.filter(|_| !form.has_errors()) {
        let mut tx = app.db.write().await?;
        let new = NewBell { kind, name, address: Address { url, secret }, office };
        let done = add_bell(&mut tx, &app.service, me.now, &me.actor(), &new).await;
        if settle(tx, &mut form, done).await?.is_some() {
            return see_other(paths::BELLS);
        }
    }
    let mut tx = app.db.read().await?;
    let mut page = me.page(&mut tx).await?;
    page.posted = true;
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(&mut tx, page, form).await?)
}

/// `POST /console/bells/{id}/{what}`: `test`, `pause`, `resume`.
pub(super) async fn change(
    State(app): State<App>,
    me: Console<ADMINISTRATOR>,
    Path((id, what)): Path<(String, String)>,
) -> Answer {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    let (service, actor) = (&app.service, me.actor());
    let mut tx = app.db.write().await?;
    match what.as_str() {
        "test" => test_bell(&mut tx, service, me.now, &actor, id).await?,
        "pause" => set_bell(&mut tx, service, me.now, &actor, id, BellState::Paused).await?,
        "resume" => set_bell(&mut tx, service, me.now, &actor, id, BellState::Active).await?,
        _ => return Err(AppError::NotFound),
    }
    tx.commit().await?;
    see_other(paths::BELLS)
}

async fn view(tx: &mut Tx, page: Page, form: Form) -> Result<View, AppError> {
    let ringing: std::collections::HashMap<_, _> = bells::ringing(tx).await?.into_iter().collect();
    let all = bells::list(tx).await?;
    let lines = all.into_iter().map(|bell| {
        let rung = ringing.get(&bell.id).cloned().unwrap_or_default();
        Line {
            id: bell.id.to_string(),
            kind: page.t(&format!("bell-kind-{}", bell.kind)),
            office: bell.office.map_or_else(|| page.t("bell-office-any"), |office| page.t(&format!("office-{office}"))),
            active: bell.state == BellState::Active,
            state: page.t(&format!("bell-{}", bell.state)),
            waiting: rung.waiting,
            stuck: rung.stuck,
            last: rung.last_sent.map_or_else(|| page.t("none"), |at| page.time(&at)),
            trouble: rung.trouble,
            name: bell.name,
            host: bell.host,
        }
    });
    let lines = lines.collect();
    let choice =
        |code: &str, prefix: &str| Choice { value: code.to_owned(), label: page.t(&format!("{prefix}-{code}")) };
    let kinds = BellKind::ALL.iter().map(|kind| choice(kind.as_str(), "bell-kind")).collect();
    let offices = Office::ALL.iter().map(|office| choice(office.as_str(), "office")).collect();
    Ok(View { page, form, kinds, offices, lines })
}
