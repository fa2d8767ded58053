//! What happens around those who report in the made-up year: a conversation through a receipt page, an opened contact, a request that waits for its
//! batch, ratings after visits, invitations.

use super::cases::askable;
use super::history::History;
use super::registry::District;
use crate::actions::reporters::{
    ask_to_open, decide_opening, hold_request, invite, open_contact, raise_identity, write_to_reporter,
};
use crate::actions::{Marks, Result, Service, add_to_report, rate_visit};
use crate::domain::id::{FilingId, ReportId, UserId};
use crate::domain::reporter::{Identity, OpeningReason, Phrase};
use crate::domain::rule::RuleCode;
use crate::domain::user::Office;
use crate::domain::violation::{Severity, ViolationState};
use crate::storage::violation_lists::{self, ViolationFilter};
use crate::storage::{Tx, contact_openings, invitations, reports, users};
use chrono::{DateTime, Days, TimeDelta, Utc};

/// The enterprise that reported a visit some days ago, of which [`super::stage`] tells.
const REPORTER: usize = 12;

/// How the reporters of the made-up year can be reached.
pub const CONTACT: &str = "行政部 张女士 023-5555 0142";

/// Invitations are mailed for visits of the last days only: older mails would be read by nobody.
const INVITED: TimeDelta = TimeDelta::days(8);

/// Among how many a violation that nobody has asked about is looked for.
const LOOKED_AT: i64 = 200;

impl History<'_> {
    /// Some enterprises rate a visit when the inspectors have left; a few are not content.
    ///
    /// # Errors
    /// When an action refuses or the store fails.
    pub(super) async fn rate(&self, tx: &mut Tx, at: DateTime<Utc>, filing: FilingId) -> Result<()> {
        let dice = &self.raters;
        if !dice.percent(45) {
            return Ok(());
        }
        let low = dice.percent(12);
        let mark = || u8::try_from(if low { dice.between(2, 3) } else { dice.between(4, 5) }).unwrap_or(4);
        let marks = Marks { closeness: mark(), integrity: mark(), satisfaction: mark() };
        rate_visit(tx, &self.app.service, at, filing, marks).await
    }

    /// Mails the invitations of the last days at about their time; earlier ones are let go.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn invite(&self, tx: &mut Tx, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        if now - at > INVITED {
            return Ok(());
        }
        for filing in invitations::due(tx, at, i64::from(u32::MAX)).await? {
            invite(tx, &self.app.service, at, filing).await?;
        }
        Ok(())
    }
}

/// Tells the story of one report, as of `now`.
///
/// # Errors
/// When an action refuses or the store fails.
pub async fn tell(tx: &mut Tx, service: &Service, now: DateTime<Utc>, district: &District) -> Result<()> {
    let people = users::supervisors(tx).await?;
    let of = |office: Office| people.iter().find(|user| user.office == Some(office)).map(|user| user.id);
    let (Some(first), Some(second)) = (of(Office::Discipline), of(Office::Reform)) else { return Ok(()) };
    let from = service.settings.zone.local_date(now) - Days::new(14);
    let told = reports::dossier(tx, district.enterprises[REPORTER].id, from).await?;
    let Some(report) = told.into_iter().rev().find(|told| told.report.verified && !told.report.withdrawn) else {
        return Ok(());
    };
    let id = report.report.id;
    let hours = |hours: i64| now - TimeDelta::hours(hours);
    write_to_reporter(tx, service, hours(50), first, true, id, Some(Phrase::Who), "门口或仓库有没有监控？").await?;
    add_to_report(tx, service, hours(47), id, "两个人，没有穿制服，说是来看消防的。仓库门口有监控，保留三十天。")
        .await?;
    raise_identity(tx, service, hours(47), id, Identity::Superiors).await?;
    write_to_reporter(tx, service, hours(30), first, true, id, Some(Phrase::Received), "").await?;
    contact(tx, service, now, (first, second), id).await?;
    add_to_report(tx, service, hours(2), id, "监控已经拷出来，随时可以提供。").await?;
    hold(tx, service, now, first).await
}

/// The contact was opened three hours ago.
async fn contact(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (first, second): (UserId, UserId),
    id: ReportId,
) -> Result<()> {
    if !reports::has_contact(tx, id).await? {
        return Ok(());
    }
    let minutes = |minutes: i64| now - TimeDelta::minutes(minutes);
    let why = "需要约时间查看仓库门口的监控";
    ask_to_open(tx, service, minutes(260), first, true, id, OpeningReason::Verify, why).await?;
    for opening in contact_openings::of_report(tx, id).await? {
        decide_opening(tx, service, minutes(220), second, true, id, opening.id, true).await?;
    }
    open_contact(tx, service, minutes(180), first, true, id).await
}

/// A request about another report waits for the next batch.
async fn hold(tx: &mut Tx, service: &Service, now: DateTime<Utc>, first: UserId) -> Result<()> {
    let filter = ViolationFilter {
        stage: None,
        ceiling: Severity::Violation,
        floor: None,
        state: Some(ViolationState::Suspected),
        rule: Some(RuleCode::Prc01),
        agency: None,
        enterprise: None,
        subject: None,
        from: None,
        to: None,
    };
    let open = violation_lists::list(tx, &filter, None, LOOKED_AT).await?;
    let Some(violation) = open.iter().find(|violation| askable(violation)) else { return Ok(()) };
    hold_request(tx, service, now, first, &[(violation.id, violation.version)]).await.map(drop)
}
