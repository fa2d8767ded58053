//! The first signs of many new units at once.

use super::{Actor, Result, Service};
use crate::domain::id::SignId;
use crate::domain::sign::{SignState, UnitKind};
use crate::storage::audit::AuditRow;
use crate::storage::signs::SignRecord;
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
    let sign = |unit: &Uuid| SignRecord {
        id: SignId(service.ids.uuid(now)),
        token: service.ids.sign_token().as_str().to_owned(),
        short_code: service.ids.short_code().as_str().to_owned(),
        unit_kind: kind,
        unit: *unit,
        state: SignState::Generated,
        edition: 1,
        created_at: now,
        grace_until: None,
        revoked_at: None,
        revoked_reason: String::new(),
    };
    let signs: Vec<SignRecord> = units.iter().map(sign).collect();
    batches::insert_signs(tx, &signs).await?;
    let row = |sign: &SignRecord| AuditRow {
        id: service.ids.uuid(now),
        at: now,
        actor_kind: actor.kind().to_owned(),
        actor: actor.name(),
        action: "sign.issued".to_owned(),
        object_kind: "sign".to_owned(),
        object_id: Some(sign.id.0),
        detail: json!({ "unit": sign.unit, "edition": sign.edition }),
    };
    let rows: Vec<AuditRow> = signs.iter().map(row).collect();
    Ok(batches::append_audit(tx, &rows).await?)
}
