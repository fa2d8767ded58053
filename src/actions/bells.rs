//! Bells beside the mails: group robots of supervisors that hear of the same as the supervisors are mailed, set up by administrators. They
//! replace neither mail nor inbox. No agency has a bell, and nothing that is written to an agency rings.

use super::seal::{open, seal};
use super::{ActionError, Actor, FieldError, Raised, Result, Service, audit};
use crate::domain::bell::{BellKind, BellState};
use crate::domain::holidays::Holidays;
use crate::domain::notice::{Due, case_number, due_at, is_daytime, next_morning};
use crate::domain::text::{self, NAME_MAX};
use crate::domain::user::{AlertChoice, Office, User};
use crate::domain::violation::Severity;
use crate::i18n::Lang;
use crate::mail::robot;
use crate::storage::Tx;
use crate::storage::bells::{self, Bell, NewRing};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// What is sealed of a bell: whoever has it can write to the group.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Address {
    /// Where to post.
    pub url: String,
    /// What to sign with; empty where the robot asks for no signature.
    pub secret: String,
}

/// A bell to be set up.
#[derive(Clone, Debug)]
pub struct NewBell {
    /// Whose robot.
    pub kind: BellKind,
    /// What people call the group.
    pub name: String,
    /// Its address and secret.
    pub address: Address,
    /// The office whose group it is.
    pub office: Option<Office>,
}

/// Sets up a bell.
///
/// # Errors
/// [`ActionError::Malformed`] when the name or the address cannot be used; otherwise when the store fails.
pub async fn add_bell(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    new: &NewBell,
) -> Result<Uuid> {
    let name = text::line(&new.name, NAME_MAX).map_err(|e| FieldError::new("name", e.code()))?;
    let url = robot::address_of(&new.address.url).ok_or_else(|| FieldError::new("url", "invalid"))?;
    let sealed = serde_json::to_string(&new.address).map_err(|e| ActionError::Internal(e.to_string()))?;
    let bell = Bell {
        id: service.ids.uuid(now),
        kind: new.kind,
        name,
        host: url.host_str().unwrap_or_default().to_owned(),
        sealed: seal(service, &sealed)?,
        office: new.office,
        state: BellState::Active,
        created_by: if let Actor::User(user) = actor { Some(*user) } else { None },
        created_at: now,
        version: 1,
    };
    bells::insert(tx, &bell).await?;
    let detail = json!({ "kind": bell.kind, "name": bell.name, "host": bell.host });
    audit::record(tx, service, now, actor, "bell.added", ("bell", bell.id), detail).await?;
    Ok(bell.id)
}

/// Where a bell posts to.
///
/// # Errors
/// When it was sealed with another key.
pub fn address(service: &Service, bell: &Bell) -> Result<Address> {
    let unreadable = |e: serde_json::Error| ActionError::Internal(e.to_string());
    serde_json::from_str(&open(service, &bell.sealed)?).map_err(unreadable)
}

/// Lets a bell ring, or pauses it.
///
/// # Errors
/// [`ActionError::NotFound`]; [`ActionError::State`] when it is so already; otherwise when the store fails.
pub async fn set_bell(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    actor: &Actor,
    id: Uuid,
    state: BellState,
) -> Result<()> {
    let bell = get(tx, id).await?;
    if bell.state == state {
        return Err(ActionError::State("unchanged"));
    }
    bells::set_state(tx, &bell, state).await?;
    let action = if state == BellState::Paused { "bell.paused" } else { "bell.resumed" };
    audit::record(tx, service, now, actor, action, ("bell", id), json!({})).await
}

