//! What the violation page shows, made of records: facts, evidence, policy, mails.

use crate::domain::day::Zone;
use crate::domain::dossier::Registries;
use crate::domain::id::{EnterpriseId, PolicyId};
use crate::domain::policy::{Policies, PolicyVersion};
use crate::domain::rules::Inputs;
use crate::domain::violation::Subject;
use crate::i18n::facts::Facts;
use crate::storage::alerts::Delivery;
use crate::storage::filings::{FilingRecord, Scope};
use crate::storage::reports::ReportRecord;
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, enterprises, filings, reports};
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::paths;
use chrono::{DateTime, NaiveDate, Utc};

/// A row of facts; `href` is empty where there is nothing to open.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) href: String,
}

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
}

/// Reads the carrier of a violation.
pub(super) async fn subject(tx: &mut Tx, record: &ViolationRecord) -> Result<Carrier, AppError> {
    let found = match record.subject {
        Subject::Filing(id) => filings::get(tx, id, Scope::All).await?.map(Box::new).map(Carrier::Filing),
        Subject::Report(id) => reports::get(tx, id).await?.map(Box::new).map(Carrier::Report),
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
    };
    registries.holidays.is_provisional(day) || registries.holidays.is_provisional(zone.local_date(now))
}

/// What was recorded, without any inference.
pub(super) fn facts(page: &Page, facts: &Facts<'_>, carrier: &Carrier, enterprise: &str) -> Vec<Fact> {
    match carrier {
        Carrier::Filing(record) => filing_facts(page, facts, record, enterprise),
        Carrier::Report(record) => report_facts(page, facts, record, enterprise),
    }
}

fn fact(page: &Page, key: &str, value: impl Into<String>) -> Fact {
    Fact { name: page.t(key), value: value.into(), href: String::new() }
}

/// A row that opens something.
fn linked(page: &Page, key: &str, value: impl Into<String>, href: String) -> Fact {
    Fact { href, ..fact(page, key, value) }
}

/// The rows of a filing, shared with its own page.
pub(super) fn filing_facts(page: &Page, facts: &Facts<'_>, record: &FilingRecord, enterprise: &str) -> Vec<Fact> {
    let (f, lang) = (&record.filing, page.lang);
    let zone: Zone = facts.registries.zone;
    let names: Vec<String> = f.matters.iter().map(|id| facts.matter(*id)).collect();
    let people: Vec<String> = f.inspectors.iter().map(|cert| facts.inspector(cert)).collect();
    let mut rows = vec![
        linked(page, "filing-number", record.number.clone(), paths::item(paths::FILINGS, f.id)),
        fact(page, "agency", facts.agency(f.agency)),
        fact(page, "enterprise", enterprise),
        fact(page, "kind", lang.kind(f.kind)),
        fact(page, "matters", lang.join(&names)),
        fact(page, "filed-at", page.time(&f.filed_at)),
        fact(page, "planned", lang.span(f.planned, page.now, zone)),
        fact(page, "arrived", f.arrived_at.map_or_else(|| page.t("not-arrived"), |at| page.time(&at))),
    ];
    if let Some(at) = record.presence_confirmed_at {
        rows.push(fact(page, "presence", page.time(&at)));
    }
    if let Some(at) = f.left_at {
        rows.push(fact(page, "left", page.time(&at)));
    }
    if let Some(result) = f.result {
        rows.push(fact(page, "visit-result", lang.visit_result(result)));
    }
    rows.push(fact(page, "inspectors", lang.join(&people)));
    rows.push(match &f.exemption {
        None => fact(page, "exemption", page.t("none")),
        Some(e) => {
            let parts: Vec<&str> =
                [e.reason.as_str(), e.evidence_ref.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
            let name = format!("{} {}", e.code, lang.exemption(e.code));
            let told = if parts.is_empty() { name } else { format!("{name} · {}", parts.join(" · ")) };
            fact(page, "exemption", told)
        }
    });
    if let Some(group) = &f.joint_group {
        rows.push(fact(page, "joint-group", group.clone()));
    }
    if let Some(at) = f.cancelled_at {
        rows.push(fact(page, "cancelled", format!("{} · {}", page.time(&at), record.cancel_reason)));
    }
    rows
}

/// The rows of a report, shared with its own page; never the eight 不得, which the discipline office alone sees.
pub(super) fn report_facts(page: &Page, facts: &Facts<'_>, record: &ReportRecord, enterprise: &str) -> Vec<Fact> {
    let r = &record.report;
    let agency = match (r.agency, record.agency_text.as_str()) {
        (Some(id), _) => facts.agency(id),
        (None, "") => page.t("agency-not-told"),
        (None, text) => page.t1("agency-as-told", "text", text),
    };
    let mut rows = vec![
        linked(page, "report", page.time(&r.filed_at), paths::item(paths::REPORTS, r.id)),
        fact(page, "enterprise", enterprise),
        fact(page, "agency", agency),
        fact(page, "report-arrived", page.time(&r.arrived_at)),
        fact(page, "report-verified", page.t(if r.verified { "yes" } else { "no" })),
    ];
    if let Some(visitors) = r.visitors {
        rows.push(fact(page, "visitors", visitors.to_string()));
    }
    if let Some(answer) = r.shown_certificate {
        rows.push(fact(page, "shown-certificate", page.t(answer.as_str())));
    }
    if let Some(answer) = r.shown_notice {
        rows.push(fact(page, "shown-notice", page.t(answer.as_str())));
    }
    let ticks = [
        (r.documents_demanded, "tick-documents"),
        (r.premises_inspected, "tick-premises"),
        (r.rectification_asked, "tick-rectification"),
        (r.form_signed, "tick-form"),
    ];
    let done: Vec<String> = ticks.into_iter().filter(|(ticked, _)| *ticked).map(|(_, key)| page.t(key)).collect();
    if !done.is_empty() {
        rows.push(fact(page, "what-they-did", page.lang.join(&done)));
    }
    if r.service {
        rows.push(fact(page, "kind", page.t("kind-service-visit")));
    }
    rows.push(match record.matched_filing {
        Some(id) => linked(page, "matched-filing", page.t("open-it"), paths::item(paths::FILINGS, id)),
        None => fact(page, "matched-filing", page.t("none")),
    });
    rows
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
