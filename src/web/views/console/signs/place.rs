//! Where a sign belongs: `/console/signs/bind?token=…`, what an operator's phone opens when it scans a blank sign, and
//! `/console/signs/{id}/move` for one that is to hang elsewhere. Both search the unit, then name the place.

use super::{Shown, fetch, places, shown};
use crate::actions::{bind_sign, move_sign};
use crate::app::App;
use crate::domain::id::EnterpriseId;
use crate::domain::sign::{PLACE_MAX, SignState, UnitKind};
use crate::domain::sign_code::SignToken;
use crate::storage::signs::{self, SignRecord, Spot};
use crate::storage::{Tx, enterprise_lists, enterprises, sites};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, OPERATOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, html, html_with, see_other};
use crate::web::settle::settle;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use uuid::Uuid;

/// So many units are offered; a longer word finds fewer.
const SHOWN: i64 = 20;

struct Hit {
    id: String,
    name: String,
    more: String,
}

#[derive(Template)]
#[template(path = "pages/console/signs/place.html")]
struct PlaceForm {
    page: Page,
    form: Form,
    sign: Shown,
    kind: UnitKind,
    binding: bool,
    /// Where the form goes, and the search.
    action: String,
    token: String,
    query: String,
    hits: Vec<Hit>,
    places: Vec<String>,
    /// It was scanned: another unit has to be confirmed.
    scanned: bool,
}

/// `GET /console/signs/bind?token=…&q=…`.
pub(in crate::web::views::console) async fn get_bind(
    State(app): State<App>,
    me: Console<OPERATOR>,
    filters: Filters,
) -> Answer {
    let mut tx = app.db.read().await?;
    let sign = by_token(&mut tx, filters.one("token")).await?;
    if sign.state != SignState::Blank {
        return see_other(&paths::item(paths::SIGNS, sign.id));
    }
    let query = filters.words("q").unwrap_or_default();
    let page = me.page(&mut tx).await?;
    html(&view(&app, &mut tx, page, sign, Form::default(), query, true).await?)
}

/// `POST /console/signs/bind` with `token`, `sign_unit`, `place`.
pub(in crate::web::views::console) async fn post_bind(
    State(app): State<App>,
    me: Console<OPERATOR>,
    form: Form,
) -> Answer {
    let sign = {
        let mut tx = app.db.read().await?;
        by_token(&mut tx, form.one("token")).await?
    };
    change(&app, &me, sign, form, true).await
}

/// `GET /console/signs/{id}/move`.
pub(in crate::web::views::console) async fn get_move(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    filters: Filters,
) -> Answer {
    let sign = fetch(&app, &id).await?;
    if !sign.state.in_use() {
        return Err(AppError::State(sign.state.as_str()));
    }
    let mut form = Form::default();
    form.set("place", sign.place.clone());
    let site = sign.site.map(|site| format!("/{site}")).unwrap_or_default();
    form.set("sign_unit", sign.unit.map(|unit| format!("{unit}{site}")).unwrap_or_default());
    let mut tx = app.db.read().await?;
    let query = filters.words("q").unwrap_or_default();
    let page = me.page(&mut tx).await?;
    html(&view(&app, &mut tx, page, sign, form, query, false).await?)
}

/// `POST /console/signs/{id}/move` with `sign_unit`, `place` and, for one that was scanned, `confirm_move`.
pub(in crate::web::views::console) async fn post_move(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let sign = fetch(&app, &id).await?;
    change(&app, &me, sign, form, false).await
}

