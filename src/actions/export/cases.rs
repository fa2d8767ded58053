//! Rows of the inbox, of requests for an explanation and of those listed for circulation.

use super::lines::instant;
use crate::domain::notice::case_number;
use crate::i18n::facts::Facts;
use crate::print::table::Cell;
use crate::storage::cases::requests::RequestRecord;
use crate::storage::violation_inbox::InboxRow;

pub(super) fn inbox(facts: &Facts<'_>, row: &InboxRow) -> Vec<Cell> {
    let (lang, violation) = (facts.lang, &row.violation);
    let due = violation.standing().due().map(|day| day.to_string()).unwrap_or_default();
    vec![
        lang.severity(violation.severity).into(),
        case_number(violation.id).into(),
        format!("{} {}", violation.rule, lang.rule_name(violation.rule)).into(),
        violation.agency.map_or_else(|| lang.t("agency-not-told"), |id| facts.agency(id)).into(),
        row.enterprise.clone().into(),
        facts.sentence(&violation.inputs).into(),
        instant(facts, violation.raised_at),
        lang.standing(&violation.standing()).into(),
        due.into(),
    ]
}

pub(super) fn request(facts: &Facts<'_>, row: &RequestRecord) -> Vec<Cell> {
    vec![
        row.number.clone().into(),
        facts.agency(row.agency).into(),
        instant(facts, row.sent_at),
        row.due_on.to_string().into(),
        facts.lang.request_state(row.state, row.extension).into(),
    ]
}

pub(super) fn circulation(facts: &Facts<'_>, row: &RequestRecord) -> Vec<Cell> {
    let when = |at: Option<_>| at.map_or_else(|| Cell::from(""), |at| instant(facts, at));
    vec![
        facts.agency(row.agency).into(),
        row.number.clone().into(),
        row.due_on.to_string().into(),
        when(row.listed_at),
        facts.lang.request_state(row.state, row.extension).into(),
        when(row.circulated_at),
    ]
}
