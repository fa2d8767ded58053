//! Rows of the lists by time, in the words that the console's pages use.

use crate::domain::notice::case_number;
use crate::domain::user::User;
use crate::domain::visit_report::ArrivalKnown;
use crate::i18n::facts::Facts;
use crate::print::table::Cell;
use crate::storage::audit::AuditRow;
use crate::storage::filing_lists;
use crate::storage::filing_search::FoundFiling;
use crate::storage::mails::MailRecord;
use crate::storage::report_search::{self, FoundReport};
use crate::storage::violations::ViolationRecord;
use chrono::{DateTime, Utc};

/// An instant as a spreadsheet sorts it: `2026-03-18 14:30`, local.
pub(super) fn instant(facts: &Facts<'_>, at: DateTime<Utc>) -> Cell {
    Cell::Text(facts.registries.zone.local(at).format("%Y-%m-%d %H:%M").to_string())
}

pub(super) fn filing(facts: &Facts<'_>, row: &FoundFiling) -> Vec<Cell> {
    let (lang, filing) = (facts.lang, &row.record.filing);
    let state = filing_lists::state_of(&row.record, facts.now);
    let level = row.record.verdict.iter().map(|line| line.severity).max();
    vec![
        row.record.number.clone().into(),
        facts.agency(filing.agency).into(),
        row.enterprise.clone().into(),
        lang.kind(filing.kind).into(),
        instant(facts, filing.span().start()),
        lang.t(&format!("filing-is-{state}")).into(),
        level.map_or_else(|| lang.t("no-objection"), |level| lang.t(&format!("severity-{level}"))).into(),
    ]
}

pub(super) fn case(facts: &Facts<'_>, row: &ViolationRecord) -> Vec<Cell> {
    let lang = facts.lang;
    vec![
        case_number(row.id).into(),
        lang.severity(row.severity).into(),
        format!("{} {}", row.rule, lang.rule_name(row.rule)).into(),
        row.agency.map_or_else(|| lang.t("agency-not-told"), |id| facts.agency(id)).into(),
        facts.sentence(&row.inputs).into(),
        instant(facts, row.raised_at),
        lang.violation_state(row.state).into(),
    ]
}

pub(super) fn report(facts: &Facts<'_>, row: &FoundReport) -> Vec<Cell> {
    let (lang, report) = (facts.lang, &row.record.report);
    vec![
        instant(facts, report.filed_at),
        row.enterprise.clone().into(),
        report.agency.map_or_else(|| lang.t("agency-not-told"), |id| facts.agency(id)).into(),
        match report.arrival_known {
            ArrivalKnown::Time => instant(facts, report.arrived_at),
            known => facts.arrival(report.arrived_at, known).into(),
        },
        lang.t(if report.verified { "exports-yes" } else { "exports-no" }).into(),
        lang.t(&format!("report-is-{}", report_search::state_of(&row.record))).into(),
    ]
}

pub(super) fn mail(facts: &Facts<'_>, row: &MailRecord) -> Vec<Cell> {
    vec![
        row.mail.subject.clone().into(),
        row.mail.recipient.clone().into(),
        instant(facts, row.created_at),
        row.attempts.into(),
        facts.lang.t(&format!("mail-{}", row.state)).into(),
        row.last_error.clone().into(),
    ]
}

/// As the page.
pub(super) fn audit(facts: &Facts<'_>, row: &AuditRow, people: &[User]) -> Vec<Cell> {
    let lang = facts.lang;
    let or = |key: String, otherwise: &str| lang.maybe(&key, &[]).unwrap_or_else(|| otherwise.to_owned());
    let actor = match row.actor_kind.as_str() {
        "user" => people.iter().find(|user| user.id.to_string() == row.actor).map(|user| user.name.clone()),
        "inspector" if !row.actor.is_empty() => Some(row.actor.clone()),
        _ => None,
    };
    let object = or(format!("object-{}", row.object_kind), &row.object_kind);
    vec![
        instant(facts, row.at),
        actor.unwrap_or_else(|| or(format!("actor-{}", row.actor_kind), &row.actor_kind)).into(),
        or(format!("audit-{}", row.action.replace(['.', '_'], "-")), &row.action).into(),
        match row.object_id {
            Some(id) => format!("{object} {id}"),
            None => object,
        }
        .into(),
        if row.detail.is_null() { String::new() } else { row.detail.to_string() }.into(),
    ]
}
