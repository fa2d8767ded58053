//! The words of the mails, in both languages: no enterprise, no person, nothing of a report.
//!
//! A mail is a folder of three files under `templates/email`; plain text and HTML say the same. Subjects carry the name of
//! the system and the number of the case only.

mod certificates;
mod invitation;

pub use certificates::{Certificate, certificates};
pub use invitation::invitation;

use crate::domain::day::Zone;
use crate::domain::id::ViolationId;
use crate::domain::notice::case_number;
use crate::domain::violation::{RuleCode, Severity, Subject};
use crate::i18n::Lang;
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

/// What is the same in all mails of an instance.
#[derive(Clone, Copy, Debug)]
pub struct Letterhead<'a> {
    /// What links begin with.
    pub public_url: &'a str,
    /// Name of the district.
    pub district: &'a str,
    /// Whom to call.
    pub hotline: &'a str,
    /// The zone of local times.
    pub zone: Zone,
}

/// A violation, as far as a mail may tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The violation.
    pub violation: ViolationId,
    /// Its rule.
    pub rule: RuleCode,
    /// Its severity.
    pub severity: Severity,
    /// What carries it. Of a report a mail tells neither that there is one nor the time of day.
    pub subject: Subject,
    /// Name of the agency, if it is known.
    pub agency: Option<String>,
    /// When the visit is planned, or was.
    pub at: DateTime<Utc>,
}

/// The words of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// Words that all mails share.
struct Page {
    lang: Lang,
    title: String,
    lead: String,
    note: String,
    sign_in: String,
    contact: String,
    automatic: String,
    footer: String,
}

/// A case in words: its link, and what there is to say, each with its label.
struct Row {
    number: String,
    fields: Vec<(String, String)>,
    link: String,
}

#[derive(Template)]
#[template(path = "email/violation_alert/subject.txt")]
struct AlertSubject<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "email/violation_alert/body.txt")]
struct AlertText<'a> {
    page: &'a Page,
    case: &'a Row,
}

#[derive(Template)]
#[template(path = "email/violation_alert/body.html")]
struct AlertHtml<'a> {
    page: &'a Page,
    case: &'a Row,
}

#[derive(Template)]
#[template(path = "email/violation_digest/subject.txt")]
struct DigestSubject<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "email/violation_digest/body.txt")]
struct DigestText<'a> {
    page: &'a Page,
    cases: &'a [Row],
    more: &'a str,
    inbox: &'a str,
    checkpoint: &'a str,
}

#[derive(Template)]
#[template(path = "email/violation_digest/body.html")]
struct DigestHtml<'a> {
    page: &'a Page,
    cases: &'a [Row],
    more: &'a str,
    inbox: &'a str,
    checkpoint: &'a str,
}

#[derive(Template)]
#[template(path = "email/referral_notice/subject.txt")]
struct ReferralSubject<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "email/referral_notice/body.txt")]
struct ReferralText<'a> {
    page: &'a Page,
    inbox: &'a str,
}

#[derive(Template)]
#[template(path = "email/referral_notice/body.html")]
struct ReferralHtml<'a> {
    page: &'a Page,
    inbox: &'a str,
}

/// How many cases a digest lists; of the others it says how many there are.
pub const DIGEST_CASES: usize = 100;

/// The mail about one violation. `risen` says that an earlier mail told of it at a lower severity.
///
/// # Errors
/// When a template cannot be rendered.
pub fn violation_alert(
    head: &Letterhead<'_>,
    lang: Lang,
    now: DateTime<Utc>,
    case: &Case,
    risen: bool,
) -> askama::Result<Composed> {
    let row = row(head, lang, now, case);
    let lead = if risen {
        lang.ta("mail-alert-risen", &[("level", &level(lang, case.severity))])
    } else {
        lang.t("mail-alert-lead")
    };
    let page =
        page(head, lang, lang.ta("mail-alert-subject", &[("number", &row.number)]), lead, lang.t("mail-suspected"));
    Ok(Composed {
        subject: line(&AlertSubject { page: &page }.render()?),
        text: AlertText { page: &page, case: &row }.render()?,
        html: AlertHtml { page: &page, case: &row }.render()?,
    })
}

/// The mail that gathers several violations. `checkpoint` is the newest one of the audit, empty before the first: so it leaves the machine.
///
/// # Errors
/// When a template cannot be rendered.
pub fn violation_digest(
    head: &Letterhead<'_>,
    lang: Lang,
    now: DateTime<Utc>,
    cases: &[Case],
    checkpoint: &str,
) -> askama::Result<Composed> {
    let rows: Vec<Row> = cases.iter().take(DIGEST_CASES).map(|case| row(head, lang, now, case)).collect();
    let more = match cases.len() - rows.len() {
        0 => String::new(),
        more => lang.ta("mail-digest-more", &[("count", &more)]),
    };
    let subject = lang.ta("mail-digest-subject", &[("count", &cases.len())]);
    let lead = lang.ta("mail-digest-lead", &[("count", &cases.len())]);
    let page = page(head, lang, subject, lead, lang.t("mail-suspected"));
    let inbox = inbox(head);
    Ok(Composed {
        subject: line(&DigestSubject { page: &page }.render()?),
        text: DigestText { page: &page, cases: &rows, more: &more, inbox: &inbox, checkpoint }.render()?,
        html: DigestHtml { page: &page, cases: &rows, more: &more, inbox: &inbox, checkpoint }.render()?,
    })
}

/// A deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// A whole day, the last.
    On(NaiveDate),
    /// An instant, where the hour counts.
    At(DateTime<Utc>),
}

