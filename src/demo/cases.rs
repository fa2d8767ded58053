//! Requests for an explanation in the last weeks of the made-up year: accepted, returned, extended, waiting for review; and an agency that
//! does not answer until its deadline has passed and it is listed for circulation.

use super::history::History;
use crate::actions::cases::{
    NewAnswer, accept_answer, answer_request, ask_extension, decide_extension, note_seen, return_answer, send_request,
};
use crate::actions::{Actor, Result, Service};
use crate::domain::cases::{AnswerChoice, Extension, Handling, RequestState, unasked};
use crate::domain::id::{AgencyId, UserId, ViolationId};
use crate::domain::violation::{Severity, ViolationState};
use crate::storage::cases::request_lists::{self, Tab};
use crate::storage::cases::requests::RequestRecord;
use crate::storage::violation_lists::{self, ViolationFilter};
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, users};
use chrono::{DateTime, TimeDelta, Utc};

/// How long before now the first request is sent.
const BEGIN: TimeDelta = TimeDelta::days(75);

/// Days between two requests to one agency.
const APART: TimeDelta = TimeDelta::days(6);

/// How many requests are looked at: more are never sent.
const MOST: i64 = 200;

const ANSWERS: [(AnswerChoice, &str, &str); 3] = [
    (
        AnswerChoice::Exception,
        "当天接到上级临时部署，需要立即排查燃气安全隐患，来不及另行安排。已补充部署文件。",
        "青安委发7号",
    ),
    (AnswerChoice::Corrected, "排期时没有核对无扰日，属于工作疏忽。已改期，并对承办科室作了提醒，今后由专人核对。", ""),
    (AnswerChoice::Disputed, "当天只是送达文书，没有开展检查，报备时类别选错，已申请更正。", ""),
];

/// Whether an agency can be asked about it, and nobody has asked yet.
pub(super) fn askable(violation: &ViolationRecord) -> bool {
    violation.handling == Handling::Untouched
        && violation.agency.is_some()
        && unasked(violation.rule, violation.severity, violation.subject).is_none()
}

impl History<'_> {
    /// A morning: what was sent goes on, and now and then something more is asked.
    ///
    /// # Errors
    /// When an action refuses or the store fails.
    pub(super) async fn ask_and_answer(
        &self,
        tx: &mut Tx,
        service: &Service,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        if now - at > BEGIN {
            return Ok(());
        }
        let own = self.district.inspector.agency;
        let today = service.settings.zone.local_date(at);
        let mut sent = request_lists::page(tx, (None, None), Tab::All, today, None, MOST).await?;
        sent.reverse();
        let liaison = users::liaisons(tx, own).await?.first().map(|user| user.id);
        let mine: Vec<RequestRecord> = sent.iter().filter(|request| request.agency == own).cloned().collect();
        if let Some(liaison) = liaison {
            for (nth, request) in
                mine.iter().enumerate().filter(|(_, request)| at - request.sent_at > TimeDelta::days(1))
            {
                self.go_on(tx, service, at, liaison, (nth, request)).await?;
            }
        }
        let due = |latest: Option<&RequestRecord>| latest.is_none_or(|request| at - request.sent_at > APART);
        if due(mine.last()) {
            self.send_one(tx, service, at, own).await?;
        }
        let silent = self.district.agencies.iter().map(|agency| agency.id).find(|agency| *agency != own);
        let others = sent.iter().rfind(|request| request.agency != own);
        if let Some(silent) = silent.filter(|_| due(others)) {
            self.send_one(tx, service, at, silent).await?;
        }
        Ok(())
    }

    /// One step of a request to the liaison's agency; which way it goes is decided by its place among them.
    async fn go_on(
        &self,
        tx: &mut Tx,
        service: &Service,
        at: DateTime<Utc>,
        liaison: UserId,
        (nth, request): (usize, &RequestRecord),
    ) -> Result<()> {
        let (id, agency, actor) = (request.id, request.agency, Actor::User(self.supervisor));
        let request = note_seen(tx, service, at, liaison, agency, id).await?;
        let version = request.version;
        let (choice, words, document) = ANSWERS[nth % ANSWERS.len()];
        let new = NewAnswer { choice, words: words.to_owned(), document: document.to_owned(), files: Vec::new() };
        match (nth % 5, request.state) {
            (0, RequestState::Replied) => {
                accept_answer(tx, service, at, &actor, id, version, "情况属实，予以采纳。").await
            }
            (1, RequestState::Replied) if request.round == 1 => {
                return_answer(tx, service, at, &actor, id, version, "请补充部署文件和时间安排的依据。").await
            }
            (0 | 1 | 3, state) if state.awaits_answer() && request.round == 1 => {
                answer_request(tx, service, at, liaison, agency, id, version, &new).await.map(drop)
            }
            (2, state) if state.awaits_answer() && request.extension == Extension::Unasked && at < request.due_at => {
                ask_extension(tx, service, at, liaison, agency, id, version, "承办人出差，需要核对资料。").await
            }
            (2, state) if state.awaits_answer() && request.extension == Extension::Asked => {
                decide_extension(tx, service, at, &actor, id, version, true).await
            }
            _ => Ok(()),
        }
    }

    /// Asks an agency about the oldest of its violations that wait for a decision, if there is one.
    async fn send_one(&self, tx: &mut Tx, service: &Service, at: DateTime<Utc>, agency: AgencyId) -> Result<()> {
        let filter = ViolationFilter {
            ceiling: Severity::Violation,
            floor: Some(Severity::Warning),
            state: Some(ViolationState::Suspected),
            rule: None,
            agency: Some(agency),
            enterprise: None,
            subject: None,
            stage: None,
            from: None,
            to: None,
        };
        let open = violation_lists::list(tx, &filter, None, MOST).await?;
        let Some(violation) = open.iter().rev().find(|violation| askable(violation)) else { return Ok(()) };
        let seen: [(ViolationId, i64); 1] = [(violation.id, violation.version)];
        send_request(tx, service, at, &Actor::User(self.supervisor), &seen).await.map(drop)
    }
}
