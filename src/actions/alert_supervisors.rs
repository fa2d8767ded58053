//! Telling the supervisors of the jurisdiction about a violation, through the outbox, in the transaction of the event.
//!
//! One thread a case and reader: when a violation rises it is mailed again, in answer to the earlier mail. What waits for a digest is
//! superseded then. Severity 4 goes to the discipline office only, without content.

use super::bells::ring_bells;
use super::error::{ActionError, Result};
use super::outbox::{Reader, enqueue, letterhead};
use super::service::{Service, Settings};
use crate::domain::dossier::Registries;
use crate::domain::id::{AgencyId, EnterpriseId, ViolationId};
use crate::domain::notice::{AlertState, Due, alert_kind, due_at};
use crate::domain::user::{AlertChoice, Office, User};
use crate::domain::violation::{RuleCode, Severity, Subject};
use crate::mail::compose::{self, Case, Composed};
use crate::storage::alerts::{NewAlert, Told};
use crate::storage::{Tx, alerts};
use chrono::{DateTime, Utc};

/// A violation of severity 2 or more that has just appeared or risen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// The violation.
    pub violation: ViolationId,
    /// The rule that raised it.
    pub rule: RuleCode,
    /// The severity that it has now.
    pub severity: Severity,
    /// The filing or report that carries it.
    pub subject: Subject,
    /// The agency concerned, if it is known.
    pub agency: Option<AgencyId>,
    /// The enterprise: never named in a mail.
    pub enterprise: EnterpriseId,
    /// When the visit is planned, or was.
    pub planned_or_arrived_at: DateTime<Utc>,
    /// It was stored for the first time in this transaction: nobody was told of it.
    pub new: bool,
    /// It is about a filing from an unknown phone that its agency has not called its own.
    pub unconfirmed: bool,
}

/// Tells whoever is to hear of these violations, at the time that each of them chose. Telling the same twice changes nothing.
///
/// # Errors
/// When the store fails or a mail cannot be rendered; the event is to be rolled back then.
pub async fn alert_supervisors(tx: &mut Tx, service: &Service, now: DateTime<Utc>, alerts: &[Raised]) -> Result<()> {
    if alerts.iter().all(|raised| raised.severity == Severity::Notice) {
        return Ok(());
    }
    let snapshot = service.snapshot(tx).await?;
    for raised in alerts {
        let unconfirmed = raised.unconfirmed;
        if !unconfirmed {
            ring_bells(tx, service, now, &snapshot.registries.holidays, &snapshot.bells, raised).await?;
        }
        let told = if raised.new {
            Vec::new()
        } else {
            // Superseded before the earlier mails are looked up, so that a digest made meanwhile is seen.
            alerts::supersede(tx, raised.violation, raised.severity).await?;
            alerts::told(tx, raised.violation).await?
        };
        for reader in snapshot.supervisors.iter().filter(|reader| hears_of(reader, raised.severity)) {
            // Whoever sends made-up urgent filings sets off a line in the next digest, not a mail each.
            let digest = User { alerts: AlertChoice::Digest, ..reader.clone() };
            let reader = if unconfirmed { &digest } else { reader };
            tell(tx, service, now, &snapshot.registries, raised, reader, &told).await?;
        }
    }
    Ok(())
}

fn hears_of(reader: &User, severity: Severity) -> bool {
    severity != Severity::Referral || reader.office == Some(Office::Discipline)
}

async fn tell(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    registries: &Registries,
    raised: &Raised,
    reader: &User,
    told: &[Told],
) -> Result<()> {
    let zone = service.settings.zone;
    let level = i64::from(raised.severity.level());
    let mine = || told.iter().filter(|told| told.user == reader.id);
    let same = mine().find(|told| told.severity == level);
    if same.is_some_and(|told| told.state != AlertState::Dropped) {
        return Ok(());
    }
    let Some(due) = due_at(raised.severity, reader.alerts, now, zone, &registries.holidays) else { return Ok(()) };
    let (due_at, mail) = match due {
        Due::At(at) => (at, None),
        Due::Now => {
            let earlier =
                mine().filter(|told| told.severity < level).filter_map(|told| told.message_id.clone()).next_back();
            let composed = words(&service.settings, registries, raised, reader, now, earlier.is_some())?;
            let kind = alert_kind(raised.severity, reader.alerts);
            (now, Some(enqueue(tx, service, now, &Reader::of(reader), kind, composed, earlier).await?))
        }
    };
    if let Some(dropped) = same {
        return Ok(alerts::revive(tx, dropped.id, due_at, mail).await?);
    }
    let alert = NewAlert {
        id: service.ids.uuid(now),
        violation: raised.violation,
        user: reader.id,
        severity: raised.severity,
        due_at,
        mail,
    };
    Ok(alerts::insert(tx, &alert, now).await?)
}

fn words(
    settings: &Settings,
    registries: &Registries,
    raised: &Raised,
    reader: &User,
    now: DateTime<Utc>,
    risen: bool,
) -> Result<Composed> {
    let (head, lang) = (letterhead(settings), Reader::of(reader).lang);
    let composed = if raised.severity == Severity::Referral {
        compose::referral_notice(&head, lang)
    } else {
        let case = Case {
            violation: raised.violation,
            rule: raised.rule,
            severity: raised.severity,
            subject: raised.subject,
            agency: agency_name(registries, raised.agency),
            at: raised.planned_or_arrived_at,
        };
        compose::violation_alert(&head, lang, now, &case, risen)
    };
    composed.map_err(|e| ActionError::Internal(e.to_string()))
}

pub(super) fn agency_name(registries: &Registries, agency: Option<AgencyId>) -> Option<String> {
    registries.agencies.get(&agency?).map(|agency| agency.name.clone())
}
