//! `/console/signs/new`: one more sign of an enterprise or agency, with its site and place.

use super::{places, unit_path};
use crate::actions::issue_sign_at;
use crate::app::App;
use crate::domain::id::EnterpriseId;
use crate::domain::sign::{PLACE_MAX, UnitKind};
use crate::storage::signs::Spot;
use crate::storage::{sign_lists, sites};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::settle::settle;
use crate::web::views::console::Choice;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "pages/console/signs/new.html")]
struct NewSign {
    page: Page,
    form: Form,
    name: String,
    kind: UnitKind,
    unit: Uuid,
    back: String,
    sites: Vec<Choice>,
    places: Vec<String>,
}

/// `GET /console/signs/new?unit_kind=…&unit=…`.
pub(in crate::web::views::console) async fn get(
    State(app): State<App>,
    me: Console<OPERATOR>,
    filters: Filters,
) -> Answer {
    html(&view(&app, &me, filters.form).await?)
}

/// `POST /console/signs/issue` with `unit_kind`, `unit`, `sign_site`, `place`.
pub(in crate::web::views::console) async fn post(
    State(app): State<App>,
    me: Console<OPERATOR>,
    mut form: Form,
) -> Answer {
    let (kind, unit) = unit(&form)?;
    let place = form.optional_line("place", PLACE_MAX);
    let site = form.filled("sign_site").then(|| form.choice("sign_site", |text| Uuid::try_parse(text).ok())).flatten();
    if !form.has_errors() {
        let mut tx = app.db.write().await?;
        if sign_lists::unit_name(&mut tx, kind, unit).await?.is_none() {
            return Err(AppError::NotFound);
        }
        let spot = Spot { kind, unit, site, place };
        let done = issue_sign_at(&mut tx, &app.service, me.now, &me.actor(), spot).await;
        if settle(tx, &mut form, done).await?.is_some() {
            return see_other(&unit_path(kind, unit));
        }
    }
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(&app, &me, form).await?)
}

fn unit(form: &Form) -> Result<(UnitKind, Uuid), AppError> {
    let kind = UnitKind::parse(form.one("unit_kind")).ok_or(AppError::NotFound)?;
    Ok((kind, Uuid::try_parse(form.one("unit")).map_err(|_| AppError::NotFound)?))
}

async fn view(app: &App, me: &Console<OPERATOR>, form: Form) -> Result<NewSign, AppError> {
    let (kind, unit) = unit(&form)?;
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let name = sign_lists::unit_name(&mut tx, kind, unit).await?.ok_or(AppError::NotFound)?;
    let sites = match kind {
        UnitKind::Enterprise => sites::of_enterprise(&mut tx, EnterpriseId(unit)).await?,
        UnitKind::Agency => Vec::new(),
    };
    let sites = sites.into_iter().filter(|site| site.active);
    Ok(NewSign {
        sites: sites.map(|site| Choice { value: site.id.to_string(), label: site.name }).collect(),
        places: places(&page),
        back: unit_path(kind, unit),
        page,
        form,
        name,
        kind,
        unit,
    })
}
