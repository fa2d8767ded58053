//! The head of an agency approves a visit before it begins (FIL-05). The approver is who signs in, and the time is now: nobody types either.

use super::amend_filing::{AmendFiling, amend_filing};
use super::{ActionError, Actor, Result, Service, Target};
use crate::domain::filing::Approval;
use crate::domain::user::{Role, User};
use crate::storage::filings::{FilingRecord, Scope};
use crate::storage::{Tx, filings, users};
use chrono::{DateTime, Utc};

/// What the head says.
#[derive(Clone, Copy, Debug)]
pub struct Approving<'a> {
    /// As what, such as 单位负责人.
    pub position: &'a str,
    /// The number of the document; empty without one.
    pub document: &'a str,
    /// The version that was shown.
    pub version: Option<i64>,
}

/// Whether this person is the head of an agency (单位负责人): a liaison who is marked as such.
///
/// # Errors
/// When the store fails.
pub async fn is_head(tx: &mut Tx, user: &User) -> Result<bool> {
    Ok(user.role == Role::Liaison && users::leads(tx, Role::Liaison).await?.iter().any(|head| head.id == user.id))
}

/// Approves a visit of the head's own agency.
///
/// # Errors
/// [`ActionError::NotFound`] for whoever is not the head and for filings of others; [`ActionError::State`] `approved` if it does not
/// wait for approval any more; otherwise as [`amend_filing`].
pub async fn approve_visit(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    head: &User,
    id: crate::domain::id::FilingId,
    approving: Approving<'_>,
) -> Result<FilingRecord> {
    let agency = head.agency.filter(|_| head.active).ok_or(ActionError::NotFound("agency"))?;
    if !is_head(tx, head).await? {
        return Err(ActionError::NotFound("head"));
    }
    let scope = Scope::Agency(agency);
    let record = filings::get(tx, id, scope).await?.ok_or(ActionError::NotFound("filing"))?;
    if !record.filing.awaits_approval() {
        return Err(ActionError::State("approved"));
    }
    let approval = Approval {
        approver: head.name.clone(),
        position: approving.position.to_owned(),
        document: approving.document.to_owned(),
        approved_at: now,
        account: Some(head.id),
    };
    let actor = Actor::User(head.id);
    let target = Target { id, scope, version: approving.version, actor: &actor };
    amend_filing(tx, service, now, target, AmendFiling { approval: Some(Some(approval)), ..AmendFiling::default() })
        .await
}
