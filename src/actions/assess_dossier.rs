//! Judging an enterprise's dossier in the transaction of the event, and reconciling the result with what is stored (RULES part 3).

use super::alert_supervisors::{Raised, alert_supervisors};
use super::service::Snapshot;
use super::{Actor, Result, Service, audit, cases};
use crate::domain::day::Zone;
use crate::domain::dossier::{Dossier, LOOK_BACK_DAYS};
use crate::domain::enterprise::Enterprise;
use crate::domain::filing::Filing;
use crate::domain::id::{EnterpriseId, FilingId, ReportId, ViolationId};
use crate::domain::rules::{Assessment, assess};
use crate::domain::violation::{Finding, RuleCode, Severity, Subject, VerdictLine, ViolationState};
use crate::domain::visit_report::Report;
use crate::storage::dossiers::{Beside, Kept, Looked};
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, agency_visits, dossiers, enterprises, filings, reports, violations};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// An enterprise's records within the look-back, and what is stored of their assessment.
pub(super) struct Loaded {
    pub(super) dossier: Dossier,
    /// What agencies see of their filings, where it is not empty.
    verdicts: HashMap<FilingId, Vec<VerdictLine>>,
    /// Which filing each report matches.
    matched: HashMap<ReportId, Option<FilingId>>,
    /// There may be violations at the enterprise.
    violations: bool,
}

const LOOK_BACK: Days = Days::new(LOOK_BACK_DAYS.unsigned_abs());

/// From which day on subjects are judged: the look-back before the earlier of today and `anchor`, the first day of the subject at hand.
fn judged_from(today: NaiveDate, anchor: Option<NaiveDate>) -> NaiveDate {
    anchor.map_or(today, |day| day.min(today)) - LOOK_BACK
}

/// Before the turn of a filing with this first day: what accepting and judging it there rests on.
///
/// # Errors
/// When the store fails.
pub(super) async fn look(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    enterprise: EnterpriseId,
    first: NaiveDate,
) -> Result<Option<Looked>> {
    let today = service.settings.zone.local_date(now);
    Ok(dossiers::look(tx, enterprise, judged_from(today, Some(first)) - LOOK_BACK).await?)
}

/// Reads an enterprise's dossier. `anchor` is the first day of the subject at hand, if it is earlier than today.
///
/// Subjects are judged from [`judged_from`] on; the facts that their own rules look at reach a further look-back.
pub(super) async fn load(
    tx: &mut Tx,
    enterprise: Enterprise,
    today: NaiveDate,
    anchor: Option<NaiveDate>,
) -> Result<Loaded> {
    let judged_from = judged_from(today, anchor);
    let filings = dossiers::filings(tx, enterprise.id, judged_from - LOOK_BACK).await?;
    load_beside(tx, enterprise, judged_from, filings).await
}

/// Reads what else is in the dossier of these filings.
async fn load_beside(
    tx: &mut Tx,
    enterprise: Enterprise,
    judged_from: NaiveDate,
    (kept, beside): (Vec<Kept>, Beside),
) -> Result<Loaded> {
    let from = judged_from - LOOK_BACK;
    let told = if beside.reports { reports::dossier(tx, enterprise.id, from).await? } else { Vec::new() };
    let ratings = if beside.ratings { agency_visits::ratings_of(tx, enterprise.id, from).await? } else { Vec::new() };
    let (mut filings, mut verdicts) = (Vec::with_capacity(kept.len() + 1), HashMap::new());
    for Kept { filing, verdict } in kept {
        if !verdict.is_empty() {
            verdicts.insert(filing.id, verdict);
        }
        filings.push(filing);
    }
    let matched = told.iter().map(|r| (r.report.id, r.matched_filing)).collect();
    let reports = told.into_iter().map(|r| r.report).collect();
    let dossier = Dossier { enterprise, filings, reports, ratings, judged_from: Some(judged_from) };
    Ok(Loaded { dossier, verdicts, matched, violations: beside.violations })
}

