//! Judging an enterprise's dossier in the transaction of the event, and reconciling the result with what is stored (RULES part 3).

use super::alert_supervisors::{Raised, alert_supervisors};
use super::service::Snapshot;
use super::{Actor, Result, Service, audit};
use crate::domain::dossier::{Dossier, LOOK_BACK_DAYS};
use crate::domain::enterprise::Enterprise;
use crate::domain::id::ViolationId;
use crate::domain::rules::{Assessment, assess};
use crate::domain::violation::{Finding, RuleCode, Severity, Subject, VerdictLine, ViolationState};
use crate::storage::filings::FilingRecord;
use crate::storage::reports::ReportRecord;
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, enterprises, filings, reports, violations};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// An enterprise's records within the look-back, and the dossier made of them.
pub(super) struct Loaded {
    pub(super) filings: Vec<FilingRecord>,
    pub(super) reports: Vec<ReportRecord>,
    pub(super) dossier: Dossier,
}

/// Reads an enterprise's dossier. `anchor` is the first day of the subject at hand, if it is earlier than today.
///
/// Subjects are judged back to the look-back before the earlier of today and `anchor`; the facts that their own rules look
/// at reach a further look-back.
pub(super) async fn load(
    tx: &mut Tx,
    enterprise: Enterprise,
    today: NaiveDate,
    anchor: Option<NaiveDate>,
) -> Result<Loaded> {
    let look_back = Days::new(LOOK_BACK_DAYS.unsigned_abs());
    let judged_from = anchor.map_or(today, |day| day.min(today)) - look_back;
    let filings = filings::dossier(tx, enterprise.id, judged_from - look_back).await?;
    let reports = reports::dossier(tx, enterprise.id, judged_from - look_back).await?;
    let dossier = Dossier {
        enterprise,
        filings: filings.iter().map(|r| r.filing.clone()).collect(),
        reports: reports.iter().map(|r| r.report.clone()).collect(),
        judged_from: Some(judged_from),
    };
    Ok(Loaded { filings, reports, dossier })
}

/// Judges an enterprise anew and stores what changed: violations raised, changed and cleared, the agencies' own view of
/// their filings, the matches, and when time alone could change something next.
///
/// The enterprise must have been touched in this transaction. With a clock in doubt nothing is raised; the enterprise is judged when
/// the clock has caught up.
///
/// # Errors
/// When the store fails.
pub async fn assess_dossier(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    enterprise: Enterprise,
    anchor: Option<NaiveDate>,
) -> Result<()> {
    let id = enterprise.id;
    if audit::clock_doubtful(tx, now).await? {
        let newest = crate::storage::audit::newest(tx).await?;
        return Ok(enterprises::set_next_change(tx, id, newest).await?);
    }
    let snapshot = service.snapshot(tx).await?;
    let today = service.settings.zone.local_date(now);
    let loaded = load(tx, enterprise, today, anchor).await?;
    let judge = |dossier: &Dossier| assess(dossier, &snapshot.registries, &snapshot.policies, now);
    let whole = judge(&loaded.dossier);
    // What an agency sees of its own filings is assessed from filings alone, whether or not there are reports.
    let own = if loaded.reports.is_empty() { whole.clone() } else { judge(&loaded.dossier.without_reports()) };

    store_verdicts(tx, &loaded, &own, &snapshot).await?;
    store_matches(tx, &loaded.reports, &whole).await?;
    reconcile(tx, service, now, &loaded, &whole, &snapshot).await?;
    let next = [whole.next_change, own.next_change].into_iter().flatten().min();
    Ok(enterprises::set_next_change(tx, id, next).await?)
}

/// Whether a filing is judged, or only context of later ones.
fn judged(loaded: &Loaded, snapshot: &Snapshot, filing: &FilingRecord) -> bool {
    let first = filing.filing.first_day(snapshot.registries.zone);
    loaded.dossier.judged_from.is_none_or(|from| first >= from)
}

async fn store_verdicts(tx: &mut Tx, loaded: &Loaded, own: &Assessment, snapshot: &Snapshot) -> Result<()> {
    let mut lines: HashMap<Subject, Vec<VerdictLine>> = HashMap::new();
    for finding in &own.findings {
        lines.entry(finding.subject).or_default().push(finding.into());
    }
    for record in loaded.filings.iter().filter(|r| judged(loaded, snapshot, r)) {
        let verdict = lines.remove(&Subject::Filing(record.filing.id)).unwrap_or_default();
        if verdict != record.verdict {
            filings::set_verdict(tx, record.filing.id, &verdict).await?;
        }
    }
    Ok(())
}

async fn store_matches(tx: &mut Tx, records: &[ReportRecord], whole: &Assessment) -> Result<()> {
    let matches: HashMap<_, _> = whole.matches.iter().copied().collect();
    for record in records {
        let filing = matches.get(&record.report.id).copied();
        if filing != record.matched_filing {
            reports::set_matched(tx, record.report.id, filing).await?;
        }
    }
    Ok(())
}

