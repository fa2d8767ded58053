//! An urgent filing by somebody whose phone is not enrolled (未核验): accepted and judged as any other, and marked until the agency's liaison
//! says within 24 hours whether it is its own. Refused, it no longer counts; undecided, it stays marked, supervisors see it, and it speaks
//! neither for nor against the agency: in no figure, and in no judgement of another filing.

use super::change_filing::{Target, change_filing};
use super::file_inspection::check_inspectors;
use super::outbox::{enqueue, letterhead, or_addresses};
use super::{
    Accompanying, ActionError, Actor, FieldError, FileInspection, Filed, Result, Service, Submission, attempts,
    file_inspection, quarantine,
};
use crate::domain::certificate;
use crate::domain::dossier::Registries;
use crate::domain::exemption::ExemptionCode;
use crate::domain::filing::Kind;
use crate::domain::id::{AgencyId, EnterpriseId, FilingId, MatterId, UserId};
use crate::domain::notice::MailKind;
use crate::domain::text::{self, NAME_MAX, PURPOSE_MAX, TextError};
use crate::mail::compose::{self, Due, Note};
use crate::storage::filings::{FilingRecord, Scope};
use crate::storage::unverified::{self, Unverified};
use crate::storage::{Tx, users};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

/// How long a liaison has to confirm or refuse.
pub const VERIFY_TIME: TimeDelta = TimeDelta::hours(24);

/// Where such a filing says that it comes from.
pub(super) const SOURCE: &str = "unverified";

/// How long an urgent visit is taken to last.
const USUAL: TimeDelta = TimeDelta::hours(2);

/// What somebody at the gate says.
#[derive(Clone, Debug)]
pub struct UrgentFiling {
    /// The agency they come from.
    pub agency: AgencyId,
    /// The enterprise visited.
    pub enterprise: EnterpriseId,
    /// Their name.
    pub name: String,
    /// The number of their certificate, whether the registry has it or not.
    pub cert_no: String,
    /// The certificate numbers of those who come along, as they were typed into one field.
    pub colleagues: String,
    /// A number at which the liaison reaches them; may be empty.
    pub phone: String,
    /// Matters inspected.
    pub matters: Vec<MatterId>,
    /// When the visit begins.
    pub start: DateTime<Utc>,
    /// Claimed exemption.
    pub exemption: Option<ExemptionCode>,
    /// Why it is urgent.
    pub reason: String,
    /// Its evidence.
    pub evidence_ref: String,
    /// Where it comes from: while many come from one network, not each of them is mailed.
    pub network: String,
    /// It came in a flood: it is judged and mailed when it is released.
    pub held: bool,
}

/// The certificate number of who files, and those of everybody who comes, that one first.
///
/// # Errors
/// [`FieldError`] at `cert_no`, or at `colleagues` where one of them cannot be a number, or they are too many.
pub fn numbers(
    registries: &Registries,
    cert_no: &str,
    colleagues: &str,
) -> std::result::Result<(String, Vec<String>), FieldError> {
    let own = text::line(cert_no, NAME_MAX).map(|typed| registries.certificate(&typed));
    let own = own.and_then(|number| text::line(&number, certificate::MAX));
    let own = own.map_err(|error| FieldError::new("cert_no", error.code()))?;
    let others = certificate::listed(&parted(colleagues), |number| registries.inspectors.contains_key(number));
    let all: Vec<String> = std::iter::once(own.clone()).chain(others).collect();
    match check_inspectors(&all) {
        Some(error) => Err(FieldError { field: "colleagues", ..error }),
        None => Ok((own, all)),
    }
}

/// The numbers with a sign in place of a word between two of them; one within the name of a place, as in 呼和浩特, is left.
fn parted(colleagues: &str) -> String {
    let typed = text::half_width(colleagues);
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii());
    let mut parted = String::with_capacity(typed.len());
    for (at, c) in typed.char_indices() {
        let word = matches!(c, '和' | '及')
            && latin(typed[..at].chars().next_back())
            && latin(typed[at + c.len_utf8()..].chars().next());
        parted.push(if word { '、' } else { c });
    }
    parted
}

