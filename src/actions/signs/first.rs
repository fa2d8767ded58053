//! The first signs of many new units at once, as an import makes them.

use super::issue::{blank, put, year};
use crate::actions::{Actor, Result, Service};
use crate::domain::sign::{self, SignState, UnitKind};
use crate::storage::audit::AuditRow;
use crate::storage::signs::{SignRecord, take_numbers};
use crate::storage::{Tx, batches};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::HashSet;
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
    let mut signs: Vec<SignRecord> = (first..).zip(units).map(sign).collect();
    store(tx, service, &mut signs).await?;
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
async fn store(tx: &mut Tx, service: &Service, signs: &mut [SignRecord]) -> Result<()> {
    loop {
        let codes: Vec<&str> = signs.iter().map(|sign| sign.short_code.as_str()).collect();
        let taken = batches::taken_short_codes(tx, &codes).await?.into_iter().collect();
        let codes = signs.iter_mut().map(|sign| &mut sign.short_code);
        if !renew(codes, &taken, || service.ids.short_code().as_str().to_owned()) {
            return Ok(batches::insert_signs(tx, signs).await?);
        }
    }
}

/// Draws another code for each that is taken or was there before; whether there was one.
fn renew<'a>(
    codes: impl Iterator<Item = &'a mut String>,
    taken: &HashSet<String>,
    mut fresh: impl FnMut() -> String,
) -> bool {
    let mut seen = HashSet::new();
    let mut renewed = false;
    for code in codes {
        if taken.contains(code) || !seen.insert(code.clone()) {
            *code = fresh();
            renewed = true;
        }
    }
    renewed
}

#[cfg(test)]
mod tests {
    use super::renew;
    use std::collections::HashSet;

    #[test]
    fn a_code_that_is_taken_or_there_twice_is_drawn_anew() {
        let mut codes = ["A", "B", "A", "C"].map(str::to_owned);
        let mut fresh = ["D", "E"].into_iter().map(str::to_owned);
        let taken = HashSet::from(["B".to_owned()]);
        assert!(renew(codes.iter_mut(), &taken, || fresh.next().unwrap_or_default()));
        assert_eq!(codes, ["A", "D", "E", "C"]);
        assert!(!renew(codes.iter_mut(), &taken, String::new));
    }
}
