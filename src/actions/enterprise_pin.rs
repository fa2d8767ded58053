//! The PIN by which an enterprise proves itself (企业 PIN): made here, shown once, kept as a hash; and attempts at it.
//!
//! Guesses count by enterprise and network, and by enterprise from everywhere together; a browser from which the enterprise has rated a visit with
//! its PIN counts by itself. Reports make no browser known: on a reporter's phone nothing is left. The four digits that a visitor tells at its door
//! are counted in the same way, apart from the PIN.

use super::attempts::{Origin, Turn};
use super::turns::Place;
use super::{ActionError, Actor, Result, Service, attempts, audit, known_browsers, password};
use crate::domain::id::EnterpriseId;
use crate::storage::{Tx, enterprises};
use chrono::{DateTime, Utc};
use serde_json::json;

/// Digits of a PIN.
pub const PIN_DIGITS: usize = 6;

/// What counts wrong PINs.
const GUESSES: &str = "enterprise-pin";

/// What counts wrong digits of visitors.
const DIGITS: &str = "digits";

/// Whether an attempt at a PIN is taken.
#[derive(Debug)]
pub enum PinTurn {
    /// It is: commit, then check the PIN from this place.
    Taken(Origin, Place),
    /// Too many were wrong.
    Wait(Turn),
    /// As many wait for the check as there is room for. It does not count.
    Busy,
}

/// Takes an attempt at an enterprise's PIN from `network`, as [`super::open_forms::masked`] tells it, in the browser whose cookie has the hash
/// `browser`. Commit before looking at the PIN.
///
/// # Errors
/// When the store fails.
pub async fn try_pin(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    id: EnterpriseId,
    (network, browser): (&str, Option<&[u8]>),
) -> Result<PinTurn> {
    let origin = known_browsers::origin(tx, now, id.0, (network, browser)).await?;
    let Some(place) = origin.place(&service.turns, network) else { return Ok(PinTurn::Busy) };
    Ok(match attempts::take_from(tx, now, GUESSES, &id.to_string(), &origin).await? {
        Turn::Taken | Turn::Last => PinTurn::Taken(origin, place),
        wait => PinTurn::Wait(wait),
    })
}

/// Forgets wrong attempts after a right PIN.
///
/// # Errors
/// When the store fails.
pub async fn right_pin(tx: &mut Tx, id: EnterpriseId, origin: &Origin) -> Result<()> {
    attempts::succeeded_from(tx, GUESSES, &id.to_string(), origin).await
}

/// Takes an attempt at the four digits of today's visitors of an enterprise, from the same places as at its PIN. Commit before looking at them.
///
/// # Errors
/// When the store fails.
pub async fn try_digits(
    tx: &mut Tx,
    now: DateTime<Utc>,
    id: EnterpriseId,
    (network, browser): (&str, Option<&[u8]>),
) -> Result<(Turn, Origin)> {
    let origin = known_browsers::origin(tx, now, id.0, (network, browser)).await?;
    Ok((attempts::take_from(tx, now, DIGITS, &id.to_string(), &origin).await?, origin))
}

/// Forgets wrong digits after right ones.
///
/// # Errors
/// When the store fails.
pub async fn right_digits(tx: &mut Tx, id: EnterpriseId, origin: &Origin) -> Result<()> {
    attempts::succeeded_from(tx, DIGITS, &id.to_string(), origin).await
}

/// A PIN that nobody has yet, with its hash, for which it may have to wait: it is made before the transaction.
#[derive(Debug)]
pub struct NewPin {
    pin: String,
    hash: String,
}

impl NewPin {
    /// Makes one.
    ///
    /// # Errors
    /// When it cannot be hashed.
    pub async fn make(service: &Service) -> Result<Self> {
        let pin = format!("{:0width$}", service.ids.number() % 1_000_000, width = PIN_DIGITS);
        Ok(Self { hash: password::hash(service, &pin).await?, pin })
    }
}

/// Gives an enterprise a new PIN and returns it: it can be shown now and never again. An earlier one no longer counts, nor do guesses at it.
///
/// # Errors
/// [`ActionError::NotFound`]; otherwise when the store fails.
pub async fn set_enterprise_pin(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: EnterpriseId,
    NewPin { pin, hash }: NewPin,
) -> Result<String> {
    enterprises::get(tx, id).await?.ok_or(ActionError::NotFound("enterprise"))?;
    enterprises::set_pin(tx, id, Some(&hash)).await?;
    attempts::forget(tx, GUESSES, &id.to_string()).await?;
    known_browsers::forget(tx, id.0, None).await?;
    audit::record(tx, service, now, actor, "enterprise.pin_set", ("enterprise", id.0), json!({})).await?;
    Ok(pin)
}
