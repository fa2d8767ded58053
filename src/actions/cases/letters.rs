//! The mails of cases: to the liaisons of an agency, to its head, to the supervisors. They name the number and the deadline, no more. What is
//! written to supervisors rings their groups as well.

use crate::actions::bells::ring_case;
use crate::actions::outbox::{Reader, enqueue, letterhead, or_addresses};
use crate::actions::{ActionError, Result, Service};
use crate::domain::cases::UNDO;
use crate::domain::dossier::Registries;
use crate::domain::id::UserId;
use crate::domain::notice::MailKind;
use crate::domain::user::{Role, User};
use crate::domain::violation::Subject;
use crate::i18n::Lang;
use crate::mail::compose::{self, Composed, Due, Note};
use crate::storage::cases::mails as case_mails;
use crate::storage::cases::requests::RequestRecord;
use crate::storage::{Tx, users};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What a mail tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letter {
    /// You are asked to explain.
    Asked,
    /// Your answer was returned.
    Returned,
    /// The extension is granted.
    Extended,
    /// The extension is refused.
    NotExtended,
    /// The deadline is near.
    Reminder,
    /// The deadline has passed; to the head.
    Overdue,
    /// There is an outcome.
    Outcome,
    /// The request was withdrawn.
    Withdrawn,
    /// The request is over; no answer is needed any more.
    Ended,
    /// A colleague has handed it over to you.
    HandedOver,
    /// Your appeal was decided.
    AppealDecided,
    /// To a supervisor: there is an answer.
    Answered,
    /// To a supervisor: an extension is asked for.
    ExtensionAsked,
    /// To a supervisor: there is an appeal.
    Appealed,
    /// To the lead: an agency does not answer.
    Listed,
}

impl Letter {
    /// The middle of its keys in the catalogue.
    const fn key(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Returned => "returned",
            Self::Extended => "extended",
            Self::NotExtended => "not-extended",
            Self::Reminder => "reminder",
            Self::Overdue => "overdue",
            Self::Outcome => "outcome",
            Self::Withdrawn => "withdrawn-request",
            Self::Ended => "ended-request",
            Self::HandedOver => "handed-over",
            Self::AppealDecided => "appeal-decided",
            Self::Answered => "answered",
            Self::ExtensionAsked => "extension-asked",
            Self::Appealed => "appealed",
            Self::Listed => "listed",
        }
    }

    const fn kind(self) -> MailKind {
        match self {
            Self::Reminder | Self::Overdue => MailKind::Reminder,
            Self::Answered | Self::ExtensionAsked | Self::Appealed | Self::Listed => MailKind::Case,
            _ => MailKind::Request,
        }
    }

    /// Whether the last day matters to its reader.
    const fn has_deadline(self) -> bool {
        !matches!(
            self,
            Self::Outcome | Self::Withdrawn | Self::Ended | Self::AppealDecided | Self::Answered | Self::Appealed
        )
    }
}

/// Writes to who answers for the agency: the liaison who was named, else all its liaisons, else the agency's addresses. A mail that tells of a
/// decision is held until it can no longer be taken back.
pub(super) async fn to_liaisons(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    request: &RequestRecord,
    letter: Letter,
    decision: Option<Uuid>,
) -> Result<()> {
    let liaisons = users::liaisons(tx, request.agency).await?;
    let named: Vec<User> = liaisons.iter().filter(|user| Some(user.id) == request.assignee).cloned().collect();
    let users = if named.is_empty() { liaisons } else { named };
    let readers = or_addresses(tx, service, request.agency, &users).await?;
    write(tx, service, now, request, letter, &readers, decision).await
}

/// Tells of a decision whose mail went into one that was withdrawn, if there is such a decision.
pub(super) async fn tell_again(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    request: &RequestRecord,
) -> Result<()> {
    match case_mails::untold(tx, Subject::Request(request.id)).await? {
        Some(decision) => to_liaisons(tx, service, now, request, Letter::Outcome, Some(decision)).await,
        None => Ok(()),
    }
}