/// New → `suspected`; still there → severity and evidence updated; gone before a supervisor decided → `cleared`. What a
/// supervisor decided is never touched.
async fn reconcile(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    loaded: &Loaded,
    whole: &Assessment,
    snapshot: &Snapshot,
) -> Result<()> {
    let enterprise = loaded.dossier.enterprise.id;
    let mut stored: HashMap<(RuleCode, Subject), ViolationRecord> = violations::by_enterprise(tx, enterprise)
        .await?
        .into_iter()
        .map(|record| ((record.rule, record.subject), record))
        .collect();
    let mut raised = Vec::new();
    for finding in &whole.findings {
        let before = stored.remove(&(finding.rule, finding.subject));
        let standing = before.as_ref().filter(|r| r.state == ViolationState::Suspected).map(|r| r.severity);
        let Some(id) = store_finding(tx, service, now, loaded, finding, before).await? else { continue };
        if finding.severity >= Severity::Warning && standing.is_none_or(|was| was < finding.severity) {
            raised.push(Raised {
                violation: id,
                rule: finding.rule,
                severity: finding.severity,
                subject: finding.subject,
                agency: finding.agency,
                enterprise,
                planned_or_arrived_at: subject_time(loaded, finding.subject).unwrap_or(now),
            });
        }
    }
    let judged: HashSet<Subject> = judged_subjects(loaded, snapshot);
    for mut gone in stored.into_values() {
        let open = gone.state == ViolationState::Suspected && !gone.standing().is_settled();
        if open && judged.contains(&gone.subject) {
            gone.state = ViolationState::Cleared;
            violations::update(tx, &gone, now).await?;
            audit::record(tx, service, now, &Actor::System, "violation.cleared", ("violation", gone.id.0), json!({}))
                .await?;
        }
    }
    if raised.is_empty() { Ok(()) } else { alert_supervisors(tx, service, now, &raised).await }
}

/// Stores one finding; returns the violation's id unless a supervisor has decided it.
async fn store_finding(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    loaded: &Loaded,
    finding: &Finding,
    before: Option<ViolationRecord>,
) -> Result<Option<ViolationId>> {
    let detail = json!({ "rule": finding.rule, "severity": finding.severity.level() });
    let Some(mut record) = before else {
        let id = ViolationId(service.ids.uuid(now));
        let today = service.settings.zone.local_date(now);
        violations::insert(tx, id, loaded.dossier.enterprise.id, finding, now, today).await?;
        audit::record(tx, service, now, &Actor::System, "violation.suspected", ("violation", id.0), detail).await?;
        return Ok(Some(id));
    };
    if record.standing().is_settled() {
        return Ok(None);
    }
    let same = record.state == ViolationState::Suspected
        && record.severity == finding.severity
        && record.evidence == finding.evidence
        && record.inputs == finding.inputs
        && record.policy == finding.policy
        && record.agency == finding.agency;
    if !same {
        let action = if record.state == ViolationState::Cleared { "violation.suspected" } else { "violation.updated" };
        record.state = ViolationState::Suspected;
        record.severity = finding.severity;
        record.evidence.clone_from(&finding.evidence);
        record.inputs = finding.inputs.clone();
        record.policy = finding.policy;
        record.agency = finding.agency;
        violations::update(tx, &record, now).await?;
        audit::record(tx, service, now, &Actor::System, action, ("violation", record.id.0), detail).await?;
    }
    Ok(Some(record.id))
}

fn judged_subjects(loaded: &Loaded, snapshot: &Snapshot) -> HashSet<Subject> {
    let zone = snapshot.registries.zone;
    let from = loaded.dossier.judged_from;
    let filings = loaded.filings.iter().filter(|r| judged(loaded, snapshot, r)).map(|r| Subject::Filing(r.filing.id));
    let reports = loaded
        .reports
        .iter()
        .filter(|r| from.is_none_or(|from| zone.local_date(r.report.arrived_at) >= from))
        .map(|r| Subject::Report(r.report.id));
    filings.chain(reports).collect()
}

/// When the visit that a violation is about took or takes place.
fn subject_time(loaded: &Loaded, subject: Subject) -> Option<DateTime<Utc>> {
    match subject {
        Subject::Filing(id) => {
            let filing = loaded.dossier.filings.iter().find(|f| f.id == id)?;
            Some(filing.arrived_at.unwrap_or(filing.planned.start()))
        }
        Subject::Report(id) => loaded.dossier.reports.iter().find(|r| r.id == id).map(|r| r.arrived_at),
        // No dossier carries these.
        Subject::Request(_) | Subject::Violation(_) => None,
    }
}
