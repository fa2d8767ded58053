//! EXP-01, EXP-02 and AGG-01: their facts are read, the pure rule is asked, and what it says is reconciled with what is stored.

use crate::actions::{Actor, Raised, Result, Service, alert_supervisors, audit};
use crate::domain::cases::{ClosedAs, Extension};
use crate::domain::id::{AgencyId, EnterpriseId, PolicyId, RequestId, ViolationId};
use crate::domain::rules::supervision::{self, Card, Closing, Confirmed, Round};
use crate::domain::rules::{Finding, Inputs};
use crate::domain::violation::{RuleCode, Severity, Subject, ViolationState};
use crate::storage::Tx;
use crate::storage::cases::{answers, confirmed, items, requests};
use crate::storage::violations::{self, ViolationRecord};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use std::collections::HashSet;

/// Where a finding of these rules belongs.
struct Place {
    agency: AgencyId,
    enterprise: EnterpriseId,
    policy: PolicyId,
}

/// EXP-01 on a request. `tell` says whether supervisors hear of it at once; at night the next step of the ladder tells them.
pub(super) async fn request(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    id: RequestId,
    tell: bool,
) -> Result<()> {
    let Some(request) = requests::get(tx, id, None).await? else { return Ok(()) };
    if request.state.awaits_answer() && items::open(tx, id).await? == 0 {
        // What it asks for has cleared: nobody owes an answer, and what stands of one owed before stays.
        return Ok(());
    }
    let snapshot = service.snapshot(tx).await?;
    let policy = snapshot.policies.on(request.sent_day);
    if !policy.policy.rules.enabled(RuleCode::Exp01) {
        return Ok(());
    }
    let mut rounds: Vec<Round> = Vec::new();
    for answer in answers::of_request(tx, id).await?.iter().filter(|answer| answer.version == 1) {
        rounds.push(Round {
            asked_on: answer.asked_on,
            due_on: answer.due_on,
            extended: request.extension == Extension::Granted,
            answered_at: Some(answer.answered_at),
        });
    }
    let answered = i64::try_from(rounds.len()).unwrap_or(i64::MAX);
    if answered < request.round {
        rounds.push(Round {
            asked_on: request.asked_on,
            due_on: request.due_on,
            extended: request.extension == Extension::Granted,
            // What was decided or withdrawn before its time needs no answer any more.
            answered_at: request.ended_at,
        });
    }
    let exp_01 = &policy.policy.rules.exp_01;
    let found = supervision::exp_01(&rounds, exp_01, service.settings.zone, &snapshot.registries.holidays, now);
    let place = Place { agency: request.agency, enterprise: request.enterprise, policy: policy.id };
    reconcile(tx, service, now, (RuleCode::Exp01, Subject::Request(id)), &place, found, tell).await
}

/// Tells the supervisors of what stands of EXP-01 on a request.
pub(super) async fn alert_of_request(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: RequestId) -> Result<()> {
    let subject = Subject::Request(id);
    let stored = confirmed::by_key(tx, RuleCode::Exp01, subject).await?;
    let Some(record) = stored.filter(|r| r.state == ViolationState::Suspected) else { return Ok(()) };
    alert_supervisors(tx, service, now, &[raised(&record, now)]).await
}

