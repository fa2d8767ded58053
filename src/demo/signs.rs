//! The signs of the made-up district: printed and handed out when the year began, most of them scanned since; some were never put up, some have
//! fallen silent, one was replaced, one lost; a few hang at one enterprise; and a stack of blank ones waits.

use super::dice::Dice;
use super::registry::District;
use crate::actions::{
    Actor, Result, Scans, Service, hand_out_signs, issue_sign_at, make_blank_signs, mark_printed, record_scans,
    revoke_sign, rotate_sign,
};
use crate::domain::id::SignId;
use crate::domain::sign::{UnitKind, host_of};
use crate::domain::user::Role;
use crate::storage::sign_prints::{self, PrintFilter};
use crate::storage::signs::{self, Spot};
use crate::storage::{Tx, users};
use chrono::{DateTime, Days, TimeDelta, Utc};

/// So many signs are still to be printed, and so many to be handed out.
const WAITING: usize = 9;

/// Prints and hands out most signs as of `now`, the beginning of the year.
///
/// # Errors
/// When the store fails.
pub async fn print(tx: &mut Tx, service: &Service, now: DateTime<Utc>) -> Result<()> {
    let actor = operator(tx).await?;
    let ids = sign_prints::select(tx, &PrintFilter::default()).await?;
    let printed = &ids[..ids.len().saturating_sub(WAITING)];
    let host = host_of(&service.settings.public_url).to_owned();
    mark_printed(tx, service, now, &actor, printed, service.ids.uuid(now), &host).await?;
    let handed_out = &printed[..printed.len().saturating_sub(WAITING)];
    hand_out_signs(tx, service, now, &actor, handed_out).await.map(drop)
}

/// What happened to them since.
///
/// # Errors
/// When the store fails.
pub async fn use_them(
    tx: &mut Tx,
    service: &Service,
    dice: &Dice,
    now: DateTime<Utc>,
    district: &District,
) -> Result<()> {
    let actor = operator(tx).await?;
    for place in ["大门", "前台"] {
        let kind = UnitKind::Enterprise;
        let spot = Spot { kind, unit: district.enterprises[0].id.0, site: None, place: place.to_owned() };
        issue_sign_at(tx, service, now - TimeDelta::days(60), &actor, spot).await?;
    }
    for (n, enterprise) in district.enterprises.iter().enumerate() {
        for sign in signs::of_unit(tx, enterprise.id.0).await? {
            let at_hand = n == 0 || sign.issued_at.is_some();
            if at_hand && n % 17 != 5 {
                scan(tx, service, dice, now, sign.id, n % 13 == 7).await?;
            }
        }
    }
    if let Some(worn) = signs::of_unit(tx, district.enterprises[20].id.0).await?.first() {
        rotate_sign(tx, service, now - TimeDelta::days(12), &actor, worn.id).await?;
    }
    if let Some(lost) = signs::of_unit(tx, district.enterprises[21].id.0).await?.first() {
        revoke_sign(tx, service, now - TimeDelta::days(5), &actor, lost.id, "企业搬迁时遗失").await?;
    }
    make_blank_signs(tx, service, now - TimeDelta::days(3), &actor, UnitKind::Enterprise, 12).await.map(drop)
}

/// Some weeks of scans that end now, or ended four months ago.
async fn scan(
    tx: &mut Tx,
    service: &Service,
    dice: &Dice,
    now: DateTime<Utc>,
    sign: SignId,
    silent: bool,
) -> Result<()> {
    let last = if silent { now - TimeDelta::days(121) } else { now - TimeDelta::hours(2) };
    let mut counted = Vec::new();
    for ago in (0..28_u64).filter(|_| dice.percent(40)) {
        let at = last - Days::new(ago);
        let count = dice.between(1, 6);
        counted.push((sign, service.settings.zone.local_date(at), Scans { count, first: at, last: at }));
    }
    counted.reverse();
    let Some((_, _, first)) = counted.first() else { return Ok(()) };
    record_scans(tx, service, first.first, &counted).await
}

/// The operator of the demonstration.
pub(super) async fn operator(tx: &mut Tx) -> Result<Actor> {
    let people = users::list(tx).await?;
    Ok(people.iter().find(|user| user.role == Role::Operator).map_or(Actor::System, |user| Actor::User(user.id)))
}
