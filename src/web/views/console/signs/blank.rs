//! `/console/signs/blank`: making blank signs in advance.

use crate::actions::{BLANK_MAX, make_blank_signs};
use crate::app::App;
use crate::domain::sign::UnitKind;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::settle::settle;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

#[derive(Template)]
#[template(path = "pages/console/signs/blank.html")]
struct BlankForm {
    page: Page,
    form: Form,
    most: i64,
}

/// `GET /console/signs/blank`.
pub(in crate::web::views::console) async fn get(State(app): State<App>, me: Console<OPERATOR>) -> Answer {
    let mut tx = app.db.read().await?;
    let mut form = Form::default();
    form.set("unit_kind", UnitKind::Enterprise.as_str());
    html(&BlankForm { page: me.page(&mut tx).await?, form, most: BLANK_MAX })
}

/// `POST /console/signs/blank` with `unit_kind` and `blank_count`.
pub(in crate::web::views::console) async fn post(
    State(app): State<App>,
    me: Console<OPERATOR>,
    mut form: Form,
) -> Answer {
    let kind = form.choice("unit_kind", UnitKind::parse);
    let count = form.choice("blank_count", |text| text.trim().parse::<i64>().ok());
    if let (Some(kind), Some(count)) = (kind, count) {
        let mut tx = app.db.write().await?;
        let done = make_blank_signs(&mut tx, &app.service, me.now, &me.actor(), kind, count).await;
        if let Some(batch) = settle(tx, &mut form, done).await? {
            return see_other(&format!("{}?tab=blank&batch={batch}", paths::SIGNS));
        }
    }
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &BlankForm { page, form, most: BLANK_MAX })
}
