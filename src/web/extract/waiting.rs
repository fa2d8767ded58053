//! A person of the console who has passed the password and not yet the second step.

use crate::actions::sign_in;
use crate::app::App;
use crate::domain::user::User;
use crate::storage::sessions;
use crate::web::error::AppError;
use crate::web::{cookies, paths, respond};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

/// Whose second step is awaited; anybody else is sent to sign in.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Who it is.
    pub user: User,
    /// The hash of the waiting session's token.
    pub session: Vec<u8>,
}

impl FromRequestParts<App> for Waiting {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        match find(parts, app).await {
            Ok(Some(waiting)) => Ok(waiting),
            Ok(None) => Err(respond::see_other(&paths::sign_in("")).unwrap_or_else(IntoResponse::into_response)),
            Err(error) => Err(error.into_response()),
        }
    }
}

async fn find(parts: &Parts, app: &App) -> Result<Option<Waiting>, AppError> {
    let Some(session) = cookies::get(app, &parts.headers, cookies::SESSION).and_then(cookies::secret_hash) else {
        return Ok(None);
    };
    let mut tx = app.db.read().await?;
    let found = sessions::waiting(&mut tx, &session).await?;
    let found = found.filter(|found| sign_in::lasts(found, app.clock.now()));
    Ok(found.map(|found| Waiting { user: found.user, session }))
}
