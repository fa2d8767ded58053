//! The state of a filing in words, with the tone of its badge.

use crate::domain::filing::Filing;
use crate::web::page::Page;
use chrono::{DateTime, Utc};

/// Words and tone (a class of the style sheet; empty is neutral).
pub(in crate::web) fn of(page: &Page, filing: &Filing, now: DateTime<Utc>) -> (String, &'static str) {
    let (key, tone) = if !filing.live() {
        ("filing-state-cancelled", "")
    } else if filing.result.is_some() {
        ("filing-state-completed", "done")
    } else if filing.left_at.is_some() {
        ("filing-state-left", "wait")
    } else if filing.arrived_at.is_some() {
        ("filing-state-arrived", "new")
    } else if filing.planned.end() < now {
        ("filing-state-overdue", "over")
    } else {
        ("filing-state-registered", "wait")
    };
    (page.t(key), tone)
}
