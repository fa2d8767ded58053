//! What needs somebody, whenever it was raised: deadlines, answers, contacts, and what nobody has looked at. Each number opens its rows.

use super::model::Cell;
use super::{Headline, links};
use crate::actions::figures::District;
use crate::domain::sign::SignList;
use crate::domain::violation::Severity;
use crate::storage::cases::request_lists;
use crate::storage::{Tx, contact_openings, sign_lists, violation_inbox};
use crate::web::error::AppError;
use crate::web::extract::console::{Console, SUPERVISOR};
use crate::web::page::Page;

/// What waits for this supervisor, whatever the period.
pub(super) struct Needs {
    open: i64,
    due: i64,
    overdue: i64,
    replied: i64,
    contacts: i64,
    never_scanned: i64,
}

/// Counts it.
pub(super) async fn read(tx: &mut Tx, page: &Page, me: &Console<SUPERVISOR>) -> Result<Needs, AppError> {
    let ceiling = me.ceiling();
    let today = page.today();
    let (due, overdue) = violation_inbox::due(tx, ceiling, today).await?;
    Ok(Needs {
        open: violation_inbox::open(tx, ceiling, today).await?,
        due,
        overdue,
        replied: request_lists::replied(tx).await?,
        contacts: contact_openings::waiting_count(tx, me.user.id, ceiling == Severity::Referral).await?,
        never_scanned: sign_lists::never_scanned(tx, me.now).await?,
    })
}

/// The strip, with what nobody has looked at in the period.
pub(super) fn strip(page: &Page, figures: &District, needs: &Needs) -> Vec<Headline> {
    let (from, to) = (figures.period.0.to_string(), figures.period.1.to_string());
    let span = |key, value| [("from", from.as_str()), ("to", to.as_str()), (key, value)];
    let silent = i64::try_from(figures.silent()).unwrap_or(i64::MAX);
    let never_scanned = SignList::NeverScanned.as_str();
    [
        ("figures-open", needs.open, links::inbox("open")),
        ("figures-due", needs.due, links::inbox("due")),
        ("figures-past-due", needs.overdue, links::inbox("overdue")),
        ("figures-replied", needs.replied, links::explanations("replied")),
        ("figures-contacts", needs.contacts, links::reports(&[("contact", "waiting")])),
        ("figures-overdue", figures.overdue, links::filings(&span("mark", "overdue"))),
        ("figures-reports-unknown", figures.reports_unknown, links::reports(&span("state", "unknown"))),
        ("figures-silent", silent, links::agencies(&span("show", "silent"))),
        ("figures-never-scanned", needs.never_scanned, links::signs(never_scanned)),
    ]
    .into_iter()
    .map(|(key, count, href)| Headline { name: page.t(key), cell: Cell::count(count, href) })
    .collect()
}
