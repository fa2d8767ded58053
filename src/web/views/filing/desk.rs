//! Who files at which code: taken from a request before each step of the form.

use crate::actions::Snapshot;
use crate::app::App;
use crate::storage::devices::Device;
use crate::storage::scanned::{Premises, ScannedSign};
use crate::web::error::AppError;
use crate::web::extract::{Inspecting, Now};
use crate::web::page::Page;
use crate::web::views::code::lookup::{self, Entered, Trouble};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// What every step needs: where the code hangs, who files, and the registries.
pub(in crate::web) struct Desk {
    pub app: App,
    pub now: DateTime<Utc>,
    pub page: Page,
    pub inspecting: Inspecting,
    pub sign: ScannedSign,
    pub premises: Premises,
    pub snapshot: Arc<Snapshot>,
}

/// An unknown or locked phone is led to where it can go on; a code that does not open is answered by what is wrong with it.
impl FromRequestParts<App> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Ok(Now(now)) = Now::from_request_parts(parts, app).await;
        let Ok(page) = Page::from_request_parts(parts, app).await;
        let Path(token) = Path::<String>::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let secret = Inspecting::secret_hash(parts, app).unwrap_or_default();
        let (entered, phone, snapshot) = look(app, now, &token, &secret).await.map_err(IntoResponse::into_response)?;
        let known = phone.and_then(|phone| Inspecting::owner(phone, &snapshot));
        let inspecting = Inspecting::let_in(known, parts, app).map_err(|led| *led)?;
        match entered {
            Ok(Entered { sign, premises, .. }) => {
                Ok(Self { app: app.clone(), now, page, inspecting, sign, premises, snapshot })
            }
            Err(trouble) => Err(lookup::trouble(page, trouble).into_response()),
        }
    }
}

type Seen = (Result<Entered, Trouble>, Option<Device>, Arc<Snapshot>);

async fn look(app: &App, now: DateTime<Utc>, token: &str, secret_hash: &[u8]) -> Result<Seen, AppError> {
    let mut tx = app.db.glance().await?;
    let (entered, phone) = lookup::enter_with_phone(&mut tx, now, token, secret_hash).await?;
    let snapshot = app.service.snapshot(&mut tx).await?;
    Ok((entered, phone, snapshot))
}
