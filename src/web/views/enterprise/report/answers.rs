//! The answers of a report, question by question: read from the form, checked, and made into what is stored.
//!
//! Each question allows 不清楚. What rests on it is said in the words of the report, since the stored facts have no room for it.

use crate::actions::{ReportVisit, Snapshot};
use crate::domain::day::Zone;
use crate::domain::id::{AgencyId, EnterpriseId};
use crate::domain::text::{NAME_MAX, REPORT_MAX, half_width};
use crate::domain::visit_report::{Answer, ArrivalKnown};
use crate::i18n::Lang;
use crate::web::Form;
use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};

/// Questions asked.
pub(super) const QUESTIONS: u8 = 5;
/// The page after the last question: everything once more, the PIN, and the button that sends.
pub(super) const REVIEW: u8 = QUESTIONS + 1;

/// The fields of each question, in their order.
const FIELDS: [&[&str]; QUESTIONS as usize] = [
    &["what", "words"],
    &["agency", "agency_list", "agency_text"],
    &["when", "day", "time", "visitors", "at"],
    &["certificate", "notice", "did"],
    &["prohibited", "contact"],
];

/// Every field that the form may have.
pub(super) const ALL: [&str; 22] = [
    "submission",
    "step",
    "go",
    "what",
    "words",
    "agency",
    "agency_list",
    "agency_text",
    "when",
    "day",
    "time",
    "visitors",
    "at",
    "certificate",
    "notice",
    "did",
    "prohibited",
    "contact",
    "pin",
    "pin_tried",
    "pass",
    "work",
];

/// The four ticks of the fourth question.
pub(super) const DID: [&str; 4] = ["documents", "premises", "rectification", "signed"];

/// How far a claimed time may be ahead of the server's, for watches that are fast.
const AHEAD: TimeDelta = TimeDelta::minutes(10);

/// More visitors than this are a mistyped number.
const MOST_VISITORS: u32 = 1000;

/// The fields that a page carries hidden: what other questions were answered.
pub(super) fn carried(form: &Form, step: u8) -> Vec<(String, String)> {
    let own = usize::from(step).checked_sub(1).and_then(|at| FIELDS.get(at)).copied().unwrap_or_default();
    let carried = |name: &str| name == "submission" || FIELDS.iter().any(|fields| fields.contains(&name));
    form.values()
        .iter()
        .filter(|(name, value)| carried(name) && !own.contains(&name.as_str()) && !value.is_empty())
        .cloned()
        .collect()
}

/// What a report says when all questions are answered.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a tick on the form")]
pub(super) struct Answers {
    what: What,
    words: String,
    pub agency: Option<AgencyId>,
    pub agency_text: String,
    pub arrived: Arrival,
    visitors: Option<u32>,
    certificate: Option<Answer>,
    notice: Option<Answer>,
    documents: bool,
    premises: bool,
    rectification: bool,
    signed: bool,
    prohibited: Vec<u8>,
    contact: String,
}

/// What happened, by the first question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Inspection,
    Service,
    Other,
    Unknown,
}

impl What {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "inspection" => Self::Inspection,
            "service" => Self::Service,
            "other" => Self::Other,
            "unknown" => Self::Unknown,
            _ => return None,
        })
    }
}

/// When they came, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    pub at: DateTime<Utc>,
    /// What of it is no guess.
    pub known: ArrivalKnown,
}

/// What the questions are checked against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub snapshot: &'a Snapshot,
    pub now: DateTime<Utc>,
}

impl Context<'_> {
    fn zone(&self) -> Zone {
        self.snapshot.registries.zone
    }
}

/// Checks one question; what is wrong is recorded in the form. The time of a visit is fixed when its question is answered, so that the same
/// report sent twice is the same report.
pub(super) fn check(form: &mut Form, step: u8, context: Context<'_>) {
    match step {
        1 => drop(what(form)),
        2 => drop(agency(form, context)),
        3 => {
            visitors(form);
            if let Some(arrival) = claimed(form, context) {
                form.set("at", arrival.at.to_rfc3339_opts(SecondsFormat::Millis, true));
            }
        }
        4 => {
            let _ = conduct(form);
        }
        5 => drop(prohibited(form)),
        _ => {}
    }
}

