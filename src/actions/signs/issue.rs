//! Making signs: for a place of an enterprise or agency, or blank ones in advance.

use super::bind::check_site;
use crate::actions::{Actor, FieldError, Result, Service, audit};
use crate::domain::id::SignId;
use crate::domain::sign::{self, SignState, UnitKind};
use crate::storage::Tx;
use crate::storage::signs::{self, SignRecord, Spot};
use chrono::{DateTime, Datelike as _, Utc};
use serde_json::json;
use uuid::Uuid;

/// The most blank signs that are made at once.
pub const BLANK_MAX: i64 = 5_000;

/// Makes a new sign for an enterprise or agency, beside those that it has.
///
/// # Errors
/// When the store fails.
pub async fn issue_sign(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    spot: impl Into<Spot>,
) -> Result<SignRecord> {
    issue(tx, service, now, actor, spot.into(), None).await
}

/// The same for a place that a person has chosen: its site must be one of the enterprise's.
///
/// # Errors
/// [`crate::actions::ActionError::Malformed`] when it is not; otherwise when the store fails.
pub async fn issue_sign_at(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    spot: Spot,
) -> Result<SignRecord> {
    check_site(tx, &spot).await?;
    issue(tx, service, now, actor, spot, None).await
}

/// The same in the place of another one.
pub(super) async fn issue(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    spot: Spot,
    replaces: Option<SignId>,
) -> Result<SignRecord> {
    let edition = signs::next_edition(tx, &spot).await?;
    let year = year(service, now);
    let number = signs::take_numbers(tx, year, 1).await?;
    let mut sign = blank(service, now, spot.kind, sign::serial(year, number));
    sign.state = SignState::Generated;
    sign.edition = edition;
    sign.replaces = replaces;
    sign.bound_at = Some(now);
    put(&mut sign, spot);
    signs::insert(tx, &sign).await?;
    let detail = json!({
        "unit": sign.unit, "site": sign.site, "place": sign.place, "serial": sign.serial, "edition": edition, "replaces": replaces,
    });
    audit::record(tx, service, now, actor, "sign.issued", ("sign", sign.id.0), detail).await?;
    Ok(sign)
}

/// Makes `count` signs that belong to nobody until they are bound on the spot; returns their batch.
///
/// # Errors
/// [`crate::actions::ActionError::Malformed`] when `count` is not 1 to 5000; otherwise when the store fails.
pub async fn make_blank_signs(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    kind: UnitKind,
    count: i64,
) -> Result<Uuid> {
    if !(1..=BLANK_MAX).contains(&count) {
        return Err(FieldError::new("blank_count", "out_of_range").into());
    }
    let batch = service.ids.uuid(now);
    let year = year(service, now);
    let last = signs::take_numbers(tx, year, count).await?;
    for number in last - count + 1..=last {
        let mut sign = blank(service, now, kind, sign::serial(year, number));
        sign.blank_batch = Some(batch);
        signs::insert(tx, &sign).await?;
    }
    let detail = json!({
        "count": count, "kind": kind, "from": sign::serial(year, last - count + 1), "to": sign::serial(year, last),
    });
    audit::record(tx, service, now, actor, "signs.blank_made", ("sign_batch", batch), detail).await?;
    Ok(batch)
}

/// Puts a sign at a spot.
pub(super) fn put(sign: &mut SignRecord, spot: Spot) {
    sign.unit = Some(spot.unit);
    sign.site = spot.site;
    sign.place = spot.place;
}

pub(super) fn year(service: &Service, now: DateTime<Utc>) -> i32 {
    service.settings.zone.local_date(now).year()
}

pub(super) fn blank(service: &Service, now: DateTime<Utc>, kind: UnitKind, serial: String) -> SignRecord {
    SignRecord {
        id: SignId(service.ids.uuid(now)),
        serial,
        token: service.ids.sign_token().as_str().to_owned(),
        short_code: service.ids.short_code().as_str().to_owned(),
        unit_kind: kind,
        unit: None,
        site: None,
        place: String::new(),
        state: SignState::Blank,
        edition: 1,
        replaces: None,
        blank_batch: None,
        created_at: now,
        printed_at: None,
        printed_host: String::new(),
        issued_at: None,
        bound_at: None,
        first_scanned_at: None,
        last_scanned_at: None,
        grace_until: None,
        revoked_at: None,
        revoked_reason: String::new(),
    }
}
