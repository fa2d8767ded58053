//! The digests: of the alerts that waited for the morning, and of the mails that a long outage held up.

use super::alert_supervisors::agency_name;
use super::chain_audit::newest_checkpoint;
use super::error::{ActionError, Result};
use super::outbox::{Reader, enqueue, letterhead};
use super::service::Service;
use crate::domain::dossier::Registries;
use crate::domain::id::{MailId, UserId};
use crate::domain::notice::{MailKind, is_daytime, next_morning};
use crate::domain::user::{Role, User};
use crate::domain::violation::{Severity, ViolationState};
use crate::mail::compose::{self, Case};
use crate::storage::alerts::Gathered;
use crate::storage::{Tx, alerts, mails, users};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// More mails than this for one reader, tried in vain, are gathered into one.
const OUTAGE_MAILS: i64 = 20;

/// Mails tried in vain for longer than this are gathered.
const OUTAGE_HOURS: i64 = 2;

/// The readers whose morning digest is due. At night none is: what was missed waits for the next working morning.
///
/// # Errors
/// When the store fails.
pub async fn digests_due(tx: &mut Tx, service: &Service, now: DateTime<Utc>) -> Result<Vec<UserId>> {
    let users = alerts::users_due(tx, now).await?;
    if users.is_empty() {
        return Ok(users);
    }
    let snapshot = service.snapshot(tx).await?;
    let (zone, holidays) = (service.settings.zone, &snapshot.registries.holidays);
    if is_daytime(now, zone, holidays) {
        return Ok(users);
    }
    alerts::postpone(tx, now, next_morning(now, zone, holidays)).await?;
    Ok(Vec::new())
}

/// Makes one reader's morning digest of what still stands; none if nothing does.
///
/// # Errors
/// When the store fails or the mail cannot be rendered.
pub async fn gather_digest(tx: &mut Tx, service: &Service, now: DateTime<Utc>, user: UserId) -> Result<Option<MailId>> {
    alerts::take_due(tx, user, now).await?;
    gather(tx, service, now, user, MailKind::Digest).await
}

/// Whether some reader has been waiting for so many mails that [`gather_outage`] has work.
///
/// # Errors
/// When the store fails.
pub async fn outage(tx: &mut Tx, now: DateTime<Utc>) -> Result<bool> {
    let waiting = mails::long_waiting(tx, now - TimeDelta::hours(OUTAGE_HOURS), now).await?;
    Ok([false, true].into_iter().any(|referrals| !held_up(&waiting, referrals).is_empty()))
}

/// After a long outage: replaces a reader's many undelivered mails by one.
///
/// # Errors
/// When the store fails or the mail cannot be rendered.
pub async fn gather_outage(tx: &mut Tx, service: &Service, now: DateTime<Utc>) -> Result<()> {
    let before = now - TimeDelta::hours(OUTAGE_HOURS);
    let waiting = mails::long_waiting(tx, before, now).await?;
    for referrals in [false, true] {
        for (user, kinds) in held_up(&waiting, referrals) {
            // One that may arrive at night takes the others with it: their reader has waited for hours.
            let any_hour = kinds.contains(&MailKind::Alert);
            for kind in kinds {
                for mail in mails::gather(tx, user, kind, before, now).await? {
                    alerts::take_mailed(tx, mail).await?;
                }
            }
            let kind = match (referrals, any_hour) {
                (true, _) => MailKind::Referral,
                (false, true) => MailKind::Alert,
                (false, false) => MailKind::Digest,
            };
            gather(tx, service, now, user, kind).await?;
        }
    }
    Ok(())
}

/// The readers with too many mails waiting, and of which kinds; notices without content apart from all others.
fn held_up(waiting: &[(UserId, MailKind, i64)], referrals: bool) -> Vec<(UserId, Vec<MailKind>)> {
    let mut readers: BTreeMap<UserId, (Vec<MailKind>, i64)> = BTreeMap::new();
    for (user, kind, count) in
        waiting.iter().filter(|(_, kind, _)| kind.of_alerts() && (*kind == MailKind::Referral) == referrals)
    {
        let (kinds, sum) = readers.entry(*user).or_default();
        kinds.push(*kind);
        *sum += count;
    }
    let many = readers.into_iter().filter(|(_, (_, sum))| *sum > OUTAGE_MAILS);
    many.map(|(user, (kinds, _))| (user, kinds)).collect()
}

/// Makes one mail of what was taken for this reader.
async fn gather(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    user: UserId,
    kind: MailKind,
) -> Result<Option<MailId>> {
    let taken = alerts::gathering(tx, user).await?;
    let reader = users::by_id(tx, user).await?.filter(|user| user.active && user.role == Role::Supervisor);
    let standing: Vec<&Gathered> = if reader.is_some() { taken.iter().filter(|g| stands(g)).collect() } else { vec![] };
    let mail = match &reader {
        Some(reader) if !standing.is_empty() => Some(mail(tx, service, now, reader, kind, &standing).await?),
        _ => None,
    };
    for gathered in &taken {
        alerts::settle(tx, gathered.alert, mail.filter(|_| stands(gathered))).await?;
    }
    Ok(mail)
}

async fn mail(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    reader: &User,
    kind: MailKind,
    standing: &[&Gathered],
) -> Result<MailId> {
    let (head, lang) = (letterhead(&service.settings), Reader::of(reader).lang);
    let composed = if kind == MailKind::Referral {
        compose::referral_notice(&head, lang)
    } else {
        let snapshot = service.snapshot(tx).await?;
        let checkpoint = newest_checkpoint(tx).await?.unwrap_or_default();
        compose::violation_digest(&head, lang, now, &cases(standing, &snapshot.registries), &checkpoint)
    };
    let composed = composed.map_err(|e| ActionError::Internal(e.to_string()))?;
    enqueue(tx, service, now, &Reader::of(reader), kind, composed, None).await
}

/// Whether a digest still tells of it: nobody has decided it, it was not cleared, and it is as grave as it was.
fn stands(gathered: &Gathered) -> bool {
    gathered.state == ViolationState::Suspected
        && i64::from(gathered.severity.level()) >= gathered.alert_severity
        && gathered.severity > Severity::Notice
}

/// One entry a violation, also when a reader was to hear of it at two severities.
fn cases(standing: &[&Gathered], registries: &Registries) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for gathered in standing {
        let again = cases.last().is_some_and(|last| last.violation == gathered.violation);
        if again || gathered.severity == Severity::Referral {
            continue;
        }
        cases.push(Case {
            violation: gathered.violation,
            rule: gathered.rule,
            severity: gathered.severity,
            subject: gathered.subject,
            agency: agency_name(registries, gathered.agency),
            at: gathered.at,
        });
    }
    cases
}
