//! What the page of a report shows of the conversation, the contact and the watch over the enterprise.

use crate::actions::reporters;
use crate::app::App;
use crate::domain::policy::Ret01;
use crate::domain::reporter::{AGREED_HOURS, OpeningState, Phrase};
use crate::i18n::facts::Facts;
use crate::storage::contact_openings::{self, Opening};
use crate::storage::reports::{self, ReportRecord};
use crate::storage::{Tx, conversations, protection};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::page::Page;
use chrono::{DateTime, Days, TimeDelta, Utc};

/// A line of the conversation.
pub(super) struct Said {
    pub who: String,
    pub when: String,
    pub words: String,
    /// What a supervisor wrote.
    pub ours: bool,
    /// Ours: the reporter has seen it. Theirs: a supervisor has read it.
    pub seen: bool,
}

/// A fixed phrase to choose.
pub(super) struct Choice {
    pub value: &'static str,
    pub words: String,
}

/// What may be done about the contact now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// There is none, or it is not for this reader.
    Nothing,
    /// Ask to open it.
    Ask,
    /// Somebody else has to agree.
    Wait,
    /// This reader may agree.
    Decide,
    /// This reader may open it.
    Open,
    /// It is open.
    Shown,
}

/// The contact, as far as this reader sees it.
pub(super) struct Contact {
    pub left: bool,
    pub step: Step,
    /// The opening that a second person decides.
    pub opening: String,
    /// What happened so far.
    pub history: Vec<String>,
    /// The contact itself, and when it closes.
    pub words: String,
    pub until: String,
    /// The asker's explanation, for the one who decides.
    pub explanation: String,
}

/// The watch over the enterprise.
pub(super) struct Watch {
    pub until: String,
    /// What happens until then.
    pub words: String,
}

/// The words of the report, those added later and those of supervisors, oldest first.
pub(super) async fn conversation(tx: &mut Tx, page: &Page, record: &ReportRecord) -> Result<Vec<Said>, AppError> {
    let enterprise = page.t("talk-enterprise");
    let mut said: Vec<(DateTime<Utc>, Said)> = Vec::new();
    let line = |who: &str, at: &DateTime<Utc>, words, ours, seen| {
        (*at, Said { who: who.to_owned(), when: page.time(at), words, ours, seen })
    };
    if !record.words.is_empty() {
        said.push(line(&enterprise, &record.report.filed_at, record.words.clone(), false, true));
    }
    for note in conversations::notes(tx, record.report.id).await? {
        said.push(line(&enterprise, &note.created_at, note.words, false, note.read_at.is_some()));
    }
    for message in conversations::messages(tx, record.report.id).await? {
        let phrase = message.phrase.map(|phrase| page.t(&format!("phrase-{phrase}")));
        let parts: Vec<String> = phrase.into_iter().chain(Some(message.words).filter(|w| !w.is_empty())).collect();
        let who = page.t1("talk-you", "name", message.author);
        said.push(line(&who, &message.created_at, parts.join("\n"), true, message.seen_at.is_some()));
    }
    said.sort_by_key(|(at, said)| (*at, said.ours));
    Ok(said.into_iter().map(|(_, said)| said).collect())
}

/// The fixed phrases in words.
pub(super) fn phrases(page: &Page) -> Vec<Choice> {
    let choice = |phrase: &Phrase| Choice { value: phrase.as_str(), words: page.t(&format!("phrase-{phrase}")) };
    Phrase::ALL.iter().map(choice).collect()
}

/// What this reader sees of the contact; `allowed` for those who may read the report's words.
pub(super) async fn contact(
    app: &App,
    tx: &mut Tx,
    me: &Console<SUPERVISOR>,
    page: &Page,
    record: &ReportRecord,
    allowed: bool,
) -> Result<Contact, AppError> {
    let id = record.report.id;
    let left = reports::has_contact(tx, id).await?;
    let nothing = Contact {
        left,
        step: Step::Nothing,
        opening: String::new(),
        history: Vec::new(),
        words: String::new(),
        until: String::new(),
        explanation: String::new(),
    };
    if !left || !allowed {
        return Ok(nothing);
    }
    let openings = contact_openings::of_report(tx, id).await?;
    let shown = reporters::readable(tx, &app.service, me.now, me.user.id, &openings).await?;
    let last = openings.last();
    let step = match last {
        Some(_) if shown.is_some() => Step::Shown,
        Some(o) => step(o, me),
        None => Step::Ask,
    };
    let (words, until) = shown.map_or_else(Default::default, |(words, until)| (words, page.clock(&until)));
    Ok(Contact {
        step,
        opening: last.map(|o| o.id.to_string()).unwrap_or_default(),
        explanation: last.map(|o| o.words.clone()).unwrap_or_default(),
        history: openings.iter().flat_map(|o| told(page, o, me.now)).collect(),
        words,
        until,
        ..nothing
    })
}

fn step(opening: &Opening, me: &Console<SUPERVISOR>) -> Step {
    let mine = opening.asked_by == me.user.id;
    match opening.state {
        OpeningState::Asked if mine => Step::Wait,
        OpeningState::Asked => Step::Decide,
        OpeningState::Approved if lapsed(opening, me.now) => Step::Ask,
        OpeningState::Approved if mine => Step::Open,
        OpeningState::Opened if opening.open_until.is_some_and(|until| me.now < until) => Step::Wait,
        OpeningState::Approved => Step::Wait,
        OpeningState::Opened | OpeningState::Refused => Step::Ask,
    }
}

fn lapsed(opening: &Opening, now: DateTime<Utc>) -> bool {
    opening.decided_at.is_none_or(|at| at + TimeDelta::hours(AGREED_HOURS) <= now)
}

/// What happened to an opening, in words.
fn told(page: &Page, opening: &Opening, now: DateTime<Utc>) -> Vec<String> {
    let reason = page.t(&format!("opening-{}", opening.reason));
    let asked: [(&'static str, &dyn std::fmt::Display); 3] =
        [("name", &opening.asker), ("time", &page.time(&opening.asked_at)), ("reason", &reason)];
    let mut lines = vec![page.lang.ta("contact-asked", &asked)];
    if let (Some(decider), Some(at)) = (&opening.decider, opening.decided_at) {
        let key = if opening.state == OpeningState::Refused { "contact-refused" } else { "contact-agreed" };
        lines.push(page.t2(key, "name", decider, "time", page.time(&at)));
    }
    match opening.opened_at {
        Some(at) => lines.push(page.t1("contact-opened", "time", page.time(&at))),
        None if opening.state == OpeningState::Approved && lapsed(opening, now) => lines.push(page.t("contact-lapsed")),
        None => {}
    }
    lines
}

/// The watch that something adverse of this report's enterprise about its agency began, while it lasts.
pub(super) async fn watch(
    tx: &mut Tx,
    page: &Page,
    facts: &Facts<'_>,
    record: &ReportRecord,
    rule: &Ret01,
) -> Result<Option<Watch>, AppError> {
    let days = u64::from(rule.days);
    let told = protection::adverse_at(tx, record.report.enterprise, page.now - Days::new(days + 1)).await?;
    let Some(told) = told.into_iter().find(|told| told.report == Some(record.report.id)) else { return Ok(None) };
    let until = page.zone().local_date(told.at) + Days::new(days);
    let words = if rule.enabled { "watch-here-words" } else { "watch-off" };
    Ok((page.today() <= until)
        .then(|| Watch { until: page.date(&until), words: page.t1(words, "agency", facts.agency(told.about)) }))
}
