//! Deadlines that walk by themselves: planning the ladder of a request, and doing a step when its time has come.

use super::letters::{self, Letter};
use super::{closing, judge};
use crate::actions::{Result, Service, audit};
use crate::domain::cases::{Step, ladder};
use crate::domain::id::RequestId;
use crate::domain::notice::{is_daytime, next_morning};
use crate::domain::violation::Subject;
use crate::storage::Tx;
use crate::storage::cases::items;
use crate::storage::cases::requests::{self, RequestRecord};
use crate::storage::cases::steps::{self, DueStep};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

/// Plans the ladder of a request's present deadline; what was planned for another one is cancelled.
pub(super) async fn plan(tx: &mut Tx, service: &Service, now: DateTime<Utc>, request: &RequestRecord) -> Result<()> {
    let subject = Subject::Request(request.id);
    steps::cancel(tx, subject, now).await?;
    let snapshot = service.snapshot(tx).await?;
    let grave = snapshot.policies.on(request.sent_day).policy.rules.exp_01.grave_days;
    for rung in ladder(request.due_on, grave, now, service.settings.zone, &snapshot.registries.holidays) {
        steps::insert(tx, service.ids.uuid(now), subject, request.due_on, rung).await?;
    }
    Ok(())
}

/// Judges a request whose steps were revived.
pub(super) async fn judge_again(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: RequestId) -> Result<()> {
    judge::request(tx, service, now, id, true).await
}

/// Does a step that is due; what mails waits for the daytime of a working day. Doing it twice changes nothing.
///
/// # Errors
/// When the store fails or a mail cannot be rendered.
pub async fn run_step(tx: &mut Tx, service: &Service, now: DateTime<Utc>, step: &DueStep) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    let (zone, holidays) = (service.settings.zone, &snapshot.registries.holidays);
    let mails = !matches!(step.step, Step::Passed | Step::Grave | Step::FollowUp);
    if mails && !is_daytime(now, zone, holidays) {
        return Ok(steps::postpone(tx, step.id, next_morning(now, zone, holidays)).await?);
    }
    if !steps::done(tx, step.id, now).await? {
        return Ok(());
    }
    match step.subject {
        Subject::Request(id) => on_request(tx, service, now, id, step).await,
        Subject::Violation(id) => judge::correction(tx, service, now, id).await,
        // Nothing is planned for these.
        Subject::Filing(_) | Subject::Report(_) => Ok(()),
    }
}

async fn on_request(tx: &mut Tx, service: &Service, now: DateTime<Utc>, id: RequestId, step: &DueStep) -> Result<()> {
    let Some(mut request) = requests::get(tx, id, None).await? else { return Ok(()) };
    if !request.state.awaits_answer() || request.due_on != step.due_on {
        return Ok(());
    }
    if items::open(tx, id).await? == 0 {
        // Where a supervisor has to end it, its agency is reminded as ever: that it no longer is would tell that something cleared.
        let silent = matches!(step.step, Step::Passed | Step::Grave | Step::ToLead);
        if silent || closing::end_cleared(tx, service, now, &request).await? {
            return Ok(());
        }
    }
    match step.step {
        Step::ThreeBefore | Step::OneBefore | Step::OnTheDay => {
            // After a long pause one reminder says it all.
            if is_overtaken(tx, service, now, step, request.sent_day).await? {
                return Ok(());
            }
            letters::to_liaisons(tx, service, now, &request, Letter::Reminder, None).await
        }
        Step::Passed => judge::request(tx, service, now, id, true).await,
        Step::Grave => judge::request(tx, service, now, id, false).await,
        Step::ToHead => letters::to_heads(tx, service, now, &request).await,
        Step::ToLead => {
            request.listed_at = Some(now);
            requests::update(tx, &request).await?;
            let detail = json!({ "due_on": request.due_on });
            let system = crate::actions::Actor::System;
            audit::record(tx, service, now, &system, "request.listed", ("request", id.0), detail).await?;
            letters::to_leads(tx, service, now, &request).await?;
            judge::alert_of_request(tx, service, now, id).await
        }
        // It is planned for violations only.
        Step::FollowUp => Ok(()),
    }
}

/// Whether the step after this one is due as well.
async fn is_overtaken(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    step: &DueStep,
    sent_day: NaiveDate,
) -> Result<bool> {
    let snapshot = service.snapshot(tx).await?;
    let (zone, holidays) = (service.settings.zone, &snapshot.registries.holidays);
    let rungs = ladder(step.due_on, 0, zone.start_of(sent_day), zone, holidays);
    let next = rungs.iter().skip_while(|rung| rung.step != step.step).nth(1);
    Ok(next.is_some_and(|rung| rung.at <= now))
}
