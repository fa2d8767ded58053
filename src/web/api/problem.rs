//! Problem details (RFC 9457): every refusal below `/api/`, in English, with stable `type` and `code`. A problem carries nothing that differs
//! from one request to the next (the request's id is in the header), so that an answer that is kept for a key is the same byte for byte.

use crate::actions::FieldError;
use crate::web::error::AppError;
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A refusal that only the API knows.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// No token, or none that is valid.
    Unauthorized,
    /// The role of the token does not allow it.
    Role(&'static str),
    /// The body is not declared as JSON.
    MediaType,
    /// The body is no JSON; where it went wrong.
    Syntax(String),
    /// Values are wrong.
    Input(Vec<InputError>),
    /// The idempotency key was used for another request.
    KeyReused,
}

impl Refusal {
    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Role(_) => StatusCode::FORBIDDEN,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Syntax(_) => StatusCode::BAD_REQUEST,
            Self::Input(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::KeyReused => StatusCode::CONFLICT,
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Api(refusal)
    }
}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct InputError {
    /// The field of the body, the query parameter or the header; empty for the whole.
    #[schema(example = "planned_end")]
    pub field: String,
    /// What is wrong, as a stable code.
    #[schema(example = "end_before_start")]
    pub code: String,
    /// The same in words.
    #[schema(example = "The end must be after the start.")]
    pub message: String,
}

impl InputError {
    /// An error with the words of its code.
    #[must_use]
    pub fn new(field: &str, code: &str) -> Self {
        Self { field: field.to_owned(), code: code.to_owned(), message: message(code).to_owned() }
    }
}

/// What every refusal looks like (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "urn:mashang:problem:invalid", "title": "Invalid values", "status": 422,
    "detail": "Some values are wrong; nothing was saved.",
    "errors": [{ "field": "planned_end", "code": "end_before_start", "message": "The end must be after the start." }]
}))]
pub struct Problem {
    /// The kind of problem, stable.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What is wrong this time, and what to do.
    pub detail: String,
    /// What is wrong with which value; only for `urn:mashang:problem:invalid`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<InputError>,
}

impl Problem {
    /// The problem that an error is to a client of the API.
    #[must_use]
    pub fn of(error: &AppError) -> Self {
        let (kind, title, detail) = told(error);
        let errors = match error {
            AppError::Api(Refusal::Input(errors)) => errors.clone(),
            AppError::Fields(fields) => fields.iter().map(field_error).collect(),
            _ => Vec::new(),
        };
        let kind = format!("urn:mashang:problem:{kind}");
        Self { kind, title, status: error.status().as_u16(), detail, errors }
    }

    /// The body of the answer.
    #[must_use]
    pub fn body(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The answer for an error.
#[must_use]
pub fn response(error: &AppError) -> Response {
    let mut response = (error.status(), Problem::of(error).body()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    if matches!(error, AppError::Api(Refusal::Unauthorized)) {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"mashang\""));
    }
    response
}

/// Kind, title and detail of an error.
fn told(error: &AppError) -> (&'static str, &'static str, String) {
    let (kind, title, detail) = match error {
        AppError::NotFound => ("not-found", "Not found", "There is no such resource, or not for this token."),
        AppError::BadEncoding => ("malformed", "Malformed request", "The request is not UTF-8; nothing was saved."),
        AppError::BadRequest(what) => {
            return ("malformed", "Malformed request", format!("The request is malformed: {what}; nothing was saved."));
        }
        AppError::TooLarge => ("too-large", "Body too large", "The body may have at most 64 KiB; nothing was saved."),
        AppError::MethodNotAllowed => ("method", "Method not allowed", "See the Allow header and the document."),
        AppError::CrossSite | AppError::Forbidden => ("forbidden", "Forbidden", "This token may not do this."),
        AppError::WrongHost => ("host", "Wrong host", "This server does not answer for the host that was named."),
        AppError::TooMany(_) => ("too-many", "Too many requests", "Wait as long as Retry-After says, then try again."),
        AppError::Slow => {
            ("slow", "Timed out", "The request took too long; send it again with the same Idempotency-Key.")
        }
        AppError::Unavailable | AppError::InTurn => {
            ("unavailable", "Unavailable", "The service is not available now; try again.")
        }
        AppError::Stale => ("stale", "Changed in between", "It is not the version that you saw; read it again."),
        AppError::State(state) => {
            return ("state", "Not in this state", format!("This is not possible: its state is “{state}”."));
        }
        AppError::OtherContent(_) | AppError::Api(Refusal::KeyReused) => (
            "key-reused",
            "Idempotency key reused",
            "This Idempotency-Key was used for another request; take a new one.",
        ),
        AppError::Fields(_) | AppError::Api(Refusal::Input(_)) => {
            ("invalid", "Invalid values", "Some values are wrong; nothing was saved.")
        }
        AppError::Api(Refusal::Unauthorized) => {
            ("unauthorized", "Unauthorized", "Send a valid token: Authorization: Bearer TOKEN.")
        }
        AppError::Api(Refusal::Role(why)) => ("forbidden", "Forbidden", *why),
        AppError::Api(Refusal::MediaType) => {
            ("media-type", "Unsupported media type", "Send the body as application/json in UTF-8.")
        }
        AppError::Api(Refusal::Syntax(place)) => {
            return ("malformed", "Malformed request", format!("The body is no JSON: {place}; nothing was saved."));
        }
        AppError::Internal(_) => {
            ("internal", "Internal error", "It may not have been saved; send it again with the same Idempotency-Key.")
        }
    };
    (kind, title, detail.to_owned())
}

/// What an action found wrong with a field.
fn field_error(error: &FieldError) -> InputError {
    let mut input = InputError::new(error.field, error.code);
    if let Some(hint) = &error.hint {
        input.message = format!("{} ({hint})", input.message);
    }
    input
}

/// The words of a code.
fn message(code: &str) -> &'static str {
    match code {
        "required" => "This is required.",
        "unknown" => "There is no such entry in the registry.",
        "unknown_field" => "There is no such field.",
        "unknown_parameter" => "There is no such parameter.",
        "repeated" => "This was sent more than once.",
        "type" => "This has another JSON type than documented.",
        "code" => "This is none of the documented codes.",
        "id" => "This is no UUID in the usual hyphenated form.",
        "time" => "This is no instant of RFC 3339 with an offset, such as 2026-03-03T09:30:00+08:00.",
        "date" => "This is no date such as 2026-03-03.",
        "bad_date" => "This is outside of the years that can be meant.",
        "range" => "This is outside of the documented range.",
        "cursor" => "This is no cursor of this list; begin without one.",
        "too_long" => "This is too long.",
        "too_many" => "These are too many.",
        "control_character" => "This has a control character.",
        "direction_mark" => "This has an invisible direction mark.",
        "invisible" => "Only visible ASCII characters are allowed here.",
        "unreadable" => "This has an unreadable character (U+FFFD).",
        "end_before_start" => "The end must be after the start.",
        "both_or_neither" => "Send both ends of the planned span, or neither.",
        _ => "This is not right.",
    }
}
