//! Who calls: the bearer token, looked up by the hash of its secret.

use super::problem::Refusal;
use crate::actions::Actor;
use crate::actions::held_up::Held;
use crate::actions::limits::Door;
use crate::app::App;
use crate::domain::api_token::{Holder, secret_hash};
use crate::domain::id::AgencyId;
use crate::domain::user::Office;
use crate::domain::violation::Severity;
use crate::storage::api_tokens;
use crate::storage::filings::Scope;
use crate::web::doors;
use crate::web::error::AppError;
use crate::web::extract::{ClientAddr, Now};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use uuid::Uuid;

/// The client of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The token's id.
    pub token: Uuid,
    /// For whom it acts.
    pub holder: Holder,
}

impl Caller {
    /// Whose filings the client may see.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        match self.holder {
            Holder::Agency(agency) => Scope::Agency(agency),
            Holder::Supervisor(_) => Scope::All,
        }
    }

    /// The agency that the client acts for.
    #[must_use]
    pub const fn agency(&self) -> Option<AgencyId> {
        match self.holder {
            Holder::Agency(agency) => Some(agency),
            Holder::Supervisor(_) => None,
        }
    }

    /// The gravest violation that the client may see; `None` for an agency, which sees none.
    #[must_use]
    pub const fn ceiling(&self) -> Option<Severity> {
        match self.holder {
            Holder::Agency(_) => None,
            Holder::Supervisor(Some(Office::Discipline)) => Some(Severity::Referral),
            Holder::Supervisor(_) => Some(Severity::Violation),
        }
    }

    /// The same for what only supervisors may do.
    ///
    /// # Errors
    /// 403 for an agency's token, whatever there is to see.
    pub fn supervisor(&self) -> Result<Severity, AppError> {
        self.ceiling().ok_or_else(|| Refusal::Role("Only a supervisor's token may do this.").into())
    }

    /// How the audit names the client.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        Actor::Token(self.token)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let found = match bearer(&parts.headers).and_then(secret_hash) {
            Some(hash) => api_tokens::valid(&mut app.db.glance().await?, &hash).await?,
            None => None,
        };
        if let Some(token) = found {
            return Ok(Self { token: token.id, holder: token.holder });
        }
        // A valid token is never refused for wrong ones from the same network: they are told apart first.
        let Ok(from) = ClientAddr::from_request_parts(parts, app).await;
        let Ok(Now(now)) = Now::from_request_parts(parts, app).await;
        doors::enter(app, now, from, Door::WrongToken)?;
        Err(Refusal::Unauthorized.into())
    }
}

/// How long a client waits for a place for reading.
const PATIENCE: Duration = Duration::from_secs(1);

/// A client that reads a list or figures: one of the few places that its token has for these, since they cost the most and one client must not
/// keep the database from all others. Single objects, and whatever is filed, need none: a truthful filing is never refused.
#[derive(Debug)]
pub struct Reader {
    /// Who calls.
    pub caller: Caller,
    /// Given back when the answer is made.
    pub place: OwnedSemaphorePermit,
}

impl FromRequestParts<App> for Reader {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let places = app.service.limits.reads(caller.token);
        if let Ok(Ok(place)) = timeout(PATIENCE, places.acquire_owned()).await {
            return Ok(Self { caller, place });
        }
        app.service.held_up.count(Held::ApiReads);
        Err(AppError::TooMany(1))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let (scheme, secret) = sent.next()?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && sent.next().is_none()).then(|| secret.trim())
}