/// All answers. `Err` is the first question that is not answered well; what is wrong with it is recorded in the form.
pub(super) fn all(form: &mut Form, context: Context<'_>) -> Result<Answers, u8> {
    let wrong = |form: &Form, step| if form.has_errors() { Err(step) } else { Ok(()) };
    let first = what(form);
    wrong(form, 1)?;
    let (agency, agency_text) = agency(form, context);
    wrong(form, 2)?;
    let arrived = fixed(form, context).or_else(|| claimed(form, context));
    let visitors = visitors(form);
    wrong(form, 3)?;
    let (certificate, notice, did) = conduct(form);
    wrong(form, 4)?;
    let (prohibited, contact) = prohibited(form);
    wrong(form, 5)?;
    let ((what, words), arrived) = (first.ok_or(1)?, arrived.ok_or(3)?);
    let [documents, premises, rectification, signed] = did;
    Ok(Answers {
        what,
        words,
        agency,
        agency_text,
        arrived,
        visitors,
        certificate,
        notice,
        documents,
        premises,
        rectification,
        signed,
        prohibited,
        contact,
    })
}

impl Answers {
    /// What is stored.
    pub(super) fn command(self, enterprise: EnterpriseId, verified: bool) -> ReportVisit {
        let words = self.words_with_notes();
        ReportVisit {
            enterprise,
            matters: Vec::new(),
            agency: self.agency,
            agency_text: self.agency_text,
            arrived_at: self.arrived.at,
            arrival_known: self.arrived.known,
            verified,
            visitors: self.visitors,
            shown_certificate: self.certificate,
            shown_notice: self.notice,
            documents_demanded: self.documents,
            premises_inspected: self.premises,
            rectification_asked: self.rectification,
            form_signed: self.signed,
            prohibited: self.prohibited,
            service: self.what == What::Service,
            words,
            contact: self.contact,
            held: false,
        }
    }

    /// The words, and below them what the reporter did not know. Those who read it read Chinese.
    fn words_with_notes(&self) -> String {
        let mut notes = Vec::new();
        match self.what {
            What::Other => notes.push("report-note-other"),
            What::Unknown => notes.push("report-note-unknown"),
            What::Inspection | What::Service => {}
        }
        match self.arrived.known {
            ArrivalKnown::Nothing => notes.push("report-note-day"),
            ArrivalKnown::Day => notes.push("report-note-time"),
            ArrivalKnown::Time => {}
        }
        let mut words = self.words.clone();
        for note in notes.into_iter().map(|key| Lang::Zh.t(key)) {
            let line = if words.is_empty() { note } else { format!("\n{note}") };
            if words.chars().count() + line.chars().count() <= REPORT_MAX {
                words.push_str(&line);
            }
        }
        words
    }
}

fn what(form: &mut Form) -> Option<(What, String)> {
    let what = form.choice("what", What::parse);
    let words = form.optional_paragraph("words", REPORT_MAX);
    what.map(|what| (what, words))
}

/// The list wins over the large buttons, because a button cannot be taken back.
fn agency(form: &mut Form, context: Context<'_>) -> (Option<AgencyId>, String) {
    let text = form.optional_line("agency_text", NAME_MAX);
    let chosen = if form.filled("agency_list") { form.one("agency_list") } else { form.one("agency") };
    let agency = match chosen {
        "unknown" => None,
        "" if !text.is_empty() => None,
        "" => {
            if !form.has_errors() {
                form.fail("agency", "required");
            }
            None
        }
        id => {
            let known =
                id.parse().ok().map(AgencyId).filter(|id| context.snapshot.registries.agencies.contains_key(id));
            if known.is_none() {
                form.fail("agency", "unknown");
            }
            known
        }
    };
    (agency, text)
}

