//! The id in a path. What is no id names nothing: 404.

use super::body;
use crate::web::error::AppError;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use uuid::Uuid;

/// `{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| AppError::NotFound)?;
        body::uuid(&text).map(Self).map_err(|_| AppError::NotFound)
    }
}
