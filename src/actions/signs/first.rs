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
    batches::insert_signs(tx, &signs).await?;
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
