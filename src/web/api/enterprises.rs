//! `GET enterprises`: whom filings are about.

use super::auth::Reader;
use super::query::{Paged, Query, name_cursor, read_name_cursor};
use crate::app::App;
use crate::domain::enterprise::CreditClass;
use crate::domain::id::EnterpriseId;
use crate::storage::enterprise_lists;
use crate::storage::enterprises::EnterpriseRecord;
use crate::web::error::AppError;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// An enterprise (企业).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Enterprise)]
pub struct EnterpriseView {
    /// Identity.
    pub id: EnterpriseId,
    /// Unified social credit code (统一社会信用代码).
    pub uscc: String,
    /// Registered name.
    pub name: String,
    /// Town or street office (镇街).
    pub town: String,
    /// Address.
    pub address: String,
    /// Industry code (行业代码).
    pub industry: String,
    /// Credit class; `null` if unclassified.
    pub credit_class: Option<CreditClass>,
    /// Tags (重点企业类别).
    pub tags: Vec<String>,
}

impl From<EnterpriseRecord> for EnterpriseView {
    fn from(e: EnterpriseRecord) -> Self {
        Self {
            id: e.id,
            uscc: e.uscc,
            name: e.name,
            town: e.town,
            address: e.address,
            industry: e.industry,
            credit_class: e.credit_class,
            tags: e.tags,
        }
    }
}

/// What to search for, and which page.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchParams {
    /// A part of the name; of an enterprise also of its initials, address or credit code.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// `next_cursor` of the page before.
    #[param(pattern = "^[A-Za-z0-9_-]{22,}$")]
    pub cursor: Option<String>,
    /// The most entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u32>,
}

/// List enterprises
///
/// The active ones by name.
#[utoipa::path(
    get, path = "/api/v1/enterprises", operation_id = "listEnterprises", tag = "registries", params(SearchParams),
    responses((status = 200, description = "A page of enterprises.", body = Paged<EnterpriseView>))
)]
pub(super) async fn list(
    State(app): State<App>,
    _reader: Reader,
    mut query: Query,
) -> Result<Json<Paged<EnterpriseView>>, AppError> {
    let words = query.words();
    let after = query.cursor(read_name_cursor);
    let limit = query.limit();
    query.end()?;
    let mut tx = app.db.read().await?;
    let rows = enterprise_lists::search(&mut tx, words.as_deref(), after, i64::from(limit) + 1).await?;
    Ok(Json(Paged::new(rows, limit, |row| name_cursor(&row.name, row.id.0), EnterpriseView::from)))
}
