//! A call that may change something: its token, its body, its transaction, and its `Idempotency-Key`.
//!
//! A key belongs to its token. Whatever the operation answered first is kept in the transaction of the event and given again to the same
//! request, byte for byte; to another request with the same key the answer is 409. Refusals are kept too; failures of the server are not.
//!
//! ```text
//! let mut work = match call.begin(&app).await? { Begun::New(work) => work, Begun::Kept(answer) => return Ok(answer) };
//! let reply = arrived(&mut work, id).await;
//! work.end(reply).await
//! ```

use super::auth::Caller;
use super::body::Body;
use super::problem::{InputError, MEDIA_TYPE, Problem, Refusal};
use crate::actions::Actor;
use crate::app::App;
use crate::storage::submissions::{self, Claim, Stored};
use crate::storage::{Tx, filings::Scope};
use crate::web::error::AppError;
use crate::web::extract::Now;
use crate::web::respond::Answer;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The most bytes of a body.
const BODY_MAX: usize = 64 * 1024;
/// The most characters of an idempotency key.
const KEY_MAX: usize = 255;
/// The header that carries the key.
const KEY_HEADER: &str = "idempotency-key";

/// A request that was read but not acted upon.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls.
    pub client: Caller,
    now: DateTime<Utc>,
    path: String,
    bytes: Bytes,
    key: Option<Key>,
}

/// An idempotency key and what it stands for.
#[derive(Clone, Debug)]
struct Key {
    scope: String,
    text: String,
    digest: Vec<u8>,
}

/// What a call begins with.
pub enum Begun {
    /// It is to be done.
    New(Box<Work>),
    /// It was done before; this was the answer.
    Kept(Response),
}

/// A call that is being done.
pub struct Work {
    /// The open transaction.
    pub tx: Tx,
    /// The program.
    pub app: App,
    /// The instant of the request.
    pub now: DateTime<Utc>,
    /// Who calls.
    pub caller: Caller,
    path: String,
    bytes: Bytes,
    key: Option<Key>,
}

/// What the operation answers.
#[derive(Clone, Debug)]
pub struct Reply {
    status: StatusCode,
    body: String,
}

impl Reply {
    /// 200 with a value.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn ok(value: &impl Serialize) -> Result<Self, AppError> {
        Self::with(StatusCode::OK, value)
    }

    /// 201 with the new object.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn created(value: &impl Serialize) -> Result<Self, AppError> {
        Self::with(StatusCode::CREATED, value)
    }

    fn with(status: StatusCode, value: &impl Serialize) -> Result<Self, AppError> {
        let body = serde_json::to_string(value).map_err(|error| AppError::internal(&error))?;
        Ok(Self { status, body })
    }

    /// The refusal that an error is; `None` for a failure of the server.
    fn refusal(error: &AppError) -> Option<Self> {
        let status = error.status();
        status.is_client_error().then(|| Self { status, body: Problem::of(error).body() })
    }

    /// What was answered before.
    fn kept(stored: Stored) -> Option<Self> {
        let status = stored.status.and_then(|status| u16::try_from(status).ok())?;
        Some(Self { status: StatusCode::from_u16(status).ok()?, body: stored.answer? })
    }

    /// The answer to a request of this path.
    fn response(self, path: &str) -> Response {
        let kind = if self.status.is_success() { "application/json" } else { MEDIA_TYPE };
        let location = (self.status == StatusCode::CREATED).then(|| location(path, &self.body)).flatten();
        let mut response = (self.status, self.body).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(location) = location {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }
}

/// What was made, as far as its address tells.
#[derive(Deserialize)]
struct Object<'a> {
    id: &'a str,
}

/// Where a new filing is found. A report has no address: it is looked up by its receipt, by its reporter.
fn location(path: &str, body: &str) -> Option<HeaderValue> {
    let path = path.strip_suffix('/').unwrap_or(path);
    if !path.ends_with("/filings") {
        return None;
    }
    let Object { id } = serde_json::from_str(body).ok()?;
    HeaderValue::from_str(&format!("{path}/{id}")).ok()
}

impl Call {
    /// The fields of the body.
    ///
    /// # Errors
    /// 400 or 422 when it is no JSON object.
    pub fn body(&self) -> Result<Body, AppError> {
        Body::parse(&self.bytes)
    }

    /// Takes the key, or finds the answer that was given for it.
    ///
    /// # Errors
    /// 409 when the key stands for another request; when the store fails.
    pub async fn begin(self, app: &App) -> Result<Begun, AppError> {
        let tx = app.db.write_shared().await?;
        self.begin_in(app, tx).await
    }

    /// The same for a call that stores nothing but the answer for its key.
    ///
    /// # Errors
    /// As [`Call::begin`].
    pub async fn begin_reading(self, app: &App) -> Result<Begun, AppError> {
        let tx = if self.key.is_some() { app.db.write_shared().await? } else { app.db.read().await? };
        self.begin_in(app, tx).await
    }