/// Rings a bell to try it.
///
/// # Errors
/// [`ActionError::NotFound`]; otherwise when the store fails.
pub async fn test_bell(tx: &mut Tx, service: &Service, now: DateTime<Utc>, actor: &Actor, id: Uuid) -> Result<()> {
    get(tx, id).await?;
    let words = Lang::Zh.ta("bell-words-test", &[("district", &service.settings.district)]);
    let ring = NewRing { id: service.ids.uuid(now), bell: id, violation: None, severity: 0, words, due_at: now };
    bells::ring(tx, &ring, now).await?;
    audit::record(tx, service, now, actor, "bell.tested", ("bell", id), json!({})).await
}

async fn get(tx: &mut Tx, id: Uuid) -> Result<Bell> {
    bells::list(tx).await?.into_iter().find(|bell| bell.id == id).ok_or(ActionError::NotFound("bell"))
}

/// Writes messages for a violation that was raised or has risen, in the transaction of the event: by day for severity 2, at once for 3;
/// severity 4 for groups of the discipline office alone, without content.
pub(super) async fn ring_bells(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    holidays: &Holidays,
    active: &[Bell],
    one: &Raised,
) -> Result<()> {
    if !one.new {
        bells::supersede(tx, one.violation, one.severity, now).await?;
    }
    let hears = |bell: &&Bell| one.severity != Severity::Referral || bell.office == Some(Office::Discipline);
    for bell in active.iter().filter(hears) {
        let Some(due) = due_at(one.severity, AlertChoice::Default, now, service.settings.zone, holidays) else {
            continue;
        };
        let ring = NewRing {
            id: service.ids.uuid(now),
            bell: bell.id,
            violation: Some(one.violation),
            severity: i64::from(one.severity.level()),
            words: words(service, one),
            due_at: if let Due::At(at) = due { at } else { now },
        };
        if one.new {
            bells::ring_first(tx, &ring, now).await?;
        } else {
            bells::ring(tx, &ring, now).await?;
        }
    }
    Ok(())
}

/// Writes messages beside a mail about a request to these supervisors, in its transaction: for the groups of their offices and those of any
/// supervisors, in the daytime of working days. `told` is the mail's subject line in Chinese, which names number and deadline alone; nothing of
/// severity 4 is ever asked in a request.
pub(super) async fn ring_case(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    readers: &[User],
    told: &str,
    link: &str,
) -> Result<()> {
    if readers.is_empty() {
        return Ok(());
    }
    let snapshot = service.snapshot(tx).await?;
    let (zone, holidays) = (service.settings.zone, &snapshot.registries.holidays);
    let due_at = if is_daytime(now, zone, holidays) { now } else { next_morning(now, zone, holidays) };
    let words = Lang::Zh.ta("bell-words-case", &[("told", &told), ("link", &link)]);
    let hears = |bell: &&Bell| bell.office.is_none() || readers.iter().any(|reader| reader.office == bell.office);
    for bell in snapshot.bells.iter().filter(hears) {
        let ring = NewRing {
            id: service.ids.uuid(now),
            bell: bell.id,
            violation: None,
            severity: i64::from(Severity::Warning.level()),
            words: words.clone(),
            due_at,
        };
        bells::ring(tx, &ring, now).await?;
    }
    Ok(())
}

/// The bells that ring.
pub(super) async fn active(tx: &mut Tx) -> Result<Vec<Bell>> {
    Ok(bells::list(tx).await?.into_iter().filter(|bell| bell.state == BellState::Active).collect())
}

/// What a group reads: number, rule and level of the case, and the link that needs sign-in; nobody is named. Groups read Chinese.
fn words(service: &Service, raised: &Raised) -> String {
    let (lang, url) = (Lang::Zh, &service.settings.public_url);
    if raised.severity == Severity::Referral {
        return lang.ta("bell-words-referral", &[("link", &format!("{url}/console"))]);
    }
    let rule = format!("{} {}", raised.rule, lang.rule_name(raised.rule));
    let link = format!("{url}/console/violations/{}", raised.violation);
    let number = case_number(raised.violation);
    lang.ta(
        "bell-words",
        &[("number", &number), ("rule", &rule), ("level", &lang.severity(raised.severity)), ("link", &link)],
    )
}
