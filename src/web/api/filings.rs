//! `GET filings` and `GET filings/{id}`.

use super::auth::{Caller, Reader};
use super::filing_draft::own;
use super::filing_view::FilingView;
use super::path::Id;
use super::query::{Paged, Query, read_time_cursor, time_cursor};
use crate::app::App;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId};
use crate::storage::filing_lists::{self, FilingFilter};
use crate::storage::filings::{self, Scope};
use crate::storage::sites;
use crate::web::error::AppError;
use crate::web::extract::Now;
use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use utoipa::IntoParams;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

/// The states of a filing.
const STATES: &[&str] = &["registered", "arrived", "completed", "overdue", "cancelled"];

/// The schema of a filing's state.
pub(super) fn state_schema() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(STATES.iter().copied())).into()
}

/// Which filings to list.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FilingParams {
    /// Those at this enterprise.
    #[param(value_type = Option<uuid::Uuid>)]
    pub enterprise: Option<EnterpriseId>,
    /// Those of this agency. An agency's token sees its own only.
    #[param(value_type = Option<uuid::Uuid>)]
    pub agency: Option<AgencyId>,
    /// Those whose visit begins on this local day or later.
    pub from: Option<NaiveDate>,
    /// Those whose visit begins on this local day or earlier.
    pub to: Option<NaiveDate>,
    /// Those in this state.
    #[param(schema_with = state_schema)]
    pub state: Option<String>,
    /// `next_cursor` of the page before; without it the list begins with the newest.
    #[param(pattern = "^[A-Za-z0-9_-]{22,}$")]
    pub cursor: Option<String>,
    /// The most entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
}

/// List filings
///
/// Newest first. An agency's token lists its own filings, a supervisor's all of the jurisdiction.
#[utoipa::path(
    get, path = "/api/v1/filings", operation_id = "listFilings", tag = "filings", params(FilingParams),
    responses((status = 200, description = "A page of filings.", body = Paged<FilingView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    Now(now): Now,
    Reader { caller, place: _place }: Reader,
    mut query: Query,
) -> Result<Json<Paged<FilingView>>, AppError> {
    let enterprise = query.id("enterprise", EnterpriseId);
    let agency = query.id("agency", AgencyId);
    let (from, to) = (query.date("from"), query.date("to"));
    let state = query.code("state", |text| STATES.iter().copied().find(|state| *state == text));
    let after = query.cursor(read_time_cursor);
    let limit = query.limit();
    query.end()?;
    if let Some(agency) = agency {
        own(&caller, agency)?;
    }
    let scope = agency.map_or(caller.scope(), Scope::Agency);
    let filter = FilingFilter { scope, enterprise, from, to, state };
    let mut tx = app.db.read().await?;
    let rows = filing_lists::list(&mut tx, &filter, after, i64::from(limit) + 1, now).await?;
    let ids: Vec<FilingId> = rows.iter().map(|row| row.filing.id).collect();
    let sites = sites::of_filings(&mut tx, &ids).await?;
    let cursor = |row: &filings::FilingRecord| time_cursor(row.filing.filed_at, row.filing.id.0);
    let url = &app.service.settings.public_url;
    Ok(Json(Paged::new(rows, limit, cursor, |row| {
        let site = sites.get(&row.filing.id).cloned();
        FilingView::new(row, site, now, url)
    })))
}

/// Read a filing
///
/// A filing that is not the token's is not there: 404.
#[utoipa::path(
    get, path = "/api/v1/filings/{id}", operation_id = "readFiling", tag = "filings",
    params(("id" = uuid::Uuid, Path, description = "The filing.")),
    responses((status = 200, description = "The filing.", body = FilingView))
)]
pub(super) async fn get(
    State(app): State<App>,
    Now(now): Now,
    caller: Caller,
    Id(id): Id,
    query: Query,
) -> Result<Json<FilingView>, AppError> {
    query.end()?;
    let mut tx = app.db.read().await?;
    let record = filings::get(&mut tx, FilingId(id), caller.scope()).await?.ok_or(AppError::NotFound)?;
    let site = sites::of_filing(&mut tx, record.filing.id).await?;
    Ok(Json(FilingView::new(record, site, now, &app.service.settings.public_url)))
}