/// EXP-02 on a violation.
pub(super) async fn correction(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: ViolationId) -> Result<()> {
    let Some(record) = violations::get(tx, id).await? else { return Ok(()) };
    let key = (RuleCode::Exp02, Subject::Violation(id));
    let snapshot = service.snapshot(tx).await?;
    let zone = service.settings.zone;
    let counted = matches!(record.closed_as, Some(ClosedAs::Corrected | ClosedAs::Circulated));
    let (Some(closed_at), Some(agency), true) = (record.closed_at, record.agency, counted) else {
        let policy = snapshot.policies.on(zone.local_date(now)).id;
        let Some(agency) = record.agency else { return Ok(()) };
        let place = Place { agency, enterprise: record.enterprise, policy };
        return reconcile(tx, service, now, key, &place, None, false).await;
    };
    let policy = snapshot.policies.on(zone.local_date(closed_at));
    if !policy.policy.rules.enabled(RuleCode::Exp02) {
        return Ok(());
    }
    let mut again: Option<(ViolationId, DateTime<Utc>)> = None;
    for member in family(&snapshot.registries.agencies, agency) {
        let found = confirmed::confirmed_after(tx, member, record.rule, closed_at).await?;
        let found = found.map(|row| (row.id, row.decided_at)).filter(|(other, _)| *other != id);
        again = [again, found].into_iter().flatten().min_by_key(|(_, at)| *at);
    }
    let closing = Closing { closed_at, follow_up_on: record.follow_up_on, followed_up_at: record.followed_up_at };
    let found = supervision::exp_02(&closing, again, &policy.policy.rules.exp_02, zone, now);
    let place = Place { agency, enterprise: record.enterprise, policy: policy.id };
    reconcile(tx, service, now, key, &place, found, true).await
}

/// EXP-02 on the closed violations whose relapse this one is, or was.
pub(super) async fn relapses(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    record: &ViolationRecord,
) -> Result<()> {
    let Some(agency) = record.agency else { return Ok(()) };
    if matches!(record.rule, RuleCode::Exp02 | RuleCode::Agg01) {
        return Ok(());
    }
    let snapshot = service.snapshot(tx).await?;
    let days = snapshot.policies.on(service.settings.zone.local_date(now)).policy.rules.exp_02.days;
    let from = now - TimeDelta::days(i64::from(days) + 1);
    for member in family(&snapshot.registries.agencies, agency) {
        for closed in confirmed::closed_since(tx, member, record.rule, from).await? {
            if closed.id != record.id {
                correction(tx, service, now, closed.id).await?;
            }
        }
    }
    Ok(())
}

/// AGG-01 of the agency of a violation that was just confirmed, or no longer is.
pub(super) async fn count(tx: &mut Tx, service: &Service, now: DateTime<Utc>, record: &ViolationRecord) -> Result<()> {
    let Some(agency) = record.agency else { return Ok(()) };
    if record.rule == RuleCode::Agg01 {
        return Ok(());
    }
    let snapshot = service.snapshot(tx).await?;
    let zone = service.settings.zone;
    let policy = snapshot.policies.on(zone.local_date(now));
    let family = family(&snapshot.registries.agencies, agency);
    let root = family.first().copied().unwrap_or(agency);
    let mut cards = Vec::new();
    for member in &family {
        cards.extend(confirmed::cards(tx, *member).await?);
    }
    let place = Place { agency, enterprise: record.enterprise, policy: policy.id };
    if record.state != ViolationState::Confirmed {
        // The cards that counted it rest on nothing any more, unless a supervisor has decided them.
        for tip in cards.iter().filter_map(|card| tip_of_card_with(card, record.id)) {
            reconcile(tx, service, now, (RuleCode::Agg01, Subject::Violation(tip)), &place, None, false).await?;
        }
        return Ok(());
    }
    if !policy.policy.rules.enabled(RuleCode::Agg01) {
        return Ok(());
    }
    let (mut yellow, mut red) = (HashSet::new(), HashSet::new());
    for card in &cards {
        if let Inputs::Agg01 { card, counted, .. } = card {
            let used = if *card == Card::Red { &mut red } else { &mut yellow };
            used.extend(counted.iter().copied());
        }
    }
    let params = &policy.policy.rules.agg_01;
    let from = now - TimeDelta::days(i64::from(params.days) + 1);
    let mut all = Vec::new();
    for member in &family {
        for row in confirmed::since(tx, *member, from).await? {
            all.push(Confirmed {
                id: row.id,
                rule: row.rule,
                severity: row.severity,
                decided_at: row.decided_at,
                used_yellow: yellow.contains(&row.id),
                used_red: red.contains(&row.id),
            });
        }
    }
    let Some(found) = supervision::agg_01(record.id, &all, root, params, zone) else { return Ok(()) };
    reconcile(tx, service, now, (RuleCode::Agg01, Subject::Violation(record.id)), &place, Some(found), true).await
}

