//! All that happened to a sign, oldest first: from its entries in the audit and the times that it was printed.

use crate::domain::user::User;
use crate::storage::audit::AuditRow;
use crate::storage::sign_prints::Printed;
use crate::web::page::Page;
use chrono::{DateTime, Utc};

/// Something that happened.
pub(super) struct Event {
    at: DateTime<Utc>,
    /// Its place among those of one instant: made, printed, then the rest.
    rank: u8,
    pub(super) when: String,
    pub(super) words: String,
    /// Who did it; empty for the program itself.
    pub(super) who: String,
    pub(super) bad: bool,
}

/// Everything that happened.
pub(super) fn events(page: &Page, history: &[AuditRow], prints: &[Printed], people: &[User]) -> Vec<Event> {
    let mut events: Vec<Event> = prints
        .iter()
        .map(|print| Event {
            at: print.at,
            rank: 1,
            when: page.time(&print.at),
            words: page.t1("signs-event-printed", "host", &print.host),
            who: String::new(),
            bad: false,
        })
        .collect();
    events.extend(history.iter().filter_map(|row| event(page, row, people)));
    events.sort_by_key(|event| (event.at, event.rank));
    events
}

fn event(page: &Page, row: &AuditRow, people: &[User]) -> Option<Event> {
    let text = |name: &str| row.detail.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let words = match row.action.as_str() {
        "sign.issued" => page.t("signs-event-made"),
        "sign.bound" => page.t("signs-event-bound"),
        "sign.moved" => page.t("signs-event-moved"),
        "sign.handed_out" => page.t("signs-event-handed-out"),
        "sign.activated" => page.t("signs-event-activated"),
        "sign.replaced" => page.t1("signs-event-replaced", "serial", text("serial")),
        "sign.retired" => page.t("signs-event-retired"),
        "sign.revoked" => page.t1("signs-event-revoked", "reason", text("reason")),
        _ => return None,
    };
    let who = people.iter().find(|user| user.id.to_string() == row.actor).map(|user| user.name.clone());
    Some(Event {
        at: row.at,
        rank: if row.action == "sign.issued" { 0 } else { 2 },
        when: page.time(&row.at),
        words,
        who: who.unwrap_or_default(),
        bad: matches!(row.action.as_str(), "sign.revoked" | "sign.retired"),
    })
}
