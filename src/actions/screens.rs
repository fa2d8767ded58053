//! Links to the large screen: made by supervisors, shown once, revoked.

use super::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::text::{self, NAME_MAX};
use crate::storage::Tx;
use crate::storage::screens::{self, Screen};
use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Makes a link; returns its secret, of which only the hash is stored.
///
/// # Errors
/// [`ActionError::Malformed`] when the name is empty or too long; otherwise when the store fails.
pub async fn create_screen(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    name: &str,
) -> Result<[u8; 32]> {
    let name = text::line(name, NAME_MAX).map_err(|e| FieldError::new("name", e.code()))?;
    let created_by = if let Actor::User(user) = actor { Some(*user) } else { None };
    let screen = Screen { id: service.ids.uuid(now), name, created_by, created_at: now, revoked_at: None };
    let secret = service.ids.secret();
    screens::insert(tx, &screen, &Sha256::digest(secret)).await?;
    audit::record(tx, service, now, actor, "screen.created", ("screen", screen.id), json!({ "name": screen.name }))
        .await?;
    Ok(secret)
}

/// Revokes a link: whoever still shows it sees nothing at its next look.
///
/// # Errors
/// [`ActionError::NotFound`] when there is none that is valid; otherwise when the store fails.
pub async fn revoke_screen(tx: &mut Tx, service: &Service, now: DateTime<Utc>, actor: &Actor, id: Uuid) -> Result<()> {
    if !screens::revoke(tx, id, now).await? {
        return Err(ActionError::NotFound("screen"));
    }
    audit::record(tx, service, now, actor, "screen.revoked", ("screen", id), json!({})).await
}
