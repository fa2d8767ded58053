//! The signs (码牌) of a unit, as its page shows them, and what an operator does with them: download a code, issue, rotate, revoke.

use crate::actions::{issue_sign, revoke_sign, rotate_sign};
use crate::app::App;
use crate::domain::id::{AgencyId, EnterpriseId, SignId};
use crate::domain::sign::{self, Opening, SignState, UnitKind};
use crate::domain::sign_code::ShortCode;
use crate::print::qr::{self, Medium, QrError};
use crate::storage::signs::{self, SignRecord};
use crate::storage::{Tx, enterprises};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, LIAISON, OPERATOR, SUPERVISOR};
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::respond::{Answer, see_other};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;
use uuid::Uuid;

/// Pixels of a module of a downloaded image: 90 mm at 300 dpi for the usual code.
const PIXELS: usize = 20;

/// Pixels of a module on a page.
const PIXELS_SHOWN: usize = 6;

/// A sign as it is shown.
pub(super) struct Shown {
    pub(super) id: SignId,
    pub(super) short_code: String,
    pub(super) link: String,
    pub(super) edition: i64,
    pub(super) state: String,
    pub(super) state_class: &'static str,
    pub(super) made: String,
    /// More about a replaced or revoked one; may be empty.
    pub(super) more: String,
    pub(super) in_use: bool,
    pub(super) revocable: bool,
}

/// The signs of a unit, the newest first.
pub(super) async fn of_unit(tx: &mut Tx, page: &Page, unit: Uuid) -> Result<Vec<Shown>, AppError> {
    Ok(signs::of_unit(tx, unit).await?.into_iter().map(|record| shown(page, record)).collect())
}

fn shown(page: &Page, record: SignRecord) -> Shown {
    let opening = sign::opening(record.state, record.grace_until, page.now);
    let more = match (record.state, record.grace_until) {
        (SignState::Revoked, _) => page.t1("sign-revoked-because", "reason", &record.revoked_reason),
        (SignState::Replaced, Some(until)) => page.t1("sign-grace-until", "time", page.time(&until)),
        _ => String::new(),
    };
    let short = ShortCode::parse(&record.short_code).map(|code| code.display_groups());
    Shown {
        id: record.id,
        short_code: short.unwrap_or(record.short_code),
        link: sign::link(page.public_url(), record.unit_kind, &record.token),
        edition: record.edition,
        state: page.t(&format!("sign-{}", record.state)),
        state_class: match opening {
            Opening::Open => "done",
            Opening::Grace | Opening::Blank => "wait",
            Opening::Closed => "over",
        },
        made: page.time(&record.created_at),
        more,
        in_use: opening == Opening::Open,
        revocable: !matches!(record.state, SignState::Revoked | SignState::Retired),
    }
}

/// `GET /console/signs/{id}/code.svg` and `….png`, with `?medium=screen|paper|outdoor` and `?shown` for the small one of a page.
pub(super) async fn code(
    State(app): State<App>,
    me: Console<{ SUPERVISOR | OPERATOR | LIAISON }>,
    Path((id, file)): Path<(String, String)>,
    filters: Filters,
) -> Answer {
    let record = fetch(&app, &id).await?;
    if me.own_agency()?.is_some_and(|own| record.unit_kind != UnitKind::Agency || record.unit != Some(own.0)) {
        return Err(AppError::NotFound);
    }
    let medium = Medium::parse(filters.one("medium")).unwrap_or(Medium::Paper);
    let link = sign::link(&app.service.settings.public_url, record.unit_kind, &record.token);
    let failed = |error: QrError| AppError::internal(&error);
    let (kind, bytes) = match file.as_str() {
        "code.svg" => ("image/svg+xml", qr::svg(&link, medium).map_err(failed)?.into_bytes()),
        "code.png" => {
            let pixels = if filters.form.filled("shown") { PIXELS_SHOWN } else { PIXELS };
            ("image/png", qr::png(&link, medium, pixels).map_err(failed)?)
        }
        _ => return Err(AppError::NotFound),
    };
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if !filters.form.filled("shown") {
        let extension = file.rsplit('.').next().unwrap_or_default();
        let name = format!("attachment; filename=\"{}-{}.{extension}\"", record.short_code, medium.as_str());
        let value = HeaderValue::from_str(&name).map_err(|error| AppError::internal(&error))?;
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// `POST /console/signs/issue` with `unit_kind` and `unit`: the first sign of a unit, or a new one after all are revoked.
pub(super) async fn issue(State(app): State<App>, me: Console<OPERATOR>, form: Form) -> Answer {
    let kind = UnitKind::parse(form.one("unit_kind")).ok_or(AppError::NotFound)?;
    let unit = Uuid::try_parse(form.one("unit")).map_err(|_| AppError::NotFound)?;
    let mut tx = app.db.write().await?;
    let known = match kind {
        UnitKind::Enterprise => enterprises::get(&mut tx, EnterpriseId(unit)).await?.is_some(),
        UnitKind::Agency => app.service.snapshot(&mut tx).await?.registries.agencies.contains_key(&AgencyId(unit)),
    };
    if !known {
        return Err(AppError::NotFound);
    }
    let in_use = |sign: &SignRecord| sign::opening(sign.state, sign.grace_until, me.now) == Opening::Open;
    if signs::of_unit(&mut tx, unit).await?.iter().any(in_use) {
        return Err(AppError::State("in_use"));
    }
    issue_sign(&mut tx, &app.service, me.now, &me.actor(), (kind, unit)).await?;
    tx.commit().await?;
    see_other(&unit_path(kind, unit))
}

/// `POST /console/signs/{id}/rotate`: a new sign; the old one opens for 30 days more.
pub(super) async fn rotate(State(app): State<App>, me: Console<OPERATOR>, Path(id): Path<String>) -> Answer {
    let record = fetch(&app, &id).await?;
    let mut tx = app.db.write().await?;
    rotate_sign(&mut tx, &app.service, me.now, &me.actor(), record.id).await?;
    tx.commit().await?;
    see_other(&unit_path(record.unit_kind, record.unit.ok_or(AppError::NotFound)?))
}

/// `POST /console/signs/{id}/revoke` with `reason`: opens nothing from now on.
pub(super) async fn revoke(
    State(app): State<App>,
    me: Console<OPERATOR>,
    Path(id): Path<String>,
    form: Form,
) -> Answer {
    let record = fetch(&app, &id).await?;
    let mut tx = app.db.write().await?;
    revoke_sign(&mut tx, &app.service, me.now, &me.actor(), record.id, form.one("reason")).await?;
    tx.commit().await?;
    see_other(&unit_path(record.unit_kind, record.unit.ok_or(AppError::NotFound)?))
}

async fn fetch(app: &App, id: &str) -> Result<SignRecord, AppError> {
    let id = Uuid::try_parse(id).map(SignId).map_err(|_| AppError::NotFound)?;
    let mut tx = app.db.read().await?;
    signs::get(&mut tx, id).await?.ok_or(AppError::NotFound)
}

fn unit_path(kind: UnitKind, unit: Uuid) -> String {
    match kind {
        UnitKind::Enterprise => paths::item(paths::ENTERPRISES, unit),
        UnitKind::Agency => paths::item(paths::AGENCIES, unit),
    }
}
