//! Enrolling an inspector's phone: a liaison invites, the inspector sets a PIN on the phone, the phone stays known.

use super::{ActionError, Actor, FieldError, Result, Service, audit};
use crate::domain::id::{InspectorId, UserId};
use crate::storage::Tx;
use crate::storage::devices::{self, Invite};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

/// How long an invite works.
pub const INVITE_TIME: TimeDelta = TimeDelta::hours(72);

/// A phone asks for the PIN again when its owner has sent nothing for this long: once a working day, as a rule.
pub const UNLOCKED_TIME: TimeDelta = TimeDelta::hours(12);

/// What is stored of a secret of 32 bytes that is in a link or a cookie.
#[must_use]
pub fn secret_digest(secret: &[u8; 32]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// Invites an inspector; returns the secret of the link. It is stored only as its hash and cannot be shown again.
///
/// # Errors
/// When the store fails.
pub async fn invite_inspector(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    by: Option<UserId>,
    inspector: InspectorId,
) -> Result<[u8; 32]> {
    let secret = service.ids.secret();
    let invite = Invite { inspector, expires_at: now + INVITE_TIME };
    devices::insert_invite(tx, &secret_digest(&secret), invite, by, now).await?;
    let actor = by.map_or(Actor::System, Actor::User);
    audit::record(tx, service, now, &actor, "inspector.invited", ("inspector", inspector.0), json!({})).await?;
    Ok(secret)
}

/// A PIN as it is typed: six digits that are not all the same and do not run up or down.
///
/// # Errors
/// [`FieldError`] `pin_form` or `pin_easy`.
pub fn parse_pin(text: &str) -> std::result::Result<String, FieldError> {
    let digits: Vec<i32> = text.trim().bytes().filter(u8::is_ascii_digit).map(|b| i32::from(b - b'0')).collect();
    if digits.len() != 6 || text.trim().len() != 6 {
        return Err(FieldError::new("pin", "pin_form"));
    }
    let steady = |step: i32| digits.windows(2).all(|pair| pair[1] - pair[0] == step);
    if steady(0) || steady(1) || steady(-1) {
        return Err(FieldError::new("pin", "pin_easy"));
    }
    Ok(text.trim().to_owned())
}

/// Uses an invite up: sets the PIN (already hashed) and makes the phone known. Returns the inspector and the secret for the phone's cookie.
///
/// # Errors
/// [`ActionError::NotFound`] when the invite is unknown, used or has run out; otherwise when the store fails.
pub async fn enrol_device(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    invite_hash: &[u8],
    pin_hash: &str,
) -> Result<(InspectorId, [u8; 32])> {
    let missing = || ActionError::NotFound("invite");
    let invite = devices::invite(tx, invite_hash, now).await?.ok_or_else(missing)?;
    if !devices::use_invite(tx, invite_hash, now).await? {
        return Err(missing());
    }
    devices::set_pin(tx, invite.inspector, pin_hash, now).await?;
    let (id, secret) = (service.ids.uuid(now), service.ids.secret());
    devices::insert(tx, id, &secret_digest(&secret), invite.inspector, now).await?;
    let detail = json!({ "device": id });
    let object = ("inspector", invite.inspector.0);
    audit::record(tx, service, now, &Actor::System, "inspector.enrolled", object, detail).await?;
    Ok((invite.inspector, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_pins_and_other_forms_are_refused() {
        for (pin, code) in
            [("111111", "pin_easy"), ("123456", "pin_easy"), ("987654", "pin_easy"), ("12345", "pin_form")]
        {
            assert_eq!(parse_pin(pin).map_err(|e| e.code), Err(code), "{pin}");
        }
        assert_eq!(parse_pin("12345a").map_err(|e| e.code), Err("pin_form"));
        assert_eq!(parse_pin(" 135790 "), Ok("135790".to_owned()));
    }
}