/// Why an enterprise is judged anew. What an agency sees of its filings is stored only where the occasion would be there without any report:
/// otherwise a report would show in the verdicts what the registry has made of them since they were last looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// A filing, what became of one, or what the registry says of the enterprise.
    Filing,
    /// Something that an enterprise told: a report, a rating, a confirmation; and what a supervisor makes of it.
    Telling,
    /// Time has passed.
    Deadline,
}

/// What an enterprise's dossier comes to, before anything of it is stored.
pub(super) enum Judgement {
    /// The clock is in doubt: the enterprise is judged when it has caught up with the newest row.
    Later(EnterpriseId, Option<DateTime<Utc>>),
    /// It was judged.
    Now(Box<Judged>),
}

/// A dossier that was judged.
pub(super) struct Judged {
    loaded: Loaded,
    whole: Assessment,
    /// From filings alone, where that differs.
    own: Option<Assessment>,
    snapshot: Arc<Snapshot>,
}

impl Judgement {
    /// What the agency may see of the filing that is new.
    pub(super) fn verdict(&self, new: FilingId) -> Vec<VerdictLine> {
        match self {
            Self::Later(..) => Vec::new(),
            Self::Now(judged) => judged.loaded.verdicts.get(&new).cloned().unwrap_or_default(),
        }
    }

    /// The filings of the dossier; none while the clock is in doubt.
    pub(super) fn filings(&self) -> &[Filing] {
        match self {
            Self::Later(..) => &[],
            Self::Now(judged) => &judged.loaded.dossier.filings,
        }
    }
}

impl Judged {
    fn own(&self) -> &Assessment {
        self.own.as_ref().unwrap_or(&self.whole)
    }

    fn zone(&self) -> Zone {
        self.snapshot.registries.zone
    }

    /// Whether a first day is judged, or only context of later ones.
    fn judges(&self, first: NaiveDate) -> bool {
        self.loaded.dossier.judged_from.is_none_or(|from| first >= from)
    }

    fn filings(&self) -> impl Iterator<Item = &Filing> {
        self.loaded.dossier.filings.iter().filter(|f| self.judges(f.first_day(self.zone())))
    }
}

/// Judges an enterprise anew and stores what changed: violations raised, changed and cleared, the agencies' own view of
/// their filings, the matches, and when time alone could change something next.
///
/// The enterprise must have been touched in this transaction. With a clock in doubt nothing is raised; the enterprise is judged when
/// the clock has caught up.
///
/// # Errors
/// When the store fails.
pub(super) async fn assess_dossier(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    enterprise: Enterprise,
    anchor: Option<NaiveDate>,
    occasion: Occasion,
) -> Result<Judgement> {
    let judgement = judge(tx, service, now, (enterprise, None), anchor, None).await?;
    settle(tx, service, now, &judgement, occasion).await?;
    Ok(judgement)
}

/// Judges an enterprise that was touched, as if the `new` filing were stored already; stores nothing. Its filings are read unless they were looked at
/// with the same `anchor`.
///
/// # Errors
/// When the store fails.
pub(super) async fn judge(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (enterprise, filings): (Enterprise, Option<(Vec<Kept>, Beside)>),
    anchor: Option<NaiveDate>,
    new: Option<&Filing>,
) -> Result<Judgement> {
    if audit::clock_doubtful(tx, now).await? {
        return Ok(Judgement::Later(enterprise.id, crate::storage::audit::newest(tx).await?));
    }
    let snapshot = service.snapshot(tx).await?;
    let today = service.settings.zone.local_date(now);
    let mut loaded = match filings {
        Some(filings) => load_beside(tx, enterprise, judged_from(today, anchor), filings).await?,
        None => load(tx, enterprise, today, anchor).await?,
    };
    loaded.dossier.filings.extend(new.cloned());
    let dossier = &loaded.dossier;
    let judge = |dossier: &Dossier| assess(dossier, &snapshot.registries, &snapshot.policies, now);
    let whole = judge(dossier);
    // What an agency sees of its own filings is assessed from filings alone, whether or not there are reports.
    let told = !dossier.reports.is_empty()
        || !dossier.ratings.is_empty()
        || dossier.filings.iter().any(|f| f.presence_confirmed);
    let own = told.then(|| judge(&dossier.without_reports()));
    if let Some(new) = new {
        let found = own.as_ref().unwrap_or(&whole).findings.iter();
        let lines = found.filter(|f| f.subject == Subject::Filing(new.id)).map(VerdictLine::from).collect();
        loaded.verdicts.insert(new.id, lines);
    }
    Ok(Judgement::Now(Box::new(Judged { loaded, whole, own, snapshot })))
}

