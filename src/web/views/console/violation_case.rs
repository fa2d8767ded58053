//! The handling part of the violation page: its requests, what can be decided, what can be taken back, an appeal that waits.

use super::Choice;
use super::cases::decide::kinds;
use crate::domain::cases::{DecisionKind, UNDO, Unasked, unasked};
use crate::domain::holidays::Holidays;
use crate::domain::reporter::HeldState;
use crate::storage::cases::{appeals, decisions, requests};
use crate::storage::violations::ViolationRecord;
use crate::storage::{Tx, held_requests};
use crate::web::error::AppError;
use crate::web::page::Page;
use crate::web::paths;

/// A request that asks for the violation.
pub(super) struct Asked {
    pub(super) href: String,
    pub(super) number: String,
    pub(super) words: String,
}

/// An appeal that waits for a decision.
pub(super) struct Appealed {
    pub(super) words: String,
    pub(super) when: String,
    pub(super) due: String,
}

/// A request that waits for its batch (`waits`), or came back because something had changed.
pub(super) struct Held {
    pub(super) id: String,
    pub(super) waits: bool,
    pub(super) words: String,
}

/// The handling of a violation as its page shows it.
pub(super) struct Case {
    pub(super) asked: Vec<Asked>,
    /// Where its agency is asked; empty where it cannot be.
    pub(super) ask_href: String,
    /// Why its agency is never asked, and what to do instead; empty where it can be, or where its page says so already.
    pub(super) unasked: String,
    /// A request that waits for its batch, or came back from it.
    pub(super) held: Option<Held>,
    /// What can be decided beside confirming and dismissing.
    pub(super) kinds: Vec<Choice>,
    /// Until when the latest decision can be taken back; empty if it cannot.
    pub(super) undo_until: String,
    pub(super) appeal: Option<Appealed>,
}

/// Reads the handling of a violation.
pub(super) async fn case(
    tx: &mut Tx,
    page: &Page,
    holidays: &Holidays,
    record: &ViolationRecord,
) -> Result<Case, AppError> {
    let asked = requests::of_violation(tx, record.id).await?;
    let asked = asked
        .iter()
        .map(|request| Asked {
            href: paths::item(paths::EXPLANATIONS, request.id),
            number: request.number.clone(),
            words: format!(
                "{} · {}",
                super::cases::parts::state(page, request),
                super::cases::parts::due_line(page, holidays, request)
            ),
        })
        .collect();
    let standing = record.standing();
    let held = held_requests::of_violation(tx, record.id).await?.into_iter().next_back().and_then(|held| {
        let words = match held.state {
            HeldState::Held => page.t2("held-until", "time", page.time(&held.release_at), "name", &held.holder),
            HeldState::Returned => page.t("held-returned"),
            HeldState::Sent | HeldState::TakenBack => return None,
        };
        Some(Held { id: held.id.to_string(), waits: held.state == HeldState::Held, words })
    });
    let why_not = unasked(record.rule, record.severity, record.subject);
    let can_stand = standing.asked(page.today()).is_ok();
    let waits = held.as_ref().is_some_and(|held| held.waits);
    let askable = can_stand && !waits && record.agency.is_some() && why_not.is_none();
    let latest = decisions::latest(tx, record.id).await?.filter(|d| d.undone_at.is_none());
    let latest = latest.filter(|d| page.now < d.decided_at + UNDO && d.after_version == record.version);
    let waiting = appeals::waiting(tx, record.id).await?;
    let others =
        |kind: &DecisionKind| !matches!(kind, DecisionKind::Confirm | DecisionKind::Dismiss) && standing.allows(*kind);
    Ok(Case {
        asked,
        ask_href: if askable { format!("{}/ask?v={}", paths::VIOLATIONS, record.id) } else { String::new() },
        unasked: match why_not {
            Some(why @ (Unasked::Ratings | Unasked::Coordination | Unasked::MayFile)) if can_stand => {
                page.t(&format!("unasked-{}", why.as_str().replace('_', "-")))
            }
            _ => String::new(),
        },
        held,
        kinds: kinds(page, others),
        undo_until: latest.map(|d| page.clock(&(d.decided_at + UNDO))).unwrap_or_default(),
        appeal: waiting.map(|a| Appealed {
            words: a.words,
            when: page.time(&a.asked_at),
            due: page.t1("appeal-due", "day", page.date(&a.due_on)),
        }),
    })
}
