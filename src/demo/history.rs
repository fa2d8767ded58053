//! The made-up year, run through the real actions with the clock set to each instant, deadlines and mails in between included.

use super::dice::Dice;
use super::plan::{Event, Told, Visit};
use super::registry::District;
use super::reporters::CONTACT;
use super::words::{CONFIRMATIONS, DISMISSALS};
use crate::actions::{
    Accompanying, Actor, Decision, FileInspection, ReportVisit, Result, Service, Target, arrive, cancel_filing,
    confirm_presence, decide_violation, file_inspection, leave, record_result, report_visit,
};
use crate::app::App;
use crate::domain::cases::Handling;
use crate::domain::filing::{Approval, Kind, SpecialPapers};
use crate::domain::id::{FilingId, UserId};
use crate::domain::violation::{Severity, ViolationState};
use crate::domain::visit_report::ArrivalKnown;
use crate::jobs;
use crate::mail::Mailer;
use crate::storage::filings::Scope;
use crate::storage::violation_lists::{self, ViolationFilter};
use crate::storage::{Tx, mails};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;

/// Violations younger than this are left for the newcomer to decide.
const LEFT_OPEN: TimeDelta = TimeDelta::days(16);

/// The most that the supervisor decides in a morning.
const DECISIONS: i64 = 200;

/// The year while it runs.
pub struct History<'a> {
    /// The program, with a manual clock.
    pub app: &'a App,
    /// The district.
    pub district: &'a District,
    /// Chance.
    pub dice: &'a Dice,
    /// Chance of those who rate: apart, so that it changes nothing else of the year.
    pub raters: Dice,
    /// Who decides.
    pub supervisor: UserId,
    /// Keeps the mails; they stay in the outbox as sent.
    pub mailer: Mailer,
}