/// Stores what a judgement changes. A filing that was new is stored by now, with its verdict. While the clock is in doubt, nothing but when to judge.
///
/// # Errors
/// When the store fails.
pub(super) async fn settle(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    judgement: &Judgement,
    occasion: Occasion,
) -> Result<()> {
    let (enterprise, mut next, mut own) = match judgement {
        Judgement::Later(enterprise, until) => (*enterprise, *until, *until),
        Judgement::Now(judged) => {
            (judged.loaded.dossier.enterprise.id, judged.whole.next_change, judged.own().next_change)
        }
    };
    let mut shown = true;
    if occasion != Occasion::Filing {
        let standing = enterprises::own_change(tx, enterprise).await?;
        shown = occasion == Occasion::Deadline && standing.is_some_and(|at| at <= now);
        own = if shown { own } else { standing };
    }
    if let Judgement::Now(judged) = judgement {
        if shown {
            store_verdicts(tx, judged).await?;
        }
        store_matches(tx, judged).await?;
        reconcile(tx, service, now, judged).await?;
    }
    next = [next, own].into_iter().flatten().min();
    Ok(enterprises::set_next_change(tx, enterprise, next, own).await?)
}

async fn store_verdicts(tx: &mut Tx, judged: &Judged) -> Result<()> {
    let mut lines: HashMap<Subject, Vec<VerdictLine>> = HashMap::new();
    for finding in &judged.own().findings {
        lines.entry(finding.subject).or_default().push(finding.into());
    }
    for filing in judged.filings() {
        let verdict = lines.remove(&Subject::Filing(filing.id)).unwrap_or_default();
        if verdict != judged.loaded.verdicts.get(&filing.id).map_or(&[][..], Vec::as_slice) {
            filings::set_verdict(tx, filing.id, &verdict).await?;
        }
    }
    Ok(())
}

async fn store_matches(tx: &mut Tx, judged: &Judged) -> Result<()> {
    let matches: HashMap<_, _> = judged.whole.matches.iter().copied().collect();
    for report in &judged.loaded.dossier.reports {
        let filing = matches.get(&report.id).copied();
        if judged.loaded.matched.get(&report.id) != Some(&filing) {
            reports::set_matched(tx, report.id, filing).await?;
        }
    }
    Ok(())
}

/// New → `suspected`; still there → severity and evidence updated; gone before a supervisor decided → `cleared`. What a
/// supervisor decided is never touched.
async fn reconcile(tx: &mut Tx, service: &Service, now: DateTime<Utc>, judged: &Judged) -> Result<()> {
    let dossier = &judged.loaded.dossier;
    let enterprise = dossier.enterprise.id;
    let stored = if judged.loaded.violations { violations::by_enterprise(tx, enterprise).await? } else { Vec::new() };
    let mut stored: HashMap<(RuleCode, Subject), ViolationRecord> = stored
        .into_iter()
        .filter(|record| record.rule.from_dossier())
        .map(|record| ((record.rule, record.subject), record))
        .collect();
    let mut raised = Vec::new();
    for finding in &judged.whole.findings {
        let before = stored.remove(&(finding.rule, finding.subject));
        let new = before.is_none();
        let standing = before.as_ref().filter(|r| r.state == ViolationState::Suspected).map(|r| r.severity);
        let Some(id) = store_finding(tx, service, now, enterprise, finding, before).await? else { continue };
        if finding.severity >= Severity::Warning && standing.is_none_or(|was| was < finding.severity) {
            raised.push(Raised {
                violation: id,
                rule: finding.rule,
                severity: finding.severity,
                subject: finding.subject,
                agency: finding.agency,
                enterprise,
                planned_or_arrived_at: subject_time(dossier, finding.subject).unwrap_or(now),
                new,
                unconfirmed: unconfirmed(dossier, finding.subject),
            });
        }
    }
    let subjects = judged_subjects(judged);
    for gone in stored.into_values().filter(|gone| subjects.contains(&gone.subject)) {
        clear(tx, service, now, gone).await?;
    }
    if raised.is_empty() { Ok(()) } else { alert_supervisors(tx, service, now, &raised).await }
}

