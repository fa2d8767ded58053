//! What the violation page shows, made of records: facts, evidence, policy, mails.

use super::fact_rows::{Fact, fact, filing_facts, report_facts, request_facts, violation_facts};
use crate::domain::dossier::Registries;
use crate::domain::id::{EnterpriseId, PolicyId};
use crate::domain::policy::{Policies, PolicyVersion};
use crate::domain::rules::Inputs;
use crate::domain::violation::Subject;
use crate::i18n::facts::Facts;
use crate::storage::alerts::Delivery;
use crate::storage::cases::requests::{self, RequestRecord};
use crate::storage::filings::{FilingRecord, Scope};
use crate::storage::reports::ReportRecord;
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, enterprises, filings, reports, sites, unverified, violations};
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::paths;
use chrono::{DateTime, NaiveDate, Utc};

/// A filing that a violation rests on.
pub(super) struct Evidence {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) words: String,
}

/// Who was told by mail, and how far the mail has come.
pub(super) struct Told {
    pub(super) recipient: String,
    pub(super) state: String,
    pub(super) state_class: &'static str,
    pub(super) when: String,
}

/// The filing or report that carries a violation.
pub(super) enum Carrier {
    Filing(Box<FilingRecord>),
    Report(Box<ReportRecord>),
    Request(Box<RequestRecord>),
    Violation(Box<ViolationRecord>),
}

/// What stands where the agency would, if a violation blames none.
pub(super) fn claimed(page: &Page, facts: &Facts<'_>, carrier: &Carrier) -> String {
    match carrier {
        Carrier::Filing(record) if record.filing.unconfirmed => {
            page.t1("unverified-agency", "agency", facts.agency(record.filing.agency))
        }
        _ => page.t("agency-not-told"),
    }
}

/// Reads the carrier of a violation.
pub(super) async fn subject(tx: &mut Tx, record: &ViolationRecord) -> Result<Carrier, AppError> {
    let found = match record.subject {
        Subject::Filing(id) => filings::get(tx, id, Scope::All).await?.map(Box::new).map(Carrier::Filing),
        Subject::Report(id) => reports::get(tx, id).await?.map(Box::new).map(Carrier::Report),
        Subject::Request(id) => requests::get(tx, id, None).await?.map(Box::new).map(Carrier::Request),
        Subject::Violation(id) => violations::get(tx, id).await?.map(Box::new).map(Carrier::Violation),
    };
    found.ok_or(AppError::NotFound)
}

/// The name of an enterprise.
pub(super) async fn enterprise_name(tx: &mut Tx, id: EnterpriseId) -> Result<String, AppError> {
    Ok(enterprises::get(tx, id).await?.ok_or(AppError::NotFound)?.name)
}

/// The filings that a violation rests on.
pub(super) async fn evidence(
    tx: &mut Tx,
    page: &Page,
    facts: &Facts<'_>,
    record: &ViolationRecord,
) -> Result<Vec<Evidence>, AppError> {
    let mut shown = Vec::with_capacity(record.evidence.len());
    for id in &record.evidence {
        let Some(other) = filings::get(tx, *id, Scope::All).await? else { continue };
        let f = &other.filing;
        let span = page.lang.span(f.span(), page.now, facts.registries.zone);
        shown.push(Evidence {
            href: paths::item(paths::FILINGS, id),
            title: format!("{} · {}", other.number, facts.agency(f.agency)),
            words: format!("{} · {span}", page.lang.kind(f.kind)),
        });
    }
    Ok(shown)
}

/// The policy version that judged; the built-in one where none was in force.
pub(super) fn policy(policies: &Policies, id: PolicyId) -> &PolicyVersion {
    policies.versions().iter().find(|version| version.id == id).unwrap_or_else(|| policies.on(NaiveDate::MIN))
}

/// The policy version in words.
pub(super) fn policy_words(page: &Page, version: &PolicyVersion) -> String {
    if version.effective_from == NaiveDate::MIN {
        return page.t("policy-built-in");
    }
    page.t1("policy-in-force-from", "day", page.date(&version.effective_from))
}

/// The facts that the rule used, one a line.
pub(super) fn inputs(inputs: &Inputs) -> String {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(inputs) else { return String::new() };
    let lines: Vec<String> = fields
        .iter()
        .filter(|(name, _)| *name != "rule")
        .map(|(name, value)| match value.as_str() {
            Some(text) => format!("{name} = {text}"),
            None => format!("{name} = {value}"),
        })
        .collect();
    lines.join("\n")
}

/// Whether the day at hand is beyond the official table of holidays.
pub(super) fn is_provisional(registries: &Registries, carrier: &Carrier, now: DateTime<Utc>) -> bool {
    let zone = registries.zone;
    let day = match carrier {
        Carrier::Filing(record) => record.filing.last_day(zone),
        Carrier::Report(record) => zone.local_date(record.report.arrived_at),
        Carrier::Request(record) => record.due_on,
        Carrier::Violation(record) => record.follow_up_on.unwrap_or_else(|| zone.local_date(record.raised_at)),
    };
    registries.holidays.is_provisional(day) || registries.holidays.is_provisional(zone.local_date(now))
}

/// What was recorded, without any inference.
pub(super) fn facts(page: &Page, facts: &Facts<'_>, carrier: &Carrier, enterprise: &str) -> Vec<Fact> {
    match carrier {
        Carrier::Filing(record) => filing_facts(page, facts, record, enterprise),
        Carrier::Report(record) => report_facts(page, facts, record, enterprise),
        Carrier::Request(record) => request_facts(page, facts, record),
        Carrier::Violation(record) => violation_facts(page, facts, record, enterprise),
    }
}

/// That a filing came from a phone that nobody knows, as a row of its facts.
pub(super) async fn unverified(tx: &mut Tx, page: &Page, carrier: &Carrier) -> Result<Option<Fact>, AppError> {
    let Carrier::Filing(record) = carrier else { return Ok(None) };
    let row = unverified::get(tx, record.filing.id).await?;
    Ok(row.map(|row| {
        let words = match row.standing() {
            "confirmed" => "unverified-note-yes",
            "refused" => "unverified-note-no",
            _ => "unverified-note",
        };
        fact(page, "unverified-badge", page.t(words))
    }))
}

/// The site that a filing or report names, as a row of its facts.
pub(super) async fn site(tx: &mut Tx, page: &Page, carrier: &Carrier) -> Result<Option<Fact>, AppError> {
    let found = match carrier {
        Carrier::Filing(record) => sites::of_filing(tx, record.filing.id).await?,
        Carrier::Report(record) => sites::of_report(tx, record.report.id).await?,
        Carrier::Request(_) | Carrier::Violation(_) => None,
    };
    Ok(found.map(|site| fact(page, "registry-site-at", site.line())))
}

/// Who was told, in words.
pub(super) fn told(page: &Page, deliveries: &[Delivery]) -> Vec<Told> {
    deliveries
        .iter()
        .map(|delivery| {
            let (state, state_class) = match delivery.mail_state {
                Some(state) => (page.t(&format!("mail-{state}")), super::mail_class(state)),
                None => (page.t(&format!("alert-{}", delivery.alert)), ""),
            };
            let at = delivery.sent_at.unwrap_or(delivery.due_at);
            Told { recipient: delivery.recipient.clone(), state, state_class, when: page.time(&at) }
        })
        .collect()
}
