//! The inspector whose enrolled phone sends a request.

use crate::actions::enrol::UNLOCKED_TIME;
use crate::actions::{Actor, Snapshot, Submission};
use crate::app::App;
use crate::domain::inspector::Inspector;
use crate::storage::devices::{self, Device};
use crate::storage::filings::Scope;
use crate::web::error::AppError;
use crate::web::{cookies, paths, respond};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

/// An enrolled phone and its owner.
#[derive(Clone, Debug)]
pub struct Inspecting {
    /// The phone.
    pub device: Device,
    /// Its owner, as the registry has them now.
    pub inspector: Inspector,
}

impl Inspecting {
    /// Whether the phone asks for the PIN before anything else.
    #[must_use]
    pub fn is_locked(&self, now: DateTime<Utc>) -> bool {
        self.device.seen_at + UNLOCKED_TIME < now
    }

    /// The inspector as the one who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Inspector { cert_no: self.inspector.cert_no.clone(), agency: self.inspector.agency }
    }

    /// Whose filings the inspector may see and change.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        Scope::Agency(self.inspector.agency)
    }

    /// The submission id of a form that was sent from this phone.
    #[must_use]
    pub fn submission(&self, key: &str) -> Submission {
        Submission { scope: format!("device:{}", self.device.id), key: key.to_owned() }
    }

    async fn of(parts: &Parts, app: &App) -> Result<Option<Self>, AppError> {
        let Some(hash) = Self::secret_hash(parts, app) else { return Ok(None) };
        let mut tx = app.db.glance().await?;
        let Some(device) = devices::by_token(&mut tx, &hash).await? else { return Ok(None) };
        let snapshot = app.service.snapshot(&mut tx).await?;
        Ok(Self::owner(device, &snapshot))
    }

    /// By what an enrolled phone would be known; `None` if the request tells nothing of one.
    pub(in crate::web) fn secret_hash(parts: &Parts, app: &App) -> Option<Vec<u8>> {
        cookies::get(app, &parts.headers, cookies::DEVICE).and_then(cookies::secret_hash)
    }

    /// A phone with its owner.
    pub(in crate::web) fn owner(device: Device, snapshot: &Snapshot) -> Option<Self> {
        let inspector = snapshot.registries.inspectors.get(&device.cert_no)?.clone();
        Some(Self { device, inspector })
    }

    /// Lets an enrolled phone in that is not locked; an unknown one is led to how to enrol, a locked one to its PIN.
    pub(in crate::web) fn let_in(known: Option<Self>, parts: &Parts, app: &App) -> Result<Self, Box<Response>> {
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        // A script that asks for a part of a page must not be led to a whole one.
        let fragment = parts.headers.contains_key("x-fragment");
        let lead = |to: String| match respond::see_other(&to) {
            Ok(answer) if !fragment => Box::new(answer),
            _ => Box::new(AppError::Forbidden.into_response()),
        };
        let Some(inspecting) = known else { return Err(lead(paths::not_enrolled(here))) };
        if inspecting.is_locked(app.clock.now()) {
            return Err(lead(paths::pin(here)));
        }
        Ok(inspecting)
    }
}

/// For pages of inspectors.
impl FromRequestParts<App> for Inspecting {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let known = Self::of(parts, app).await.map_err(IntoResponse::into_response)?;
        Self::let_in(known, parts, app).map_err(|led| *led)
    }
}

/// For pages that anybody may open: the enrolled phone, locked or not, if it is one.
#[derive(Clone, Debug)]
pub struct MaybeInspecting(pub Option<Inspecting>);

impl FromRequestParts<App> for MaybeInspecting {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        Inspecting::of(parts, app).await.map(Self)
    }
}