/// The instant that was fixed when the question was answered.
fn fixed(form: &Form, context: Context<'_>) -> Option<Arrival> {
    let at = DateTime::parse_from_rfc3339(form.one("at")).ok()?.to_utc();
    let known = match form.one("when") {
        "unknown" => ArrivalKnown::Nothing,
        "today" | "other" if !form.filled("time") => ArrivalKnown::Day,
        "now" | "today" | "other" => ArrivalKnown::Time,
        _ => return None,
    };
    (at <= context.now + AHEAD).then_some(Arrival { at, known })
}

fn claimed(form: &mut Form, context: Context<'_>) -> Option<Arrival> {
    let (now, zone) = (context.now, context.zone());
    let today = zone.local_date(now);
    let when = form.one("when").to_owned();
    if !matches!(when.as_str(), "now" | "today" | "other" | "unknown") {
        form.fail("when", if when.is_empty() { "required" } else { "invalid" });
        return None;
    }
    if contradicted(form, &when, today) {
        return None;
    }
    let day = if when == "other" { day(form)? } else { today };
    let time = time(form)?;
    let known = match (when.as_str(), time) {
        ("unknown", _) => ArrivalKnown::Nothing,
        ("today" | "other", None) => ArrivalKnown::Day,
        _ => ArrivalKnown::Time,
    };
    let guess = if day == today { now } else { zone.instant(day, noon()) };
    let at = time.map_or(guess, |time| zone.instant(day, time));
    if at > now + AHEAD {
        form.fail(if day > today { "day" } else { "time" }, "future");
        return None;
    }
    Some(Arrival { at, known })
}

/// Whether something was typed that the choice made would drop. Which of the two was meant is not guessed; it is asked at the field.
fn contradicted(form: &mut Form, when: &str, today: NaiveDate) -> bool {
    let other_day =
        when != "other" && form.filled("day") && (when == "unknown" || form.one("day") != today.to_string());
    let some_time = when == "unknown" && form.filled("time");
    for (name, _) in [("day", other_day), ("time", some_time)].into_iter().filter(|(_, typed)| *typed) {
        form.fail(name, "not_chosen");
    }
    other_day || some_time
}

fn day(form: &mut Form) -> Option<NaiveDate> {
    let text = half_width(form.one("day")).trim().replace(['/', '.'], "-");
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok();
    if day.is_none() {
        form.fail("day", if text.is_empty() { "required" } else { "date" });
    }
    day
}

/// `Some(None)` is "not known".
#[expect(clippy::option_option, reason = "wrong and unknown are different things")]
fn time(form: &mut Form) -> Option<Option<NaiveTime>> {
    let text = half_width(form.one("time")).trim().to_owned();
    if text.is_empty() {
        return Some(None);
    }
    let time = NaiveTime::parse_from_str(&text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(&text, "%H:%M:%S")).ok();
    if time.is_none() {
        form.fail("time", "time");
    }
    time.map(Some)
}

fn noon() -> NaiveTime {
    NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default()
}

fn visitors(form: &mut Form) -> Option<u32> {
    let text = half_width(form.one("visitors")).trim().to_owned();
    if text.is_empty() {
        return None;
    }
    let number = text.parse().ok().filter(|n| (1..=MOST_VISITORS).contains(n));
    if number.is_none() {
        form.fail("visitors", "number");
    }
    number
}

fn conduct(form: &mut Form) -> (Option<Answer>, Option<Answer>, [bool; 4]) {
    let mut answer = |name: &'static str| match form.one(name) {
        "" => None,
        _ => form.choice(name, Answer::parse),
    };
    let (certificate, notice) = (answer("certificate"), answer("notice"));
    if form.all("did").any(|value| !DID.contains(&value)) {
        form.fail("did", "invalid");
    }
    (certificate, notice, DID.map(|value| form.picked("did", value)))
}

fn prohibited(form: &mut Form) -> (Vec<u8>, String) {
    let contact = form.optional_line("contact", NAME_MAX);
    let ticked: Vec<Option<u8>> =
        form.all("prohibited").map(|v| v.parse().ok().filter(|n| (1..=8).contains(n))).collect();
    if ticked.contains(&None) {
        form.fail("prohibited", "invalid");
    }
    (ticked.into_iter().flatten().collect(), contact)
}
