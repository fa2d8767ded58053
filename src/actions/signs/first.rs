//! The first signs of many new units at once, as an import makes them.

use super::issue::{blank, put, year};
use crate::actions::{Actor, Result, Service};
use crate::domain::sign::{self, SignState, UnitKind};
use crate::storage::audit::AuditRow;
use crate::storage::signs::{SignRecord, take_numbers};
use crate::storage::{Tx, batches};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// Makes a sign for each of these units, which have none yet, with its audit row, as [`super::issue_sign`] does for one.
///
/// # Errors
/// When the store fails.
pub async fn issue_first_signs(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    kind: UnitKind,
    units: &[Uuid],
) -> Result<()> {
    if units.is_empty() {
        return Ok(());
    }
    let year = year(service, now);
    let count = i64::try_from(units.len()).unwrap_or(i64::MAX);
    let first = take_numbers(tx, year, count).await? - count + 1;
    let sign = |(number, unit): (i64, &Uuid)| {
        let mut sign = blank(service, now, kind, sign::serial(year, number));
        put(&mut sign, (kind, *unit).into());
        sign.state = SignState::Generated;
        sign.bound_at = Some(now);
        sign
    };
    let signs: Vec<SignRecord> = (first..).zip(units).map(sign).collect();
    store(tx, service, &signs).await?;
    let row = |sign: &SignRecord| AuditRow {
        id: service.ids.uuid(now),
        at: now,
        actor_kind: actor.kind().to_owned(),
        actor: actor.name(),
        action: "sign.issued".to_owned(),
        object_kind: "sign".to_owned(),
        object_id: Some(sign.id.0),
        detail: json!({
            "unit": sign.unit, "site": sign.site, "place": sign.place, "serial": sign.serial, "edition": sign.edition,
            "replaces": sign.replaces,
        }),
    };
    let rows: Vec<AuditRow> = signs.iter().map(row).collect();
    Ok(batches::append_audit(tx, &rows).await?)
}

/// Stores many new signs. There are 31⁸ short codes: in one of two hundred imports of a hundred thousand units a new one is taken already, and
/// another is drawn.
///
/// # Errors
/// When the store fails.
async fn store(tx: &mut Tx, service: &Service, signs: &[SignRecord]) -> Result<()> {
    let mut refused: Vec<SignRecord> = pick(signs, &batches::insert_signs(tx, signs).await?);
    while !refused.is_empty() {
        for sign in &mut refused {
            service.ids.short_code().as_str().clone_into(&mut sign.short_code);
        }
        let still = batches::insert_signs(tx, &refused).await?;
        refused = pick(&refused, &still);
    }
    Ok(())
}

fn pick(signs: &[SignRecord], places: &[usize]) -> Vec<SignRecord> {
    places.iter().map(|place| signs[*place].clone()).collect()
}