/// What a mail about a request says: its number and its deadline, no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    /// The middle of the keys of its words: `mail-KEY-subject`, `mail-KEY-lead`.
    pub key: &'static str,
    /// The request's number.
    pub number: &'a str,
    /// Until when, where it matters.
    pub due: Option<Due>,
    /// Working days left until then; 0 or less shows none.
    pub days_left: i64,
    /// Name of the agency, for supervisors.
    pub agency: Option<&'a str>,
    /// Where it is read, after signing in.
    pub link: String,
}

/// The mail about a request for an explanation.
///
/// # Errors
/// When a template cannot be rendered.
pub fn case_note(head: &Letterhead<'_>, lang: Lang, now: DateTime<Utc>, note: &Note<'_>) -> askama::Result<Composed> {
    let day = note.due.map(|due| match due {
        Due::On(day) => lang.date(day, head.zone.local_date(now)),
        Due::At(at) => lang.time(at, now, head.zone),
    });
    let due = day.clone().unwrap_or_default();
    let subject = lang.ta(&format!("mail-{}-subject", note.key), &[("number", &note.number), ("due", &due)]);
    let mut fields = vec![(lang.t("mail-label-number"), note.number.to_owned())];
    if let Some(agency) = note.agency {
        fields.push((lang.t("mail-label-agency"), agency.to_owned()));
    }
    if let Some(day) = day {
        let left = lang.ta("mail-due-left", &[("day", &day), ("days", &note.days_left)]);
        fields.push((lang.t("mail-label-due"), if note.days_left > 0 { left } else { day }));
    }
    let page = page(head, lang, subject, lang.t(&format!("mail-{}-lead", note.key)), String::new());
    let case = Row { number: note.number.to_owned(), fields, link: note.link.clone() };
    Ok(Composed {
        subject: line(&AlertSubject { page: &page }.render()?),
        text: AlertText { page: &page, case: &case }.render()?,
        html: AlertHtml { page: &page, case: &case }.render()?,
    })
}

/// The mail to the discipline office that there is something to look at, without content.
///
/// # Errors
/// When a template cannot be rendered.
pub fn referral_notice(head: &Letterhead<'_>, lang: Lang) -> askama::Result<Composed> {
    let page = page(head, lang, lang.t("mail-referral-subject"), lang.t("mail-referral-lead"), String::new());
    let inbox = inbox(head);
    Ok(Composed {
        subject: line(&ReferralSubject { page: &page }.render()?),
        text: ReferralText { page: &page, inbox: &inbox }.render()?,
        html: ReferralHtml { page: &page, inbox: &inbox }.render()?,
    })
}

/// The mail to the supervisors that something is held for their look, without content.
///
/// # Errors
/// When a template cannot be rendered.
pub fn quarantine_notice(head: &Letterhead<'_>, lang: Lang) -> askama::Result<Composed> {
    let page = page(head, lang, lang.t("mail-quarantine-subject"), lang.t("mail-quarantine-lead"), String::new());
    let inbox = format!("{}/console/quarantine", head.public_url);
    Ok(Composed {
        subject: line(&ReferralSubject { page: &page }.render()?),
        text: ReferralText { page: &page, inbox: &inbox }.render()?,
        html: ReferralHtml { page: &page, inbox: &inbox }.render()?,
    })
}

fn page(head: &Letterhead<'_>, lang: Lang, title: String, lead: String, note: String) -> Page {
    let contact = match head.hotline.trim() {
        "" => lang.t("mail-contact-none"),
        hotline => lang.ta("mail-contact", &[("hotline", &hotline)]),
    };
    Page {
        lang,
        title,
        lead,
        note,
        sign_in: lang.t("mail-sign-in"),
        contact,
        automatic: lang.t("mail-automatic"),
        footer: lang.ta("mail-footer", &[("district", &head.district)]),
    }
}

fn row(head: &Letterhead<'_>, lang: Lang, now: DateTime<Utc>, case: &Case) -> Row {
    let number = case_number(case.violation);
    let what = match (case.subject, case.rule) {
        (Subject::Filing(_), _) => lang.t("mail-what-filing"),
        (Subject::Report(_), RuleCode::Fil04 | RuleCode::Ndd01) => lang.t("mail-what-unfiled"),
        (Subject::Report(_), _) => lang.t("mail-what-visit"),
        (Subject::Request(_), _) => lang.t("mail-what-request"),
        (Subject::Violation(_), RuleCode::Agg01) => lang.t("mail-what-count"),
        (Subject::Violation(_), _) => lang.t("mail-what-correction"),
    };
    let when = match case.subject {
        Subject::Filing(_) => lang.time(case.at, now, head.zone),
        Subject::Report(_) | Subject::Request(_) | Subject::Violation(_) => {
            lang.date(head.zone.local_date(case.at), head.zone.local_date(now))
        }
    };
    let rule = format!("{} {}", case.rule, lang.t(&rule_key(case.rule)));
    let agency = case.agency.clone().unwrap_or_else(|| lang.t("mail-agency-unknown"));
    let fields = vec![
        (lang.t("mail-label-number"), number.clone()),
        (lang.t("mail-label-what"), what),
        (lang.t("mail-label-rule"), rule),
        (lang.t("mail-label-level"), level(lang, case.severity)),
        (lang.t("mail-label-agency"), agency),
        (lang.t("mail-label-when"), when),
    ];
    Row { number, fields, link: format!("{}/console/violations/{}", head.public_url, case.violation) }
}

/// The key of a rule's name, `rule-ndd-01`.
fn rule_key(rule: RuleCode) -> String {
    format!("rule-{}", rule.as_str().to_lowercase())
}

fn level(lang: Lang, severity: Severity) -> String {
    lang.t(&format!("mail-level-{}", severity.level()))
}

fn inbox(head: &Letterhead<'_>) -> String {
    format!("{}/console", head.public_url)
}

/// A subject is one line, however its template ends.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