/// The violation that tipped a card which counted this one: the last that it counted.
fn tip_of_card_with(card: &Inputs, counted_one: ViolationId) -> Option<ViolationId> {
    let Inputs::Agg01 { counted, .. } = card else { return None };
    if counted.contains(&counted_one) { counted.last().copied() } else { None }
}

/// The root of an agency and all that belong to it, the root first.
fn family(
    agencies: &std::collections::HashMap<AgencyId, crate::domain::agency::Agency>,
    agency: AgencyId,
) -> Vec<AgencyId> {
    let root_of = |id: AgencyId| {
        let mut id = id;
        // A chain longer than this would be a ring.
        for _ in 0..8 {
            match agencies.get(&id).and_then(|agency| agency.parent) {
                Some(parent) => id = parent,
                None => break,
            }
        }
        id
    };
    let root = root_of(agency);
    let mut others: Vec<AgencyId> = agencies.keys().copied().filter(|id| *id != root && root_of(*id) == root).collect();
    others.sort_unstable();
    others.insert(0, root);
    others
}

/// New → suspected; still there → updated; gone before a supervisor decided → cleared. What was decided is never touched.
async fn reconcile(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (rule, subject): (RuleCode, Subject),
    place: &Place,
    found: Option<(Severity, Inputs)>,
    tell: bool,
) -> Result<()> {
    let stored = confirmed::by_key(tx, rule, subject).await?;
    if stored.as_ref().is_some_and(|record| record.standing().is_settled()) {
        return Ok(());
    }
    let standing = stored.as_ref().filter(|r| r.state == ViolationState::Suspected).map(|r| r.severity);
    let Some((severity, inputs)) = found else {
        let Some(mut gone) = stored.filter(|record| record.state == ViolationState::Suspected) else { return Ok(()) };
        gone.state = ViolationState::Cleared;
        violations::update(tx, &gone, now).await?;
        let object = ("violation", gone.id.0);
        return audit::record(tx, service, now, &Actor::System, "violation.cleared", object, json!({})).await;
    };
    let detail = json!({ "rule": rule, "severity": severity.level() });
    let record = match stored {
        None => {
            let id = ViolationId(service.ids.uuid(now));
            let agency = Some(place.agency);
            let policy = place.policy;
            let finding = Finding { rule, subject, agency, severity, evidence: Vec::new(), inputs, policy };
            let today = service.settings.zone.local_date(now);
            violations::insert(tx, id, place.enterprise, &finding, now, today).await?;
            audit::record(tx, service, now, &Actor::System, "violation.suspected", ("violation", id.0), detail).await?;
            violations::get(tx, id).await?
        }
        Some(mut record) => {
            let same = standing == Some(severity) && record.inputs == inputs && record.policy == place.policy;
            if !same {
                let action = if standing.is_none() { "violation.suspected" } else { "violation.updated" };
                record.state = ViolationState::Suspected;
                record.severity = severity;
                record.inputs = inputs;
                record.policy = place.policy;
                violations::update(tx, &record, now).await?;
                audit::record(tx, service, now, &Actor::System, action, ("violation", record.id.0), detail).await?;
            }
            Some(record)
        }
    };
    match record {
        Some(record) if tell && standing.is_none_or(|was| was < severity) => {
            alert_supervisors(tx, service, now, &[raised(&record, now)]).await
        }
        _ => Ok(()),
    }
}

fn raised(record: &ViolationRecord, now: DateTime<Utc>) -> Raised {
    Raised {
        violation: record.id,
        rule: record.rule,
        severity: record.severity,
        subject: record.subject,
        agency: record.agency,
        enterprise: record.enterprise,
        planned_or_arrived_at: now,
        new: false,
        unconfirmed: false,
    }
}
