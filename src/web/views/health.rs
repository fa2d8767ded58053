//! `/healthz` says that the process runs, `/readyz` that it can also reach its database.

use crate::app::App;
use crate::storage::registries;
use crate::web::error::AppError;
use axum::extract::State;

/// `GET /healthz`.
pub(in crate::web) async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`.
pub(in crate::web) async fn ready(State(app): State<App>) -> Result<&'static str, AppError> {
    let mut tx = app.db.read().await.map_err(|_| AppError::Unavailable)?;
    registries::version(&mut tx).await.map_err(|_| AppError::Unavailable)?;
    Ok("ok\n")
}
