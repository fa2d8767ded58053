//! One error for every handler. It travels in the response's extensions to the layer `middleware::errors`, which logs it once and renders
//! it as a page or as problem details; internal text never reaches the reader.

use crate::actions::{ActionError, FieldError};
use crate::storage::StorageError;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::fmt::Display;
use std::sync::Arc;

/// Why a request was not answered as asked.
#[derive(Clone, Debug)]
pub enum AppError {
    /// There is no such page or object, or not for this person: the two are not told apart.
    NotFound,
    /// The bytes are no UTF-8.
    BadEncoding,
    /// The request is not one that the program's pages send.
    BadRequest(&'static str),
    /// The body is larger than allowed.
    TooLarge,
    /// The method is not for this path.
    MethodNotAllowed,
    /// A form was sent from another site.
    CrossSite,
    /// The `Host` is none of this server.
    WrongHost,
    /// Signed in, but not allowed; only where hiding the object would serve nobody.
    Forbidden,
    /// Too many attempts; the seconds until there may be another.
    TooMany(i64),
    /// The request took too long.
    Slow,
    /// The server cannot do it now.
    Unavailable,
    /// It was worked out before its turn and is to be done in it ([`StorageError::InTurn`]): never an answer.
    InTurn,
    /// The object was changed in between.
    Stale,
    /// The object's state does not allow it.
    State(&'static str),
    /// The submission id was used with other content.
    OtherContent(Option<uuid::Uuid>),
    /// Fields are wrong. Pages show the form again instead; this is what the API answers.
    Fields(Vec<FieldError>),
    /// What only the API refuses.
    Api(super::api::Refusal),
    /// Something inside failed. The text is for the log alone.
    Internal(Arc<str>),
}

impl AppError {
    /// A failure inside, with its text for the log.
    pub fn internal(error: &impl Display) -> Self {
        Self::Internal(error.to_string().into())
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BadEncoding | Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::CrossSite | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Unavailable | Self::InTurn => StatusCode::SERVICE_UNAVAILABLE,
            Self::Stale | Self::State(_) | Self::OtherContent(_) => StatusCode::CONFLICT,
            Self::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Api(refusal) => refusal.status(),
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The key of the words: the title as it is, what to do with `-do` behind.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "page-not-found",
            Self::BadEncoding => "page-bad-encoding",
            Self::BadRequest(_) | Self::Api(_) => "page-bad-request",
            Self::TooLarge => "page-too-large",
            Self::MethodNotAllowed => "page-method",
            Self::CrossSite => "page-cross-site",
            Self::WrongHost => "page-host",
            Self::Forbidden => "page-forbidden",
            Self::TooMany(_) => "page-busy",
            Self::Slow => "page-slow",
            Self::Unavailable | Self::InTurn => "page-unavailable",
            Self::Stale => "page-stale",
            Self::State("arrived") => "page-arrived",
            Self::State("not_arrived") => "page-not-arrived",
            Self::State(_) => "page-state",
            Self::OtherContent(_) => "page-other-content",
            Self::Fields(_) => "page-unprocessable",
            Self::Internal(_) => "page-internal",
        }
    }

    /// The error that a bare status stands for, where a layer answered without one.
    #[must_use]
    pub fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::FORBIDDEN => Self::CrossSite,
            StatusCode::REQUEST_TIMEOUT => Self::Slow,
            StatusCode::TOO_MANY_REQUESTS => Self::TooMany(1),
            StatusCode::MISDIRECTED_REQUEST => Self::WrongHost,
            StatusCode::UNPROCESSABLE_ENTITY => Self::Fields(Vec::new()),
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            status if status.is_client_error() => Self::BadRequest("refused"),
            status => Self::Internal(status.as_str().into()),
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let after = match self {
            Self::Unavailable | Self::InTurn => Some(1),
            Self::TooMany(seconds) => Some(seconds.max(1)),
            _ => None,
        };
        if let Some(seconds) = after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StorageError> for AppError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Stale(_) => Self::Stale,
            StorageError::InTurn => Self::InTurn,
            busy if busy.is_busy() => {
                tracing::warn!(error = %busy, "the database was busy");
                Self::Unavailable
            }
            other => Self::internal(&other),
        }
    }
}

impl From<ActionError> for AppError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Malformed(fields) => Self::Fields(fields),
            ActionError::NotFound(_) => Self::NotFound,
            ActionError::State(why) => Self::State(why),
            ActionError::OtherContent(id) => Self::OtherContent(id),
            ActionError::Stale(_) => Self::Stale,
            ActionError::Busy => Self::Unavailable,
            ActionError::Storage(error) => error.into(),
            ActionError::Internal(text) => Self::Internal(text.into()),
        }
    }
}