    /// The same in this transaction.
    ///
    /// # Errors
    /// As [`Call::begin`].
    pub async fn begin_in(self, app: &App, mut tx: Tx) -> Result<Begun, AppError> {
        if let Some(key) = &self.key {
            match key.claim(&mut tx, self.now).await {
                Ok(None) => {}
                Ok(Some(reply)) => {
                    tx.rollback().await?;
                    return Ok(Begun::Kept(reply.response(&self.path)));
                }
                // That the key stands for another request is told only once that one is durable.
                Err(error) => {
                    tx.rollback().await?;
                    return Err(error);
                }
            }
        }
        let Self { client: caller, now, path, bytes, key } = self;
        Ok(Begun::New(Box::new(Work { tx, app: app.clone(), now, caller, path, bytes, key })))
    }
}

impl Key {
    /// Takes the key; the answer that was kept for it if it was taken before.
    async fn claim(&self, tx: &mut Tx, now: DateTime<Utc>) -> Result<Option<Reply>, AppError> {
        match submissions::claim(tx, &self.scope, &self.text, &self.digest, None, now).await? {
            Claim::New => Ok(None),
            Claim::Same(stored) => Ok(Some(Reply::kept(stored).ok_or(AppError::Unavailable)?)),
            Claim::Other(_) => Err(Refusal::KeyReused.into()),
        }
    }

    async fn keep(&self, tx: &mut Tx, reply: &Reply) -> Result<(), AppError> {
        let status = i64::from(reply.status.as_u16());
        Ok(submissions::keep_answer(tx, &self.scope, &self.text, status, &reply.body).await?)
    }
}

impl Work {
    /// The fields of the body.
    ///
    /// # Errors
    /// 400 or 422 when it is no JSON object.
    pub fn body(&self) -> Result<Body, AppError> {
        Body::parse(&self.bytes)
    }

    /// Whose filings may be touched.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.caller.scope()
    }

    /// How the audit names the client.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        self.caller.actor()
    }

    /// Commits with the answer, or takes everything back but the refusal; only then answers.
    ///
    /// # Errors
    /// The error itself when there is no key to keep it for; when the store fails.
    pub async fn end(self, reply: Result<Reply, AppError>) -> Answer {
        let Self { mut tx, app, now, path, key, .. } = self;
        match (reply, key) {
            (Ok(reply), key) => {
                if let Some(key) = key {
                    key.keep(&mut tx, &reply).await?;
                }
                tx.commit().await?;
                Ok(reply.response(&path))
            }
            (Err(error), key) => {
                tx.rollback().await?;
                let (Some(key), Some(reply)) = (key, Reply::refusal(&error)) else { return Err(error) };
                let mut tx = app.db.write_shared().await?;
                // Somebody else may have sent the same meanwhile: then theirs is the answer.
                if let Some(earlier) = key.claim(&mut tx, now).await? {
                    tx.rollback().await?;
                    return Ok(earlier.response(&path));
                }
                key.keep(&mut tx, &reply).await?;
                tx.commit().await?;
                Ok(reply.response(&path))
            }
        }
    }
}

impl FromRequest<App> for Call {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, AppError> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, app).await?;
        let Ok(Now(now)) = Now::from_request_parts(&mut parts, app).await;
        super::query::Query::from_request_parts(&mut parts, app).await?.end()?;
        let bytes = crate::web::extract::body::bytes(body, BODY_MAX).await?;
        if !bytes.is_empty() && !is_json(&parts.headers) {
            return Err(Refusal::MediaType.into());
        }
        let path = parts.uri.path().to_owned();
        let key = key(&parts.method, &path, &parts.headers, &caller, &bytes)?;
        Ok(Self { client: caller, now, path, bytes, key })
    }
}

/// The key of a POST, bound to everything that makes the request what it is.
fn key(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    caller: &Caller,
    bytes: &[u8],
) -> Result<Option<Key>, AppError> {
    let mut sent = headers.get_all(KEY_HEADER).iter();
    let Some(first) = sent.next().filter(|_| method == Method::POST) else { return Ok(None) };
    let wrong = |code| AppError::from(Refusal::Input(vec![InputError::new("Idempotency-Key", code)]));
    if sent.next().is_some() {
        return Err(wrong("repeated"));
    }
    let bytes_of_key = first.as_bytes();
    match bytes_of_key.len() {
        0 => return Err(wrong("required")),
        1..=KEY_MAX => {}
        _ => return Err(wrong("too_long")),
    }
    let visible = bytes_of_key.iter().all(u8::is_ascii_graphic);
    let text = first.to_str().ok().filter(|_| visible).ok_or_else(|| wrong("invisible"))?;
    let digest = Sha256::new().chain_update(path).chain_update([0]).chain_update(bytes).finalize().to_vec();
    Ok(Some(Key { scope: format!("api:{}", caller.token), text: text.to_owned(), digest }))
}

/// Whether the body is declared as JSON in UTF-8, which is also meant when no charset is named.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let (kind, parameters) = value.split_once(';').unwrap_or((value, ""));
    let charset = parameters.trim().strip_prefix("charset=");
    kind.trim().eq_ignore_ascii_case("application/json")
        && charset.is_none_or(|charset| charset.trim_matches('"').eq_ignore_ascii_case("utf-8"))
}
