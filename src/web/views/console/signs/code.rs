//! The code of one sign as a picture, to look at or to print.

use super::fetch;
use crate::app::App;
use crate::domain::sign::{self, UnitKind};
use crate::print::qr::{self, Medium, QrError};
use crate::web::error::AppError;
use crate::web::extract::Filters;
use crate::web::extract::console::{Console, LIAISON, OPERATOR, SUPERVISOR};
use crate::web::respond::Answer;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::Response;

/// Pixels of a module of a downloaded image: 90 mm at 300 dpi for the usual code.
const PIXELS: usize = 20;

/// Pixels of a module on a page.
const PIXELS_SHOWN: usize = 6;

/// `GET /console/signs/{id}/code.svg` and `….png`, with `?medium=screen|paper|outdoor` and `?shown` for the small one of a page.
pub(in crate::web::views::console) async fn get(
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