async fn change(app: &App, me: &Console<OPERATOR>, sign: SignRecord, mut form: Form, binding: bool) -> Answer {
    let unit = form.choice("sign_unit", parse_unit);
    let place = form.optional_line("place", PLACE_MAX);
    if let Some((unit, site)) = unit.filter(|_| !form.has_errors()) {
        let spot = Spot { kind: sign.unit_kind, unit, site, place };
        let mut tx = app.db.write().await?;
        let done = if binding {
            bind_sign(&mut tx, &app.service, me.now, &me.actor(), sign.id, spot).await
        } else {
            let confirmed = form.filled("confirm_move");
            move_sign(&mut tx, &app.service, me.now, &me.actor(), sign.id, spot, confirmed).await
        };
        if let Some(sign) = settle(tx, &mut form, done).await? {
            return see_other(&paths::item(paths::SIGNS, sign.id));
        }
    }
    let mut tx = app.db.read().await?;
    let page = me.page(&mut tx).await?;
    let query = form.one("q").to_owned();
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &view(app, &mut tx, page, sign, form, query, binding).await?)
}

/// What a choice says: a unit, or a unit and one of its sites.
fn parse_unit(text: &str) -> Option<(Uuid, Option<Uuid>)> {
    match text.split_once('/') {
        Some((unit, site)) => Some((Uuid::try_parse(unit).ok()?, Some(Uuid::try_parse(site).ok()?))),
        None => Some((Uuid::try_parse(text).ok()?, None)),
    }
}

async fn by_token(tx: &mut Tx, token: &str) -> Result<SignRecord, AppError> {
    let token = SignToken::parse(token).map_err(|_| AppError::NotFound)?;
    signs::by_token(tx, token.as_str()).await?.ok_or(AppError::NotFound)
}

async fn view(
    app: &App,
    tx: &mut Tx,
    page: Page,
    sign: SignRecord,
    form: Form,
    query: String,
    binding: bool,
) -> Result<PlaceForm, AppError> {
    let chosen = parse_unit(form.one("sign_unit")).map(|(unit, _)| unit);
    let hits = match sign.unit_kind {
        UnitKind::Enterprise => found_enterprises(tx, &query, chosen).await?,
        UnitKind::Agency => {
            let snapshot = app.service.snapshot(tx).await?;
            let mut hits: Vec<Hit> = snapshot
                .registries
                .agencies
                .values()
                .filter(|agency| agency.name.contains(&query) || chosen == Some(agency.id.0))
                .map(|agency| Hit { id: agency.id.to_string(), name: agency.name.clone(), more: String::new() })
                .collect();
            hits.sort_by(|a, b| a.name.cmp(&b.name));
            hits
        }
    };
    Ok(PlaceForm {
        action: if binding { paths::SIGN_BIND.to_owned() } else { paths::sign_move(sign.id) },
        token: if binding { sign.token.clone() } else { String::new() },
        kind: sign.unit_kind,
        scanned: !binding && sign.first_scanned_at.is_some(),
        places: places(&page),
        sign: shown(&page, sign),
        form,
        binding,
        query,
        hits,
        page,
    })
}

/// What the search finds, and before it the one that is chosen already.
async fn found_enterprises(tx: &mut Tx, query: &str, chosen: Option<Uuid>) -> Result<Vec<Hit>, AppError> {
    let mut found = Vec::new();
    if let Some(chosen) = chosen {
        found.extend(enterprises::get(tx, EnterpriseId(chosen)).await?);
    }
    if !query.is_empty() {
        let more = enterprise_lists::search(tx, Some(query), None, SHOWN).await?;
        found.extend(more.into_iter().filter(|enterprise| Some(enterprise.id.0) != chosen));
    }
    let more = |town: &str, address: &str| format!("{town} {address}").trim().to_owned();
    let mut hits = Vec::new();
    for e in found {
        hits.push(Hit { id: e.id.to_string(), name: e.name.clone(), more: more(&e.town, &e.address) });
        for site in sites::of_enterprise(tx, e.id).await?.into_iter().filter(|site| site.active) {
            hits.push(Hit {
                id: format!("{}/{}", e.id, site.id),
                name: format!("{} · {}", e.name, site.name),
                more: more(&site.town, &site.address),
            });
        }
    }
    Ok(hits)
}