impl History<'_> {
    /// Runs all events up to `now`; `progress` is told how many are done.
    ///
    /// # Errors
    /// When an action refuses or the store fails.
    pub async fn run(
        &self,
        events: &[(DateTime<Utc>, Event)],
        now: DateTime<Utc>,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<()> {
        let mut filings = HashMap::new();
        let mut tx = self.app.db.write().await?;
        for (done, (at, event)) in events.iter().enumerate() {
            tx = self.pass_time(tx, *at).await?;
            self.app.clock.set(*at);
            self.invite(&mut tx, *at, now).await?;
            self.happen(&mut tx, &mut filings, *at, event, now).await?;
            tx = self.deliver(tx).await?;
            progress(done + 1, events.len());
        }
        let tx = self.pass_time(tx, now).await?;
        self.app.clock.set(now);
        Ok(tx.commit().await?)
    }

    /// Lets deadlines pass, each at its own instant, and mails leave.
    async fn pass_time(&self, mut tx: Tx, until: DateTime<Utc>) -> Result<Tx> {
        while let Some(at) = jobs::next_due(&mut tx).await?.filter(|at| *at <= until) {
            self.app.clock.set(at);
            jobs::run_due_in(&mut tx, &self.app.service, at).await?;
            tx = self.deliver(tx).await?;
        }
        Ok(tx)
    }

    /// Delivers what waits, at this instant. Nobody else looks at the database yet, so that transactions may be long otherwise.
    async fn deliver(&self, mut tx: Tx) -> Result<Tx> {
        let due = mails::next_attempt(&mut tx).await?.is_some_and(|at| at <= self.app.clock.now());
        if !due {
            return Ok(tx);
        }
        tx.commit().await?;
        jobs::deliver_due(self.app, &self.mailer).await?;
        Ok(self.app.db.write().await?)
    }

    async fn happen(
        &self,
        tx: &mut Tx,
        filings: &mut HashMap<usize, FilingId>,
        at: DateTime<Utc>,
        event: &Event,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let service = &self.app.service;
        let known = |filings: &HashMap<usize, FilingId>, number: &usize| filings.get(number).copied();
        let target = |id| Target { id, scope: Scope::All, version: None, actor: &Actor::System };
        match event {
            Event::File(visit) => {
                let id = self.file(tx, service, at, visit).await?;
                filings.insert(visit.number, id);
            }
            Event::Arrive(number) => {
                if let Some(id) = known(filings, number) {
                    arrive(tx, service, at, target(id)).await?;
                    if !self.dice.percent(30) {
                        confirm_presence(tx, service, at, target(id)).await?;
                    }
                }
            }
            Event::Leave(number) => {
                if let Some(id) = known(filings, number) {
                    leave(tx, service, at, target(id)).await?;
                    self.rate(tx, at, id).await?;
                }
            }
            Event::Result(number, result) => {
                if let Some(id) = known(filings, number) {
                    record_result(tx, service, at, target(id), *result).await?;
                }
            }
            Event::Cancel(number) => {
                if let Some(id) = known(filings, number) {
                    cancel_filing(tx, service, at, target(id), "企业停产检修，另行安排。").await?;
                }
            }
            Event::Report(told) => self.report(tx, service, at, told).await?,
            Event::Decide => {
                self.ask_and_answer(tx, service, at, now).await?;
                self.decide(tx, service, at, now).await?;
            }
        }
        Ok(())
    }

    async fn file(&self, tx: &mut Tx, service: &Service, at: DateTime<Utc>, visit: &Visit) -> Result<FilingId> {
        let agency = &self.district.agencies[visit.agency];
        let cert_no = visit.inspectors.first().cloned().unwrap_or_default();
        let actor = Actor::Inspector { cert_no, agency: agency.id };
        let (exemption, reason, evidence) = match &visit.exemption {
            Some((code, reason, evidence)) => (Some(*code), *reason, evidence.as_str()),
            None => (None, "", ""),
        };
        let command = FileInspection {
            more: accompanying(visit),
            agency: agency.id,
            enterprise: self.district.enterprises[visit.enterprise].id,
            kind: visit.kind,
            matters: vec![agency.matters[visit.matter].0],
            inspectors: visit.inspectors.clone(),
            planned_start: visit.start,
            planned_end: visit.end,
            exemption,
            exemption_reason: reason.to_owned(),
            evidence_ref: evidence.to_owned(),
            joint_group: None,
            arrived_at: visit.arrived,
            left_at: None,
            note: String::new(),
            source: "web",
        };
        let filed = file_inspection(tx, service, at, &actor, None, command).await?;
        Ok(filed.record.filing.id)
    }

    async fn report(&self, tx: &mut Tx, service: &Service, at: DateTime<Utc>, told: &Told) -> Result<()> {
        let enterprise = self.district.enterprises[told.enterprise].id;
        let command = ReportVisit {
            matters: Vec::new(),
            enterprise,
            agency: told.agency.map(|n| self.district.agencies[n].id),
            agency_text: String::new(),
            arrived_at: told.arrived,
            arrival_known: ArrivalKnown::Time,
            verified: told.verified,
            visitors: Some(2),
            shown_certificate: Some(told.certificate),
            shown_notice: None,
            documents_demanded: told.ticks,
            premises_inspected: told.ticks,
            rectification_asked: false,
            form_signed: false,
            prohibited: told.prohibited.into_iter().collect(),
            service: told.service,
            words: told.words.to_owned(),
            contact: if told.verified { CONTACT.to_owned() } else { String::new() },
            held: false,
        };
        report_visit(tx, service, at, &Actor::Enterprise(enterprise), None, command).await?;
        Ok(())
    }

    /// Decides most of what has been open for some days.
    async fn decide(&self, tx: &mut Tx, service: &Service, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        let filter = ViolationFilter {
            ceiling: Severity::Referral,
            floor: Some(Severity::Warning),
            state: Some(ViolationState::Suspected),
            rule: None,
            agency: None,
            enterprise: None,
            subject: None,
            stage: None,
            from: None,
            to: None,
        };
        let actor = Actor::User(self.supervisor);
        for open in violation_lists::list(tx, &filter, None, DECISIONS).await? {
            let settled = at - open.raised_at > TimeDelta::days(3) && now - open.raised_at > LEFT_OPEN;
            let asked = open.handling != Handling::Untouched;
            if asked || !settled || !self.dice.percent(30) {
                continue;
            }
            let (decision, reason) = if self.dice.percent(60) {
                (Decision::Confirm, self.dice.pick(CONFIRMATIONS))
            } else {
                (Decision::Dismiss, self.dice.pick(DISMISSALS))
            };
            decide_violation(tx, service, at, &actor, open.id, None, decision, reason).await?;
        }
        Ok(())
    }
}

/// The approval by the unit's head, the day before the visit or the filing, and the papers of a special inspection; one in fifteen lacks
/// them.
fn accompanying(visit: &Visit) -> Accompanying {
    if visit.number % 15 == 7 {
        return Accompanying::default();
    }
    let document = format!("检批〔{}〕{}号", visit.start.format("%Y"), 100 + visit.number);
    let special = if visit.kind == Kind::Special {
        SpecialPapers {
            approval_document: document.clone(),
            filing_reference: format!("备{}", 1000 + visit.number),
            publication_link: format!("https://www.example.gov.cn/jcgs/{}", visit.number),
        }
    } else {
        SpecialPapers::default()
    };
    let approval = Approval {
        approver: "周正平".to_owned(),
        position: "局长".to_owned(),
        document,
        approved_at: visit.arrived.unwrap_or(visit.start) - TimeDelta::hours(26),
        account: None,
    };
    Accompanying { assistants: Vec::new(), approval: Some(approval), special }
}
