//! What was recorded of a filing or a report, as rows of a list of facts: without any inference.

use crate::domain::day::Zone;
use crate::domain::notice::case_number;
use crate::i18n::facts::Facts;
use crate::storage::cases::requests::RequestRecord;
use crate::storage::filings::FilingRecord;
use crate::storage::reports::ReportRecord;
use crate::storage::violations::ViolationRecord;
use crate::web::page::Page;
use crate::web::paths;
use crate::web::views::filing::papers;

/// A row of facts; `href` is empty where there is nothing to open.
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) href: String,
}

/// A row without a link.
pub(super) fn fact(page: &Page, key: &str, value: impl Into<String>) -> Fact {
    Fact { name: page.t(key), value: value.into(), href: String::new() }
}

/// A row that opens something.
pub(super) fn linked(page: &Page, key: &str, value: impl Into<String>, href: String) -> Fact {
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
    let papers = papers::facts(page, f.approval.as_ref(), &f.special).into_iter();
    rows.extend(papers.map(|(name, value)| Fact { name, value, href: String::new() }));
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
        fact(page, "report-arrived", page.arrival(&r.arrived_at, r.arrival_known)),
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

/// The rows of a request for an explanation.
pub(super) fn request_facts(page: &Page, facts: &Facts<'_>, record: &RequestRecord) -> Vec<Fact> {
    let mut rows = vec![
        linked(page, "case-request", record.number.clone(), paths::item(paths::EXPLANATIONS, record.id)),
        fact(page, "agency", facts.agency(record.agency)),
        fact(page, "case-sent", page.time(&record.sent_at)),
        fact(page, "case-due", page.date(&record.due_on)),
        fact(page, "case-extension", page.t(&format!("extension-{}", record.extension))),
    ];
    if let Some(at) = record.replied_at {
        rows.push(fact(page, "case-replied", page.time(&at)));
    }
    rows
}

/// The rows of a violation that another one is about.
pub(super) fn violation_facts(page: &Page, facts: &Facts<'_>, record: &ViolationRecord, enterprise: &str) -> Vec<Fact> {
    let agency = record.agency.map_or_else(|| page.t("agency-not-told"), |id| facts.agency(id));
    let mut rows = vec![
        linked(page, "case", case_number(record.id), paths::item(paths::VIOLATIONS, record.id)),
        fact(page, "rule", format!("{} {}", record.rule, page.lang.rule_name(record.rule))),
        fact(page, "agency", agency),
        fact(page, "enterprise", enterprise),
        fact(page, "state", page.lang.violation_state(record.state)),
    ];
    if let Some(at) = record.closed_at {
        rows.push(fact(page, "case-closed-at", page.time(&at)));
    }
    if let Some(day) = record.follow_up_on {
        rows.push(fact(page, "case-follow-up-on", page.date(&day)));
    }
    rows
}
