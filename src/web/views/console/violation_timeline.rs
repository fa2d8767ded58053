//! The timeline of a violation: filing, arrival, suspicion, mails and decisions in the order of time.

use super::violation_view::Carrier;
use crate::domain::user::User;
use crate::storage::alerts::Delivery;
use crate::storage::audit::AuditRow;
use crate::web::page::Page;
use chrono::{DateTime, Utc};

/// Something that happened.
pub(super) struct Event {
    at: DateTime<Utc>,
    pub(super) when: String,
    pub(super) words: String,
    pub(super) bad: bool,
}

/// Everything that happened, oldest first.
pub(super) fn events(
    page: &Page,
    carrier: &Carrier,
    history: &[AuditRow],
    told: &[Delivery],
    people: &[User],
) -> Vec<Event> {
    let mut events = Vec::new();
    let mut add = |at: Option<DateTime<Utc>>, words: String, bad: bool| {
        if let Some(at) = at {
            events.push(Event { at, when: page.time(&at), words, bad });
        }
    };
    match carrier {
        Carrier::Filing(record) => {
            let f = &record.filing;
            add(Some(f.filed_at), page.t1("event-filed", "number", &record.number), false);
            add(f.rescheduled_at, page.t("event-rescheduled"), false);
            add(f.arrived_at, page.t("event-arrived"), false);
            add(record.presence_confirmed_at, page.t("event-presence"), false);
            add(f.left_at, page.t("event-left"), false);
            let result = f.result.map(|result| page.lang.visit_result(result)).unwrap_or_default();
            add(record.result_at, page.t1("event-result", "result", result), false);
            add(f.cancelled_at, page.t("event-cancelled"), false);
        }
        Carrier::Report(record) => {
            let arrived_at = Some(record.report.arrived_at).filter(|_| record.report.arrival_known.is_whole());
            add(arrived_at, page.t("event-report-arrived"), false);
            add(Some(record.report.filed_at), page.t("event-reported"), false);
            add(record.withdrawn_at, page.t("event-withdrawn"), false);
        }
        Carrier::Request(record) => {
            add(Some(record.sent_at), page.t1("event-asked", "number", &record.number), false);
            add(record.seen_at, page.t("event-seen"), false);
            add(record.replied_at, page.t("event-answered"), false);
        }
        Carrier::Violation(record) => {
            add(Some(record.raised_at), page.t1("event-first", "rule", page.lang.rule_name(record.rule)), false);
            add(record.closed_at, page.t("event-closed"), false);
        }
    }
    for row in history {
        let Some((words, bad)) = decision(page, row, people) else { continue };
        add(Some(row.at), words, bad);
    }
    for delivery in told {
        let words = page.t1("event-mailed", "recipient", &delivery.recipient);
        add(delivery.sent_at, words, false);
    }
    events.sort_by_key(|event| event.at);
    events
}

/// What an entry of the audit says about the violation.
fn decision(page: &Page, row: &AuditRow, people: &[User]) -> Option<(String, bool)> {
    let name = people
        .iter()
        .find(|user| user.id.to_string() == row.actor)
        .map_or_else(|| page.t("somebody"), |user| user.name.clone());
    let severity = row.detail.get("severity").and_then(serde_json::Value::as_i64);
    let level = severity.map(|level| page.t(&format!("severity-{level}"))).unwrap_or_default();
    match row.action.as_str() {
        "violation.suspected" => Some((page.t1("event-suspected", "level", level), true)),
        "violation.updated" => Some((page.t1("event-updated", "level", level), true)),
        "violation.cleared" => Some((page.t("event-cleared"), false)),
        "violation.confirmed" => Some((page.t1("event-confirmed", "name", name), true)),
        "violation.dismissed" => Some((page.t1("event-dismissed", "name", name), false)),
        "violation.asked" => Some((page.t1("event-asked-about", "name", name), false)),
        "violation.explained" => Some((page.t("event-explained"), false)),
        "violation.appealed" => Some((page.t("event-appealed"), true)),
        "violation.appeal-granted" => Some((page.t1("event-appeal-granted", "name", name), false)),
        "violation.appeal-rejected" => Some((page.t1("event-appeal-rejected", "name", name), false)),
        "violation.appeal-moot" => Some((page.t("event-appeal-moot"), false)),
        "violation.appeal-waits" => Some((page.t("event-appeal-waits"), true)),
        "violation.undone" => Some((page.t1("event-undone", "name", name), false)),
        "violation.exempted" => Some((page.t1("event-exempted", "name", name), false)),
        "violation.accepted" => Some((page.t1("event-accepted", "name", name), false)),
        "violation.corrected" => Some((page.t1("event-corrected", "name", name), false)),
        "violation.followed-up" => Some((page.t1("event-followed-up", "name", name), false)),
        "violation.circulated" => Some((page.t1("event-circulated", "name", name), true)),
        "violation.transferred" => Some((page.t1("event-transferred", "name", name), false)),
        "violation.reopened" => Some((page.t1("event-reopened", "name", name), true)),
        _ => None,
    }
}
