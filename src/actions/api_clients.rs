//! Tokens of API clients: made, shown once, revoked.

use super::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::api_token::{Holder, secret_hash, secret_text};
use crate::domain::text::{self, NAME_MAX};
use crate::storage::Tx;
use crate::storage::api_tokens::{self, ApiToken};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// Makes a token for a client that acts for `holder`; returns it with its secret, which is stored only as a hash.
///
/// # Errors
/// [`ActionError::Malformed`] when the name is empty or too long; otherwise when the store fails.
pub async fn create_token(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    name: &str,
    holder: Holder,
) -> Result<(ApiToken, String)> {
    let name = text::line(name, NAME_MAX).map_err(|e| FieldError::new("name", e.code()))?;
    let token = ApiToken { id: service.ids.uuid(now), name, holder, created_at: now, revoked_at: None };
    let secret = secret_text(&service.ids.secret());
    let hash = secret_hash(&secret).ok_or_else(|| ActionError::Internal("a fresh secret has no hash".to_owned()))?;
    api_tokens::insert(tx, &token, &hash).await?;
    let detail = json!({ "name": token.name, "holder": format!("{holder:?}") });
    audit::record(tx, service, now, actor, "token.created", ("token", token.id), detail).await?;
    Ok((token, secret))
}

/// Revokes a token: requests with it are refused from now on.
///
/// # Errors
/// [`ActionError::NotFound`] when there is none that is valid; otherwise when the store fails.
pub async fn revoke_token(tx: &mut Tx, service: &Service, now: DateTime<Utc>, actor: &Actor, id: Uuid) -> Result<()> {
    if !api_tokens::revoke(tx, id, now).await? {
        return Err(ActionError::NotFound("token"));
    }
    audit::record(tx, service, now, actor, "token.revoked", ("token", id), json!({})).await
}