/// Accepts an urgent filing from an unknown phone, and mails the agency's liaisons, unless its network has sent many: a flood is accepted and
/// stands in their list, but does not fill their mailboxes.
///
/// # Errors
/// As [`super::file_inspection()`], and [`FieldError`]s at `name` and `phone`, and those of [`numbers`] in place of `inspectors`.
pub async fn file_unverified(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    submission: &Submission,
    urgent: UrgentFiling,
) -> Result<Filed> {
    let mut errors = Vec::new();
    let mut cleaned = |field, text: std::result::Result<String, TextError>| {
        text.unwrap_or_else(|error| {
            errors.push(FieldError::new(field, error.code()));
            String::new()
        })
    };
    let name = cleaned("name", text::line(&urgent.name, NAME_MAX));
    let phone = cleaned("phone", text::optional_line(&urgent.phone, NAME_MAX).map(Option::unwrap_or_default));
    let snapshot = service.snapshot(tx).await?;
    let (cert_no, inspectors) =
        numbers(&snapshot.registries, &urgent.cert_no, &urgent.colleagues).unwrap_or_else(|error| {
            errors.push(error);
            (String::new(), Vec::new())
        });
    if !errors.is_empty() {
        return Err(ActionError::Malformed(errors));
    }
    let command = FileInspection {
        agency: urgent.agency,
        enterprise: urgent.enterprise,
        kind: Kind::Immediate,
        matters: urgent.matters,
        inspectors,
        planned_start: urgent.start,
        planned_end: urgent.start + USUAL,
        exemption: urgent.exemption,
        exemption_reason: urgent.reason,
        evidence_ref: urgent.evidence_ref,
        joint_group: None,
        arrived_at: None,
        left_at: None,
        more: Accompanying::default(),
        note: String::new(),
        source: SOURCE,
    };
    let actor = Actor::Unenrolled(cert_no.clone());
    let filed = file_inspection::receive(tx, service, now, &actor, Some(submission), command, urgent.held).await?;
    if filed.again {
        // The filing itself says nothing of these.
        let id = filed.record.filing.id;
        let same = unverified::get(tx, id).await?.is_none_or(|row| row.name == name && row.phone == phone);
        return if same { Ok(filed) } else { Err(ActionError::OtherContent(Some(id.0))) };
    }
    let row = Unverified {
        filing: filed.record.filing.id,
        agency: urgent.agency,
        name,
        cert_no,
        phone,
        filed_at: now,
        due_at: now + VERIFY_TIME,
        confirmed: None,
        reason: String::new(),
        decided_at: None,
    };
    unverified::insert(tx, &row).await?;
    if urgent.held {
        return Ok(filed);
    }
    // Only here: the same one sent again does not count.
    let many = attempts::take(tx, now, "unverified", &urgent.network).await?.is_some();
    if !many {
        tell_liaisons(tx, service, now, &filed.record, row.due_at).await?;
    }
    Ok(filed)
}

/// A liaison says whether an unverified filing is the agency's own. Refused, it is cancelled with the reason.
///
/// # Errors
/// [`ActionError::NotFound`] outside of the agency, [`ActionError::State`] when it was decided before, [`FieldError`] at `reason`; otherwise
/// when the store fails.
pub async fn decide_unverified(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    (by, agency): (UserId, AgencyId),
    filing: FilingId,
    refused_for: Option<&str>,
) -> Result<()> {
    let row = unverified::get(tx, filing).await?.filter(|row| row.agency == agency);
    let row = row.ok_or(ActionError::NotFound("unverified filing"))?;
    let reason = match refused_for {
        None => String::new(),
        Some(reason) => text::paragraph(reason, PURPOSE_MAX).map_err(|e| FieldError::new("reason", e.code()))?,
    };
    if !unverified::decide(tx, filing, refused_for.is_none(), &reason, by, now).await? {
        return Err(ActionError::State("decided"));
    }
    let actor = Actor::User(by);
    let late = now > row.due_at;
    quarantine::agency_said(tx, service, now, &actor, filing, refused_for.is_some().then_some(&*reason)).await?;
    let target = Target { id: filing, scope: Scope::Agency(agency), version: None, actor: &actor };
    let ours = refused_for.is_none();
    let action = if ours { "filing.verified" } else { "filing.disowned" };
    let decided = change_filing(tx, service, now, target, action, |record| {
        if ours {
            record.filing.unconfirmed = false;
            return Ok(Some(json!({ "late": late })));
        }
        record.filing.cancelled_at = Some(now);
        record.cancel_reason.clone_from(&reason);
        Ok(Some(json!({ "reason": reason, "late": late })))
    });
    match decided.await {
        // Somebody cancelled it before: what was said of it is stored all the same.
        Ok(_) | Err(ActionError::State("cancelled")) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn tell_liaisons(
    tx: &mut Tx,
    service: &Service,
    now: DateTime<Utc>,
    record: &FilingRecord,
    due_at: DateTime<Utc>,
) -> Result<()> {
    let settings = &service.settings;
    let agency = record.filing.agency;
    let liaisons = users::liaisons(tx, agency).await?;
    let note = Note {
        key: "unverified",
        number: &record.number,
        due: Some(Due::At(due_at)),
        days_left: 0,
        agency: None,
        link: format!("{}/console/filings/{}", settings.public_url, record.filing.id),
    };
    for reader in or_addresses(tx, service, agency, &liaisons).await? {
        let words = compose::case_note(&letterhead(settings), reader.lang, now, &note)
            .map_err(|error| ActionError::Internal(error.to_string()))?;
        enqueue(tx, service, now, &reader, MailKind::Request, words, None).await?;
    }
    Ok(())
}