/// Clears what is no longer found, unless a supervisor has decided it.
pub(super) async fn clear(tx: &mut Tx, service: &Service, now: DateTime<Utc>, mut gone: ViolationRecord) -> Result<()> {
    if gone.state != ViolationState::Suspected || gone.standing().is_settled() {
        return Ok(());
    }
    gone.state = ViolationState::Cleared;
    violations::update(tx, &gone, now).await?;
    audit::record(tx, service, now, &Actor::System, "violation.cleared", ("violation", gone.id.0), json!({})).await?;
    cases::after_clearing(tx, service, now, &gone).await
}

/// Stores one finding; returns the violation's id unless a supervisor has decided it.
pub(super) async fn store_finding(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    enterprise: EnterpriseId,
    finding: &Finding,
    before: Option<ViolationRecord>,
) -> Result<Option<ViolationId>> {
    let detail = json!({ "rule": finding.rule, "severity": finding.severity.level() });
    let Some(mut record) = before else {
        let id = ViolationId(service.ids.uuid(now));
        let today = service.settings.zone.local_date(now);
        violations::insert(tx, id, enterprise, finding, now, today).await?;
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
        let back = record.state == ViolationState::Cleared;
        let action = if back { "violation.suspected" } else { "violation.updated" };
        record.state = ViolationState::Suspected;
        record.severity = finding.severity;
        record.evidence.clone_from(&finding.evidence);
        record.inputs = finding.inputs.clone();
        record.policy = finding.policy;
        record.agency = finding.agency;
        violations::update(tx, &record, now).await?;
        audit::record(tx, service, now, &Actor::System, action, ("violation", record.id.0), detail).await?;
        if back {
            cases::after_return(tx, now, record.id).await?;
        }
    }
    Ok(Some(record.id))
}

fn judged_subjects(judged: &Judged) -> HashSet<Subject> {
    let filings = judged.filings().map(|f| Subject::Filing(f.id));
    let day = |r: &Report| judged.zone().local_date(r.arrived_at);
    let reports = judged.loaded.dossier.reports.iter().filter(|r| judged.judges(day(r)));
    filings.chain(reports.map(|r| Subject::Report(r.id))).collect()
}

/// When the visit that a violation is about took or takes place.
fn subject_time(dossier: &Dossier, subject: Subject) -> Option<DateTime<Utc>> {
    match subject {
        Subject::Filing(id) => {
            let filing = dossier.filings.iter().find(|f| f.id == id)?;
            Some(filing.arrived_at.unwrap_or(filing.planned.start()))
        }
        Subject::Report(id) => dossier.reports.iter().find(|r| r.id == id).map(|r| r.arrived_at),
        // No dossier carries these.
        Subject::Request(_) | Subject::Violation(_) => None,
    }
}

/// Whether a violation is about a filing from an unknown phone that its agency has not called its own.
fn unconfirmed(dossier: &Dossier, subject: Subject) -> bool {
    dossier.filings.iter().any(|f| Subject::Filing(f.id) == subject && f.unconfirmed)
}
