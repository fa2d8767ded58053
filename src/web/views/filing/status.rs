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
    } else if overdue(filing, now) {
        ("filing-state-overdue", "over")
    } else {
        ("filing-state-registered", "wait")
    };
    (page.t(key), tone)
}

/// Whether the planned time has passed and nobody arrived (FIL-08 asks, and accuses nobody).
pub(in crate::web) fn overdue(filing: &Filing, now: DateTime<Utc>) -> bool {
    let open = filing.live() && filing.arrived_at.is_none() && filing.left_at.is_none() && filing.result.is_none();
    open && filing.planned.end() < now
}