/// Writes to the agency's head: the liaisons marked as such, else the agency's addresses, else its liaisons.
pub(super) async fn to_heads(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    request: &RequestRecord,
) -> Result<()> {
    let heads: Vec<User> =
        users::leads(tx, Role::Liaison).await?.into_iter().filter(|user| user.agency == Some(request.agency)).collect();
    let mut readers = or_addresses(tx, service, request.agency, &heads).await?;
    if readers.is_empty() {
        readers = users::liaisons(tx, request.agency).await?.iter().map(Reader::of).collect();
    }
    write(tx, service, now, request, Letter::Overdue, &readers, None).await
}

/// Writes to the supervisors' lead; to all supervisors where none is marked as such.
pub(super) async fn to_leads(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    request: &RequestRecord,
) -> Result<()> {
    let mut leads = users::leads(tx, Role::Supervisor).await?;
    if leads.is_empty() {
        leads = users::supervisors(tx).await?;
    }
    to_people(tx, service, now, request, Letter::Listed, &leads).await
}

/// Writes to one person, if there is such an active one.
pub(super) async fn to_person(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    request: &RequestRecord,
    letter: Letter,
    person: Option<UserId>,
) -> Result<()> {
    let Some(id) = person else { return Ok(()) };
    let people: Vec<User> = users::by_id(tx, id).await?.filter(|user| user.active).into_iter().collect();
    to_people(tx, service, now, request, letter, &people).await
}

/// Writes to these people; what is for supervisors rings too.
async fn to_people(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    request: &RequestRecord,
    letter: Letter,
    people: &[User],
) -> Result<()> {
    let readers: Vec<Reader> = people.iter().map(Reader::of).collect();
    write(tx, service, now, request, letter, &readers, None).await?;
    if letter.kind() != MailKind::Case {
        return Ok(());
    }
    let snapshot = service.snapshot(tx).await?;
    // A group may have anybody in it: no agency is named.
    let note = Note { agency: None, ..note(service, &snapshot.registries, now, request, letter) };
    let told = words(service, Lang::Zh, now, &note)?.subject;
    ring_case(tx, service, now, people, &told, &note.link).await
}

async fn write(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    request: &RequestRecord,
    letter: Letter,
    readers: &[Reader],
    decision: Option<Uuid>,
) -> Result<()> {
    let snapshot = service.snapshot(tx).await?;
    let note = note(service, &snapshot.registries, now, request, letter);
    let subject = Subject::Request(request.id);
    for reader in readers {
        let words = words(service, reader.lang, now, &note)?;
        if decision.is_some() {
            // Several decisions within the minutes of taking back are one mail.
            case_mails::gather(tx, subject, &reader.address, &words.subject, now).await?;
        }
        let thread = case_mails::thread(tx, subject, &reader.address).await?;
        let id = enqueue(tx, service, now, reader, letter.kind(), words, thread).await?;
        case_mails::insert(tx, id, subject, decision).await?;
        if decision.is_some() {
            case_mails::hold(tx, id, now + UNDO).await?;
        }
    }
    Ok(())
}

fn note<'a>(
    service: &Service,
    registries: &'a Registries,
    now: DateTime<Utc>,
    request: &'a RequestRecord,
    letter: Letter,
) -> Note<'a> {
    // A lead reads which agency it is; to the others it is their own, or they know.
    let agency = registries.agencies.get(&request.agency).filter(|_| letter == Letter::Listed);
    Note {
        key: letter.key(),
        number: &request.number,
        due: letter.has_deadline().then_some(Due::On(request.due_on)),
        days_left: registries.holidays.wdiff(service.settings.zone.local_date(now), request.due_on),
        agency: agency.map(|agency| agency.name.as_str()),
        link: format!("{}/console/explanations/{}", service.settings.public_url, request.id),
    }
}

fn words(service: &Service, lang: Lang, now: DateTime<Utc>, note: &Note<'_>) -> Result<Composed> {
    let words = compose::case_note(&letterhead(&service.settings), lang, now, note);
    words.map_err(|e| ActionError::Internal(e.to_string()))
}
