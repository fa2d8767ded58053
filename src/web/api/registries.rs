//! `GET agencies`, `GET matters`, `GET inspectors`: the registries that filings refer to, from the snapshot that the rules use.

use super::auth::Reader;
use super::enterprises::SearchParams;
use super::query::{Paged, Query, name_cursor, read_name_cursor};
use crate::app::App;
use crate::domain::agency::{Agency, Matter};
use crate::domain::id::{AgencyId, MatterId};
use crate::domain::inspector::Inspector;
use crate::web::error::AppError;
use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// An agency (单位).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Agency)]
pub struct AgencyView {
    /// Identity.
    pub id: AgencyId,
    /// Full official name.
    pub name: String,
    /// Usual short name; may be empty.
    pub short_name: String,
    /// The agency that this one belongs to.
    pub parent: Option<AgencyId>,
}

/// A published inspection matter (检查事项).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Matter)]
pub struct MatterView {
    /// Identity.
    pub id: MatterId,
    /// The agency whose list it is on.
    pub agency: AgencyId,
    /// Name.
    pub name: String,
    /// The cross-agency matter group (事项组); may be empty.
    pub group: String,
    /// The law and article that it rests on; may be empty.
    pub legal_basis: String,
    /// First day on the published list.
    pub published_from: NaiveDate,
    /// Last day on the published list; `null` if it is open.
    pub published_to: Option<NaiveDate>,
}

/// An inspector (执法人员); filings refer to the certificate number.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Inspector)]
pub struct InspectorView {
    /// Certificate number.
    pub cert_no: String,
    /// Name.
    pub name: String,
    /// The agency that the certificate was issued for.
    pub agency: AgencyId,
    /// First day of validity.
    pub valid_from: NaiveDate,
    /// Last day of validity; `null` if it is open.
    pub valid_to: Option<NaiveDate>,
    /// Suspended from enforcement (暂扣).
    pub suspended: bool,
}

/// Of which agency.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AgencyParam {
    /// Those of this agency.
    #[param(value_type = Option<uuid::Uuid>)]
    pub agency: Option<AgencyId>,
}

/// List agencies
///
/// All agencies by name.
#[utoipa::path(
    get, path = "/api/v1/agencies", operation_id = "listAgencies", tag = "registries", params(SearchParams),
    responses((status = 200, description = "A page of agencies.", body = Paged<AgencyView>))
)]
pub(super) async fn agencies(
    State(app): State<App>,
    _reader: Reader,
    mut query: Query,
) -> Result<Json<Paged<AgencyView>>, AppError> {
    let wanted = Wanted::read(&mut query);
    query.end()?;
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let rows = snapshot.registries.agencies.values();
    let rows = wanted.page(rows);
    Ok(Json(Paged::new(
        rows,
        wanted.limit,
        |a| name_cursor(&a.name, a.id.0),
        |a| AgencyView { id: a.id, name: a.name.clone(), short_name: a.short_name.clone(), parent: a.parent },
    )))
}

/// List matters
///
/// All published matters by name.
#[utoipa::path(
    get, path = "/api/v1/matters", operation_id = "listMatters", tag = "registries",
    params(AgencyParam, SearchParams),
    responses((status = 200, description = "A page of matters.", body = Paged<MatterView>))
)]
pub(super) async fn matters(
    State(app): State<App>,
    _reader: Reader,
    mut query: Query,
) -> Result<Json<Paged<MatterView>>, AppError> {
    let agency = query.id("agency", AgencyId);
    let wanted = Wanted::read(&mut query);
    query.end()?;
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let rows = snapshot.registries.matters.values().filter(|m| agency.is_none_or(|agency| m.agency == agency));
    let rows = wanted.page(rows);
    Ok(Json(Paged::new(
        rows,
        wanted.limit,
        |m| name_cursor(&m.name, m.id.0),
        |m| MatterView {
            id: m.id,
            agency: m.agency,
            name: m.name.clone(),
            group: m.group.clone(),
            legal_basis: m.legal_basis.clone(),
            published_from: m.published_from,
            published_to: m.published_to,
        },
    )))
}

/// List inspectors
///
/// By name. An agency's token lists those of its own authority, teams and stations included.
#[utoipa::path(
    get, path = "/api/v1/inspectors", operation_id = "listInspectors", tag = "registries",
    params(AgencyParam, SearchParams),
    responses((status = 200, description = "A page of inspectors.", body = Paged<InspectorView>))
)]
pub(super) async fn inspectors(
    State(app): State<App>,
    Reader { caller, place: _place }: Reader,
    mut query: Query,
) -> Result<Json<Paged<InspectorView>>, AppError> {
    let agency = query.id("agency", AgencyId);
    let wanted = Wanted::read(&mut query);
    query.end()?;
    let mut tx = app.db.read().await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    let registries = &snapshot.registries;
    let own = caller.agency().map(|own| registries.root(own));
    let rows = registries
        .inspectors
        .values()
        .filter(|i| agency.is_none_or(|agency| i.agency == agency))
        .filter(|i| own.is_none_or(|own| registries.root(i.agency) == own));
    let rows = wanted.page(rows);
    Ok(Json(Paged::new(
        rows,
        wanted.limit,
        |i| name_cursor(&i.name, i.id.0),
        |i| InspectorView {
            cert_no: i.cert_no.clone(),
            name: i.name.clone(),
            agency: i.agency,
            valid_from: i.valid_from,
            valid_to: i.valid_to,
            suspended: i.suspended,
        },
    )))
}

/// What is searched for, and which page.
struct Wanted {
    words: Option<String>,
    after: Option<(String, Uuid)>,
    limit: u32,
}

impl Wanted {
    fn read(query: &mut Query) -> Self {
        let (words, after) = (query.words(), query.cursor(read_name_cursor));
        Self { words, after, limit: query.limit() }
    }

    /// The entries of the page and one more, by name.
    fn page<'a, T: Entry + 'a>(&self, all: impl Iterator<Item = &'a T>) -> Vec<&'a T> {
        let found = |entry: &T| {
            self.words.as_deref().is_none_or(|words| entry.texts().iter().any(|t| t.to_lowercase().contains(words)))
        };
        let later = |entry: &T| self.after.as_ref().is_none_or(|(name, id)| entry.key() > (name.as_str(), *id));
        let mut rows: Vec<&T> = all.filter(|entry| found(entry) && later(entry)).collect();
        rows.sort_unstable_by(|a, b| a.key().cmp(&b.key()));
        rows.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX).saturating_add(1));
        rows
    }
}

/// An entry of a registry: what it is sorted by, and what a search looks at.
trait Entry {
    fn key(&self) -> (&str, Uuid);
    fn texts(&self) -> [&str; 2];
}

impl Entry for Agency {
    fn key(&self) -> (&str, Uuid) {
        (&self.name, self.id.0)
    }

    fn texts(&self) -> [&str; 2] {
        [&self.name, &self.short_name]
    }
}

impl Entry for Matter {
    fn key(&self) -> (&str, Uuid) {
        (&self.name, self.id.0)
    }

    fn texts(&self) -> [&str; 2] {
        [&self.name, &self.group]
    }
}

impl Entry for Inspector {
    fn key(&self) -> (&str, Uuid) {
        (&self.name, self.id.0)
    }

    fn texts(&self) -> [&str; 2] {
        [&self.name, &self.cert_no]
    }
}
