//! The verdict of a draft: what would be flagged, and on which days it would not be. Saves nothing.

use super::assess_dossier::load;
use super::file_inspection::{FileInspection, without_repeats};
use super::{ActionError, FieldError, Result, Service};
use crate::domain::day::{Span, Zone};
use crate::domain::enterprise::Enterprise;
use crate::domain::exemption::Exemption;
use crate::domain::filing::Filing;
use crate::domain::id::FilingId;
use crate::domain::rules::{Inputs, assess};
use crate::domain::violation::{Subject, VerdictLine};
use crate::storage::{Tx, enterprises};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// How many open days are offered.
const OPEN_DAYS: usize = 3;

/// How many days after the planned one are tried for a better one.
const TRIED_DAYS: usize = 90;

/// What a draft would meet.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What would be flagged, from filings alone: an agency sees this.
    pub lines: Vec<VerdictLine>,
    /// No-disturb days that the planned span touches.
    pub no_disturb_days: Vec<NaiveDate>,
    /// The next open working days, from the first planned day or today on, whichever is later.
    pub next_open_days: Vec<NaiveDate>,
    /// The first open working days after the planned one on which nothing that moving can lift would be flagged. None if moving lifts nothing,
    /// and of a visit that has taken place.
    pub better_days: Vec<NaiveDate>,
}

/// Whether another date can lift what a rule found; a wrong time of day stays wrong on every date.
const fn lifted_by_moving(inputs: &Inputs) -> bool {
    match inputs {
        Inputs::Ndd01 { .. }
        | Inputs::Dup01 { .. }
        | Inputs::Dup02 { .. }
        | Inputs::Dup03 { .. }
        | Inputs::Fil01 { .. } => true,
        Inputs::Tim01 { working_day, .. } => !*working_day,
        _ => false,
    }
}

/// The filing planned for another first day, at the same times of day.
fn moved(filing: &Filing, day: NaiveDate, zone: Zone) -> Option<Filing> {
    let (start, end) = (zone.local(filing.planned.start()), zone.local(filing.planned.end()));
    let last = day.checked_add_signed(end.date() - start.date())?;
    let planned = Span::new(zone.instant(day, start.time()), zone.instant(last, end.time()))?;
    Some(Filing { planned, ..filing.clone() })
}

/// Judges a draft as if it were filed now.
///
/// # Errors
/// [`ActionError::Malformed`] when its span is none or the enterprise is unknown; otherwise when the store fails.
pub async fn check_filing(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    draft: FileInspection,
) -> Result<Verdict> {
    let planned = Span::new(draft.planned_start, draft.planned_end)
        .ok_or_else(|| ActionError::from(FieldError::new("planned_end", "end_before_start")))?;
    let Some(enterprise) = enterprises::get(tx, draft.enterprise).await? else {
        return Err(FieldError::new("enterprise", "unknown").into());
    };
    let snapshot = service.snapshot(tx).await?;
    let zone = snapshot.registries.zone;
    let id = FilingId(Uuid::max());
    let filing = Filing {
        id,
        seq: i64::MAX,
        agency: draft.agency,
        enterprise: draft.enterprise,
        kind: draft.kind,
        matters: without_repeats(draft.matters),
        exemption: draft.exemption.map(|code| Exemption {
            code,
            reason: draft.exemption_reason,
            evidence_ref: draft.evidence_ref,
        }),
        planned,
        inspectors: snapshot.registries.certificates(&draft.inspectors),
        joint_group: draft.joint_group,
        filed_at: now,
        rescheduled_at: None,
        arrived_at: draft.arrived_at,
        left_at: draft.left_at,
        result: None,
        cancelled_at: None,
        assistants: snapshot.registries.certificates(&draft.more.assistants),
        approval: draft.more.approval,
        special: draft.more.special,
        matters_inspected: Vec::new(),
        presence_confirmed: false,
        unconfirmed: false,
    };
    let today = zone.local_date(now);
    let first = filing.first_day(zone);
    let calendar = &snapshot.policies.on(planned.first(zone)).calendar;
    let no_disturb_days = calendar.touched(filing.span(), zone);
    let next_open_days = calendar.next_open_days(first.max(today), OPEN_DAYS, &snapshot.registries.holidays);

    let known = Enterprise { id: enterprise.id, credit_class: enterprise.credit_class, town: enterprise.town };
    let mut dossier = load(tx, known, today, Some(first)).await?.dossier.without_reports();
    let mut judge = |filing: Filing| -> Vec<VerdictLine> {
        dossier.filings.push(filing);
        let assessment = assess(&dossier, &snapshot.registries, &snapshot.policies, now);
        dossier.filings.pop();
        assessment.findings.iter().filter(|f| f.subject == Subject::Filing(id)).map(VerdictLine::from).collect()
    };
    let lines = judge(filing.clone());
    let liftable = |lines: &[VerdictLine]| lines.iter().any(|line| lifted_by_moving(&line.inputs));
    let mut better_days = Vec::new();
    if filing.arrived_at.is_none() && liftable(&lines) {
        let open = |day: &NaiveDate| {
            let calendar = &snapshot.policies.on(*day).calendar;
            !calendar.is_no_disturb(*day) && snapshot.registries.holidays.is_working_day(*day)
        };
        let better = |day: &NaiveDate| moved(&filing, *day, zone).is_some_and(|moved| !liftable(&judge(moved)));
        let after = first.max(today).iter_days().skip(1).take(TRIED_DAYS);
        better_days.extend(after.filter(open).filter(better).take(OPEN_DAYS));
    }
    Ok(Verdict { lines, no_disturb_days, next_open_days, better_days })
}
