//! `/console/screens`: links to the large screen, made and revoked by supervisors.

use crate::actions::{create_screen, revoke_screen};
use crate::app::App;
use crate::domain::text::NAME_MAX;
use crate::storage::{Tx, screens, users};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::{cookies, paths};
use askama::Template;
use axum::extract::{Path, State};
use uuid::Uuid;

struct Line {
    id: String,
    name: String,
    made: String,
    by: String,
    revoked: String,
}

#[derive(Template)]
#[template(path = "pages/console/dashboard/screens.html")]
struct View {
    page: Page,
    form: Form,
    lines: Vec<Line>,
    /// The link of the one just made: it is shown once.
    link: String,
}

/// `GET /console/screens`.
pub(super) async fn get(State(app): State<App>, me: Console<SUPERVISOR>) -> Answer {
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    html(&view(&mut tx, page, Form::default(), String::new()).await?)
}

/// `POST /console/screens`: answers with the link, which nothing can show again.
pub(super) async fn create(State(app): State<App>, me: Console<SUPERVISOR>, form: Form) -> Answer {
    let mut form = form.only(&["name"]);
    let name = form.line("name", NAME_MAX);
    let mut link = String::new();
    if !form.has_errors() {
        let mut tx = app.db.write().await?;
        let secret = create_screen(&mut tx, &app.service, me.now, &me.actor(), &name).await?;
        tx.commit().await?;
        let base = &app.service.settings.public_url;
        link = format!("{base}{}", paths::screen(&cookies::encode_secret(&secret)));
    }
    let status = form.status();
    let mut tx = app.db.read().await?;
    let mut page = me.page(&mut tx).await?;
    page.posted = true;
    let form = if form.has_errors() { form } else { Form::default() };
    html_with(status, &view(&mut tx, page, form, link).await?)
}

/// `POST /console/screens/{id}/revoke`.
pub(super) async fn revoke(State(app): State<App>, me: Console<SUPERVISOR>, Path(id): Path<String>) -> Answer {
    let id = Uuid::try_parse(&id).map_err(|_| AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    revoke_screen(&mut tx, &app.service, me.now, &me.actor(), id).await?;
    tx.commit().await?;
    see_other(paths::SCREENS)
}

async fn view(tx: &mut Tx, page: Page, form: Form, link: String) -> Result<View, AppError> {
    let people = users::list(tx).await?;
    let lines = screens::list(tx).await?.into_iter().map(|screen| Line {
        id: screen.id.to_string(),
        made: page.time(&screen.created_at),
        by: people
            .iter()
            .find(|user| Some(user.id) == screen.created_by)
            .map(|user| user.name.clone())
            .unwrap_or_default(),
        revoked: screen.revoked_at.map(|at| page.time(&at)).unwrap_or_default(),
        name: screen.name,
    });
    Ok(View { lines: lines.collect(), page, form, link })
}
