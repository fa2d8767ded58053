//! Who calls: the bearer token, looked up by the hash of its secret.

use super::problem::Refusal;
use crate::actions::Actor;
use crate::app::App;
use crate::domain::api_token::{Holder, secret_hash};
use crate::domain::id::AgencyId;
use crate::domain::user::Office;
use crate::domain::violation::Severity;
use crate::storage::api_tokens;
use crate::storage::filings::Scope;
use crate::web::error::AppError;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
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
        let hash = bearer(&parts.headers).and_then(secret_hash).ok_or(Refusal::Unauthorized)?;
        let mut tx = app.db.read().await?;
        let token = api_tokens::valid(&mut tx, &hash).await?.ok_or(Refusal::Unauthorized)?;
        Ok(Self { token: token.id, holder: token.holder })
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let (scheme, secret) = sent.next()?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && sent.next().is_none()).then(|| secret.trim())
}
