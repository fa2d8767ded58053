//! What the pages of a request share: its items as the agency reads them, answers, deadline, timeline.

use crate::domain::cases::{AppealState, DecisionKind, RequestState};
use crate::domain::holidays::{Holidays, deadline};
use crate::domain::user::User;
use crate::i18n::Lang;
use crate::storage::cases::answers::{Answer, AnswerFile};
use crate::storage::cases::appeals::Appeal;
use crate::storage::cases::items::RequestItem;
use crate::storage::cases::requests::RequestRecord;
use crate::web::page::Page;
use crate::web::paths;
use chrono::{DateTime, NaiveDate, Utc};

/// One violation in the words that the agency reads.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) position: i64,
    pub(super) asked: String,
    pub(super) rule: String,
    pub(super) filing: String,
    pub(super) filing_href: String,
    /// What was decided, once the agency may know; empty before.
    pub(super) outcome: String,
    pub(super) outcome_words: String,
    /// The appeal in words; empty without one.
    pub(super) appeal: String,
    pub(super) may_appeal: bool,
    /// For supervisors: the violation, with its state; empty for the agency.
    pub(super) violation_href: String,
    pub(super) violation: String,
}

/// An item as the agency sees it at this instant.
pub(super) fn item(page: &Page, item: &RequestItem) -> Item {
    let at = usize::from(page.lang == Lang::En);
    let known = item.known_outcome(page.now);
    let outcome = known.map(|(kind, _)| page.t(&format!("outcome-{}", dashed(kind)))).unwrap_or_default();
    let outcome = match (known, item.follow_up_on) {
        (Some((DecisionKind::Correct, _)), Some(day)) => {
            page.t2("outcome-by", "outcome", outcome, "day", page.date(&day))
        }
        _ => outcome,
    };
    Item {
        id: item.id.to_string(),
        position: item.position,
        asked: item.asked[at].clone(),
        rule: item.rule_text[at].clone(),
        filing: item.filing_number.clone(),
        filing_href: item.filing.map(|id| paths::item(paths::FILINGS, id)).unwrap_or_default(),
        outcome_words: if outcome.is_empty() { String::new() } else { item.outcome_words.clone() },
        outcome,
        appeal: String::new(),
        may_appeal: false,
        violation_href: String::new(),
        violation: String::new(),
    }
}

/// The same with its appeals, and whether the agency may still appeal.
pub(super) fn with_appeals(page: &Page, holidays: &Holidays, stored: &RequestItem, appeals: &[Appeal]) -> Item {
    let mut shown = item(page, stored);
    let own: Vec<&Appeal> = appeals.iter().filter(|appeal| appeal.violation == stored.violation).collect();
    if let Some(appeal) = own.last() {
        let (state, reply) = appeal.known(page.now);
        let state = page.t(&format!("appeal-{state}"));
        shown.appeal = page.t2("appeal-line", "time", page.time(&appeal.asked_at), "state", state);
        if !reply.is_empty() {
            shown.appeal = format!("{} {reply}", shown.appeal);
        }
    }
    if let Some((_, at)) = stored.known_outcome(page.now) {
        let zone = page.zone();
        let last = holidays.addwd(zone.local_date(at), crate::domain::cases::APPEAL_DAYS);
        let appealed = own.iter().any(|a| a.state == AppealState::Asked || a.asked_at >= at);
        shown.may_appeal = !appealed && page.now < deadline(zone, last);
    }
    shown
}

/// An answer as it is shown.
pub(super) struct AnswerView {
    pub(super) title: String,
    pub(super) when: String,
    pub(super) choice: String,
    pub(super) words: String,
    pub(super) document: String,
    pub(super) files: Vec<FileView>,
    /// Why it was returned; empty if it was not.
    pub(super) returned: String,
}

/// An attachment as it is shown.
pub(super) struct FileView {
    pub(super) href: String,
    pub(super) name: String,
}

/// The answers, the newest first.
pub(super) fn answers(
    page: &Page,
    request: &RequestRecord,
    answers: &[Answer],
    files: &[AnswerFile],
    people: &[User],
) -> Vec<AnswerView> {
    let shown = |answer: &Answer| {
        let name = people.iter().find(|user| user.id == answer.answered_by).map(|user| user.name.clone());
        let time = page.time(&answer.answered_at);
        AnswerView {
            title: page.t2("answer-title", "round", answer.round, "version", answer.version),
            when: format!("{} {time}", name.unwrap_or_else(|| page.t("somebody"))),
            choice: page.t(&format!("answer-{}", answer.choice)),
            words: answer.words.clone(),
            document: answer.document.clone(),
            files: files
                .iter()
                .filter(|file| file.answer == answer.id)
                .map(|file| FileView {
                    href: format!("{}/files/{}", paths::item(paths::EXPLANATIONS, request.id), file.id),
                    name: file.name.clone(),
                })
                .collect(),
            returned: answer.verdict_words.clone(),
        }
    };
    answers.iter().rev().map(shown).collect()
}

/// The deadline in words, and the look of the note around it.
pub(super) fn due(page: &Page, holidays: &Holidays, request: &RequestRecord) -> (String, &'static str) {
    let day = page.date(&request.due_on);
    if !request.state.awaits_answer() {
        return (page.t1("due-was", "day", day), "");
    }
    if page.now >= request.due_at {
        return (page.t1("due-passed", "day", day), "no");
    }
    let left = holidays.wdiff(page.today(), request.due_on);
    let class = if left <= 1 { "warn" } else { "" };
    (page.tn("due-by", &[("day", &day), ("days", &left)]), class)
}

/// The look of a request's state.
pub(super) fn state_class(request: &RequestRecord, now: DateTime<Utc>) -> &'static str {
    match request.state {
        RequestState::Sent | RequestState::Seen | RequestState::Returned if now >= request.due_at => "over",
        RequestState::Sent | RequestState::Seen | RequestState::Returned => "wait",
        RequestState::Replied => "new",
        RequestState::Accepted | RequestState::Closed => "done",
    }
}

/// The state in words, with the extension where one waits.
pub(in crate::web::views::console) fn state(page: &Page, request: &RequestRecord) -> String {
    page.lang.request_state(request.state, request.extension)
}

/// A day with its working days left, for lists.
pub(in crate::web::views::console) fn due_line(page: &Page, holidays: &Holidays, request: &RequestRecord) -> String {
    let (today, day): (NaiveDate, NaiveDate) = (page.today(), request.due_on);
    if !request.state.awaits_answer() || today > day {
        return page.date(&day);
    }
    page.tn("due-line", &[("day", &page.date(&day)), ("days", &holidays.wdiff(today, day))])
}

/// A code as a part of a key.
fn dashed(kind: DecisionKind) -> String {
    kind.as_str().replace('_', "-")
}
