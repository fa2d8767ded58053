//! Browsers that proved a secret before: a password, or an enterprise's PIN. Others' wrong guesses hold such a browser up no longer, since its
//! own are counted apart from theirs.
//!
//! What is in its cookie opens nothing. It changes whenever the secret is proved again, so that one that somebody copied or planted ends there.

use super::attempts::Origin;
use super::enrol::secret_digest;
use super::{Result, Service};
use crate::storage::{Tx, known_browsers};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// A browser is known for so long after it last proved the secret.
pub const KEEP: TimeDelta = TimeDelta::days(180);

/// Where an attempt at the secret of `owner` comes from that was sent from `network`, in the browser whose cookie has the hash `browser`.
///
/// # Errors
/// When the store fails.
pub async fn origin(
    tx: &mut Tx,
    now: DateTime<Utc>,
    owner: Uuid,
    (network, browser): (&str, Option<&[u8]>),
) -> Result<Origin> {
    Ok(match browser {
        Some(hash) if known_browsers::knows(tx, hash, owner, now - KEEP).await? => Origin::Known(hash.to_vec()),
        _ => Origin::Network(network.to_owned()),
    })
}

/// Makes a browser known that proved the secret of `owner`; `before` is the hash of the cookie that it had. Returns what its cookie carries from
/// now on.
///
/// # Errors
/// When the store fails.
pub async fn remember(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    owner: Uuid,
    before: Option<&[u8]>,
) -> Result<[u8; 32]> {
    let secret = service.ids.secret();
    let hash = secret_digest(&secret);
    if let Some(before) = before {
        known_browsers::change_secret(tx, before, &hash).await?;
    }
    known_browsers::note(tx, &hash, owner, now).await?;
    Ok(secret)
}

/// Forgets the browsers of `owner`, whose secret is another now; all but the one whose cookie has the hash `but`.
///
/// # Errors
/// When the store fails.
pub async fn forget(tx: &mut Tx, owner: Uuid, but: Option<&[u8]>) -> Result<()> {
    Ok(known_browsers::forget(tx, owner, but.unwrap_or_default()).await?)
}
